"""From the practice's question to a first talk in the diary."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coaches.models import Contact
from coaches.services.case import KNOWS_CLIENT, is_repeated, locked, needs_coach, saved, unchanged
from coaches.services.feedback import write_feedback
from referrals.models import ClosingReason, Recusal, Referral, Status
from wor.accounts.models import Membership, Role
from wor.audit.services import record
from wor.calendar import today
from wor.errors import DomainError
from wor.outbox.services import notify


@transaction.atomic
def accept(
    referral: Referral, *, coach: Membership | None = None, version: int | None = None, by: Membership
) -> Referral:
    """The organisation takes the client on. A coach does so for themself; a coordinator names a coach, or for a few
    working days themself (then *verdelen* keeps asking)."""
    held = locked(referral, by=by)
    if held.status == Status.ACCEPTED and held.coach == (coach or by):
        return held  # sent twice
    unchanged(held, version)
    _take_on(held, coach=coach or by, by=by)
    saved(held, news=True)  # what was sent took a place already: the capacity line stays as it is
    record("referral.accepted", held, by=by)
    notify("referral_assigned", held, [held.coach], by=by)
    return held


def _take_on(held: Referral, *, coach: Membership, by: Membership) -> None:
    if coach.organisation_id != held.welfare_organisation_id or coach.role not in (Role.COACH, Role.COORDINATOR):
        raise DomainError(_("Kies een coach van je eigen organisatie."), status=422)
    if by.role == Role.COACH and coach != by:
        raise DomainError(_("Je neemt een verwijzing aan voor jezelf. De coördinator verdeelt."))
    if not coach.is_active:
        raise DomainError(_("Deze coach werkt hier niet meer. Kies een ander."), status=422)
    if Recusal.objects.filter(referral=held, membership=coach).exists():
        raise DomainError(KNOWS_CLIENT % {"name": coach.display_name}, status=422)
    held.become(Status.ACCEPTED)
    held.coach, held.accepted_at, held.accepted_by = coach, timezone.now(), by


@transaction.atomic
def waitlist(referral: Referral, *, expected_week: dt.date, version: int | None = None, by: Membership) -> Referral:
    """Accepted, but the first talk has to wait until about this week (its Monday)."""
    monday = expected_week - dt.timedelta(days=expected_week.weekday())
    held = locked(referral, by=by)
    if held.status == Status.WAITLISTED and held.expected_week == monday:
        return held  # sent twice
    unchanged(held, version)
    if monday < today() - dt.timedelta(days=7):
        raise DomainError(_("Deze week is al voorbij. Kies een week die nog komt."), status=422)
    if held.status == Status.SENT:
        _take_on(held, coach=by, by=by)
    if held.status != Status.WAITLISTED:
        held.become(Status.WAITLISTED)
    held.expected_week = monday
    held.planned_talk_at = None
    saved(held, moved=True)
    record("referral.waitlisted", held, by=by, week=held.expected_week.isoformat())
    return held


@transaction.atomic
def plan_talk(referral: Referral, *, at: dt.datetime, version: int | None = None, by: Membership) -> Referral:
    """A talk is in the diary. Somebody on the waiting list leaves it."""
    held = locked(referral, by=by)
    if held.planned_talk_at == at:
        return held  # sent twice
    unchanged(held, version)
    if at <= timezone.now():
        raise DomainError(_("Dit moment is al voorbij. Is het gesprek geweest? Leg het dan vast."), status=422)
    needs_coach(held)
    was = held.status
    if was == Status.WAITLISTED:
        held.become(Status.ACCEPTED)
    if held.status not in (Status.ACCEPTED, Status.ACTIVE, Status.FOLLOW_UP):
        raise DomainError(_("Neem de verwijzing eerst aan, of hervat haar eerst. Dan kun je een gesprek plannen."))
    held.planned_talk_at = at
    saved(held, news=held.before_first_talk, moved=was != held.status, within=was == held.status)
    record("talk.planned", held, by=by)
    return held


@transaction.atomic
def decline(
    referral: Referral, *, reason: ClosingReason, advice: str, key, version: int | None = None, by: Membership
) -> Referral:
    """*Niet passend*: back to the practice, always with advice. As *spoed* only after the practice was called."""
    held = locked(referral, by=by)
    if is_repeated(held, key):
        return held
    unchanged(held, version)
    if not advice.strip():
        raise DomainError(_("Schrijf een advies voor de verwijzer."), status=422)
    if reason.kind != ClosingReason.Kind.DECLINED:
        raise DomainError(_("Kies een reden uit de lijst."), status=422)
    if reason.code == "urgent" and not practice_was_called(held):
        raise DomainError(
            _("Bel eerst de praktijk en leg dat vast bij Zorgen. Daarna kun je afwijzen als spoed."), status=422
        )
    held.become(Status.DECLINED)
    held.closed_at, held.closed_by = timezone.now(), by
    held.closing_reason, held.closing_sentence = reason, advice
    # Advice is about where to go next, not about guidance: it reaches the referrer at every level of feedback.
    write_feedback(held, moment="closing", body=advice, key=key, notice="referral_declined", by=by)
    saved(held, moved=True)
    record("referral.declined", held, by=by, reason=reason.code)
    return held


def practice_was_called(referral: Referral) -> bool:
    """Did this organisation log a call to the practice about worries?"""
    return (
        Contact.objects.valid()
        .filter(referral=referral, welfare_organisation=referral.welfare_organisation_id, kind=Contact.Kind.CONCERN)
        .exists()
    )
