"""Months counted ahead: what changed is marked dirty by the database itself (migration 0002).

A practice's month is counted again from the rows. A municipality's month is the sum of its practices' months: it is
moved by what changed in those, so that it costs as much as changed and not as much as there is. ``rebuild`` counts
both from nothing.
"""

import datetime as dt
from typing import Any

from django.db import connection, transaction

from dashboard.counting import CONTACT_DAYS, COUNT_COLUMNS, MONTH, TALK_DAYS, counted, terms
from dashboard.models import COUNTS, LONGEST_DAYS
from wor.calendar import start_of
from wor.tenancy.models import Region

# Regions take turns: one with a lot to do does not keep the others waiting.
KEYS_A_TURN = 1000

_CLAIM = """
DELETE FROM outbox_dirtymonth WHERE (region_id, practice_id, month) IN (
    SELECT region_id, practice_id, month FROM outbox_dirtymonth WHERE region_id = %(region)s
    ORDER BY marked_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
) RETURNING practice_id, month
"""

_NAMES = ", ".join(COUNTS)
_COLUMNS = f"practice_id, month, municipality_code, {_NAMES}, contact_days, talk_days"

# Both as (now, former): what the rows say of the months, and what was counted before.
_KEYS = """keys AS (SELECT * FROM unnest(%(practices)s::bigint[], %(months)s::date[], %(starts)s::timestamptz[],
    %(ends)s::timestamptz[]) AS k (practice_id, month, starts, ends))"""
_OF_KEYS = "r.practice_id = keys.practice_id AND r.sent_at >= keys.starts AND r.sent_at < keys.ends"
_SOME = f"""{_KEYS},
now AS MATERIALIZED (
    SELECT r.practice_id, keys.month, r.municipality_code, {COUNT_COLUMNS}, {CONTACT_DAYS}, {TALK_DAYS}
    FROM keys CROSS JOIN LATERAL {counted(_OF_KEYS)} GROUP BY 1, 2, 3),
former AS MATERIALIZED (
    SELECT {_COLUMNS} FROM dashboard_practicemonth JOIN keys USING (practice_id, month) WHERE region_id = %(region)s)"""
_ALL = f"""
now AS MATERIALIZED (
    SELECT r.practice_id, {MONTH}, r.municipality_code, {COUNT_COLUMNS}, {CONTACT_DAYS}, {TALK_DAYS}
    FROM {counted("true", of_all=True)} GROUP BY 1, 2, 3),
former AS MATERIALIZED (SELECT {_COLUMNS} FROM dashboard_practicemonth WHERE region_id = %(region)s)"""

# Each change is what went (-1) and what came (1): of a month that is the same as before, neither.
_WRITE_PRACTICES = f"""
went AS MATERIALIZED (TABLE former EXCEPT TABLE now),
came ({_COLUMNS}) AS MATERIALIZED (TABLE now EXCEPT TABLE former),
deleted AS (
    DELETE FROM dashboard_practicemonth m USING went
    WHERE m.region_id = %(region)s AND (m.practice_id, m.month, m.municipality_code)
        = (went.practice_id, went.month, went.municipality_code)
      AND (went.practice_id, went.month, went.municipality_code)
        NOT IN (SELECT practice_id, month, municipality_code FROM came)),
written AS (
    INSERT INTO dashboard_practicemonth (region_id, {_COLUMNS}) SELECT %(region)s, {_COLUMNS} FROM came
    ON CONFLICT (region_id, practice_id, month, municipality_code) DO UPDATE SET
        {", ".join(f"{name} = excluded.{name}" for name in (*COUNTS, "contact_days", "talk_days"))},
        counted_at = now()),
changes AS (SELECT -1 AS sign, * FROM went UNION ALL SELECT 1, * FROM came)"""
_EVERYTHING = f"changes AS (SELECT 1 AS sign, {_COLUMNS} FROM dashboard_practicemonth WHERE region_id = %(region)s)"


