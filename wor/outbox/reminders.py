"""Reminders: what is due is planned as rows, found by polling, and told once.

An app that owns the facts registers a ``Kind``. Its ``due`` is one SELECT of what is still open and due by a day.
``plan`` makes a row of each (and cancels the rows whose fact is gone), so no write path has to think of reminders;
``tell`` takes rows that are due, asks the same SELECT whether they still are, and writes notices, summaries and
``done_at`` in one transaction. A worker that dies has told nothing; two workers never hold the same row.

Nobody is told in quiet hours, in a weekend or on a public holiday: what fell due then waits for the next working
morning. By mail a person hears once a day at most that something waits.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog
from django.db import connections, transaction
from django.utils import timezone

from wor.calendar import AMSTERDAM, is_working_day, local_day
from wor.outbox.models import Notice
from wor.tenancy.context import open_region
from wor.tenancy.models import Region

logger = structlog.get_logger(__name__)

PER_TURN = 5_000
SECONDS_PER_TURN = 40.0
# Rows are made some days before they are due, so that a worker that stood still for a day misses nothing.
DAYS_AHEAD = 2
# Told a little before the hour at which mail goes out, so that one mail has all of the day, and a practice's news.
BEFORE_THE_MAIL = dt.timedelta(minutes=15)
SUMMARY = "reminders"  # the effect that becomes the day's mail
LOCK = 4203

# Which time it is that something is due: the day its term counts from, so that the same fact never has two rows and
# the next one (a second pause, another organisation) has its own.
_ROUND = "GREATEST({since} - DATE '2020-01-01', 0)"
_FACTS_ROUND = _ROUND.format(since="facts.since")

# The text of a SELECT and its values; both statements below add their own, which begin with "r_".
Sql = tuple[str, dict]


@dataclass(frozen=True)
class Kind:
    """One thing that somebody is reminded of."""

    code: str
    subject_type: str
    notice: str
    # SELECT subject_id, subject_ref, about_ref, since, due_on: what is open and due by that day, one row a subject.
    # The term counts from the day ``since``; ``about_ref`` is what the notice is about. May use %(region)s.
    due: Callable[[Region, dt.date], Sql]
    # SELECT reminder_id, about_ref, membership_id, mailed FROM due …: who is told, and who also by mail. ``due`` has
    # reminder_id, subject_id and about_ref.
    people: Callable[[Region, dt.date], Sql]
    # Somebody without an account: the kind of the mail, and SELECT reminder_id FROM due … for whom it is made. Its
    # effect has the reminder's reference as its subject, and whoever knows the kind writes it (relay.register).
    outside: tuple[str, Callable[[Region, dt.date], Sql]] | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Called when an app is ready."""
    _kinds[kind.code] = kind


def registered() -> tuple[Kind, ...]:
    return tuple(_kinds.values())


def notices() -> frozenset[str]:
    """The kinds of notices that are reminders."""
    return frozenset(kind.notice for kind in _kinds.values())


# --- When -------------------------------------------------------------------------------------------------------------


def mail_hour(region: Region, now: dt.datetime) -> dt.datetime:
    """Today's moment at which mail about what waits goes out."""
    return dt.datetime.combine(local_day(now), dt.time(region.setting("news_hour")), AMSTERDAM)


def may_tell(region: Region, now: dt.datetime) -> bool:
    """Is it a working day, and not too early or too late to disturb somebody?"""
    local = now.astimezone(AMSTERDAM)
    if not is_working_day(local.date()) or local.hour >= region.setting("quiet_from_hour"):
        return False
    return local >= mail_hour(region, now) - BEFORE_THE_MAIL


# --- All regions ------------------------------------------------------------------------------------------------------


def plan_everywhere(*, now: dt.datetime | None = None) -> int:
    """Bring the rows of every region up to date. How many were made."""
    return _everywhere(plan, now or timezone.now())


def tell_everywhere(*, now: dt.datetime | None = None) -> int:
    """Tell what is due, of every region at most a turn's part. How many were told."""
    return _everywhere(tell, now or timezone.now())


