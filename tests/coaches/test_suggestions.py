"""*Iets vinden in de buurt*: what fits a client, in which order, with which reasons."""

import pytest

from activities.matching import WEIGHTS
from activities.models import Activity
from coaches.models import Intake
from referrals.models import Referral, Status
from tests.activities.build import make_area, make_theme
from tests.coaches.parts import logged, url
from tests.coaches.placing import choir, make_placement
from tests.counting import sql_at_most
from tests.factories import make_cell, make_client, make_referral


@pytest.fixture
def case(world):
    client = make_client(world.practice, postcode="4001SA", language="Arabisch")
    return make_referral(world, status=Status.ACTIVE, client=client)


def shown(client, world, case, by=None, **query) -> str:
    answer = client.sign_in(by or world.coach).get(url("suggestions", case), query)
    assert answer.status_code == 200
    return answer.content.decode()


def order(page: str, *titles: str) -> list[str]:
    """Those of these titles that are suggested, as they stand on the page."""
    at = {title: page.find(f">{title}</a>") for title in titles}
    return sorted((title for title in titles if at[title] > 0), key=lambda title: at[title])


def test_suggestion_says_every_reason_in_words(world, client, case):
    make_area(world.region, "4001", 51.900, 5.430)
    make_area(world.region, "4002", 51.910, 5.430)
    theme = make_theme(world.region, "Zingeving")
    Intake.objects.create(
        region=world.region, referral=case, welfare_organisation=world.welfare, theme=theme, held_at=case.sent_at,
        held_by=world.coach,
    )  # fmt: skip
    choir(
        world, themes=[theme], weekdays=[4], cost_cents=0, languages=["nl", "ar"], accessibility=["wheelchair"],
        postcode="4002SA",
    )  # fmt: skip

    page = shown(client, world, case, dag="4", toegang="wheelchair")

    for words in ("past bij: rouw en leegte", "thema: zingeving", "1,1 km", "op donderdag", "gratis",
                  "rolstoeltoegankelijk", "spreekt Arabisch"):  # fmt: skip
        assert words in page


def test_suggestions_are_those_of_brute_force(world, client, case):
    """Counted again by hand over every activity: the same order."""
    theme = make_theme(world.region)
    Intake.objects.create(
        region=world.region, referral=case, welfare_organisation=world.welfare, theme=theme, held_at=case.sent_at,
        held_by=world.coach,
    )  # fmt: skip
    other = make_cell(world.region, "Anderen", "Anders")
    for number in range(24):
        choir(
            world,
            f"Activiteit {number:02}",
            cells=[world.cell] if number % 2 else [other],
            themes=[theme] if number % 3 == 0 else [],
            cost_cents=0 if number % 4 == 0 else 500,
            languages=["nl", "ar"] if number % 5 == 0 else ["nl"],
        )

    def score(activity: Activity) -> int:
        cells, themes = activity.cells.all(), activity.themes.all()
        facts = {"cell": world.cell in cells, "theme": theme in themes}
        if not any(facts.values()):
            return 0
        facts |= {"cost": activity.cost_cents == 0, "language": "ar" in activity.languages}
        return sum(WEIGHTS[name] for name, holds in facts.items() if holds)

    every = sorted(Activity.objects.all(), key=lambda each: (-score(each), each.title))
    expected = [each.title for each in every if score(each)]

    page = shown(client, world, case, meer="1")

    assert order(page, *(each.title for each in every)) == expected


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({"dag": "4"}, {"weekdays": [4]}),
        ({"dagdeel": "evening"}, {"day_parts": ["evening"]}),
        ({"kosten": "250"}, {"cost_cents": 250}),
        ({"toegang": "lift"}, {"accessibility": ["lift", "quiet"]}),
        ({"taal": "tr"}, {"languages": ["nl", "tr"]}),
        ({"zoek": "zingen"}, {"summary": "Samen zingen."}),
        ({"zoek": "waalzangers"}, {"title": "Koor De Waalzangers"}),
    ],
)
def test_filter_leaves_only_what_holds(world, client, case, query, fits):
    other = make_cell(world.region, "Anderen", "Anders")
    usual = {"weekdays": [1], "day_parts": ["morning"], "cost_cents": 900, "languages": ["nl"]}
    choir(world, "Niet dit", **usual)
    choir(world, **{**usual, "cells": [other], **fits})

    page = shown(client, world, case, **query)

    assert order(page, "Niet dit", "Koor De Waalzangers") == ["Koor De Waalzangers"]


