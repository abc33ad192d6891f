"""What people do with figures: answer the question beside one."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from dashboard.figures import FIGURES
from dashboard.models import Reflection
from dashboard.periods import Period
from dashboard.units import Unit
from wor.accounts.models import Membership, Role
from wor.audit.services import record
from wor.errors import DomainError, StaleError


@transaction.atomic
def answer(unit: Unit, *, figure: str, period: Period, body: str, key: uuid.UUID, by: Membership) -> Reflection:
    """Keep the kernteam's answer to a figure's question for a period. The same key gives the same answer.

    Raises DomainError for who is not in a kernteam.
    """
    if by.role != Role.CORE_TEAM:
        raise DomainError(_("Alleen het kernteam beantwoordt deze vraag."), status=403)
    reflection, is_new = Reflection.objects.get_or_create(
        region_id=by.region_id,
        key=key,
        defaults={
            "unit_id": unit.organisation_id,
            "figure": FIGURES[figure].code,
            "starts_on": period.first,
            "ends_on": period.last_day,
            "body": body,
            "by": by,
        },
    )
    if is_new:
        record("reflection.written", reflection, by=by, figure=figure)
    return reflection


@transaction.atomic
def change_answer(reflection: Reflection, *, body: str, version: int, by: Membership) -> Reflection:
    """Change an answer. Raises StaleError when a colleague was first, DomainError for somebody outside the kernteam."""
    held = Reflection.objects.visible_to(by).select_for_update().filter(pk=reflection.pk).first()
    if held is None:
        raise DomainError(_("Dit antwoord is van een ander kernteam."), status=403)
    if held.version != version:
        raise StaleError
    held.body, held.version, held.by = body, version + 1, by
    held.save(update_fields=["body", "version", "by", "changed_at"])
    record("reflection.changed", held, by=by, figure=held.figure)
    return held
