"""Bringing in the middle of each postcode."""

import pytest

from activities.models import ActivityIndex, District, Import, PostcodeArea
from tests.activities.build import make_activity, make_area
from tests.activities.test_import import FILES, apply, bring, outcomes, why

HEADS = "PC4;Lat;Lon"


def bring_postcodes(world, text: str) -> Import:
    return bring(world, text, kind="postcodes", source_name="CBS 2024")


def test_postcodes_replace_examples_and_are_the_regions_own(world):
    make_area(world.region, "4001", 51.0, 5.0, is_example=True)
    entry = make_activity(world.region, "Koor", postcode="4001SA")

    found = apply(world, bring_postcodes(world, f"{HEADS}\n4001;51,8861234;5.431\n4002;51.9;5.4\n"))

    area = PostcodeArea.objects.get(pc4="4001")
    assert (area.latitude, area.longitude, area.is_example) == (51.886123, 5.431, False)
    assert area.municipality_code == "GM9001"
    assert outcomes(found) == {2: "changed", 3: "new"}
    assert ActivityIndex.objects.get(activity_id=entry.pk).latitude == 51.886123


def test_postcodes_a_second_time_change_nothing(world):
    text = f"{HEADS};Gemeentecode;Wijk\n4001;51.886;5.431;9001;Oost\n"
    make_area(world.region, "4001")
    apply(world, bring_postcodes(world, text))

    assert outcomes(bring_postcodes(world, text)) == {2: "same"}
    assert District.objects.get().name == "Oost"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("401;51.9;5.4", "pc4"),
        ("4001;noord;5.4", "number"),
        ("4001;48.85;2.35", "outside"),
        ("4001;5.4;51.9", "turned"),
        ("4001;433000;158000", "rd"),
        ("4001;51.9;5.4;GM0000", "municipality"),
        ("4001;51.9;5.4;;Oost", "district_alone"),
        ("4001;51.9;5.4;;111222333", "bsn"),
    ],
)
def test_postcodes_say_why_a_line_cannot_be_used(world, client, line, reason):
    found = bring_postcodes(world, f"{HEADS};Gemeentecode;Wijk\n{line}\n")

    assert reason in [each for _column, each in why(found)]
    assert client.sign_in(world.coordinator).get(f"{FILES}{found.reference}/").status_code == 200


def test_postcodes_are_there_once(world):
    found = bring_postcodes(world, f"{HEADS}\n4001;51.9;5.4\n4001;51.8;5.4\n")

    assert why(found) == [("pc4", "double")]


def test_postcodes_name_their_source(world, client):
    client.sign_in(world.region_admin)
    apply(world, bring_postcodes(world, f"{HEADS}\n4001;51.9;5.4\n"))

    page = client.get(f"{FILES}postcodes/").content.decode()

    assert "bron: CBS 2024" in page
    assert "1 postcodes" in page


def test_postcode_without_municipality_counts_as_unknown_for_a_referral(world):
    from referrals.services.sending import destination

    before = destination(world.practice, "4099")
    apply(world, bring_postcodes(world, f"{HEADS}\n4099;51.9;5.4\n"))

    assert destination(world.practice, "4099") == before
