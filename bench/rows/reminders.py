"""100,000 reminders that are due: found and told in turns, beside one statement that takes and tells them all.

They are about drafts, made for this in one region and thrown away afterwards; the tables are analysed in between, as
autovacuum would have done. That statement marks every reminder that is due and writes its notice; it asks not whether
the fact still holds, who hears of it, or who else is at work.
"""

import datetime as dt
import time
from collections.abc import Iterable

from django.db import connection, transaction

from bench.limits import Row, ratio
from bench.load import insert
from bench.tables import Table
from wor.calendar import AMSTERDAM, is_working_day, today
from wor.outbox import reminders
from wor.outbox.models import Notice
from wor.tenancy.models import Region

REMINDERS, BESIDE_ONE = 100_000, 3
DAYS_OLD = 8
MADE = '{"given_name": "for the bench"}'

DRAFTS = Table(
    "referrals.ReferralDraft",
    {
        "region_id": "%(region)s",
        "practice_id": "%(practice)s",
        "written_by_id": "%(writer)s",
        "created_at": "now() - %(days)s * interval '1 day'",
        "changed_at": "now() - %(days)s * interval '1 day'",
        "payload": f"'{MADE}'::jsonb",
    },
    "generate_series(1, %(number)s) n",
)
# As planning makes them, without asking of each whether it is there.
PLANNED = """
    INSERT INTO outbox_reminder (region_id, reference, kind, subject_type, subject_ref, step, due_at)
    SELECT %(region)s, gen_random_uuid(), %(kind)s, %(type)s, facts.subject_ref, {round},
        facts.due_on::timestamp AT TIME ZONE 'Europe/Amsterdam' FROM ({facts}) facts
"""
ONE_STATEMENT = """
    WITH taken AS (
        UPDATE outbox_reminder SET done_at = %(now)s
        WHERE region_id = %(region)s AND due_at <= %(now)s AND done_at IS NULL AND cancelled_at IS NULL
        RETURNING subject_ref)
    INSERT INTO outbox_notice (region_id, reference, created_at, membership_id, kind, subject_ref)
    SELECT %(region)s, gen_random_uuid(), %(now)s, %(writer)s, %(notice)s, subject_ref FROM taken
"""
TIDY = "VACUUM ANALYZE referrals_referraldraft, outbox_reminder"
THROW_AWAY = f"""
    WITH made AS (DELETE FROM referrals_referraldraft WHERE payload = '{MADE}'::jsonb RETURNING reference)
    DELETE FROM outbox_reminder WHERE subject_ref IN (SELECT reference FROM made)
"""


def measure(bench) -> Iterable[Row]:
    cast, now, stage = bench.cast, next_morning(), bench.large
    region_id = cast.region_of(cast.gp)
    values = {"region": region_id, "practice": cast.practice, "writer": cast.gp, "now": now}
    try:
        with stage.in_region(region_id):
            region = Region.objects.get(pk=region_id)
            make(region, values | {"number": REMINDERS, "days": DAYS_OLD}, now)
        stage.as_owner_without_rows(TIDY)
        with stage.in_region(region_id):
            told, taken = taken_back(lambda: tell_all(region, now))
            _one, at_once = taken_back(lambda: run(ONE_STATEMENT, values | {"notice": Notice.Kind.DRAFT_WAITS}))
    finally:
        stage.as_owner_without_rows(THROW_AWAY)
        stage.as_owner_without_rows(TIDY)
    what = f"{REMINDERS:,} due reminders found and told beside one statement that takes them"
    yield ratio(what, BESIDE_ONE, taken, at_once, f"{told:,} told, in turns of {reminders.PER_TURN:,}")


def next_morning() -> dt.datetime:
    """Ten o'clock of the first working day from tomorrow: nobody is told anything at night."""
    day = today() + dt.timedelta(days=1)
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(10), AMSTERDAM)


def make(region: Region, values: dict, now: dt.datetime) -> None:
    """Drafts whose term is over, and all their reminders at once: planning has its turns too, days ahead."""
    [kind] = [each for each in reminders.registered() if each.notice == Notice.Kind.DRAFT_WAITS]
    facts, asked = kind.due(region, now.date())
    asked |= {"region": region.pk, "kind": kind.code, "type": kind.subject_type}
    with connection.cursor() as cursor:
        # A statement about all of them may last longer than any of the product's.
        cursor.execute("SET LOCAL statement_timeout = 0")
        insert(cursor, DRAFTS, values)
        cursor.execute(PLANNED.format(facts=facts, round=reminders._FACTS_ROUND), asked)


def tell_all(region: Region, now: dt.datetime) -> int:
    told = 0
    while taken := reminders.tell(region, now=now):
        told += taken
    return told


def run(sql: str, values: dict) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(sql, values)
        return cursor.rowcount


def taken_back(deed) -> tuple[int, float]:
    """What it gave, and its seconds; what it wrote is gone."""
    with transaction.atomic():
        began = time.perf_counter()
        given = deed()
        seconds = time.perf_counter() - began
        transaction.set_rollback(True)
    return given, seconds
