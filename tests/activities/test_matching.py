"""What is suggested for a referral, and why."""

import pytest

from activities.matching import Wish, suggest
from activities.models import TargetCell
from tests.activities.build import make_activity, make_area, make_theme
from tests.factories import make_cell
from wor.tenancy.context import open_region


def names(found) -> list[str]:
    return [each.activity.title for each in found]


def test_suggest_says_every_reason(world):
    make_area(world.region, "4001", 51.900, 5.430)
    theme = make_theme(world.region)
    make_activity(
        world.region, "Koor", cells=[world.cell], themes=[theme], weekdays=[2, 4], cost_cents=0, languages=["nl", "ar"],
        accessibility=["wheelchair", "lift"], postcode="4001SA",
    )  # fmt: skip
    wish = Wish(
        cells=[world.cell.pk],
        themes=[theme.pk],
        pc4="4001",
        weekdays=[2],
        most_cents=500,
        access=["lift"],
        languages=["ar"],
    )

    [found] = suggest(world.region, wish)

    assert set(found.codes) == {"cell", "theme", "near", "day", "cost", "access", "language"}
    assert found.reasons["near"] == "vlakbij"
    assert found.reasons["day"] == "op dinsdag"
    assert found.reasons["cost"] == "gratis"
    assert found.reasons["language"] == "spreekt Arabisch"


def test_suggest_puts_what_plays_first(world):
    same_problem = TargetCell.objects.create(
        region=world.region,
        target_group=make_cell(world.region, "Mantelzorgers").target_group,
        problem=world.cell.problem,
    )
    theme = make_theme(world.region)
    make_activity(world.region, "Alleen het thema", themes=[theme])
    make_activity(world.region, "Zelfde probleem", cells=[same_problem])
    make_activity(world.region, "Precies dit", cells=[world.cell])
    make_activity(world.region, "Heel iets anders", cells=[make_cell(world.region, "Anderen", "Anders")])

    found = suggest(world.region, Wish(cells=[world.cell.pk], themes=[theme.pk]))

    assert names(found) == ["Precies dit", "Zelfde probleem", "Alleen het thema"]
    assert found[1].codes == ("problem",)


@pytest.mark.parametrize(
    ("months", "suggested", "stale"), [(1, True, False), (8, True, True), (13, False, None), (None, False, None)]
)
def test_suggest_hides_what_nobody_confirmed_for_too_long(world, months, suggested, stale):
    status = "live" if months == 1 else "stale"
    make_activity(world.region, "Koor", cells=[world.cell], months=months, status=status)

    found = suggest(world.region, Wish(cells=[world.cell.pk]))

    assert [each.is_stale for each in found] == ([stale] if suggested else [])


def test_suggest_leaves_out_what_is_not_accessible_and_what_was_proposed(world):
    stairs = make_activity(world.region, "Trap", cells=[world.cell], accessibility=["quiet"])
    lift = make_activity(world.region, "Lift", cells=[world.cell], accessibility=["lift"])

    assert names(suggest(world.region, Wish(cells=[world.cell.pk], access=["lift"]))) == ["Lift"]
    assert suggest(world.region, Wish(cells=[world.cell.pk]), without=[stairs.pk, lift.pk]) == []


def test_suggest_never_crosses_a_region(world, elsewhere):
    with open_region(elsewhere.region.pk):
        make_activity(elsewhere.region, "Ginds", cells=[elsewhere.cell])

    assert suggest(world.region, Wish(cells=[elsewhere.cell.pk], text="ginds")) == []


def test_suggest_takes_two_queries(world, django_assert_num_queries):
    for number in range(20):
        make_activity(world.region, f"Koor {number}", cells=[world.cell])

    with django_assert_num_queries(2):
        assert len(suggest(world.region, Wish(cells=[world.cell.pk]))) == 12
