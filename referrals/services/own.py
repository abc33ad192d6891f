"""What the practice notes for itself, and corrects."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.locking import lock
from referrals.models import Client, Referral
from wor.accounts.models import Membership
from wor.audit.services import record
from wor.errors import DomainError, StaleError


@transaction.atomic
def note_z68(referral: Referral, *, noted: bool, by: Membership) -> Referral:
    """Z68 stands in the HIS, or not after all."""
    current = lock(referral, by=by)
    if noted == (current.z68_noted_at is not None):
        return current
    current.z68_noted_at, current.z68_noted_by = (timezone.now(), by) if noted else (None, None)
    current.save(update_fields=["z68_noted_at", "z68_noted_by", "version"])
    record("z68.noted" if noted else "z68.taken_back", current, by=by)
    return current


@transaction.atomic
def note_warm(referral: Referral, *, warm: bool, by: Membership) -> Referral:
    """The coach was there when it was agreed: a warm handover."""
    current = lock(referral, by=by)
    if current.is_warm == warm:
        return current
    if not current.is_open:
        raise DomainError(_("Deze verwijzing is afgesloten."))
    current.is_warm = warm
    current.save(update_fields=["is_warm", "version"])
    record("handover.noted", current, by=by, warm=warm)
    return current


@transaction.atomic
def change_client(client: Client, *, version: int, by: Membership, **fields: Any) -> Client:
    """Correct name, birth date or how somebody is reached. Raises StaleError when a colleague was first."""
    fresh = Client.objects.select_for_update().get(pk=client.pk)
    if fresh.version != version:
        raise StaleError
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.version += 1
    fresh.save()
    record("client.changed", fresh, by=by)
    return fresh
