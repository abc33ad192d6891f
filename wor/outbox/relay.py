"""The relay: takes what is due out of the outbox and hands it to the mail server.

For each mail: lock its rows, check that it is still due, write down that it is being sent, COMMIT, and only then hand
it over. A worker that dies before that commit has done nothing; one that dies after it leaves one mail in doubt, which
is sent again after half a minute under the same Message-ID. So a mail is sent at least once, and a mailbox that looks
at Message-IDs shows it once. The inbox inside the application is the truth.

A kind may be sent at most once instead: a mail of which nobody knows whether it was handed over is then not sent again
but shown to the region's administrator.
"""

from __future__ import annotations

import datetime as dt
import smtplib
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError, transaction
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from wor.outbox.models import Effect, Notice
from wor.tenancy.context import open_region

logger = structlog.get_logger(__name__)

PER_TURN = 100
# A turn stays shorter than the tick, so that a slow mail server never keeps the worker from its heartbeat.
SECONDS_PER_TURN = 5.0
# Longer than handing over takes; short enough that what a dead worker left is out within a minute of its return.
IN_DOUBT_AFTER = dt.timedelta(seconds=30)
# The mail server is away: try again soon, and count nothing. Whatever waited is out within a minute of its return.
SERVER_AWAY = dt.timedelta(seconds=20)
# The mail server refuses this mail: wait longer each time (1 minute, 4, 16, 64, …), then give up.
ATTEMPTS = 6
SERVICE_CLOSING = 421  # SMTP: "service not available, closing channel"
NAMESPACE = uuid.UUID("7d7f4f0e-3c39-5c0b-9d6b-6d1f5f6a2a10")


@dataclass(frozen=True)
class Mail:
    """What one mail says, and to which address."""

    to: str
    subject: str
    body: str


@dataclass(frozen=True)
class Claim:
    """Rows that this turn sends, committed as being sent."""

    effect_ids: list[int]
    mail: Mail
    message_id: str
    region_id: int | None
    subject_ref: uuid.UUID
    at_most_once: bool


class ServerAwayError(Exception):
    """No connection with the mail server: nothing was handed over."""


# kind → a function that makes the mail of these effects, or None when nobody needs it any more. It runs with the
# effects' region open. Apps above register theirs; the relay itself knows no people.
Maker = Callable[[list[Effect]], Mail | None]
_makers: dict[str, tuple[Maker, bool]] = {}
_at_most_once: set[str] = set()


def register(kind: str, maker: Maker, *, merge: bool = False, at_most_once: bool = False) -> None:
    """Say who writes the mails of a kind. ``merge``: what waits for one recipient goes out as one mail."""
    _makers[kind] = (maker, merge)
    if at_most_once:
        _at_most_once.add(kind)


def dispatch(*, now: dt.datetime | None = None) -> int:
    """One turn: send at most a hundred of the mails that are due, of every region a fair part. How many were sent."""
    started, now, sent = time.monotonic(), now or timezone.now(), 0
    connection = get_connection()
    for effect_id in _due(now):
        if time.monotonic() - started > SECONDS_PER_TURN:
            break
        claim = _claim_safely(effect_id, now)
        if claim is None:
            continue
        try:
            _hand_over(claim, connection)
        except ServerAwayError:
            _server_away(claim)
            break
        except OSError as error:  # smtplib's errors are OSErrors too
            _close(connection)
            if _is_about_this_mail(error):
                _refused(claim, error)
            elif claim.at_most_once and not _was_answered(error):
                _in_doubt(Effect.objects.filter(pk__in=claim.effect_ids))
            else:
                _server_away(claim)
                break
        else:
            Effect.objects.filter(pk__in=claim.effect_ids).update(done_at=timezone.now())
            sent += 1
    _close(connection)
    return sent


def _is_about_this_mail(error: OSError) -> bool:
    """Does the server refuse this mail (and may take the next), or is something wrong with the server?"""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code != SERVICE_CLOSING for code, _text in error.recipients.values())
    refusals = (smtplib.SMTPSenderRefused, smtplib.SMTPDataError)
    return isinstance(error, refusals) and error.smtp_code != SERVICE_CLOSING


def _was_answered(error: OSError) -> bool:
    """Did the server say no? Else nobody knows whether it has the mail."""
    return isinstance(error, (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused))


def _due(now: dt.datetime) -> list[int]:
    """The ids of what is due, oldest first, taking the regions by turns. Nothing is locked yet."""
    in_doubt = now - IN_DOUBT_AFTER
    return list(
        Effect.objects.filter(kind__in=_makers, done_at__isnull=True, failed_at__isnull=True, not_before__lte=now)
        .filter(Q(sending_at__isnull=True) | Q(sending_at__lte=in_doubt))
        .annotate(turn=Window(RowNumber(), partition_by=F("region_id"), order_by=F("id").asc()))
        .order_by("turn", "id")
        .values_list("pk", flat=True)[:PER_TURN]
    )


