"""Finding activities: Dutch full text, filters with counts, distance, pages by key. One statement for all of it.

``ActivityIndex`` carries no policy (see its docstring), so every statement here names the region.
"""

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import QueryDict

from activities.models import Activity
from activities.words import LANGUAGES, WEEKDAYS
from wor.fields import read_postcode
from wor.forms import clean_text
from wor.pages import parse_reference

PER_PAGE = 25
LONGEST_TEXT = 100
COSTS = (0, 250, 500, 1000)  # "at most", in cents
DISTANCES = (1, 2, 5, 10, 25)  # km
ORDERS = ("relevantie", "afstand", "naam")
KM_A_DEGREE = 111.195


@dataclass(frozen=True)
class Choice:
    """A value of a filter: what stands in the address, what a person reads, and what the index holds."""

    code: str
    label: str
    value: Any


@dataclass(frozen=True)
class Cell:
    """A cell of the doelgroepenkaart."""

    pk: int
    group: int
    problem: int
    keywords: tuple[str, ...]
    often_fits: str


@dataclass(frozen=True)
class Catalogue:
    """The region's own lists, read by one statement."""

    choices: dict[str, list[Choice]]
    cells: list[Cell]
    labels: dict[tuple[str, int], str] = field(default_factory=dict)
    examples: frozenset[str] = frozenset()

    def label(self, kind: str, value: int) -> str:
        return self.labels.get((kind, value), "")


# Each filter by its name in the address, and what the index has for it. "&&": any value will do; "@>": all of them.
ARRAYS = {
    "thema": ("theme_ids", "&&", "bigint[]"),
    "doelgroep": ("group_ids", "&&", "bigint[]"),
    "probleem": ("problem_ids", "&&", "bigint[]"),
    "dag": ("weekdays", "&&", "smallint[]"),
    "dagdeel": ("day_parts", "&&", "varchar[]"),
    "toegang": ("accessibility", "@>", "varchar[]"),
    "taal": ("languages", "&&", "varchar[]"),
}
SCALARS = {"wijk": ("district_id", "bigint[]"), "plaats": ("town", "varchar[]")}
COLUMNS = {name: of[0] for name, of in (*ARRAYS.items(), *SCALARS.items())} | {
    "kosten": "cost_cents",
    "zelf": "walk_in",
}
FILTERS = tuple(COLUMNS)


@dataclass(frozen=True)
class Criteria:
    """What somebody looks for. ``chosen`` holds, by filter, the codes as they stand in the address."""

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pc4: str = ""
    km: int | None = None
    order: str = ""
    after: UUID | None = None

    @property
    def is_filtered(self) -> bool:
        return bool(self.text or self.pc4 or any(self.chosen.values()))


@dataclass(frozen=True)
class Hit:
    activity_id: int
    km: Decimal | None
    theme_ids: tuple[int, ...]


@dataclass(frozen=True)
class Found:
    """One page of hits, how many there are in all, and for each filter how many each value would give."""

    hits: list[Hit]
    total: int
    counts: dict[str, dict[str, int]]
    more: bool
    order: str
    knows_distance: bool = False
    instead_of: str = ""  # nothing was found for this text; what is shown is for ``text``
    text: str = ""
    suggestion: str = ""


# --- The region's lists ----------------------------------------------------------------------------------------------

_LISTS = """
    SELECT 'thema' AS kind, id, code, label, is_example, 0, 0, '{}'::varchar[], '', position AS place
        FROM activities_theme WHERE region_id = %(r)s AND retired_at IS NULL
    UNION ALL SELECT 'doelgroep', id, code, label, is_example, 0, 0, '{}'::varchar[], '', position
        FROM activities_targetgroup WHERE region_id = %(r)s AND retired_at IS NULL
    UNION ALL SELECT 'probleem', id, code, label, is_example, 0, 0, '{}'::varchar[], '', position
        FROM activities_problem WHERE region_id = %(r)s AND retired_at IS NULL
    UNION ALL SELECT 'cel', id, reference::text, '', is_example, target_group_id, problem_id, keywords, often_fits,
        position FROM activities_targetcell WHERE region_id = %(r)s AND retired_at IS NULL
    UNION ALL SELECT 'wijk', id, reference::text, name, false, 0, 0, '{}'::varchar[], '', 0
        FROM activities_district WHERE region_id = %(r)s
    ORDER BY kind, place, label, id
"""


