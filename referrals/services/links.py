"""The client's own page: reached with a token of which only the hash is kept."""

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.models import ClientLink, Referral
from wor.accounts.models import Membership
from wor.audit.services import log, record
from wor.errors import DomainError

VALID_AFTER_CLOSING = dt.timedelta(days=30)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def print_leaflet(referral: Referral, *, by: Membership) -> str:
    """A leaflet with a new link to the client's page; returns its token. Each print has its own, for it is not kept."""
    if not referral.is_open:
        raise DomainError(_("Deze verwijzing is afgesloten. Een folder past hier niet meer."))
    token = secrets.token_urlsafe(24)
    ClientLink.objects.create(
        region_id=referral.region_id,
        client=referral.client,
        referral=referral,
        kind=ClientLink.Kind.LEAFLET,
        token_hash=hash_of(token),
    )
    record("leaflet.printed", referral, by=by)
    log("print", referral, by=by, action="E", referral=referral)
    return token


def find_link(token: str, now: dt.datetime | None = None) -> ClientLink | None:
    """The link of a leaflet's page while it works: until 30 days after closing. None looks the same for all others."""
    link = (
        ClientLink.objects.filter(token_hash=hash_of(token), kind=ClientLink.Kind.LEAFLET, revoked_at__isnull=True)
        .select_related("referral", "referral__client", "referral__welfare_organisation")
        .first()
    )
    if link is None or link.referral is None:
        return None
    now = now or timezone.now()
    closed_at = link.referral.closed_at
    if link.expires_at and link.expires_at < now:
        return None
    return link if closed_at is None or now - closed_at <= VALID_AFTER_CLOSING else None
