"""Figures as they are read: a unit's from the rows themselves, the region's from the months counted ahead."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from dashboard.counting import COUNT_COLUMNS, MONTH, counted, terms
from dashboard.models import COUNTS
from dashboard.periods import Period, add_months
from dashboard.units import Unit
from referrals.models import PracticeIntake
from wor.tenancy.models import Region

# With fewer practices the figures of the others could be found by subtracting one's own.
PRACTICES_TO_COMPARE = 4


@dataclass
class Counts:
    """COUNTS of some months together, with the days in the middle (median) to first contact and to first talk."""

    values: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    days_to_contact: int | None = None
    days_to_talk: int | None = None

    def __getitem__(self, name: str) -> int:
        return self.values[name]

    def add(self, values: Iterable[int]) -> None:
        for name, number in zip(COUNTS, values, strict=True):
            self.values[name] += number

    def share(self, part: str, whole: str) -> float | None:
        """``part`` out of ``whole``, 0 to 1; none without anybody."""
        return self.values[part] / self.values[whole] if self.values[whole] else None


@dataclass
class UnitFigures:
    """What a dashboard of a unit shows of the process: exact, and of this moment."""

    period: Period
    months: dict[dt.date, Counts]
    now: Counts
    before: Counts


_MONTHS = f"""
SELECT {MONTH}, {COUNT_COLUMNS}, array_agg(r.days_to_contact), array_agg(r.days_to_talk)
FROM {counted("r.practice_id = ANY(%(practices)s) AND r.sent_at >= %(begin)s AND r.sent_at < %(end)s")} GROUP BY 1
"""


def of_unit(unit: Unit, period: Period, region: Region) -> UnitFigures:
    """A unit's figures in a period and in the one before it, from the rows themselves. One statement."""
    months = {month: Counts() for month in period.months}
    sides = {True: Counts(), False: Counts()}
    days: dict[bool, tuple[list, list]] = {True: ([], []), False: ([], [])}
    values: dict[str, Any] = {
        "practices": list(unit.practice_ids),
        "begin": period.before.starts,
        "end": period.ends,
        **terms(region),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, values)
        for month, *counts, to_contact, to_talk in cursor.fetchall():
            is_now = month in months
            sides[is_now].add(counts)
            days[is_now][0].extend(to_contact)
            days[is_now][1].extend(to_talk)
            if is_now:
                months[month].add(counts)
    for is_now, side in sides.items():
        side.days_to_contact, side.days_to_talk = (middle(each) for each in days[is_now])
    return UnitFigures(period, months, sides[True], sides[False])


