"""Questions, answers, supplements, and reading what the coach wrote."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.attention import question_due
from referrals.locking import lock, once
from referrals.models import Feedback, Message, Referral, Status
from referrals.people import other_side
from wor.accounts.models import Membership, with_names
from wor.audit.services import log, record
from wor.calendar import start_of
from wor.errors import DomainError
from wor.outbox.models import Notice
from wor.outbox.services import mark_read, notify


def ask(referral: Referral, *, body: str, key: uuid.UUID, by: Membership) -> Message:
    """A question to the other side, inside the referral."""
    return _write(referral, Message.Kind.QUESTION, "question.asked", Notice.Kind.QUESTION, body=body, key=key, by=by)


def answer(question: Message, *, body: str, key: uuid.UUID, by: Membership) -> Message:
    """Answer the other side's question. Once: who comes second sees the first answer."""
    if question.kind != Message.Kind.QUESTION or question.side == side_of(question.referral, by):
        raise DomainError(_("Alleen wie de vraag kreeg, kan antwoorden."), status=403)
    told = Notice.Kind.ANSWER
    message = _write(
        question.referral, Message.Kind.ANSWER, "question.answered", told, body=body, key=key, answers=question, by=by
    )
    mark_read(by, subject_ref=question.referral.reference)
    return message


def supplement(referral: Referral, *, body: str, key: uuid.UUID, by: Membership) -> Message:
    """The practice adds something to what it wrote when referring."""
    if side_of(referral, by) != Message.Side.PRACTICE:
        raise DomainError(_("Alleen de praktijk kan de verwijzing aanvullen."), status=403)
    if not referral.is_open:
        raise DomainError(_("Deze verwijzing is afgesloten en kan niet meer worden aangevuld."))
    told = Notice.Kind.SUPPLEMENTED
    return _write(referral, Message.Kind.SUPPLEMENT, "referral.supplemented", told, body=body, key=key, by=by)


def side_of(referral: Referral, by: Membership) -> str:
    """On which side of the referral somebody stands."""
    return Message.Side.PRACTICE if by.organisation_id == referral.practice_id else Message.Side.WELFARE


def may_exchange(referral: Referral) -> bool:
    """Can the two sides still write to each other about it?"""
    return referral.consent_withdrawn_at is None and referral.status not in (Status.WITHDRAWN, Status.ENTERED_IN_ERROR)


def thread_of_practice(referral: Referral) -> "list[Message]":
    """What the practice reads of the exchange, oldest first. Once consent is withdrawn what the coach wrote is shared
    no more; what the practice wrote itself is its own record."""
    found = with_names(Message.objects.filter(referral=referral).order_by("id"), "by")
    if referral.consent_withdrawn_at is not None:
        found = found.filter(side=Message.Side.PRACTICE)
    return list(found)


@transaction.atomic
def _write(referral: Referral, kind: str, event: str, told: str, *, body, key, by, answers=None) -> Message:
    current = lock(referral, by=by)
    if not may_exchange(current):
        raise DomainError(_("Deze verwijzing is gesloten. U kunt er niet meer over schrijven."))
    # Asked under the lock, so that of two colleagues the second sees the answer of the first.
    if answers is not None and Message.objects.filter(answers=answers).exclude(key=key).exists():
        raise DomainError(_("Deze vraag is net al beantwoord. Dit antwoord is niet verstuurd."))

    def make() -> Message:
        return Message.objects.create(
            region_id=current.region_id,
            referral=current,
            side=side_of(current, by),
            kind=kind,
            by=by,
            body=body,
            answers=answers,
            key=key,
        )

    message, is_new = once(Message.objects.filter(referral=current.pk, by=by), key, make)
    if is_new:
        current.last_news_at = timezone.now()
        _wait_for_answer(current)
        current.save(update_fields=["last_news_at", "question_at", "attention_at", "version"])
        record(event, message, by=by, referral=current)
        notify(told, current, other_side(current, by), by=by)
    return message


def _wait_for_answer(current: Referral) -> None:
    """Since when the practice waits, and by when the coach's side looks. Earlier than it would: never later.

    Once it was answered that day is computed anew by whoever knows the rest (``coaches.services.answer``).
    """
    answers = Message.objects.filter(answers=OuterRef("pk"))
    asked = Message.objects.filter(referral=current, kind=Message.Kind.QUESTION, side=Message.Side.PRACTICE)
    waiting = asked.exclude(Exists(answers)).order_by("id")
    current.question_at = waiting.values_list("created_at", flat=True).first()
    day = question_due(current)
    if day is not None and current.attention_at is not None:
        current.attention_at = min(current.attention_at, start_of(day))


@transaction.atomic
def read_feedback(feedback: Feedback, *, by: Membership, now: dt.datetime | None = None) -> Feedback:
    """Somebody of the practice opened it. Logged for everybody; cleared when their reading counts (schema.md 17)."""
    log("read", feedback, by=by, referral=feedback.referral)
    mark_read(by, subject_ref=feedback.referral.reference)
    if feedback.read_at is not None or not feedback.clears_when_read_by(by):
        return feedback
    now = now or timezone.now()
    first = Feedback.objects.filter(pk=feedback.pk, read_at__isnull=True).update(
        read_at=now, read_by=by, version=feedback.version + 1
    )
    if first:
        feedback.read_at, feedback.read_by = now, by
        record("feedback.read", feedback, by=by, referral=feedback.referral)
    return feedback
