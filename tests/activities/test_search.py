"""Finding activities: words as people type them, filters whose counts are true, and never another region's."""

import random

import pytest
from django.http import QueryDict

from activities.index import reindex
from activities.models import Activity, ActivityIndex, District, FacetNumbers
from activities.search import (
    ARRAYS,
    COSTS,
    PER_PAGE,
    Catalogue,
    Criteria,
    _count_everything,
    catalogue,
    read_criteria,
    search,
)
from tests.activities.build import make_activity, make_area, make_theme
from tests.conftest import RegionKeepingClient
from tests.counting import sql_at_most
from tests.factories import make_cell
from wor.tenancy.context import open_region


def find(region, query: str = ""):
    lists = catalogue(region.pk)
    return search(region.pk, read_criteria(QueryDict(query), lists), lists)


def titles(region, query: str) -> list[str]:
    ids = [hit.activity_id for hit in find(region, query).hits]
    rows = Activity.objects.in_bulk(ids)
    return [rows[pk].title for pk in ids]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("wandelen", "Wandelgroep Rustig Aan"),  # the beginning of a word, by its stem
        ("wandelgroepen", "Wandelgroep Rustig Aan"),
        ("taalcafe", "Taalcafé"),
        ("café", "Taalcafé"),  # inside a word
        ("CAFÉ", "Taalcafé"),
        ('"samen eten"', "Eettafel De Schakel"),
        ("koor -wandelen", "Koor De Waalzangers"),
        ("slaap", "Koor De Waalzangers"),  # what a GP hears, from the doelgroepenkaart
        ("rouw", "Koor De Waalzangers"),
        ("arabisch", "Taalcafé"),
        ("rolstoeltoegankelijk", "Eettafel De Schakel"),
    ],
)
def test_search_finds_words_as_people_type_them(world, typed, found):
    make_activity(world.region, "Wandelgroep Rustig Aan")
    make_activity(world.region, "Taalcafé", languages=["nl", "ar"])
    make_activity(world.region, "Eettafel De Schakel", summary="Samen eten met de buurt", accessibility=["wheelchair"])
    make_activity(world.region, "Koor De Waalzangers", cells=[world.cell])

    assert titles(world.region, f"zoek={typed}") == [found]


@pytest.mark.parametrize(
    ("typed", "better"), [("eetavel", "eettafel"), ("wandlgroep", "wandelgroep"), ("waalzagners", "waalzangers")]
)
def test_search_corrects_a_spelling_mistake(world, typed, better):
    make_activity(world.region, "Eettafel De Schakel")
    make_activity(world.region, "Wandelgroep Rustig Aan")
    make_activity(world.region, "Koor De Waalzangers")

    found = find(world.region, f"zoek={typed}")

    assert (found.instead_of, found.text, found.total) == (typed, better, 1)


def test_search_suggests_when_little_is_found(world):
    make_activity(world.region, "Koorts")
    for number in range(4):
        make_activity(world.region, f"Koor {number}")

    assert find(world.region, "zoek=kooor").text == "koor"
    assert find(world.region, "zoek=parachute").total == 0


@pytest.mark.parametrize("typed", ["de", "'", "&|!:*()", "%%", "\\", "a:b <-> c", "zoek' OR 1=1", "🙂", "-", '"', "or"])
def test_search_takes_whatever_is_typed(world, typed):
    make_activity(world.region)
    query = QueryDict(mutable=True)
    query["zoek"] = typed

    assert find(world.region, query.urlencode()).total in (0, 1)


def test_title_counts_more_than_text(world):
    make_activity(world.region, "Ander", body="Soms zingen we ook.")
    make_activity(world.region, "Zingen op donderdag")

    assert titles(world.region, "zoek=zingen") == ["Zingen op donderdag", "Ander"]


# Filters


