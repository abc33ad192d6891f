"""Closing a period: the whole grid is computed once, and nothing that happens later changes it."""

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils import translation

from dashboard import disclosure
from dashboard.counting import AGGREGATES, counted, terms
from dashboard.disclosure import HIDDEN, SMALL, Level, Unit, rounded
from dashboard.figures import DEFINITION_VERSION
from dashboard.grid import UNKNOWN, Person, Table, cohort, crossed, districts, tables
from dashboard.means import Mean, means
from dashboard.models import Audience, PeriodKind, Publication, PublishedCell
from dashboard.periods import Period, add_months
from dashboard.reading import middle
from referrals.models import CoachHours, Referral
from wor.calendar import local_day
from wor.tenancy.models import Organisation, Region

# Coaches have so long to write down what happened in a period before it is closed.
WEEKS_AFTER = 4
MONTHS = {PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}
# What a funder reads of the process, each a number of people but for the last two.
PROCESS = ("sent", "talked", "feedback_in_time")


def due(region: Region, today: dt.date) -> list[tuple[str, Period]]:
    """What can be closed and is not yet, quarters first: a half-year is published as far as its quarters were."""
    begun = Referral.objects.filter(region=region).order_by("sent_at").values_list("sent_at", flat=True).first()
    if begun is None:
        return []
    closed = set(Publication.objects.filter(region=region).values_list("kind", "first"))
    found: list[tuple[str, Period]] = []
    for kind in (PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR):
        first = local_day(begun).replace(day=1)
        first = add_months(first, -((first.month - 1) % MONTHS[kind]))
        while (end := add_months(first, MONTHS[kind])) + dt.timedelta(weeks=WEEKS_AFTER) <= today:
            if (kind, first) not in closed:
                found.append((str(kind), Period(first, end)))
            first = end
    return found


@transaction.atomic
def close(region: Region, kind: str, period: Period) -> Publication:
    """Publish a period of the open region. Closing it again gives what was published."""
    with connection.cursor() as cursor:
        # Between its few statements a large region is thought about for longer than a page may be silent.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '30min'")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('dashboard.closing'), %s)", [region.pk])
    published = Publication.objects.filter(region=region, kind=kind, first=period.first).first()
    if published is not None:
        return published
    with translation.override("nl"):
        cells = list(_GRIDS[kind](region, period))
    published = Publication.objects.create(
        region=region,
        kind=kind,
        first=period.first,
        end=period.end,
        definition_version=DEFINITION_VERSION,
        min_cell_core=region.min_cell_core,
        min_cell_funder=region.min_cell_funder,
        checksum=checksum(cells),
    )
    for cell in cells:
        cell.region, cell.publication = region, published
    PublishedCell.objects.bulk_create(cells, batch_size=1000)
    return published