def _claim_safely(effect_id: int, now: dt.datetime) -> Claim | None:
    """One mail that cannot be made must not keep all others waiting."""
    try:
        return _claim(effect_id, now)
    except DatabaseError:
        raise
    except Exception as error:
        logger.error("mail-not-made", exc_type=type(error).__name__)
        _count_attempt([effect_id], timezone.now())
        return None


@transaction.atomic(durable=True)
def _claim(effect_id: int, now: dt.datetime) -> Claim | None:
    """Take the rows of one mail. None when a colleague has them or nobody needs the mail any more."""
    free = Effect.objects.select_for_update(skip_locked=True).filter(
        Q(sending_at__isnull=True) | Q(sending_at__lte=now - IN_DOUBT_AFTER),
        done_at__isnull=True,
        failed_at__isnull=True,
    )
    first = free.filter(pk=effect_id).first()
    if first is None:
        return None
    if first.sending_at is not None and first.kind in _at_most_once:
        _in_doubt(Effect.objects.filter(pk=first.pk))
        return None
    maker, merge = _makers[first.kind]
    effects = _together(free, first) if merge else [first]
    with open_region(first.region_id):
        mail = maker(effects)
    ids = [each.pk for each in effects]
    if mail is None:
        Effect.objects.filter(pk__in=ids).update(done_at=now)
        return None
    message_id = first.message_id or _message_id(first)
    Effect.objects.filter(pk__in=ids).update(sending_at=now, message_id=message_id)
    return Claim(
        effect_ids=ids,
        mail=mail,
        message_id=message_id,
        region_id=first.region_id,
        subject_ref=first.subject_ref,
        at_most_once=first.kind in _at_most_once,
    )


def _together(free, first: Effect) -> list[Effect]:
    """What goes out in one mail. One that was tried before keeps its own rows, and so its Message-ID."""
    same = free.filter(kind=first.kind, recipient_membership_id=first.recipient_membership_id)
    return list(same.filter(message_id=first.message_id).order_by("id")[:PER_TURN])


def _message_id(effect: Effect) -> str:
    """The same for the same effect, for ever; says nothing about it."""
    host = settings.SITE.hostname or "localhost"
    return f"<{uuid.uuid5(NAMESPACE, f'{effect.kind}:{effect.subject_ref}:{effect.pk}')}@{host}>"


def _hand_over(claim: Claim, connection) -> None:
    """Give the mail to the mail server. Raises ServerAwayError before, and then what smtplib and the socket raise."""
    message = EmailMessage(
        subject=claim.mail.subject,
        body=claim.mail.body,
        to=[claim.mail.to],
        connection=connection,
        headers={
            "Message-ID": claim.message_id,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    try:
        connection.open()
    except OSError as error:
        raise ServerAwayError from error
    message.send()


def _server_away(claim: Claim) -> None:
    """Nothing wrong with this mail: everything waits a moment."""
    Effect.objects.filter(pk__in=claim.effect_ids).update(sending_at=None, not_before=timezone.now() + SERVER_AWAY)
    logger.warning("mail-server-away", count=len(claim.effect_ids))


def _in_doubt(effects) -> None:
    """Perhaps it was handed over, perhaps not; it may arrive at most once, so a person decides."""
    with transaction.atomic():
        rows = list(effects.select_for_update().filter(failed_at__isnull=True))
        effects.update(failed_at=timezone.now())
        for row in rows:
            _tell_administrators(row)
    logger.warning("mail-in-doubt", count=len(rows))


def _refused(claim: Claim, error: OSError) -> None:
    """The server would not have this mail."""
    attempts = _count_attempt(claim.effect_ids, timezone.now())
    logger.warning("mail-refused", attempts=attempts, exc_type=type(error).__name__)


def _count_attempt(effect_ids: list[int], now: dt.datetime) -> int:
    """Wait longer each time; after the last attempt somebody is told."""
    with transaction.atomic():
        rows = list(Effect.objects.select_for_update().filter(pk__in=effect_ids))
        attempts = max(row.attempts for row in rows) + 1
        changes: dict = {"attempts": attempts, "sending_at": None}
        if attempts < ATTEMPTS:
            changes["not_before"] = now + dt.timedelta(minutes=4 ** (attempts - 1))
        else:
            changes["failed_at"] = now
            _tell_administrators(rows[0])
        Effect.objects.filter(pk__in=effect_ids).update(**changes)
    return attempts


def _tell_administrators(effect: Effect) -> None:
    """A mail that never arrived becomes a line in the inbox of who can do something about it."""
    if effect.region_id is None:
        return
    memberships: Any = Notice._meta.get_field("membership").related_model  # accounts imports outbox, not we it
    with open_region(effect.region_id):
        Notice.objects.bulk_create(
            Notice(
                region_id=effect.region_id,
                membership=administrator,
                kind=Notice.Kind.FAILED,
                subject_ref=effect.subject_ref,
            )
            for administrator in memberships.objects.active().filter(region_id=effect.region_id, role="region_admin")
        )


def _close(connection) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        logger.info("mail-connection-lost")
