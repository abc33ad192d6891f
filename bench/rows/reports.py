"""Reports of closed periods, read from published cells alone."""

import time
from collections.abc import Callable, Iterable

from django.db import connection

from bench import ahead
from bench.clock import medians, timed
from bench.limits import Row, milliseconds, not_measured, ratio
from bench.rows.figures import BESIDE_COUNT_OF_REGION, index_only
from bench.stage import Stage, counted
from dashboard import files
from dashboard.choices import Subject, subjects_of
from dashboard.models import PeriodKind, Publication, Report
from dashboard.published import Document, document
from wor.accounts.models import Membership
from wor.calendar import start_of

BESIDE_COPY = 2


def measure(bench) -> Iterable[Row]:
    ahead.at_hand(bench.large, bench.cast.region)
    administrator = bench.large.sign_in(bench.cast.admin).membership
    with bench.large.in_region(bench.cast.region):
        subjects = subjects_of(administrator)
        years = list(Publication.objects.filter(kind=PeriodKind.YEAR).order_by("-first"))
    of_region = next(each for each in subjects if each.is_place and not each.municipality_code)
    of_place = next(each for each in subjects if each.municipality_code)
    if not years:
        yield not_measured("Reports of a year", BESIDE_COUNT_OF_REGION, "no year is over")
        return
    for name, subject in (("region", of_region), ("municipality", of_place)):
        for words, closed in (("12 months", years[:1]), ("5 years, a report for each", years[:5])):
            yield beside_count(bench, f"Report of a {name}, {words}", administrator, subject, closed)
    yield csv(bench, administrator, of_region, years[0])


def beside_count(bench, name: str, reader: Membership, subject: Subject, closed: list[Publication]) -> Row:
    """The statements that read a report, beside counting the referrals that it is about."""
    of = reader.region
    where, values = "region_id = %s AND sent_at >= %s AND sent_at < %s", [of.pk, *_span(closed)]
    if subject.municipality_code:
        where, values = f"{where} AND municipality_code = %s", [*values, subject.municipality_code]
    read = replayed(bench.large, of.pk, lambda: [document(subject, each, of) for each in closed])
    with bench.large.in_region(of.pk):
        taken = medians({"read": read, "count": index_only(where, values)}, bench.rounds)
    what = f"{name}, SQL beside an index-only count"
    return ratio(what, BESIDE_COUNT_OF_REGION, taken["read"], taken["count"])


def _span(closed: list[Publication]) -> tuple:
    return start_of(min(each.first for each in closed)), start_of(max(each.end for each in closed))


def replayed(stage: Stage, region_id: int, deed: Callable[[], object]) -> Callable[[], float]:
    """The statements of a deed, without what is made of their rows."""
    with stage.in_region(region_id), stage.statements() as captured:
        deed()
    statements = counted(captured)

    def again() -> float:
        began = time.perf_counter()
        with connection.cursor() as cursor:
            for each in statements:
                cursor.execute(each)
                cursor.fetchall()
        return time.perf_counter() - began

    return again


def csv(bench, reader: Membership, subject: Subject, year: Publication) -> Row:
    """There is no export of 300,000 rows: what leaves is published, and the largest file is a year of a region."""
    made = Report(format=Report.Format.CSV)

    def written() -> Document:
        shown = document(subject, year, reader.region)
        files.as_csv(shown, made)
        return shown

    with bench.large.in_region(reader.region_id):
        rows = written().rows
        taken = medians({"written": lambda: timed(written), "copied": copied(year)}, bench.rounds)
    return not_measured(
        "CSV of a region's 300,000 rows beside COPY of the same",
        BESIDE_COPY,
        f"no such export; the largest CSV is a year of a region, {rows} rows in {milliseconds(taken['written'])}, "
        f"beside {milliseconds(taken['copied'])} for COPY of its cells",
    )


def copied(year: Publication) -> Callable[[], float]:
    class Nowhere:
        def write(self, text: str) -> None:
            """Thrown away."""

    def deed() -> float:
        began = time.perf_counter()
        with connection.cursor() as cursor:
            cells = f"publication_id = {year.pk} AND audience = 'funder' AND municipality_code = '' AND unit_id IS NULL"
            cursor.copy_expert(
                f"COPY (SELECT * FROM dashboard_publishedcell WHERE {cells}) TO STDOUT WITH CSV", Nowhere()
            )
        return time.perf_counter() - began

    return deed
