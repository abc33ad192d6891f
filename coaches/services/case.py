"""What every deed on a case begins and ends with."""

import datetime as dt
import uuid

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coaches.capacity import refresh_for
from coaches.models import Action
from referrals.attention import next_attention
from referrals.locking import lock
from referrals.models import Feedback, Referral
from wor.accounts.models import Membership, Role
from wor.calendar import add_working_days, local_day, start_of
from wor.errors import DomainError, StaleError

WITHDRAWN_SENTENCE = _(
    "Deze cliënt heeft de toestemming ingetrokken. Neem geen contact meer op. De inhoud is afgesloten."
)


def locked(referral: Referral, *, by: Membership, version: int | None = None) -> Referral:
    """The case as it is now, held until the transaction ends.

    Raises StaleError when somebody saved since this version was shown or handed the case over, and DomainError (403)
    when its content is shut for the coach's side.
    """
    held = lock(referral, version=version, by=by)
    if held.welfare_organisation_id != by.organisation_id:
        raise StaleError
    if not held.content_open_to(by):
        raise DomainError(WITHDRAWN_SENTENCE, status=403)
    return held


def unchanged(held: Referral, version: int | None) -> None:
    """Raises StaleError when somebody saved since this version was shown; ``lock`` has raised it by one."""
    if version is not None and held.version - 1 != version:
        raise StaleError


def is_repeated(held: Referral, key: uuid.UUID) -> bool:
    """Was this very form sent before? Its first sending left feedback with this key."""
    return Feedback.objects.filter(referral=held.pk, key=key).exists()


def saved(referral: Referral, *, news: bool = False, moved: bool = False) -> Referral:
    """Write the case, with the moment at which the coach's side has to look again.

    ``news``: the practice's list shows it. ``moved``: the status changed, and with it perhaps the capacity line.
    """
    now = timezone.now()
    if news or moved:
        referral.last_news_at = now
    if referral.is_open:
        referral.attention_at = look_again(referral, now)
    referral.save()
    if moved:
        refresh_for(referral)
    return referral


def look_again(referral: Referral, now: dt.datetime) -> dt.datetime | None:
    """The first of what the status asks, a coach who is still to be named, and what somebody promised to do."""
    planned = local_day(referral.planned_talk_at) if referral.planned_talk_at else None
    asked = [next_attention(referral, now), _coach_due(referral), start_of(planned) if planned else None]
    due_on = (
        Action.objects.filter(referral=referral, welfare_organisation=referral.welfare_organisation_id)
        .to_do()
        .values_list("due_on", flat=True)
        .order_by("due_on")
        .first()
    )
    asked.append(start_of(due_on) if due_on else None)
    return min((moment for moment in asked if moment is not None), default=None)


def _coach_due(referral: Referral) -> dt.datetime | None:
    """A coordinator may keep a case in their own name for some working days only."""
    if referral.accepted_at is None or not referral.before_first_talk:
        return None
    if referral.coach is None or referral.coach.role != Role.COORDINATOR:
        return None
    days = referral.region.setting("coach_named_working_days")
    return start_of(add_working_days(local_day(referral.accepted_at), days))