def middle(days: Iterable[int | None]) -> int | None:
    """The day in the middle (the lower of two), none when nobody is there yet."""
    known = sorted(max(day, 0) for day in days if day is not None)
    return known[(len(known) - 1) // 2] if known else None


_OF_REGION = f"""
WITH chosen AS (
    SELECT * FROM dashboard_municipalitymonth
    WHERE region_id = %(region)s AND month >= %(first)s AND month < %(end)s
      AND (%(codes)s::text[] IS NULL OR municipality_code = ANY(%(codes)s::text[]))
)
SELECT {", ".join(f"coalesce(sum({name}), 0)" for name in COUNTS)},
    (SELECT array_agg(number ORDER BY day) FROM (
        SELECT day, sum(number) AS number FROM chosen, unnest(contact_days) WITH ORDINALITY u(number, day)
        GROUP BY day) c),
    (SELECT array_agg(number ORDER BY day) FROM (
        SELECT day, sum(number) AS number FROM chosen, unnest(talk_days) WITH ORDINALITY u(number, day)
        GROUP BY day) t),
    (SELECT count(DISTINCT practice_id) FROM dashboard_practicemonth
        WHERE region_id = %(region)s AND month >= %(first)s AND month < %(end)s)
FROM chosen
"""


@dataclass
class PlaceFigures:
    """Figures of a region, or of some of its municipalities, and how many practices sent somebody."""

    counts: Counts
    practices: int

    @property
    def may_be_compared(self) -> bool:
        return self.practices >= PRACTICES_TO_COMPARE


def of_places(region: Region, period: Period, municipality_codes: list[str] | None = None) -> PlaceFigures:
    """The region's figures, or those of these municipalities, from the rollup. One statement."""
    values: dict[str, Any] = {
        "region": region.pk,
        "first": period.first,
        "end": period.end,
        "codes": municipality_codes,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OF_REGION, values)
        *numbers, contact, talk, practices = cursor.fetchone()
    counts = Counts()
    counts.add(numbers)
    counts.days_to_contact, counts.days_to_talk = median(contact), median(talk)
    return PlaceFigures(counts, practices)


def median(histogram: list[int] | None) -> int | None:
    """The day in the middle of a histogram of days (the lower of two middles), none when nobody is in it."""
    total = sum(histogram or ())
    seen = 0
    for day, number in enumerate(histogram or ()):
        seen += number
        if total and seen * 2 >= total:
            return day
    return None


@dataclass(frozen=True)
class CapacityNow:
    """The state of one capacity line of this moment."""

    practice: str
    organisation: str
    state: str
    expected_weeks: int | None

    @property
    def label(self) -> str:
        return str(PracticeIntake.State(self.state).label)


@dataclass
class Room:
    """What the coaches of a unit can take on: referrals a month, per month; minutes a week and lines of this moment."""

    referrals: dict[dt.date, float]
    funded_minutes: int
    rota_minutes: int
    lines: list[CapacityNow]
    gaps: dict[str, int]


_ROOM = """
SELECT
    (SELECT json_agg(json_build_array(minutes_per_week, lower(valid), upper(valid)))
        FROM referrals_coachhours WHERE practice_id = ANY(%(practices)s)),
    (SELECT coalesce(sum(extract(epoch FROM ends - starts)) / 60, 0)::int
        FROM referrals_presence WHERE practice_id = ANY(%(practices)s)),
    (SELECT json_agg(json_build_array(p.name, w.name, i.state, i.expected_weeks) ORDER BY p.name, i.id)
        FROM referrals_practiceintake i JOIN tenancy_organisation p ON p.id = i.practice_id
        JOIN tenancy_organisation w ON w.id = i.welfare_organisation_id AND NOT w.is_paused
        WHERE i.practice_id = ANY(%(practices)s)),
    (SELECT json_object_agg(kind, number ORDER BY number DESC, kind) FROM (
        SELECT kind, count(*) AS number FROM coaches_gap
        WHERE practice_id = ANY(%(practices)s) AND created_at >= %(begin)s AND created_at < %(end)s GROUP BY kind) g)
"""


def room_of(unit: Unit, period: Period, region: Region, *, on: dt.date) -> Room:
    """Coach hours, rota, capacity lines and gaps in the offer. One statement.

    Room for referrals: minutes a week, divided by what a case takes a week and by the weeks that it runs.
    """
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"practices": list(unit.practice_ids), "begin": period.starts, "end": period.ends}
        cursor.execute(_ROOM, values)
        hours, rota, lines, gaps = cursor.fetchone()
    spans = [(minutes, _day(first), _day(end)) for minutes, first, end in hours or ()]
    each = int(region.setting("case_minutes_per_week")) * int(region.setting("case_weeks"))
    return Room(
        referrals={
            month: sum(minutes * _weeks(first, end, month) for minutes, first, end in spans) / each
            for month in period.months
        },
        funded_minutes=sum(
            minutes for minutes, first, end in spans if (first or on) <= on and (end is None or on < end)
        ),
        rota_minutes=rota,
        lines=[CapacityNow(*line) for line in lines or ()],
        gaps=gaps or {},
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _weeks(first: dt.date | None, end: dt.date | None, month: dt.date) -> float:
    """How many weeks of a month lie in a span of days (its end not included). Every month is as long: 52 weeks / 12."""
    after = add_months(month, 1)
    days = (min(end or after, after) - max(first or month, month)).days
    return max(days, 0) / (after - month).days * 52 / 12
