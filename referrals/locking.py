"""Two people at once: who comes second sees what the first one did."""

import uuid
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, models, transaction

from referrals.models import Referral
from wor.errors import StaleError

Row = TypeVar("Row", bound=models.Model)


def lock(referral: Referral, *, version: int | None = None, by=None) -> Referral:
    """The referral as it is now, locked until the transaction ends, its version raised for the save to come.

    Raises StaleError when the form was made from an older version. ``by`` lends its region, which saves a query.
    """
    fresh = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if version is not None and fresh.version != version:
        raise StaleError
    fresh.version += 1
    if by is not None:
        fresh.region = by.region
    if Referral.client.is_cached(referral):
        fresh.client = referral.client
    return fresh


def once(queryset: models.QuerySet[Row], key: uuid.UUID, make: Callable[[], Row]) -> tuple[Row, bool]:
    """What was made with this key, and whether it was made now. Sent twice at once, one of them makes it."""
    found = queryset.filter(key=key).first()
    if found is not None:
        return found, False
    try:
        with transaction.atomic():
            return make(), True
    except IntegrityError:
        found = queryset.filter(key=key).first()
        if found is None:
            raise
        return found, False
