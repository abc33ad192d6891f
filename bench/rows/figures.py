"""Figures: of a practice from its own rows, of a region from the months counted ahead, and keeping those up."""

import statistics
import time
from collections.abc import Callable, Iterable

from django.db import connection, transaction

from bench import ahead
from bench.clock import medians, timed
from bench.limits import Row, ratio
from bench.rows.pages import seconds
from bench.rows.people import Cast
from dashboard import reading, rollup
from dashboard.models import MunicipalityMonth, PracticeMonth
from dashboard.periods import YEAR, Period, add_months, named
from dashboard.units import units_of
from wor.tenancy.models import Region

BESIDE_COUNT, BESIDE_COUNT_OF_REGION, BESIDE_SMALL = 8, 2, 2
BATCH, CATCH_UP = 100, 5_000
UPKEEP_ROUNDS, REBUILD_ROUNDS = 10, 3


def measure(bench) -> Iterable[Row]:
    yield practice(bench)
    yield page(bench)
    yield from region(bench)
    yield from upkeep(bench)
    yield rebuild(bench)


# A practice


def practice(bench) -> Row:
    """Both periods that the dashboard compares, beside counting their rows."""
    cast, period = bench.cast, named(YEAR)
    with bench.large.in_region(cast.region_of(cast.gp)):
        membership = bench.large.sign_in(cast.gp).membership
        (unit,) = units_of(membership)
        count = index_only(
            "region_id = %s AND practice_id = %s AND sent_at >= %s AND sent_at < %s",
            [membership.region_id, cast.practice, period.before.starts, period.ends],
        )
        taken = medians({
            "figures": lambda: timed(lambda: reading.of_unit(unit, period, membership.region)),
            "count": count,
        }, bench.rounds)  # fmt: skip
    what = "Practice dashboard, 12 months and those before, SQL beside an index-only count"
    return ratio(what, BESIDE_COUNT, taken["figures"], taken["count"])


def page(bench) -> Row:
    deeds = {
        "large": seconds(bench.large, bench.handler, bench.cast.dashboard()),
        "small": seconds(bench.small, bench.handler, Cast(bench.small).dashboard()),
    }
    taken = medians(deeds, bench.rounds)
    what = "Practice dashboard, page beside itself at 50,000"
    return ratio(what, BESIDE_SMALL, taken["large"], taken["small"])


def index_only(where: str, values: list) -> Callable[[], float]:
    """Counts rows in an index; what was written lately is seen by a look at the table, as it is in use."""

    def deed() -> float:
        began = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM referrals_referral WHERE {where}", values)
            cursor.fetchall()
        return time.perf_counter() - began

    return deed


# A region


def region(bench) -> Iterable[Row]:
    ahead.at_hand(bench.large, bench.cast.region)
    after = named(YEAR).end
    for words, months in (("12 months", 12), ("5 years", 60)):
        period = Period(add_months(after, -months), after)
        with bench.large.in_region(bench.cast.region):
            of = Region.objects.get(pk=bench.cast.region)
            count = index_only("region_id = %s AND sent_at >= %s AND sent_at < %s", [of.pk, period.starts, period.ends])
            taken = medians({
                "figures": lambda of=of, period=period: timed(lambda: reading.of_places(of, period)),
                "count": count,
            }, bench.rounds)  # fmt: skip
        what = f"Figures of a region, {words}, SQL beside an index-only count"
        yield ratio(what, BESIDE_COUNT_OF_REGION, taken["figures"], taken["count"])


# Keeping the months up


def upkeep(bench) -> Iterable[Row]:
    """Referrals change, one in each month of a practice, and their months are counted again. Undone afterwards."""
    with bench.large.in_region(bench.cast.region):
        of = Region.objects.get(pk=bench.cast.region)
        taken = []
        for turn in range(UPKEEP_ROUNDS):
            change(of, BATCH, turn * BATCH)
            taken.append(timed(lambda: rollup.recount(of, limit=BATCH)))
        change(of, CATCH_UP, 0)
        began = time.perf_counter()
        keys = 0
        while counted := rollup.recount(of):
            keys += counted
        caught_up = time.perf_counter() - began
        transaction.set_rollback(True)
    each = statistics.median(taken) / BATCH
    yield Row("Rollup upkeep, a dirty key in batches of 100", 1, each * 1000, "ms", f"{UPKEEP_ROUNDS} batches")
    yield Row(f"Rollup catch-up after {CATCH_UP:,} changed keys", 2, caught_up, "s", f"{keys:,} keys of one region")