def catalogue(region_id: int) -> Catalogue:
    """Themes, target groups, problems, cells and districts of the region that can be chosen now."""
    choices: dict[str, list[Choice]] = {name: [] for name in ("thema", "doelgroep", "probleem", "wijk")}
    cells, labels, examples = [], {}, set()
    with connection.cursor() as cursor:
        cursor.execute(_LISTS, {"r": region_id})
        for kind, pk, code, label, is_example, group, problem, keywords, often_fits, _position in cursor.fetchall():
            if is_example:
                examples.add(kind)
            if kind == "cel":
                cells.append(Cell(pk, group, problem, tuple(keywords), often_fits))
            else:
                choices[kind].append(Choice(code, label, pk))
                labels[kind, pk] = label
    groups, problems = ({each.value for each in choices[kind]} for kind in ("doelgroep", "probleem"))
    cells = [cell for cell in cells if cell.group in groups and cell.problem in problems]
    choices["dag"] = [Choice(str(day), str(label), day) for day, label in WEEKDAYS.items()]
    choices["dagdeel"] = [Choice(code, str(label), code) for code, label in Activity.DayPart.choices]
    choices["toegang"] = [Choice(code, str(label), code) for code, label in Activity.Access.choices]
    choices["taal"] = [Choice(code, str(label), code) for code, label in LANGUAGES.items()]
    return Catalogue(choices, cells, labels, frozenset(examples))


def read_criteria(query: QueryDict, lists: Catalogue) -> Criteria:
    """What the address asks. A value that is on no list is left out, so an old address still gives an answer."""
    chosen = {}
    for name in (*ARRAYS, "wijk"):
        known = {each.code for each in lists.choices[name]}
        chosen[name] = tuple(dict.fromkeys(code for code in query.getlist(name)[:40] if code in known))
    chosen["plaats"] = tuple(clean_text(town)[:80] for town in query.getlist("plaats")[:10] if town)
    chosen["kosten"] = tuple(code for code in query.getlist("kosten")[-1:] if code in map(str, COSTS))
    chosen["zelf"] = ("1",) if query.get("zelf") == "1" else ()
    km, order = query.get("km", ""), query.get("volgorde", "")
    return Criteria(
        text=" ".join(clean_text(query.get("zoek", ""))[:LONGEST_TEXT].split()),
        chosen=chosen,
        pc4=(read_postcode(query.get("postcode", "")[:10]) or "")[:4],
        km=int(km) if km in map(str, DISTANCES) else None,
        order=order if order in ORDERS else "",
        after=parse_reference(query.get("na")),
    )


_STEM = "coalesce((ts_lexize('dutch_stem', plain_words(%(word_{})s)))[1], '')"

# --- The search ------------------------------------------------------------------------------------------------------

# Words that begin with a stem count too: who looks for "wandelen" finds the wandelgroep.
QUERY = (
    "regexp_replace(websearch_to_tsquery('wor_dutch', %(text)s)::text,"
    " '''([[:alnum:]]{4,})''', '''\\1'':*', 'g')::tsquery"
)


def search(region_id: int, wanted: Criteria, lists: Catalogue, *, size: int = PER_PAGE) -> Found:
    """One page. Where nothing is found for a text, the same for the nearest words that would find something."""
    found = _search(region_id, wanted, lists, size)
    if not wanted.text or found.total > 2 or wanted.after:
        return found
    better = corrected(region_id, wanted.text)
    if not better:
        return found
    if found.total:
        return replace(found, suggestion=better)
    again = _search(region_id, replace(wanted, text=better), lists, size)
    return replace(again, instead_of=wanted.text, text=better) if again.total else found


def _search(region_id: int, wanted: Criteria, lists: Catalogue, size: int) -> Found:
    order = wanted.order or ("relevantie" if wanted.text else "afstand" if wanted.pc4 else "naam")
    if wanted.is_filtered:
        hits, numbers = _fitting(region_id, wanted, lists, order, size)
    else:
        hits, numbers = _everything(region_id, wanted.after, lists, size)
    counts: dict[str, dict[str, int]] = {name: {} for name in FILTERS}
    for kind, code, number in numbers:
        counts.setdefault(kind, {})[code] = number
    total, placed = counts.pop("all")[""], counts.pop("placed")[""]
    _use_codes(counts, lists)
    return Found(hits[:size], total, counts, len(hits) > size, order, bool(placed), text=wanted.text)