def _moved(column: str) -> str:
    return f"""move_days(coalesce(m.{column}, array_fill(0, ARRAY[{LONGEST_DAYS + 1}])),
        all_days(c.{column}) FILTER (WHERE sign = -1), all_days(c.{column}) FILTER (WHERE sign = 1))"""


_WRITE_MUNICIPALITIES = f"""
INSERT INTO dashboard_municipalitymonth (region_id, municipality_code, month, {_NAMES}, contact_days, talk_days)
SELECT %(region)s, c.municipality_code, c.month,
    {", ".join(f"coalesce(m.{name}, 0) + sum((sign * c.{name})::int)" for name in COUNTS)},
    {_moved("contact_days")}, {_moved("talk_days")}
FROM changes c LEFT JOIN dashboard_municipalitymonth m
    ON m.region_id = %(region)s AND m.municipality_code = c.municipality_code AND m.month = c.month
GROUP BY c.municipality_code, c.month, m.region_id, m.municipality_code, m.month
ON CONFLICT (region_id, municipality_code, month) DO UPDATE SET
    {", ".join(f"{name} = excluded.{name}" for name in (*COUNTS, "contact_days", "talk_days"))}, counted_at = now()
"""
_FORGET_EMPTY = "DELETE FROM dashboard_municipalitymonth WHERE region_id = %(region)s AND sent = 0"
_FORGET_MUNICIPALITIES = "DELETE FROM dashboard_municipalitymonth WHERE region_id = %(region)s"

_RECOUNT = f"WITH {_SOME}, {_WRITE_PRACTICES} {_WRITE_MUNICIPALITIES}"
_REBUILD_PRACTICES = f"WITH {_ALL}, {_WRITE_PRACTICES} SELECT count(*) FROM changes"
_REBUILD_MUNICIPALITIES = f"WITH {_EVERYTHING} {_WRITE_MUNICIPALITIES}"


@transaction.atomic
def recount(region: Region, *, limit: int = KEYS_A_TURN) -> int:
    """Count at most ``limit`` dirty months of the open region again. How many there were.

    Claiming deletes the marks; whoever changes a row meanwhile marks it again or waits (the mark is an upsert, which
    locks). One worker a region: of two that move the same municipality, one would undo the other.
    """
    with connection.cursor() as cursor:
        _take_turn(cursor, region)
        cursor.execute(_CLAIM, {"region": region.pk, "limit": limit})
        keys = cursor.fetchall()
        if keys:
            cursor.execute(_RECOUNT, _values(region, keys))
            cursor.execute(_FORGET_EMPTY, {"region": region.pk})
    return len(keys)


@transaction.atomic
def rebuild(region: Region) -> None:
    """Count every month of the open region from the rows, whatever was counted before.

    For a load that went past the triggers, for another definition, and once a night: what ever went wrong is gone then.
    Marks stay; what they ask for is counted once more.
    """
    with connection.cursor() as cursor:
        _take_turn(cursor, region)
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute(_REBUILD_PRACTICES, terms(region))
        cursor.execute(_FORGET_MUNICIPALITIES, {"region": region.pk})
        cursor.execute(_REBUILD_MUNICIPALITIES, {"region": region.pk})


def _take_turn(cursor, region: Region) -> None:
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('dashboard.rollup'), %s)", [region.pk])


def _values(region: Region, keys: list[tuple[int, dt.date]]) -> dict[str, Any]:
    months = {month: (start_of(month), start_of(next_month(month))) for _practice, month in keys}
    return {
        "practices": [practice for practice, _month in keys],
        "months": [month for _practice, month in keys],
        "starts": [months[month][0] for _practice, month in keys],
        "ends": [months[month][1] for _practice, month in keys],
        **terms(region),
    }


def next_month(month: dt.date) -> dt.date:
    """The first day of the month after this first day."""
    return (month + dt.timedelta(days=31)).replace(day=1)