def change(of: Region, number: int, start: int) -> None:
    """Somebody was spoken to a day later, in so many months, spread over practices and years."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(id) FROM referrals_referral WHERE region_id = %s AND status <> 'entered_in_error'"
            " GROUP BY practice_id, date_trunc('month', sent_at AT TIME ZONE 'Europe/Amsterdam')"
            " ORDER BY md5(min(id)::text) OFFSET %s LIMIT %s",
            [of.pk, start, number],
        )
        ids = [row[0] for row in cursor.fetchall()]
        for first in range(0, len(ids), 500):
            cursor.execute(
                "UPDATE referrals_referral"
                " SET first_contact_at = coalesce(first_contact_at, sent_at) + interval '1 day' WHERE id = ANY(%s)",
                [ids[first : first + 500]],
            )


def rebuild(bench) -> Row:
    """Every month of one region counted and written from nothing, beside one pass over its rows that groups them."""
    taken = {"rebuilt": [], "passed": []}
    for _turn in range(REBUILD_ROUNDS):
        with bench.large.in_region(bench.cast.region):
            of = Region.objects.get(pk=bench.cast.region)
            taken["passed"].append(one_pass(of))
            for months in (PracticeMonth, MunicipalityMonth):
                months.objects.filter(region_id=of.pk).delete()
            taken["rebuilt"].append(timed(lambda of=of: rollup.rebuild(of)))
            keys = PracticeMonth.objects.filter(region_id=of.pk).count()
        ahead.tidy(bench.large)
    what = "Full rebuild of the rollups beside one sequential pass that groups them"
    rebuilt, passed = (statistics.median(each) for each in taken.values())
    return ratio(what, 2, rebuilt, passed, f"one region, {keys:,} rows; the pass reads and writes no other table")


_DAY = "(({0} AT TIME ZONE 'Europe/Amsterdam')::date - (sent_at AT TIME ZONE 'Europe/Amsterdam')::date)"
_MOMENTS = ("accepted", "first_contact", "first_talk", "closed", "z68_noted")
_ENDS = ("completed", "stopped", "not_started", "declined", "withdrawn")
ONE_PASS = f"""
WITH grouped AS MATERIALIZED (
    SELECT practice_id, date_trunc('month', sent_at AT TIME ZONE 'Europe/Amsterdam'), municipality_code, count(*),
        {", ".join(f"count({moment}_at)" for moment in _MOMENTS)},
        {", ".join(f"count(*) FILTER (WHERE status = '{status}')" for status in _ENDS)},
        count(*) FILTER (WHERE first_contact_at < sent_at + interval '14 days'),
        count(*) FILTER (WHERE feedback_at < first_talk_at + interval '7 days'),
        array_agg({_DAY.format("first_contact_at")}), array_agg({_DAY.format("first_talk_at")})
    FROM referrals_referral WHERE region_id = %s AND status <> 'entered_in_error' GROUP BY 1, 2, 3
) SELECT count(*) FROM grouped
"""
# It reads the rows of all regions, for longer than a page may.
_SEQUENTIAL = (
    *("enable_indexscan = off", "enable_indexonlyscan = off", "enable_bitmapscan = off"),
    *("max_parallel_workers_per_gather = 0", "statement_timeout = 0"),
)


def one_pass(of: Region) -> float:
    """The table from its first row to its last, in one process; the groups stay in the database."""
    with connection.cursor() as cursor, transaction.atomic():
        for setting in _SEQUENTIAL:
            cursor.execute(f"SET LOCAL {setting}")
        began = time.perf_counter()
        cursor.execute(ONE_PASS, [of.pk])
        taken = time.perf_counter() - began
        for setting in _SEQUENTIAL:
            cursor.execute(f"SET LOCAL {setting.split(' = ')[0]} TO DEFAULT")
    return taken
