"""Who hears that something waits on the sociale kaart: everybody who may do it, until one of them did."""

import uuid

from django.db.models import QuerySet

from wor.accounts.models import Membership
from wor.accounts.permissions import ROLE_PERMISSIONS, Permission
from wor.outbox import services as outbox
from wor.tenancy.models import RegionModel

_MODERATES = [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.MODERATE in permissions]


def tell_moderators(kind: str, subject: RegionModel, *, by: Membership | None) -> None:
    """A line in the inbox of each; by mail the next working morning, all of it in one. In the change's transaction."""
    outbox.notify(kind, subject, _moderators(subject.region_id).select_related("region"), by=by)


def settle(subject_ref: uuid.UUID, *, region_id: int) -> None:
    """One of them did it: it is nobody's any more."""
    outbox.mark_done(_moderators(region_id), subject_refs=[subject_ref])


def _moderators(region_id: int) -> QuerySet[Membership]:
    return Membership.objects.active().filter(region_id=region_id, role__in=_MODERATES)
