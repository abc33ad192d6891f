"""Waiting, stopping, finishing, and beginning again."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coaches.drafting import PAUSED_ON_REQUEST
from coaches.services.case import is_repeated, locked, needs_coach, saved, unchanged
from coaches.services.feedback import shared_text, write_feedback
from referrals.models import Client, ClosingReason, Referral, Status
from wor.accounts.models import Membership, Role
from wor.audit.services import record
from wor.calendar import today
from wor.errors import DomainError

# These end a case through deeds of their own, which do more than close it.
OWN_DEEDS = ("consent_withdrawn", "deceased")


@transaction.atomic
def pause(
    referral: Referral,
    *,
    reason: ClosingReason,
    until: dt.date,
    sentence: str = "",
    key,
    version: int | None = None,
    by: Membership,
) -> Referral:
    """Something else comes first. Looked at again on ``until``, at most some months on.

    The reason *veiligheid* is never shared: the referrer then reads one fixed sentence.
    """
    held = locked(referral, by=by)
    if is_repeated(held, key):
        return held
    unchanged(held, version)
    _reason_of(reason, ClosingReason.Kind.PAUSED)
    day, months = today(), by.region.setting("pause_maximum_months")
    if not day < until <= day + dt.timedelta(days=31 * months):
        raise DomainError(
            _("Kies een dag na vandaag, hoogstens %(months)s maanden vooruit. Daarna kijk je opnieuw.")
            % {"months": months},
            status=422,
        )
    needs_coach(held)
    before = held.status
    held.become(Status.PAUSED)
    held.paused_until, held.pause_reason, held.paused_from_status = until, reason, before
    held.planned_talk_at = None
    body = _pause_text(held, reason, sentence)
    if body:
        write_feedback(held, moment="interim", body=body, key=key, by=by)
    saved(held, moved=True, within=True)
    record("referral.paused", held, by=by)
    return held


def _pause_text(held: Referral, reason: ClosingReason, sentence: str) -> str:
    """What the referrer hears of a pause; who may only hear *in traject* or *afgesloten* hears nothing of it."""
    if held.client.feedback_level == Client.FeedbackLevel.STATUS:
        return ""
    if reason.code == "safety" or held.client.feedback_level == Client.FeedbackLevel.OUTCOME:
        return str(PAUSED_ON_REQUEST)
    return shared_text(held, sentence)


@transaction.atomic
def resume(referral: Referral, *, version: int | None = None, by: Membership) -> Referral:
    """Back to where it was; from *opvolging* back to *in traject*."""
    held = locked(referral, by=by, version=version)
    if held.status == Status.PAUSED:
        held.become(held.paused_from_status)
    else:
        if held.status != Status.FOLLOW_UP:
            raise DomainError(_("Deze verwijzing is niet gepauzeerd. Bekijk de pagina opnieuw."))
        held.become(Status.ACTIVE)
        held.follow_up_on = None
    record("referral.resumed", held, by=by)  # first: when to look again counts from it
    saved(held, moved=True, within=True)
    return held


@transaction.atomic
def follow_up(referral: Referral, *, on: dt.date, version: int | None = None, by: Membership) -> Referral:
    """The activity started or the talks are done; ask again on this day."""
    held = locked(referral, by=by)
    if held.status == Status.FOLLOW_UP and held.follow_up_on == on:
        return held  # sent twice
    unchanged(held, version)
    if not today() < on <= today() + dt.timedelta(days=366):
        raise DomainError(_("Kies een dag na vandaag, hoogstens een jaar vooruit."), status=422)
    if held.status != Status.FOLLOW_UP:
        held.become(Status.FOLLOW_UP)
    held.follow_up_on = on
    saved(held, moved=True, within=True)
    record("referral.follow_up_planned", held, by=by)
    return held


@transaction.atomic
def close(
    referral: Referral, *, reason: ClosingReason, sentence: str = "", key, version: int | None = None, by: Membership
) -> Referral:
    """*Afgerond* with one of the outcomes, or *tussentijds gestopt* with a reason.

    The closing sentence is the closing feedback: one act.
    """
    held = locked(referral, by=by)
    if is_repeated(held, key):
        return held
    unchanged(held, version)
    _reason_of(reason, ClosingReason.Kind.COMPLETED, ClosingReason.Kind.STOPPED)
    held.become(reason.kind)
    return _end(held, reason=reason, sentence=sentence, key=key, by=by)


@transaction.atomic
def not_started(
    referral: Referral, *, reason: ClosingReason, sentence: str = "", key, version: int | None = None, by: Membership
) -> Referral:
    """No first talk came of it. *Niet bereikt* only after attempts on three days."""
    held = locked(referral, by=by)
    if is_repeated(held, key):
        return held
    unchanged(held, version)
    _reason_of(reason, ClosingReason.Kind.NOT_STARTED)
    days = by.region.setting("attempts_on_days")
    if reason.code == "not_reached" and held.attempts < days:
        raise DomainError(
            _("Niet bereikt kan pas na pogingen op %(days)s verschillende dagen. Het zijn er nu %(tried)s.")
            % {"days": days, "tried": held.attempts},
            status=422,
        )
    held.become(Status.NOT_STARTED)
    return _end(held, reason=reason, sentence=sentence, key=key, by=by)


def _reason_of(reason: ClosingReason, *kinds: str) -> None:
    if reason.kind not in kinds or reason.code in OWN_DEEDS or reason.retired_at:
        raise DomainError(_("Kies een reden uit de lijst."), status=422)


def _end(held: Referral, *, reason: ClosingReason, sentence: str, key, by: Membership) -> Referral:
    held.closed_at, held.closed_by, held.closing_reason = timezone.now(), by, reason
    held.planned_talk_at, held.follow_up_on = None, None
    held.closing_sentence = shared_text(held, sentence)
    write_feedback(held, moment="closing", body=held.closing_sentence, key=key, by=by)
    saved(held, moved=True)
    record(f"referral.{held.status}", held, by=by, reason=reason.code)
    return held


@transaction.atomic
def reopen(referral: Referral, *, version: int | None = None, by: Membership) -> Referral:
    """Begin again with a case that was closed less than some months ago."""
    held = locked(referral, by=by, version=version)
    months = by.region.setting("reopen_months")
    if not held.can_reopen(timezone.now(), months):
        raise DomainError(
            _("Heropenen kan tot %(months)s maanden na het afsluiten. Vraag de praktijk om een nieuwe verwijzing.")
            % {"months": months}
        )
    held.become(Status.ACCEPTED if held.status == Status.NOT_STARTED else Status.ACTIVE)
    held.closed_at = held.closed_by = held.closing_reason = None
    held.closing_sentence = ""
    if held.coach is None or not held.coach.is_active or by.role == Role.COACH:
        held.coach = by
    if held.accepted_at is None:
        held.accepted_at, held.accepted_by = timezone.now(), by
    saved(held, moved=True)
    record("referral.reopened", held, by=by)
    return held