def test_filter_on_theme_and_distance(world, client, case):
    make_area(world.region, "4001", 51.900, 5.430)
    make_area(world.region, "4099", 52.500, 5.430)
    theme = make_theme(world.region, "Meedoen")
    choir(world, "Dichtbij", postcode="4001SA", themes=[theme])
    choir(world, "Ver weg", postcode="4099SA", themes=[theme])
    choir(world, "Ander thema", postcode="4001SA")

    assert order(shown(client, world, case, km="5"), "Dichtbij", "Ver weg") == ["Dichtbij"]
    page = shown(client, world, case, thema=theme.code)
    assert order(page, "Dichtbij", "Ver weg", "Ander thema") == ["Dichtbij", "Ver weg"]


def test_typing_error_is_mended(world, client, case):
    choir(world, "Wandelgroep")

    assert "?zoek=wandelgroep" in shown(client, world, case, zoek="wandelgroop")


def test_address_never_holds_anything_about_the_client(world, client, case):
    choir(world, weekdays=[4])

    page = shown(client, world, case, dag="4", postcode="4001", zoek="koor")

    own = page[page.index('<form class="finder') :]
    assert "postcode" not in own
    assert "4001" not in own.replace(str(case.reference), "")
    assert "zoek=koor&amp;dag=4" in own


@pytest.mark.parametrize(("months", "words"), [(1, ""), (8, "Nog niet bevestigd, bel even vooraf."), (14, None)])
def test_what_nobody_confirmed_is_said_and_then_hidden(world, client, case, months, words):
    choir(world, months=months, status="live" if months == 1 else "stale")

    page = shown(client, world, case)

    assert ("Koor De Waalzangers" in page) is (words is not None)
    if words is not None:
        assert ("Nog niet bevestigd" in page) is bool(words)


def test_full_is_said_and_still_possible(world, client, case):
    activity = choir(world, places=2)
    for status in (Status.ACTIVE, Status.FOLLOW_UP, Status.COMPLETED):  # of the last one the guidance has ended
        make_placement(world, make_referral(world, status=status), "started", activity=activity)
    make_placement(world, make_referral(world, status=Status.ACTIVE), "proposed", activity=activity)

    page = shown(client, world, case)

    assert "Vol, voor zover wij weten (2 plaatsen)" in page
    assert "Toch voorstellen" in page


def test_places_left_are_counted(world, client, case):
    activity = choir(world, places=8)
    make_placement(world, make_referral(world, status=Status.ACTIVE), "introduced", activity=activity)

    assert "nog 7 van 8 plaatsen" in shown(client, world, case)


def test_what_was_chosen_is_not_suggested_again(world, client, case):
    make_placement(world, case)

    page = shown(client, world, case)

    assert "Al gekozen" in page
    assert "/voorstellen/" not in page


def test_nothing_found_offers_to_name_a_gap(world, client, case):
    page = shown(client, world, case)

    assert "Niets gevonden" in page
    assert url("report_gap", case) in page


def test_suggestions_before_accepting_are_refused(world, client):
    case = make_referral(world, status=Status.SENT)

    assert client.sign_in(world.coach).get(url("suggestions", case)).status_code == 409


@pytest.mark.parametrize(
    ("person", "status"),
    [("referrer", 403), ("core_team", 403), ("funder", 403), ("region_admin", 403), ("stranger_coach", 404)],
)
def test_suggestions_are_for_who_guides(world, client, case, person, status):
    assert client.sign_in(getattr(world, person)).get(url("suggestions", case)).status_code == status


def test_suggestions_after_consent_was_withdrawn_are_shut(world, client, case):
    Referral.objects.filter(pk=case.pk).update(consent_withdrawn_at=case.sent_at)

    assert client.sign_in(world.coach).get(url("suggestions", case)).status_code == 403


@pytest.mark.parametrize("number", [2, 30])
def test_suggestions_cost_the_same_however_many(world, client, case, number):
    for each in range(number):
        choir(world, f"Koor {each}", places=8)
    shown(client, world, case)

    with sql_at_most(12):
        client.get(url("suggestions", case), {"meer": "1"})
    assert logged("read", case)
