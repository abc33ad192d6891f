"""Terugkoppeling: what reaches the referrer, within what the client agreed to."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coaches.drafting import fixed_sentence
from coaches.services.case import locked, saved
from referrals.models import Client, Feedback, Message, Referral, Status
from referrals.people import practice_side
from referrals.services import exchange
from wor.accounts.models import Membership
from wor.audit.services import record
from wor.errors import DomainError
from wor.outbox.services import notify


@transaction.atomic
def send_feedback(referral: Referral, *, moment: str, body: str = "", key, by: Membership) -> Feedback:
    """Tell the referrer how it goes. Below the level "everything" the fixed sentence goes instead of ``body``."""
    held = locked(referral, by=by)
    already = Feedback.objects.filter(referral=held, key=key).first()
    if already is not None:
        return already
    if held.status == Status.SENT:
        raise DomainError(_("Neem de verwijzing eerst aan."))
    if not held.is_open:
        raise DomainError(_("Deze verwijzing is gesloten. De slotzin was de laatste terugkoppeling."))
    if moment == Feedback.Moment.CLOSING:
        raise DomainError(_("De slotzin schrijf je bij het afsluiten."))
    feedback = write_feedback(held, moment=moment, body=shared_text(held, body), key=key, by=by)
    saved(held, news=True)
    return feedback


@transaction.atomic
def answer(question: Message, *, body: str, key, by: Membership) -> Message:
    """Answer the practice. The case no longer asks for it."""
    message = exchange.answer(question, body=body, key=key, by=by)
    saved(locked(question.referral, by=by))
    return message


def shared_text(referral: Referral, body: str) -> str:
    """What may go: the coach's text when the client agreed to everything, else the fixed sentence."""
    if referral.client.feedback_level == Client.FeedbackLevel.ALL:
        if not body.strip():
            raise DomainError(_("Schrijf een korte terugkoppeling."), status=422)
        return body
    return fixed_sentence(referral)


def write_feedback(
    referral: Referral, *, moment: str, body: str, key, notice: str = "feedback_ready", by: Membership
) -> Feedback:
    """One row of feedback and a notice to the referrer. The caller saves the referral."""
    now = timezone.now()
    feedback = Feedback.objects.create(
        region_id=referral.region_id,
        referral=referral,
        practice_id=referral.practice_id,
        moment=moment,
        body=body,
        level=referral.client.feedback_level,
        key=key,
        sent_at=now,
        sent_by=by,
    )
    if referral.feedback_at is None and not referral.before_first_talk:
        referral.feedback_at = now
    record("feedback.sent", feedback, by=by, referral=referral, moment=moment)
    notify(notice, referral, practice_side(referral), by=by)
    return feedback