def _everywhere(work: Callable[..., int], now: dt.datetime) -> int:
    """Each region in a transaction of its own, in random order: what goes wrong in one keeps no other waiting."""
    regions, started, count = list(Region.objects.all()), time.monotonic(), 0
    random.shuffle(regions)
    for region in regions:
        if time.monotonic() - started > SECONDS_PER_TURN:
            break
        try:
            with open_region(region.pk):
                count += work(region, now=now)
        except Exception as error:
            logger.error("reminders-failed", region=region.slug, step=work.__name__, exc_type=type(error).__name__)
    return count


# --- Planning ---------------------------------------------------------------------------------------------------------


def plan(region: Region, *, now: dt.datetime, using: str = "default") -> int:
    """Make a row of everything that is due now or soon, and cancel rows whose fact is gone. How many were made."""
    made, by = 0, local_day(now) + dt.timedelta(days=DAYS_AHEAD)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, region.pk])
        if not cursor.fetchone()[0]:
            return 0  # a colleague is at it
        for kind in _kinds.values():
            facts, values = kind.due(region, by)
            values |= {"region": region.pk, "r_kind": kind.code, "r_type": kind.subject_type, "r_now": now}
            cursor.execute(_cancel_gone(facts), values)
            cursor.execute(_make_rows(facts), values | {"r_most": PER_TURN})
            made += cursor.rowcount
    return made


def _cancel_gone(facts: str) -> str:
    return f"""
        UPDATE outbox_reminder reminder SET cancelled_at = %(r_now)s
        WHERE region_id = %(region)s AND kind = %(r_kind)s AND done_at IS NULL AND cancelled_at IS NULL
          AND NOT EXISTS (
            SELECT FROM ({facts}) facts
            WHERE facts.subject_ref = reminder.subject_ref AND {_FACTS_ROUND} = reminder.step)"""


def _make_rows(facts: str) -> str:
    """A row that was cancelled comes back when its fact does.

    Which rows are there already is asked row by row, by their unique index, and not as NOT EXISTS: before the table was
    ever analysed that becomes a loop over all of it for each (measured: 25,000 rows, over 10 seconds).
    """
    return f"""
        INSERT INTO outbox_reminder (region_id, reference, kind, subject_type, subject_ref, step, due_at)
        SELECT %(region)s, gen_random_uuid(), %(r_kind)s, %(r_type)s, facts.subject_ref, {_FACTS_ROUND},
            facts.due_on::timestamp AT TIME ZONE 'Europe/Amsterdam'
        FROM ({facts}) facts
        WHERE (SELECT made.cancelled_at IS NULL FROM outbox_reminder made
            WHERE made.region_id = %(region)s AND made.kind = %(r_kind)s AND made.subject_ref = facts.subject_ref
              AND made.step = {_FACTS_ROUND}) IS NOT TRUE
        LIMIT %(r_most)s
        ON CONFLICT (region_id, kind, subject_ref, step) DO UPDATE SET cancelled_at = NULL, due_at = EXCLUDED.due_at
        WHERE outbox_reminder.cancelled_at IS NOT NULL"""


# --- Telling ----------------------------------------------------------------------------------------------------------


def tell(region: Region, *, now: dt.datetime, using: str = "default") -> int:
    """Tell one turn of what is due in this region. How many rows it took."""
    if not may_tell(region, now):
        return 0
    taken = 0
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        by_mail: set[int] = set()
        for code, ids in _claim(cursor, region, now).items():
            taken += len(ids)
            by_mail |= _tell_kind(cursor, _kinds[code], region, ids, now)
        if by_mail:
            _queue_summaries(cursor, region, by_mail, now)
    return taken


def _claim(cursor, region: Region, now: dt.datetime) -> dict[str, list[int]]:
    """The rows of this turn by kind, locked until they are told; rows that another worker holds are its own."""
    cursor.execute(
        """SELECT id, kind FROM outbox_reminder
        WHERE region_id = %s AND due_at <= %s AND done_at IS NULL AND cancelled_at IS NULL AND kind = ANY(%s)
        ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED""",
        [region.pk, now, list(_kinds), PER_TURN],
    )
    claimed: dict[str, list[int]] = {}
    for pk, code in cursor.fetchall():
        claimed.setdefault(code, []).append(pk)
    return claimed