def checksum(cells: Iterable[PublishedCell]) -> str:
    """SHA-256 over the numbers and what they are called, in a fixed order."""
    lines = sorted(
        "|".join(
            "" if each is None else str(each)
            for each in (
                *(c.audience, c.unit_id, c.municipality_code, c.table, c.rung, c.position),
                *(c.label, c.across, c.value, c.why),
            )
        )
        for c in cells
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


# --- Quarters: totals of the process, for funders ------------------------------------------------------------------

_TOTALS = f"""
SELECT coalesce(nullif(r.municipality_code, ''), '{UNKNOWN}'),
    {", ".join(AGGREGATES[name] for name in PROCESS)}, array_agg(r.days_to_talk)
FROM {counted("r.sent_at >= %(begin)s AND r.sent_at < %(end)s")} GROUP BY 1
"""


def _quarter(region: Region, period: Period) -> Iterator[PublishedCell]:
    """Per municipality and for the region, from the threshold up, rounded to 5."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, {"begin": period.starts, "end": period.ends, **terms(region)})
        rows = {code: numbers for code, *numbers in cursor.fetchall()}
    for code in _municipalities(region):
        rows.setdefault(code, [0] * len(PROCESS) + [[]])
    for position, name in enumerate(PROCESS):
        totals = {code: numbers[position] for code, numbers in rows.items()}
        # Each is a part of the one before.
        before = {code: numbers[position - 1] for code, numbers in rows.items()} if position else None
        why, why_whole = disclosure.hide_totals(totals, region.min_cell_funder, before)
        for code, number in (*totals.items(), ("", sum(totals.values()))):
            reason = why.get(code, "") if code else why_whole
            yield _total(name, position, code, None if reason else rounded(number), why=reason)
        if name == "talked":
            yield from _days(position, rows, {**why, "": why_whole})
    yield from _hours(region, period, len(PROCESS) + 1)


def _total(table: str, position: int, code: str, value: int | None, *, why: str) -> PublishedCell:
    return PublishedCell(
        audience=Audience.FUNDER, municipality_code=code, table=table, position=position, value=value, why=why
    )


def _days(position: int, rows: dict, why: dict) -> Iterator[PublishedCell]:
    """The day in the middle, for as many people as may be told."""
    everybody = [day for *_numbers, days in rows.values() for day in days]
    for code, days in (*((code, numbers[-1]) for code, numbers in rows.items()), ("", everybody)):
        day = None if why.get(code) else middle(days)
        yield _total("days", position + 10, code, day, why="" if day is not None else (why.get(code) or SMALL))


def _hours(region: Region, period: Period, position: int) -> Iterator[PublishedCell]:
    """The hours agreed for the practices of each municipality, over the whole period: nothing about people."""
    homes = dict(Organisation.objects.filter(region=region, kind="practice").values_list("pk", "municipality_code"))
    minutes: Counter[str] = Counter()
    for practice, number, valid in CoachHours.objects.values_list("practice_id", "minutes_per_week", "valid"):
        first, end = max(valid.lower or period.first, period.first), min(valid.upper or period.end, period.end)
        minutes[homes.get(practice, "")] += round(number * max((end - first).days, 0) / 7)
    places = {code: minutes[code] for code in _municipalities(region)}
    for code, number in (*places.items(), ("", minutes.total())):
        yield _total("hours", position + 10, code, rounded(round(number / 60)), why="")


def _municipalities(region: Region) -> list[str]:
    """The municipalities that practices lie in or that take part."""
    codes = Organisation.objects.filter(region=region).exclude(municipality_code="")
    return sorted(set(codes.values_list("municipality_code", flat=True)))


# --- Half-years: breakdowns -------------------------------------------------------------------------------------------


@dataclass
class Scene:
    """Who is counted where in a half-year."""

    region: Region
    people: list[Person]
    practices: dict[int, list[Person]]
    groups: dict[int, list[Person]]
    group_of: dict[int, int | None]
    places: dict[str, list[Person]]
    closed_places: set[str] = field(default_factory=set)
    is_closed: bool = False


def _half(region: Region, period: Period) -> Iterator[PublishedCell]:
    scene = _scene(region, period)
    yield from _totals(scene)
    for table in tables(region, scene.people):
        yield from _settled(scene, table)
    for code, people in scene.places.items():
        of_place = districts(code)
        if of_place is not None and code not in scene.closed_places:
            unit = Unit(of_place.count(people), region.min_cell_funder)
            disclosure.settle(unit, [], of_place.ladder)
            yield from _cells(Audience.FUNDER, code, unit, of_place)
    for mean in means():
        yield from _means(scene, mean)


def _scene(region: Region, period: Period) -> Scene:
    people = cohort(region, period.starts, period.ends)
    units = Organisation.objects.filter(region=region, kind__in=("practice", "practice_group"))
    kinds = {pk: (kind, parent) for pk, kind, parent in units.values_list("pk", "kind", "parent_id")}
    in_practice: dict[int, list[Person]] = {pk: [] for pk, (kind, _) in kinds.items() if kind == "practice"}
    for each in people:
        in_practice.setdefault(each.practice, []).append(each)
    members = defaultdict(list)
    for pk in in_practice:
        members[kinds.get(pk, ("", None))[1]].append(pk)
    # A group of one practice is that practice: it has no dashboard of its own (units.py).
    groups = {group: pks for group, pks in members.items() if group is not None and len(pks) > 1}
    places: dict[str, list[Person]] = {code: [] for code in _municipalities(region)}
    for each in people:
        places.setdefault(each.municipality, []).append(each)
    closed, is_closed = _closed_places(region, period)
    return Scene(
        region,
        people,
        in_practice,
        {group: [each for pk in pks for each in in_practice[pk]] for group, pks in groups.items()},
        {pk: group for group, pks in groups.items() for pk in pks},
        places,
        {code for code in places if code in closed},
        is_closed,
    )


def _closed_places(region: Region, period: Period) -> tuple[set[str], bool]:
    """Whose number of referrals was hidden in one of the quarters: a sum over both would tell it after all."""
    hidden = PublishedCell.objects.filter(
        publication__region=region,
        publication__kind=PeriodKind.QUARTER,
        publication__first__gte=period.first,
        publication__end__lte=period.end,
        table="sent",
        value__isnull=True,
    ).values_list("municipality_code", flat=True)
    found = set(hidden)
    return found - {""}, "" in found


def _settled(scene: Scene, table: Table) -> Iterator[PublishedCell]:
    """One table of all units, each on the rung that it may be told on."""
    whole, levels = _units(scene, table.count)
    disclosure.settle(whole, list(levels.values()), table.ladder)
    yield from _cells(Audience.FUNDER, "", whole, table)
    for audience, level in levels.items():
        for key, unit in (*level.groups.items(), *level.units.items()):
            yield from _cells(audience, key, unit, table)


def _units(scene: Scene, count: Callable[[Sequence[Person]], Counter]) -> tuple[Unit, dict[str, Level]]:
    """The region with three ways to divide it: its municipalities, and its practices for either kind of kernteam."""
    region = scene.region
    whole = Unit(count(scene.people), region.min_cell_funder, must_hide=scene.is_closed)
    places: dict[Hashable, Unit] = {
        code: Unit(count(people), region.min_cell_funder, must_hide=scene.is_closed or code in scene.closed_places)
        for code, people in scene.places.items()
    }
    levels = {Audience.FUNDER.value: Level(places)}
    for audience, threshold in ((Audience.CORE, region.min_cell_core), (Audience.STRICT, region.min_cell_funder)):
        levels[audience.value] = Level(
            {pk: Unit(count(each), threshold, scene.group_of.get(pk)) for pk, each in scene.practices.items()},
            {pk: Unit(count(each), threshold) for pk, each in scene.groups.items()},
        )
    return whole, levels


def _cells(audience: str, key: Hashable, unit: Unit, table: Table) -> Iterator[PublishedCell]:
    """A unit's table as it is shown; none when only the total may be told."""
    if unit.rung == table.ladder.last:
        return
    for position, (block, label) in enumerate(table.cells(unit.rung)):
        number = unit.sum(block)
        label, _tab, across = label.partition("\t")
        yield PublishedCell(
            audience=audience,
            table=table.code,
            rung=unit.rung,
            position=position,
            label=label,
            across=across,
            value=rounded(number) if audience == Audience.FUNDER else number,
            **_place(key),
        )


def _place(key: Hashable) -> dict:
    return {"unit_id": key} if isinstance(key, int) else {"municipality_code": key}


def _totals(scene: Scene) -> Iterator[PublishedCell]:
    """How many people a unit's tables are about."""
    whole, levels = _units(scene, lambda people: Counter(all=len(people)))
    found: list[tuple[str, Hashable, Unit]] = [(Audience.FUNDER.value, "", whole)]
    found += [(audience, key, unit) for audience, level in levels.items() for key, unit in level.groups.items()]
    found += [(audience, key, unit) for audience, level in levels.items() for key, unit in level.units.items()]
    for audience, key, unit in found:
        why = HIDDEN if unit.must_hide else SMALL if unit.total < unit.threshold else ""
        number = rounded(unit.total) if audience == Audience.FUNDER else unit.total
        yield PublishedCell(audience=audience, table="total", value=None if why else number, why=why, **_place(key))


def _means(scene: Scene, mean: Mean) -> Iterator[PublishedCell]:
    """A mean of at least the threshold, and of no fewer when others are taken from it."""
    whole, levels = _units(scene, lambda people: Counter(all=len(mean.known(people))))
    for audience, level in levels.items():
        shown = _enough(whole, level)
        people = {**scene.practices, **scene.groups} if audience != Audience.FUNDER else scene.places
        for key in shown:
            yield from _mean_cells(mean, audience, key, people[key])
    if whole.total >= whole.threshold and not whole.must_hide:
        yield from _mean_cells(mean, Audience.FUNDER, "", scene.people)


def _enough(whole: Unit, level: Level) -> set:
    """Which units may tell a mean: what remains of the region and of each group is nobody, or enough."""
    shown = {
        key
        for key, unit in (*level.units.items(), *level.groups.items())
        if unit.total >= unit.threshold and not unit.must_hide
    }
    families = [(whole.total, [key for key, unit in level.units.items()])]
    families += [(whole.total, [*level.groups, *(key for key, unit in level.units.items() if unit.group is None)])]
    families += [
        (group.total, [key for key, unit in level.units.items() if unit.group == pk])
        for pk, group in level.groups.items()
    ]
    everybody = {**level.units, **level.groups}
    threshold = max(whole.threshold, *(unit.threshold for unit in everybody.values())) if everybody else 0
    for total, family in families * 2:
        mine = sorted((key for key in family if key in shown), key=lambda key: everybody[key].total)
        while mine and 0 < total - sum(everybody[key].total for key in mine) < threshold:
            shown.discard(mine.pop(0))
    return shown


def _mean_cells(mean: Mean, audience: str, key: Hashable, people: list[Person]) -> Iterator[PublishedCell]:
    for position, (label, tenths) in enumerate(mean.of(people)):
        yield PublishedCell(
            audience=audience, table=mean.code, position=position, label=label, value=tenths, **_place(key)
        )


# --- Years: two characteristics together, for the region alone --------------------------------------------------------


def _year(region: Region, period: Period) -> Iterator[PublishedCell]:
    halves = [_scene(region, half) for half in (Period(period.first, add_months(period.first, 6)), _second(period))]
    people = [each for half in halves for each in half.people]
    is_closed = any(half.is_closed for half in halves)
    unit = Unit(Counter(all=len(people)), region.min_cell_funder)
    why = HIDDEN if is_closed else SMALL if unit.total < unit.threshold else ""
    yield PublishedCell(audience=Audience.FUNDER, table="total", value=None if why else rounded(unit.total), why=why)
    age, sex, group, *_others = tables(region, people)
    for table in (_crossed(region, period, age, sex), _crossed(region, period, age, group)):
        if table is None:
            continue
        unit = Unit(table.count(people), region.min_cell_funder, must_hide=is_closed)
        disclosure.settle(unit, [], table.ladder)
        counts = [table.count(half.people) for half in halves]
        while unit.rung < table.ladder.last and not _may_cross(unit, counts, table):
            unit.rung += 1
        yield from _cells(Audience.FUNDER, "", unit, table)


def _crossed(region: Region, period: Period, first: Table, second: Table) -> Table | None:
    """Two characteristics together, as fine as both half-years told each of them alone: a finer year minus one
    half-year would tell the other."""
    told = PublishedCell.objects.filter(
        publication__region=region,
        publication__kind=PeriodKind.HALF,
        publication__first__gte=period.first,
        publication__end__lte=period.end,
        audience=Audience.FUNDER,
        municipality_code="",
        table__in=(first.code, second.code),
    ).values_list("publication", "table", "label")
    labels: dict[tuple[str, int], set[str]] = defaultdict(set)
    for publication, code, label in told:
        labels[code, publication].add(label)
    least = []
    for table in (first, second):
        shown = [each for (code, _publication), each in labels.items() if code == table.code]
        rungs = [
            next((rung for rung in range(table.ladder.last) if {name for _b, name in table.cells(rung)} == each), None)
            for each in shown
        ]
        if len(shown) < 2 or None in rungs:
            return None
        least.append(max(rung for rung in rungs if rung is not None))
    return crossed(first, second, (least[0], least[1]))


def _second(period: Period) -> Period:
    return Period(add_months(period.first, 6), period.end)


def _may_cross(unit: Unit, halves: Sequence[Counter[str]], table: Table) -> bool:
    """Can each small hidden number be 0 while the tables of both half-years stay as they are?

    By swapping the first characteristic of two people of one half-year who differ in both, inside what is shown.
    """
    for block in table.ladder.finer(unit.rung):
        if not 0 < unit.sum(block) < unit.threshold:
            continue
        firsts, seconds = ({pair.split("&")[number] for pair in block} for number in (0, 1))
        shown = table.ladder.block(unit.rung, block)
        partners = [
            pair
            for shown_too in table.ladder.rungs[unit.rung]
            for pair in shown_too
            if _differs(pair, firsts, seconds) and _stays(pair, block, shown, shown_too)
        ]
        if any(sum(half[pair] for pair in block) > sum(half[pair] for pair in partners) for half in halves):
            return False
    return True


def _differs(pair: str, firsts: set[str], seconds: set[str]) -> bool:
    first, second = pair.split("&")
    return first not in firsts and second not in seconds


def _stays(pair: str, block: frozenset[str], shown: frozenset[str], shown_too: frozenset[str]) -> bool:
    """Would both people stay in the block that is shown of them?"""
    first, second = pair.split("&")
    return all(
        f"{first}&{each.split('&')[1]}" in shown and f"{each.split('&')[0]}&{second}" in shown_too for each in block
    )


_GRIDS: dict[str, Callable[[Region, Period], Iterator[PublishedCell]]] = {
    PeriodKind.QUARTER: _quarter,
    PeriodKind.HALF: _half,
    PeriodKind.YEAR: _year,
}