# What was counted: the filter, its value as the index holds it, and how many. "all": everything that fits; "placed":
# whether the postcode that was given is known.
Numbers = list[tuple[str, str, int]]


def _fitting(region_id: int, wanted: Criteria, lists: Catalogue, order: str, size: int) -> tuple[list[Hit], Numbers]:
    """What fits, one more than a page, and the numbers."""
    values: dict[str, Any] = {"r": region_id, "text": wanted.text, "pc4": wanted.pc4, "km": wanted.km}
    values |= {"after": wanted.after, "size": size + 1}
    with connection.cursor() as cursor:
        cursor.execute(_statement(wanted, lists, order, values), values)
        rows = cursor.fetchall()
    hits = [Hit(int(code), km, tuple(themes or ())) for kind, code, _number, km, themes in rows if kind == "hit"]
    return hits, [(kind, code, number) for kind, code, number, _km, _themes in rows if kind != "hit"]


def _everything(region_id: int, after: UUID | None, lists: Catalogue, size: int) -> tuple[list[Hit], Numbers]:
    """Nothing was asked: a page straight from the index, and the numbers as they were kept since the last change."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PAGE_OF_ALL.format(beyond=_BEYOND if after else ""), {"r": region_id, "after": after, "size": size + 1}
        )
        rows = cursor.fetchall()
    hits = [Hit(pk, None, tuple(themes or ())) for pk, themes, _edition, _numbers in rows if pk]
    edition, numbers = next(((edition, numbers) for pk, _themes, edition, numbers in rows if not pk), (None, None))
    if numbers is None:
        return hits, _count_everything(region_id, edition, lists)
    return hits, [(kind, code, number) for kind, code, number in json.loads(numbers)]


def _count_everything(region_id: int, edition: UUID | None, lists: Catalogue) -> Numbers:
    """Kept if this is still the edition, and nobody is changing something: who does holds the row until it is done, and
    a visitor does not wait for a file of thousands."""
    values: dict[str, Any] = {"r": region_id, "text": "", "pc4": "", "km": None, "size": 0, "edition": edition}
    counting = _statement(Criteria(), lists, "naam", values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH counted (kind, code, number, km, themes) AS ({counting}),
            kept AS (
                UPDATE activities_facetnumbers
                SET numbers = (SELECT jsonb_agg(jsonb_build_array(kind, code, number)) FROM counted)
                WHERE region_id = (
                    SELECT region_id FROM activities_facetnumbers
                    WHERE region_id = %(r)s AND edition = %(edition)s FOR UPDATE SKIP LOCKED))
            SELECT kind, code, number FROM counted
            """,  # noqa: S608 - made of constants of this module
            values,
        )
        return cursor.fetchall()


_PAGE_OF_ALL = """
    (SELECT activity_id, theme_ids, NULL::uuid, NULL::jsonb FROM activities_activityindex
     WHERE region_id = %(r)s {beyond} ORDER BY title, activity_id LIMIT %(size)s)
    UNION ALL SELECT NULL, NULL, edition, numbers FROM activities_facetnumbers WHERE region_id = %(r)s
"""
_BEYOND = """
    AND (title, activity_id) > (
        SELECT last.title, last.activity_id
        FROM activities_activity a JOIN activities_activityindex last ON last.activity_id = a.id
        WHERE a.region_id = %(r)s AND a.reference = %(after)s AND last.region_id = %(r)s)
"""


def _use_codes(counts: dict[str, dict[str, int]], lists: Catalogue) -> None:
    """Counts by what stands in the address instead of by what the index holds."""
    for name in ("thema", "doelgroep", "probleem", "wijk"):
        codes = {str(each.value): each.code for each in lists.choices[name]}
        counts[name] = {codes[value]: number for value, number in counts[name].items() if value in codes}


def _conditions(wanted: Criteria, lists: Catalogue, values: dict[str, Any]) -> dict[str, str]:
    """For each filter that is in use: its condition. Columns and operators come from the tables above."""
    used = {}
    for name, codes in wanted.chosen.items():
        if not codes:
            continue
        values[name] = list(codes)
        if name in lists.choices:
            values[name] = [each.value for each in lists.choices[name] if each.code in codes]
        if name in ARRAYS:
            column, operator, kind = ARRAYS[name]
            used[name] = f"i.{column} {operator} %({name})s::{kind}"
        elif name in SCALARS:
            column, kind = SCALARS[name]
            used[name] = f"i.{column} = ANY(%({name})s::{kind})"
        elif name == "kosten":
            values[name] = int(codes[0])
            used[name] = "coalesce(i.cost_cents <= %(kosten)s, false)"
        else:
            used[name] = "i.walk_in"
    return used


