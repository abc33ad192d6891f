"""Ends that do not come from the coach's work: withdrawn, consent taken back, deceased, a mistake."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.capacity import ask_refresh
from referrals.locking import lock
from referrals.models import Client, ClientLink, ClosingReason, Consent, Referral, Status
from referrals.models.referral import OPEN
from referrals.people import coach_side, other_side, practice_side
from wor.accounts.models import Membership, Role
from wor.audit.services import record
from wor.errors import DomainError
from wor.outbox.models import Notice
from wor.outbox.services import notify

# Reasons that the application itself gives; a region that has none of that code yet gets one.
_OWN_REASONS = {"consent_withdrawn": _("Toestemming ingetrokken"), "deceased": _("Overleden")}


def own_reason(region_id: int, kind: str, code: str) -> ClosingReason:
    """The region's reason with this code."""
    return ClosingReason.objects.get_or_create(
        region_id=region_id, kind=kind, code=code, defaults={"label": str(_OWN_REASONS[code]), "position": 90}
    )[0]


@transaction.atomic
def withdraw(referral: Referral, *, reason: ClosingReason, sentence: str = "", by: Membership) -> Referral:
    """Take a referral back before the first talk: the practice, or the coach side on the client's word."""
    if reason.kind != ClosingReason.Kind.WITHDRAWN:
        raise DomainError(_("Kies een reden om in te trekken."), status=422)
    if reason.code == "deceased":
        deceased(referral.client, by=by)
        return Referral.objects.get(pk=referral.pk)
    current = lock(referral, by=by)
    if not current.before_first_talk:
        raise DomainError(_("Het eerste gesprek is al geweest. Intrekken kan niet meer; de coach kan wel afsluiten."))
    current.become(Status.WITHDRAWN)
    _close(current, reason=reason, sentence=sentence, by=by)
    record("referral.withdrawn", current, by=by, reason=reason.code)
    notify(Notice.Kind.WITHDRAWN, current, other_side(current, by), by=by)
    return current


@transaction.atomic
def withdraw_consent(referral: Referral, *, said_to: str, by: Membership | None = None) -> Referral:
    """The client says stop, to anyone of practice or organisation or by link. From now on the content is shut.

    Before the first talk this withdraws the referral, later it stops the guidance; a closed one keeps its status.
    """
    current = lock(referral, by=by)
    if current.consent_withdrawn_at is not None:
        return current
    now = timezone.now()
    current.consent_withdrawn_at = now
    if current.is_open:
        status = Status.WITHDRAWN if current.before_first_talk else Status.STOPPED
        current.become(status)
        _close(current, reason=own_reason(current.region_id, status, "consent_withdrawn"), by=by, now=now)
    else:
        current.last_news_at = now
        current.save()
    for consent in Consent.objects.select_for_update().filter(referral=current.pk, withdrawn_at__isnull=True):
        consent.withdrawn_at, consent.withdrawn_by_kind, consent.withdrawn_by = now, said_to, by
        consent.save()
    ClientLink.objects.filter(referral=current.pk, kind=ClientLink.Kind.ACTION, revoked_at__isnull=True).update(
        revoked_at=now
    )
    record("consent.withdrawn", current, by=by, said_to=said_to)
    notify(Notice.Kind.STOPPED, current, other_side(current, by), by=by)
    return current


@transaction.atomic
def deceased(client: Client, *, by: Membership) -> Client:
    """The client died. From every status: everything stops at once, and the other side is told in neutral words."""
    fresh = Client.objects.select_for_update().get(pk=client.pk)
    if fresh.deceased_at is not None:
        return fresh
    now = timezone.now()
    fresh.deceased_at, fresh.deceased_by, fresh.version = now, by, fresh.version + 1
    fresh.save()
    ClientLink.objects.filter(client=fresh.pk, revoked_at__isnull=True).update(revoked_at=now)
    for referral in Referral.objects.select_for_update().filter(client=fresh.pk):
        _end_by_death(referral, fresh, by, now)
    record("client.deceased", fresh, by=by)
    return fresh


def _end_by_death(referral: Referral, client: Client, by: Membership, now: dt.datetime) -> None:
    referral.client = client
    if referral.status in OPEN:
        status = Status.NOT_STARTED if referral.before_first_talk else Status.STOPPED
        referral.become(status)
        referral.version += 1
        _close(referral, reason=own_reason(referral.region_id, status, "deceased"), by=by, now=now)
        record("client.deceased", referral, by=by)
        told = coach_side(referral) + practice_side(referral)
        notify(Notice.Kind.DECEASED, referral, [each for each in told if _on_other_side(each, by)], by=by)


def _on_other_side(person: Membership, by: Membership) -> bool:
    return person.organisation_id != by.organisation_id


@transaction.atomic
def entered_in_error(referral: Referral, *, by: Membership) -> Referral:
    """It should not exist: its content shuts at once for the coach side. Perhaps a data leak; the page says so."""
    if by.role not in (Role.REFERRER, Role.COORDINATOR):
        raise DomainError(_("Alleen de praktijk of de coördinator kan dit als vergissing aanmerken."), status=403)
    current = lock(referral, by=by)
    current.become(Status.ENTERED_IN_ERROR)
    _close(current, reason=None, by=by)
    ClientLink.objects.filter(referral=current.pk, revoked_at__isnull=True).update(revoked_at=current.closed_at)
    record("referral.entered_in_error", current, by=by)
    notify(Notice.Kind.WITHDRAWN, current, other_side(current, by), by=by)
    return current


def _close(referral: Referral, *, reason, by, sentence: str = "", now: dt.datetime | None = None) -> None:
    now = now or timezone.now()
    referral.closed_at, referral.closed_by, referral.last_news_at = now, by, now
    referral.closing_reason, referral.closing_sentence = reason, sentence
    referral.planned_talk_at, referral.attention_at = None, None
    referral.save()
    ask_refresh(referral)


def withdrawal_reasons() -> "list[ClosingReason]":
    """What the practice can choose from."""
    return list(
        ClosingReason.objects.filter(Q(kind=ClosingReason.Kind.WITHDRAWN), retired_at__isnull=True).exclude(
            code="consent_withdrawn"
        )
    )