def _tell_kind(cursor, kind: Kind, region: Region, ids: list[int], now: dt.datetime) -> set[int]:
    """Tell what is still due and cancel the rest, in one statement. Returns who hears of it by mail."""
    today = local_day(now)
    facts, values = kind.due(region, today)
    people, more = kind.people(region, today)
    values |= more | {"region": region.pk, "r_ids": ids, "r_now": now, "r_notice": kind.notice}
    outside = ""
    if kind.outside:
        effect, (select, more) = kind.outside[0], kind.outside[1](region, today)
        values |= more | {"r_effect": effect, "r_mail_at": max(now, mail_hour(region, now))}
        outside = f"queued AS ({_QUEUE_OUTSIDE.format(select=select)}),"
    cursor.execute(_TELL.format(facts=facts, round=_FACTS_ROUND, people=people, outside=outside), values)
    handled, told, by_mail = cursor.fetchone()
    if handled > told and not kind.outside:
        logger.warning("reminder-for-nobody", kind=kind.code, count=handled - told)
    return set(by_mail or ())


_TELL = """
    WITH due AS MATERIALIZED (
        SELECT reminder.id AS reminder_id, reminder.reference, facts.subject_id, facts.about_ref
        FROM outbox_reminder reminder
        JOIN ({facts}) facts ON facts.subject_ref = reminder.subject_ref AND {round} = reminder.step
        WHERE reminder.region_id = %(region)s AND reminder.id = ANY(%(r_ids)s)
    ), told AS MATERIALIZED ({people}),
    written AS (
        UPDATE outbox_reminder SET
            done_at = CASE WHEN id IN (SELECT reminder_id FROM due) THEN %(r_now)s END,
            cancelled_at = CASE WHEN id NOT IN (SELECT reminder_id FROM due) THEN %(r_now)s END
        WHERE region_id = %(region)s AND id = ANY(%(r_ids)s)
    ), {outside}
    noticed AS (
        INSERT INTO outbox_notice (region_id, reference, created_at, membership_id, kind, subject_ref)
        SELECT %(region)s, gen_random_uuid(), %(r_now)s, membership_id, %(r_notice)s, about_ref FROM told
    )
    SELECT (SELECT count(*) FROM due), count(DISTINCT reminder_id),
        array_agg(DISTINCT membership_id) FILTER (WHERE mailed)
    FROM told"""

_QUEUE_OUTSIDE = """
    INSERT INTO outbox_effect (kind, region_id, subject_ref, not_before, attempts, message_id)
    SELECT %(r_effect)s, %(region)s, due.reference, %(r_mail_at)s, 0, ''
    FROM due JOIN ({select}) outside USING (reminder_id) ON CONFLICT DO NOTHING"""


def _queue_summaries(cursor, region: Region, membership_ids: Iterable[int], now: dt.datetime) -> None:
    """One mail a person and day, whatever roles and regions: the subject is made of both, and unique.

    In the order of people, so that two workers never wait for each other.
    """
    memberships = Notice._meta.get_field("membership").related_model._meta.db_table  # type: ignore[union-attr]
    cursor.execute(
        f"""INSERT INTO outbox_effect
            (kind, region_id, subject_ref, recipient_user_id, created_at, not_before, attempts, message_id)
        SELECT %(kind)s, %(region)s, md5('reminders ' || user_id || ' ' || %(day)s)::uuid, user_id, %(now)s,
            %(mail_at)s, 0, ''
        FROM (SELECT DISTINCT user_id FROM {memberships} WHERE region_id = %(region)s AND id = ANY(%(ids)s)) people
        ORDER BY user_id ON CONFLICT DO NOTHING""",
        {
            "kind": SUMMARY,
            "region": region.pk,
            "day": local_day(now).isoformat(),
            "now": now,
            "mail_at": max(now, mail_hour(region, now)),
            "ids": list(membership_ids),
        },
    )