def _text_condition(text: str, values: dict[str, Any]) -> str:
    """Full text, or all words inside others: "café" finds the taalcafé. Stop words ("de") alone ask nothing."""
    words = text.lower().split()
    inside = ""
    if all(re.fullmatch(r"[^\W\d_]{4,}", word) for word in words):
        values |= {f"word_{n}": word for n, word in enumerate(words)}
        parts = [f"i.words LIKE '%%' || {_STEM.format(n)} || '%%'" for n, _word in enumerate(words)]
        inside = f" OR ({' AND '.join(parts)})"
    return f"(numnode({QUERY}) = 0 OR i.search @@ {QUERY}{inside})"


def _statement(wanted: Criteria, lists: Catalogue, order: str, values: dict[str, Any]) -> str:
    """All in one pass: what fits text and distance, and for each filter whether it fits that too."""
    used = _conditions(wanted, lists, values)
    where = ["i.region_id = %(r)s"]
    if wanted.text:
        where.append(_text_condition(wanted.text, values))
    rank = f"-round(ts_rank(i.search, {QUERY}) * 10000)::int" if wanted.text else "0"
    km = "NULL::numeric"
    if wanted.pc4:
        km = (
            f"round(({KM_A_DEGREE} * sqrt((i.latitude - o.latitude) ^ 2"
            " + ((i.longitude - o.longitude) * cos(radians(o.latitude))) ^ 2))::numeric, 1)"
        )
    near = "coalesce(i.district_id = o.district_id, false)" if wanted.pc4 else "false"
    flags = "".join(f", {condition} AS fits_{name}" for name, condition in used.items())
    all_fit = " AND ".join(["true", *(f"fits_{name}" for name in used)])
    # Without coordinates of the postcode nothing is left out: what is in its own district comes first instead.
    within = "WHERE o_latitude IS NULL OR km <= %(km)s" if wanted.pc4 and wanted.km else ""
    key = {
        "relevantie": "rank, title, activity_id",
        "afstand": "coalesce(km, 9999), NOT near, title, activity_id",
        "naam": "title, activity_id",
    }[order]
    after = ""
    if wanted.after:
        last = "(SELECT id FROM activities_activity WHERE region_id = %(r)s AND reference = %(after)s)"
        after = f"AND ({key}) > (SELECT {key} FROM base WHERE activity_id = {last})"  # noqa: S608
    counts = [_count(name, used) for name in COLUMNS]
    return f"""
        WITH origin AS (SELECT latitude, longitude, district_id FROM activities_postcodearea
                        WHERE region_id = %(r)s AND pc4 = %(pc4)s),
        measured AS (
            SELECT i.activity_id, i.title, i.theme_ids, i.group_ids, i.problem_ids, i.weekdays, i.day_parts,
                i.accessibility, i.languages, i.district_id, i.town, i.cost_cents, i.walk_in, o.latitude AS o_latitude,
                {rank} AS rank, {km} AS km, {near} AS near{flags}
            FROM activities_activityindex i LEFT JOIN origin o ON true
            WHERE {" AND ".join(where)}),
        base AS MATERIALIZED (SELECT * FROM measured {within}){_together(used)}
        (SELECT 'hit', activity_id::text AS code, 0, km AS distance, theme_ids AS themes
         FROM base WHERE {all_fit} {after} ORDER BY {key} LIMIT %(size)s)
        UNION ALL
        SELECT 'all', '', count(*), NULL, NULL FROM base WHERE {all_fit}
        UNION ALL SELECT 'placed', '', count(latitude), NULL, NULL FROM origin
        UNION ALL {" UNION ALL ".join(counts)}
    """  # noqa: S608 - made of constants of this module; what was asked goes as parameters


def _unused(used: dict[str, str]) -> list[str]:
    return [COLUMNS[name] for name in COLUMNS if name not in used]


def _together(used: dict[str, str]) -> str:
    """The filters that are not in use count the same rows, so that one pass serves them all."""
    if not (columns := _unused(used)):
        return ""
    fits = " AND ".join(["true", *(f"fits_{name}" for name in used)])
    sets = ", ".join(f"({column})" for column in columns)
    return f""",
        together AS (
            SELECT grouping({", ".join(columns)}) AS sums, {", ".join(columns)}, count(*) AS number
            FROM base WHERE {fits} GROUP BY GROUPING SETS ({sets}))"""  # noqa: S608 - names of this module


