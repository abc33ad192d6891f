"""Months counted again from the rows: what changed is marked dirty by the database itself (migration 0001)."""

import datetime as dt
from typing import Any

from django.db import connection, transaction

from dashboard.counting import COUNT_COLUMNS, COUNTED, DAYS_TO_CONTACT, DAYS_TO_TALK, JOINS, at_most, terms
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

_KEYS = """
WITH keys AS (SELECT * FROM unnest(%(practices)s::bigint[], %(months)s::date[], %(starts)s::timestamptz[],
    %(ends)s::timestamptz[]) AS k (practice_id, month, starts, ends))
"""
_FORGET_PRACTICES = f"""{_KEYS}
DELETE FROM dashboard_practicemonth m USING keys
WHERE m.region_id = %(region)s AND m.practice_id = keys.practice_id AND m.month = keys.month
RETURNING m.municipality_code, m.month
"""
_COUNT_PRACTICES = f"""{_KEYS}
INSERT INTO dashboard_practicemonth
    (region_id, practice_id, month, municipality_code, {", ".join(COUNTS)}, contact_days, talk_days)
SELECT %(region)s, r.practice_id, keys.month, r.municipality_code, {COUNT_COLUMNS},
    coalesce(array_agg({at_most(DAYS_TO_CONTACT)}) FILTER (WHERE r.first_contact_at IS NOT NULL), '{{}}'),
    coalesce(array_agg({at_most(DAYS_TO_TALK)}) FILTER (WHERE r.first_talk_at IS NOT NULL), '{{}}')
FROM keys JOIN referrals_referral r
    ON r.practice_id = keys.practice_id AND r.sent_at >= keys.starts AND r.sent_at < keys.ends {JOINS}
WHERE {COUNTED} GROUP BY r.practice_id, keys.month, r.municipality_code
RETURNING municipality_code, month
"""

_PLACES = "WITH places AS (SELECT * FROM unnest(%(codes)s::text[], %(months)s::date[]) AS p (municipality_code, month))"
_FORGET_MUNICIPALITIES = f"""{_PLACES}
DELETE FROM dashboard_municipalitymonth m USING places
WHERE m.region_id = %(region)s AND m.municipality_code = places.municipality_code AND m.month = places.month
"""


def _histogram(column: str) -> str:
    return f"""(SELECT array_agg(coalesce(found.number, 0) ORDER BY day)
        FROM generate_series(0, {LONGEST_DAYS}) day LEFT JOIN (
            SELECT days, count(*) AS number FROM dashboard_practicemonth each, unnest(each.{column}) days
            WHERE each.region_id = %(region)s AND each.municipality_code = m.municipality_code AND each.month = m.month
            GROUP BY days) found ON found.days = day)"""


_COUNT_MUNICIPALITIES = f"""{_PLACES}
INSERT INTO dashboard_municipalitymonth
    (region_id, municipality_code, month, {", ".join(COUNTS)}, contact_days, talk_days)
SELECT %(region)s, m.municipality_code, m.month, {", ".join(f"sum(m.{name})" for name in COUNTS)},
    {_histogram("contact_days")}, {_histogram("talk_days")}
FROM places JOIN dashboard_practicemonth m
    ON m.region_id = %(region)s AND m.municipality_code = places.municipality_code AND m.month = places.month
GROUP BY m.municipality_code, m.month
"""


def recount(region: Region, *, limit: int = KEYS_A_TURN) -> int:
    """Count at most ``limit`` dirty months of the open region again. How many there were.

    Claiming deletes the marks; whoever changes a row meanwhile marks it again or waits (the mark is an upsert, which
    locks). One worker a region: two that add up the same municipality would each miss the other's practice.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('dashboard.rollup'), %s)", [region.pk])
        cursor.execute(_CLAIM, {"region": region.pk, "limit": limit})
        keys = cursor.fetchall()
        if keys:
            _count_months(cursor, region, keys)
    return len(keys)


def _count_months(cursor, region: Region, keys: list[tuple[int, dt.date]]) -> None:
    months = {month: (start_of(month), start_of(next_month(month))) for _practice, month in keys}
    values: dict[str, Any] = {
        "region": region.pk,
        "practices": [practice for practice, _month in keys],
        "months": [month for _practice, month in keys],
        "starts": [months[month][0] for _practice, month in keys],
        "ends": [months[month][1] for _practice, month in keys],
        **terms(region),
    }
    cursor.execute(_FORGET_PRACTICES, values)
    places = set(cursor.fetchall())
    cursor.execute(_COUNT_PRACTICES, values)
    places |= set(cursor.fetchall())
    where = {"region": region.pk, "codes": [code for code, _ in places], "months": [month for _, month in places]}
    cursor.execute(_FORGET_MUNICIPALITIES, where)
    cursor.execute(_COUNT_MUNICIPALITIES, where)


def mark_all(region: Region) -> None:
    """Mark every month of the open region dirty: after a load that went past the triggers, or another definition."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_dirtymonth (region_id, practice_id, month)"
            " SELECT DISTINCT region_id, practice_id,"
            " date_trunc('month', sent_at AT TIME ZONE 'Europe/Amsterdam')::date FROM referrals_referral"
            " WHERE region_id = %(region)s"
            " UNION SELECT DISTINCT region_id, practice_id, month FROM dashboard_practicemonth"
            " WHERE region_id = %(region)s"
            " ON CONFLICT (region_id, practice_id, month) DO UPDATE SET marked_at = now()",
            {"region": region.pk},
        )


def next_month(month: dt.date) -> dt.date:
    """The first day of the month after this first day."""
    return (month + dt.timedelta(days=31)).replace(day=1)
