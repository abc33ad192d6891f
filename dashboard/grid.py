"""The fixed grid: which tables about people there are, how each tells less, and the referrals they count.

A cohort is the referrals sent in a period, with the snapshots made at sending. What became of them is how it stands on
the day the period is closed.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from activities.models import District, Problem, TargetGroup
from dashboard.counting import COUNTED
from dashboard.disclosure import Ladder, ladder
from referrals.models import ClosingReason
from wor.tenancy.models import Region


class Person(NamedTuple):
    """One referral of a cohort, as codes. Lives in the worker's memory only."""

    practice: int
    municipality: str
    month: dt.date
    age_band: str
    sex: str
    target_group: str
    problem: str
    district: str
    outcome: str
    talked: bool
    started: bool
    conversation: bool
    age: int | None
    before: int | None
    after: int | None


# A referral without municipality; "" stands for the whole region.
UNKNOWN = "?"

_COHORT = f"""
SELECT r.practice_id, coalesce(nullif(r.municipality_code, ''), '{UNKNOWN}'),
    date_trunc('month', r.sent_at AT TIME ZONE 'Europe/Amsterdam')::date,
    r.age_band, r.sex, cell.target_group_id::text, cell.problem_id::text, coalesce(r.district_id::text, ''),
    CASE WHEN coalesce(reason.code, '') = 'deceased' THEN 'deceased' WHEN r.closed_at IS NULL THEN 'open'
        WHEN r.status IN ('completed', 'stopped', 'not_started')
        THEN r.status || ':' || coalesce(reason.code, 'other') ELSE r.status END,
    r.first_talk_at IS NOT NULL,
    EXISTS (SELECT 1 FROM coaches_placement p WHERE p.referral_id = r.id AND p.started_at IS NOT NULL),
    r.other_conversation,
    CASE WHEN client.erased_at IS NULL
        THEN extract(year FROM age((r.sent_at AT TIME ZONE 'Europe/Amsterdam')::date, client.birth_date))::int END,
    (SELECT i.wellbeing_t0 FROM coaches_intake i WHERE i.referral_id = r.id ORDER BY i.held_at, i.id LIMIT 1),
    (SELECT m.value FROM coaches_measurement m WHERE m.referral_id = r.id AND m.moment = 't1')
FROM referrals_referral r
JOIN activities_targetcell cell ON cell.id = r.target_cell_id
JOIN referrals_client client ON client.id = r.client_id
LEFT JOIN referrals_closingreason reason ON reason.id = r.closing_reason_id
WHERE r.region_id = %(region)s AND r.sent_at >= %(begin)s AND r.sent_at < %(end)s AND {COUNTED}
"""