def _count(name: str, used: dict[str, str]) -> str:
    """How many each value of a filter would give. Where any value will do, its own choice is left out of the count.

    Rows with the same values are counted first, and each of their values after that: there are far fewer.
    """
    column = COLUMNS[name]
    if name in used:
        others = [other for other in used if other != name or name == "toegang"]
        fits = " AND ".join(["true", *(f"fits_{other}" for other in others)])
        held = f"SELECT {column} AS held, count(*) AS number FROM base WHERE {fits} GROUP BY 1"  # noqa: S608
    else:
        columns = _unused(used)
        # ``grouping`` has a bit for each column, the last one lowest: set for those that are not grouped by.
        sums = 2 ** len(columns) - 1 - 2 ** (len(columns) - 1 - columns.index(column))
        held = f"SELECT {column} AS held, number FROM together WHERE sums = {sums}"  # noqa: S608
    if name == "zelf":
        values = "(SELECT 1 AS v WHERE held)"
    elif name == "kosten":
        dear = ", ".join(f"({cents})" for cents in COSTS)
        values = f"(SELECT v FROM (VALUES {dear}) c(v) WHERE held <= v)"  # noqa: S608
    elif name in SCALARS:
        values = "(SELECT held AS v WHERE held::text <> '')"
    else:
        values = "unnest(held)"
    return f"""
        SELECT '{name}', v::text, sum(number)::bigint, NULL, NULL
        FROM ({held}) combination CROSS JOIN LATERAL {values} each(v) GROUP BY v"""  # noqa: S608


# --- Spelling --------------------------------------------------------------------------------------------------------

# How much a text must look like a word to be looked through, and how many are: measuring thousands takes seconds. What
# looks most like it is tried first. A word that is known is not looked up at all, for its likes are the most.
LIKENESS, LOOKED_THROUGH = ("0.5", "0.3"), 200
_NEAR = """
    SELECT set_config('pg_trgm.word_similarity_threshold', %(likeness)s, true);
    SELECT asked.typed, plain.term, near.word
    FROM unnest(%(words)s::text[]) asked(typed), plain_words(asked.typed) plain(term)
    CROSS JOIN LATERAL (
        SELECT DISTINCT word
        FROM (SELECT words FROM activities_activityindex
              WHERE region_id = %(r)s AND words %%> plain.term LIMIT %(most)s) i,
            regexp_split_to_table(i.words, '[^[:alnum:]]+') word
        WHERE similarity(word, plain.term) > 0.2 AND length(word) > 2) near
    WHERE NOT EXISTS (
        SELECT FROM activities_activityindex known
        WHERE known.region_id = %(r)s
          AND (known.words LIKE plain.term || '%%' OR known.words LIKE '%% ' || plain.term || '%%'))
"""


def corrected(region_id: int, text: str) -> str:
    """The text with each word that the sociale kaart does not know replaced by the nearest that it does; "" if none."""
    words, better = list(dict.fromkeys(re.findall(r"[^\W\d_]{4,}", text.lower())[:6])), text.lower()
    for likeness in LIKENESS:
        if not words:
            break
        for (typed, term), found in _near(region_id, words, likeness).items():
            best = nearest(term, found)
            if best and best != term:
                better = better.replace(typed, best)
            if best:
                words.remove(typed)
    return better if better != text.lower() else ""


def _near(region_id: int, words: list[str], likeness: str) -> dict[tuple[str, str], list[str]]:
    """By word as it was typed, and as it is kept: the words of the sociale kaart that look like it."""
    near: dict[tuple[str, str], list[str]] = {}
    values: dict[str, Any] = {"r": region_id, "words": words, "likeness": likeness, "most": LOOKED_THROUGH}
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, values)
        for typed, term, word in cursor.fetchall():
            near.setdefault((typed, term), []).append(word)
    return near


def nearest(term: str, words: Iterable[str]) -> str:
    """The word that looks most like what was typed; "" when none does, or when a word begins with it."""
    candidates = sorted(words)
    if any(word.startswith(term) for word in candidates):
        return term
    close = difflib.get_close_matches(term, candidates, n=1, cutoff=0.72)
    return close[0] if close else ""
