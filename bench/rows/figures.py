"""Figures: of a practice from its own rows, of a region from the months counted ahead, and keeping those up."""

import statistics
import time
from collections.abc import Callable, Iterable

from django.db import connection

from bench.clock import medians, timed
from bench.limits import Row, ratio
from bench.rows.people import Cast, Page, opened
from bench.stage import Stage
from dashboard import reading, rollup
from dashboard.periods import YEAR, Period, add_months, named
from dashboard.units import units_of
from wor.tenancy.models import Region

BESIDE_COUNT, BESIDE_COUNT_OF_REGION, BESIDE_SMALL = 8, 2, 2
BATCH, CATCH_UP = 100, 5_000
UPKEEP_ROUNDS = 10


def measure(bench) -> Iterable[Row]:
    yield practice(bench)
    yield page(bench)
    rebuilt = [rebuild(bench)]
    yield from region(bench)
    yield from upkeep(bench)
    yield from rebuilt


# A practice


def practice(bench) -> Row:
    """Both periods that the dashboard compares, beside counting their rows."""
    cast, period = bench.cast, named(YEAR)
    with bench.large.in_region(cast.region_of(cast.gp)):
        membership = bench.large.sign_in(cast.gp).membership
        (unit,) = units_of(membership)
        count = index_only(
            "practice_id = %s AND sent_at >= %s AND sent_at < %s", [cast.practice, period.before.starts, period.ends]
        )
        taken = medians({
            "figures": lambda: timed(lambda: reading.of_unit(unit, period, membership.region)),
            "count": count,
        }, bench.rounds)  # fmt: skip
    what = "Practice dashboard, 12 months and those before, SQL beside an index-only count"
    return ratio(what, BESIDE_COUNT, taken["figures"], taken["count"])


def page(bench) -> Row:
    def seconds(stage: Stage, cast: Cast) -> Callable[[], float]:
        deed = opened(stage, bench.handler, Page("dashboard", "/cijfers/", stage.sign_in(cast.gp), 12))
        return lambda: deed().seconds

    deeds = {"large": seconds(bench.large, bench.cast), "small": seconds(bench.small, Cast(bench.small))}
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


def rebuild(bench) -> Row:
    """Every month of one region, marked and counted again, beside one pass over its rows that groups them."""
    with bench.large.in_region(bench.cast.region):
        of = Region.objects.get(pk=bench.cast.region)
        passed = min(one_pass(of) for _turn in range(3))
        began = time.perf_counter()
        rollup.mark_all(of)
        keys = 0
        while counted := rollup.recount(of):
            keys += counted
        taken = time.perf_counter() - began
    what = "Rebuild of a region's months beside one sequential pass that groups its rows"
    return ratio(what, 2, taken, passed, f"{keys:,} months of practices")


def one_pass(of: Region) -> float:
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT practice_id, date_trunc('month', sent_at AT TIME ZONE 'Europe/Amsterdam'), municipality_code,"
            " count(*), count(first_talk_at), count(closed_at), array_agg(first_contact_at - sent_at)"
            " FROM referrals_referral WHERE region_id = %s GROUP BY 1, 2, 3",
            [of.pk],
        )
        cursor.fetchall()
    return time.perf_counter() - began


def upkeep(bench) -> Iterable[Row]:
    with bench.large.in_region(bench.cast.region):
        of = Region.objects.get(pk=bench.cast.region)
        seconds = []
        for turn in range(UPKEEP_ROUNDS):
            mark(of, BATCH, turn * BATCH)
            seconds.append(timed(lambda: rollup.recount(of, limit=BATCH)))
        mark(of, CATCH_UP, 0)
        began = time.perf_counter()
        keys = 0
        while counted := rollup.recount(of):
            keys += counted
        caught_up = time.perf_counter() - began
    each = statistics.median(seconds) / BATCH
    yield Row("Rollup upkeep, a dirty key in batches of 100", 1, each * 1000, "ms", f"{UPKEEP_ROUNDS} batches")
    yield Row(f"Rollup catch-up after {CATCH_UP:,} changed keys", 2, caught_up, "s", f"{keys:,} keys of one region")


def mark(of: Region, number: int, start: int) -> None:
    """Months that changed, spread over practices and years."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_dirtymonth (region_id, practice_id, month)"
            " SELECT region_id, practice_id, month FROM (SELECT DISTINCT region_id, practice_id, month"
            " FROM dashboard_practicemonth WHERE region_id = %s) m"
            " ORDER BY md5(practice_id || month::text) OFFSET %s LIMIT %s ON CONFLICT DO NOTHING",
            [of.pk, start, number],
        )