def cohort(region: Region, begin: dt.datetime, end: dt.datetime) -> list[Person]:
    """Everybody referred in this time. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COHORT, {"region": region.pk, "begin": begin, "end": end})
        return [Person(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Table:
    """One characteristic: its categories, how it tells less, and what each block is called."""

    code: str
    ladder: Ladder
    labels: dict[frozenset[str], str]
    category: Callable[[Person], str]

    def count(self, people: Iterable[Person]) -> Counter[str]:
        return Counter(self.category(each) for each in people)

    def cells(self, rung: int) -> list[tuple[frozenset[str], str]]:
        """The blocks of a rung with their labels, in the order in which they are shown."""
        return [(block, self.labels[block]) for block in self.ladder.rungs[rung]]


def tables(region: Region, people: Sequence[Person]) -> list[Table]:
    """The grid of a region for a cohort: its own lists, and what is in the rows besides."""
    groups, problems = (
        [(str(pk), label) for pk, label in model.objects.order_by("position", "id").values_list("pk", "label")]
        for model in (TargetGroup, Problem)
    )
    return [
        _ages(),
        _sexes(),
        _list_table("target_group", groups, lambda each: each.target_group),
        _list_table("problem", problems, lambda each: each.problem),
        _outcomes(region, people),
        _yes_no("started", (_("Begon met een activiteit"), _("Nog niet begonnen")), lambda each: each.started),
        _yes_no(
            "conversation", (_("Het andere gesprek is gevoerd"), _("Niet aangevinkt")), lambda each: each.conversation
        ),
    ]


def districts(municipality_code: str) -> Table | None:
    """The districts of one municipality. None where none are known."""
    known = District.objects.filter(municipality_code=municipality_code).order_by("name", "id")
    found = [(str(pk), name) for pk, name in known.values_list("pk", "name")]
    if not found:
        return None
    ids = {code for code, _label in found}
    return _list_table(
        "district", [*found, ("", _("Wijk onbekend"))], lambda each: each.district if each.district in ids else ""
    )


_AGE_RUNGS = (
    (("0-17",), ("18-34",), ("35-49",), ("50-64",), ("65-79",), ("80+",)),
    (("0-17", "18-34"), ("35-49",), ("50-64",), ("65-79", "80+")),
    (("0-17", "18-34", "35-49"), ("50-64",), ("65-79", "80+")),
    (("0-17", "18-34", "35-49", "50-64"), ("65-79", "80+")),
)


def _ages() -> Table:
    return _table("age", _AGE_RUNGS, _age_label, lambda each: each.age_band)


def _age_label(block: Sequence[str]) -> str:
    first, last = block[0], block[-1]
    if last == "80+":
        return _("%s jaar en ouder") % first.removesuffix("+").split("-")[0]
    if first == "0-17":
        return _("tot en met %s jaar") % last.split("-")[1]
    return _("%(first)s tot en met %(last)s jaar") % {"first": first.split("-")[0], "last": last.split("-")[1]}


def _sexes() -> Table:
    names = {"f": _("Vrouw"), "m": _("Man"), "x": _("Anders"), "": _("Niet ingevuld")}
    rungs = ((("f",), ("m",), ("x",), ("",)), (("f",), ("m",), ("x", "")), (("f",), ("m", "x", "")))
    return _table("sex", rungs, lambda block: _joined(block, names), lambda each: each.sex)


def _joined(block: Sequence[str], names: dict[str, str]) -> str:
    first, *others = (names[code] for code in block)
    return _(" of ").join([first, *(each.lower() for each in others)])


def _yes_no(code: str, labels: tuple[str, str], holds: Callable[[Person], bool]) -> Table:
    names = dict(zip(("yes", "no"), labels, strict=True))
    rungs = ((("yes",), ("no",)),)
    return _table(code, rungs, lambda block: names[block[0]], lambda each: "yes" if holds(each) else "no")


def _list_table(code: str, items: list[tuple[str, str]], category: Callable[[Person], str]) -> Table:
    """A list of the region: all of it, then its first two thirds, its first third, the others together."""
    codes = [each for each, _label in items]
    names = dict(items)
    fewer = (-(-len(codes) * 2 // 3), -(-len(codes) // 3))
    kept = [len(codes), *(number for number in fewer if 0 < number < len(codes) - 1)]
    rungs = [[*((each,) for each in codes[:number]), tuple(codes[number:])] for number in kept]
    return _table(
        code,
        [[block for block in rung if block] for rung in rungs],
        lambda block: names[block[0]] if len(block) == 1 else _("Overige"),
        category,
    )


def _table(code: str, rungs, label: Callable[[Sequence[str]], str], category, classes=None) -> Table:
    return Table(code, ladder(*rungs, classes=classes), _told_apart(rungs, label), category)


def _told_apart(rungs, label: Callable[[Sequence[str]], str]) -> dict[frozenset[str], str]:
    """What each block is called. A region may call two things the same, or one as we call what is merged; of those
    that are shown together the second gets a number."""
    labels: dict[frozenset[str], str] = {}
    for rung in rungs:
        blocks = [(frozenset(block), block) for block in rung]
        taken = {labels[key].casefold() for key, _block in blocks if key in labels}
        for key, block in blocks:
            if key in labels:
                continue
            plain = label(block)
            numbered = (f"{plain} ({number})" for number in count(2))
            labels[key] = next(each for each in chain([plain], numbered) if each.casefold() not in taken)
            taken.add(labels[key].casefold())
    return labels


# Why somebody stopped or did not begin, in four kinds: what is merged first when numbers are small.
REASON_KINDS = {
    "offer": ("not_fitting", "practical", "waited_too_long"),
    "own": ("client_stops", "client_no", "client_later", "solved", "other_route"),
    "health": ("health", "caring"),
}


def _outcomes(region: Region, people: Sequence[Person]) -> Table:
    """What became of it and why somebody stopped, in one table: two would give each other away.

    Each category comes twice, with and without a first talk: how many had one is known from elsewhere.
    """
    names = {f"{kind}:{code}": label for kind, code, label in _reasons(region)}
    for each in people:
        if ":" in each.outcome:
            names.setdefault(each.outcome, _("Anders"))
    done = [code for code in names if code.startswith("completed:")]
    ended = [code for code in names if not code.startswith("completed:")]
    aside = ["declined", "withdrawn", "deceased"]
    kinds = {kind: [code for code in ended if _kind_of(code) == kind] for kind in (*REASON_KINDS, "other")}
    kinds = {kind: codes for kind, codes in kinds.items() if codes}
    each_done = [(code,) for code in done]
    by_kind = [tuple(codes) for codes in kinds.values()]
    rungs: list[list[tuple[str, ...]]] = [
        [*each_done, ("open",), *((code,) for code in ended), *((code,) for code in aside)],
        [*each_done, ("open",), *by_kind, tuple(aside)],
        [tuple(done), ("open",), *by_kind, tuple(aside)],
        [tuple(done), ("open",), tuple(ended), tuple(aside)],
        [tuple(done), ("open",), (*ended, *aside)],
    ]
    labels = _outcome_labels(names, done, ended, aside, kinds)
    twice = [[tuple(f"{code}|{talk}" for code in block for talk in "yn") for block in rung if block] for rung in rungs]
    every = [code for block in twice[0] for code in block]
    return _table(
        "outcome",
        twice,
        lambda block: labels[tuple(dict.fromkeys(code.split("|")[0] for code in block))],
        lambda each: f"{each.outcome}|{'y' if each.talked else 'n'}",
        {code: code[-1] for code in every},
    )


def _reasons(region: Region):
    kinds = ("completed", "stopped", "not_started")
    found = ClosingReason.objects.filter(kind__in=kinds).exclude(code="deceased")
    order = {kind: number for number, kind in enumerate(kinds)}
    rows = list(found.values_list("kind", "code", "label", "position"))
    return [row[:3] for row in sorted(rows, key=lambda row: (order[row[0]], row[3], row[1]))]


def _kind_of(code: str) -> str:
    reason = code.split(":")[1]
    return next((kind for kind, codes in REASON_KINDS.items() if reason in codes), "other")


def _outcome_labels(names, done, ended, aside, kinds) -> dict[tuple[str, ...], str]:
    before = {"stopped": _("Gestopt: %s"), "not_started": _("Niet gestart: %s")}
    of_kinds = {
        "offer": _("Gestopt of niet gestart: aanbod, vervoer of wachttijd"),
        "own": _("Gestopt of niet gestart: eigen keuze"),
        "health": _("Gestopt of niet gestart: gezondheid of zorg"),
        "other": _("Gestopt of niet gestart: iets anders"),
    }
    return {
        ("open",): _("Loopt nog"),
        ("declined",): _("Niet passend"),
        ("withdrawn",): _("Ingetrokken"),
        ("deceased",): _("Overleden"),
        tuple(aside): _("Niet passend, ingetrokken of overleden"),
        (*ended, *aside): _("Anders geëindigd"),
        tuple(ended): _("Gestopt of niet gestart"),
        tuple(done): _("Afgerond"),
        **{tuple(codes): of_kinds[kind] for kind, codes in kinds.items()},
        **{(code,): names[code] for code in done},
        **{(code,): before[code.split(":")[0]] % (names[code][:1].lower() + names[code][1:]) for code in ended},
    }


def crossed(first: Table, second: Table, least: tuple[int, int]) -> Table | None:
    """Two characteristics together: ever less of the first, then of the second. Neither finer than ``least``, the rungs
    on which each alone was told; none when one was not told at all."""

    def pairs(one: Iterable[frozenset[str]], other: Iterable[frozenset[str]]) -> list[tuple[str, ...]]:
        return [tuple(f"{a}&{b}" for a in sorted(left) for b in sorted(right)) for left in one for right in other]

    steps = [(rung, least[1]) for rung in range(least[0], first.ladder.last)]
    steps += [(first.ladder.last - 1, rung) for rung in range(least[1] + 1, second.ladder.last)]
    if least[0] >= first.ladder.last or least[1] >= second.ladder.last:
        return None
    labels: dict[frozenset[str], str] = {}
    for rung, other in steps:
        for left, left_label in first.cells(rung):
            for right, right_label in second.cells(other):
                labels[frozenset(f"{a}&{b}" for a in left for b in right)] = f"{left_label}\t{right_label}"
    return Table(
        f"{first.code}_{second.code}",
        ladder(*(pairs(first.ladder.rungs[rung], second.ladder.rungs[other]) for rung, other in steps)),
        labels,
        lambda each: f"{first.category(each)}&{second.category(each)}",
    )