def many(world, number: int = 60):
    """Activities of all sorts, the same in each run."""
    pick = random.Random(7)
    themes = [make_theme(world.region, f"Thema {n}") for n in range(3)]
    cells = [make_cell(world.region, f"Groep {n}", f"Probleem {n}") for n in range(4)]
    districts = [
        District.objects.create(region=world.region, name=f"Wijk {n}", municipality_code="GM9001") for n in range(2)
    ]
    for n in range(number):
        make_activity(
            world.region,
            f"Activiteit {n:03}",
            summary=pick.choice(["samen zingen", "samen lopen"]),
            themes=pick.sample(themes, pick.randint(0, 2)),
            cells=pick.sample(cells, pick.randint(0, 2)),
            weekdays=sorted(pick.sample(range(1, 8), pick.randint(0, 3))),
            day_parts=pick.sample(["morning", "afternoon", "evening"], pick.randint(0, 2)),
            accessibility=pick.sample(["wheelchair", "lift", "quiet"], pick.randint(0, 3)),
            languages=pick.sample(["nl", "ar", "tr"], pick.randint(0, 2)),
            cost_cents=pick.choice([None, 0, 200, 250, 600, 1200]),
            district=pick.choice([None, *districts]),
            town=pick.choice(["", "Lindewaard", "Dijkerveen"]),
            walk_in=pick.choice([True, False]),
        )


def fits(row: ActivityIndex, name: str, codes, lists: Catalogue) -> bool:
    """The filter, once more and in Python."""
    if not codes:
        return True
    if name in ARRAYS:
        asked = {each.value for each in lists.choices[name] if each.code in codes}
        has = set(getattr(row, ARRAYS[name][0]))
        return asked <= has if name == "toegang" else bool(asked & has)
    if name == "wijk":
        return row.district_id in {each.value for each in lists.choices["wijk"] if each.code in codes}
    if name == "plaats":
        return row.town in codes
    if name == "kosten":
        return row.cost_cents is not None and row.cost_cents <= int(codes[0])
    return row.walk_in


def by_hand(rows, wanted: Criteria, lists: Catalogue) -> tuple[int, dict[str, dict[str, int]]]:
    """Total and counts, by trying each value."""
    chosen = wanted.chosen
    total = sum(all(fits(row, name, codes, lists) for name, codes in chosen.items()) for row in rows)
    values = {name: [each.code for each in lists.choices[name]] for name in lists.choices}
    values |= {"plaats": ["Lindewaard", "Dijkerveen"], "kosten": [str(cents) for cents in COSTS], "zelf": ["1"]}
    counts: dict[str, dict[str, int]] = {}
    for name, codes in values.items():
        for code in codes:
            tried = {**chosen, name: (*chosen.get(name, ()), code) if name == "toegang" else (code,)}
            number = sum(all(fits(row, each, tried[each], lists) for each in tried) for row in rows)
            if number:
                counts.setdefault(name, {})[code] = number
    return total, counts


def test_counts_are_what_trying_each_value_gives(world):
    many(world)
    lists = catalogue(world.region.pk)
    pick = random.Random(11)
    rows = list(ActivityIndex.objects.filter(region_id=world.region.pk))
    names = [*ARRAYS, "wijk", "plaats", "kosten", "zelf"]
    options = {name: [each.code for each in lists.choices[name]] for name in lists.choices}
    options |= {"plaats": ["Lindewaard", "Dijkerveen"], "kosten": ["0", "250", "500"], "zelf": ["1"]}

    for _turn in range(25):
        query = QueryDict(mutable=True)
        for name in pick.sample(names, pick.randint(0, 3)):
            query.setlist(name, pick.sample(options[name], min(len(options[name]), pick.randint(1, 2))))
        wanted = read_criteria(query, lists)
        found = search(world.region.pk, wanted, lists)
        total, counts = by_hand(rows, wanted, lists)

        assert found.total == total, query.urlencode()
        assert {name: number for name, number in found.counts.items() if number} == counts, query.urlencode()


def test_pages_follow_each_other_without_gap_or_double(world):
    many(world, PER_PAGE * 2 + 5)
    for query in ("", "zoek=samen", "zoek=zingen&dag=2"):
        lists = catalogue(world.region.pk)
        seen, after = [], ""
        while True:
            found = find(world.region, f"{query}&na={after}")
            rows = Activity.objects.in_bulk([hit.activity_id for hit in found.hits])
            seen += [rows[hit.activity_id].title for hit in found.hits]
            if not found.more:
                break
            after = rows[found.hits[-1].activity_id].reference

        assert (
            len(seen) == len(set(seen)) == search(world.region.pk, read_criteria(QueryDict(query), lists), lists).total
        )
        assert seen == sorted(seen) or "zoek" in query


# Distance


def test_distance_is_measured_and_sorted(world):
    make_area(world.region, "4001", 51.900, 5.430)
    make_area(world.region, "4002", 51.909, 5.430)
    make_area(world.region, "4003", 51.990, 5.430)
    make_activity(world.region, "Ver weg", postcode="4003SA")
    make_activity(world.region, "Dichtbij", postcode="4002SA")

    found = find(world.region, "postcode=4001 ab")

    assert [str(hit.km) for hit in found.hits] == ["1.0", "10.0"]
    assert titles(world.region, "postcode=4001&km=2") == ["Dichtbij"]
    assert found.knows_distance


def test_without_coordinates_the_own_district_comes_first(world):
    own = District.objects.create(region=world.region, name="Eigen wijk", municipality_code="GM9001")
    make_area(world.region, "4001", district=own)
    make_activity(world.region, "Aan de overkant")
    make_activity(world.region, "Om de hoek", district=own)

    found = find(world.region, "postcode=4001&km=2")

    assert titles(world.region, "postcode=4001&km=2") == ["Om de hoek", "Aan de overkant"]
    assert not found.knows_distance


# The index carries no policy


def test_other_regions_activity_is_never_found(world, elsewhere, client):
    """Every filter, alone and with words, also with the other region's own references and codes."""
    with open_region(elsewhere.region.pk):
        theme = make_theme(elsewhere.region)
        district = District.objects.create(region=elsewhere.region, name="Ginds", municipality_code="GM9002")
        make_area(elsewhere.region, "9401", 52.99, 6.56)
        foreign = make_activity(
            elsewhere.region, "Wandelgroep ginds", themes=[theme], cells=[elsewhere.cell], weekdays=[2], walk_in=True,
            day_parts=["morning"], cost_cents=0, languages=["nl"], accessibility=["lift"], town="Esserheide",
            district=district, postcode="9401SA",
        )  # fmt: skip
    client.sign_in(world.referrer)
    queries = ["", "zoek=wandelgroep", "zoek=wandelgrep", "zoek=ginds", "postcode=9401", "postcode=9401&km=25"]
    queries += [f"thema={theme.code}", f"doelgroep={elsewhere.cell.target_group.code}", "dag=2", "dagdeel=morning"]
    queries += [f"probleem={elsewhere.cell.problem.code}", "kosten=0", "taal=nl", "toegang=lift", "plaats=Esserheide"]
    queries += [f"wijk={district.reference}", "zelf=1", f"na={foreign.reference}", "volgorde=afstand&postcode=9401"]

    for query in queries:
        found = find(world.region, query)
        assert (found.total, found.hits, found.instead_of, found.suggestion) == (0, [], "", ""), query
        assert not any(found.counts.values()), query
        for path in ("/sociale-kaart/", "/r/rivierenland/sociale-kaart/", "/r/rivierenland/sociale-kaart/afdrukken/"):
            assert "Wandelgroep ginds" not in client.get(f"{path}?{query}").content.decode(), query
    assert client.get(f"/sociale-kaart/{foreign.reference}/").status_code == 404
    assert client.get(f"/r/rivierenland/sociale-kaart/{foreign.reference}/").status_code == 404


def test_numbers_of_everything_follow_each_change(world):
    many(world, 3)
    before = find(world.region)
    assert find(world.region) == before
    assert FacetNumbers.objects.get(pk=world.region.pk).numbers is not None

    gone = Activity.objects.last()
    Activity.objects.filter(pk=gone.pk).update(status="paused")
    reindex(world.region.pk, [gone.pk])

    assert find(world.region).total == before.total - 1


def test_numbers_that_were_counted_before_a_change_are_not_kept(world):
    many(world, 3)
    before = FacetNumbers.objects.get(pk=world.region.pk).edition
    reindex(world.region.pk)

    _count_everything(world.region.pk, before, catalogue(world.region.pk))

    assert FacetNumbers.objects.get(pk=world.region.pk).numbers is None


@pytest.mark.parametrize(
    "query", ["", "zoek=samen&dag=2&postcode=4001", "zoek=zamen", f"na={'0' * 8}-0000-4000-8000-{'0' * 12}"]
)
def test_directory_takes_the_same_queries_however_many_rows(world, client, query):
    many(world, 40)
    client.sign_in(world.coordinator)

    with sql_at_most(12):
        assert client.get(f"/sociale-kaart/?{query}").status_code == 200
    visitor = RegionKeepingClient()
    with sql_at_most(8):
        assert visitor.get(f"/r/rivierenland/sociale-kaart/?{query}").status_code == 200
