"""Organisations of the region, and who guides whose patients."""

import pytest
from django.urls import reverse

from tests.counting import sql_at_most
from tests.factories import make_organisation
from wor.region.services import organisation_version
from wor.tenancy.models import Organisation, ServedArea


@pytest.fixture
def admin(client, world):
    return client.sign_in(world.region_admin)


@pytest.fixture
def municipality(world):
    found = world.funder.organisation
    found.municipality_code = "GM9001"
    found.save()
    return found


def test_organisations_shows_them_by_kind(admin, world, elsewhere):
    page = admin.get(reverse("organisations")).content.decode()

    assert world.practice.name in page
    assert world.welfare.name in page
    assert "/organisaties/" in page
    assert str(elsewhere.practice.reference) not in page


def test_organisations_counts_its_queries(admin, world):
    admin.get(reverse("organisations"))
    for _each in range(5):
        make_organisation(world.region, "practice")
    with sql_at_most(12):
        admin.get(reverse("organisations"))


def test_add_organisation_starts_paused(admin, world):
    done = admin.send(reverse("add_organisation", args=["practice"]), {"name": "Praktijk Nieuw", "place": "Dijkerveen"})

    made = Organisation.objects.get(name="Praktijk Nieuw")
    assert done["Location"] == reverse("organisation", args=[made.reference])
    assert made.is_paused


def test_add_organisation_refuses_a_name_that_is_there(admin, world):
    answer = admin.send(reverse("add_organisation", args=["practice"]), {"name": world.practice.name})

    assert answer.status_code == 422
    assert "al een organisatie van deze soort" in answer.content.decode()


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"agb": "123"}, {"registered_patients": "-1"}, {"parent": "x"}, {"phone": "bel maar"}]
)
def test_add_organisation_says_what_is_wrong(admin, changes):
    answer = admin.send(reverse("add_organisation", args=["practice"]), {"name": "Nieuw", **changes})

    assert answer.status_code == 422


def test_add_organisation_of_an_unknown_kind_is_not_there(admin):
    assert admin.get(reverse("add_organisation", args=["koninkrijk"])).status_code == 404


def test_change_organisation_keeps_its_kind_and_code(admin, world):
    form = {
        "name": "Praktijk Anders",
        "municipality_code": "GM9001",
        "agb": "01234567",
        "registered_patients": "2900",
        "version": organisation_version(world.practice),
    }
    admin.send(reverse("change_organisation", args=[world.practice.reference]), form)

    world.practice.refresh_from_db()
    assert (world.practice.name, world.practice.agb, world.practice.kind) == ("Praktijk Anders", "01234567", "practice")


def test_change_organisation_refuses_what_a_colleague_changed(admin, world):
    version = organisation_version(world.practice)
    Organisation.objects.filter(pk=world.practice.pk).update(place="Elders")

    form = {"name": "Praktijk Anders", "municipality_code": "GM9001", "version": version}
    assert admin.send(reverse("change_organisation", args=[world.practice.reference]), form).status_code == 409


def test_pause_organisation_can_be_taken_back(admin, world):
    done = admin.send(reverse("pause_organisation", args=[world.practice.reference]), follow=True)
    assert "Ongedaan maken" in done.content.decode()

    admin.send(reverse("resume_organisation", args=[world.practice.reference]))
    world.practice.refresh_from_db()
    assert not world.practice.is_paused


def test_served_areas_chooses_who_guides(admin, world, municipality):
    url = reverse("served_areas", args=[world.practice.reference])
    assert "Patiënten die wonen in" in admin.get(url).content.decode()

    admin.send(url, {"GM9001": str(world.other_welfare.reference)})
    assert ServedArea.objects.get(practice=world.practice).welfare_organisation == world.other_welfare

    admin.send(url, {"GM9001": ""})
    assert not ServedArea.objects.filter(practice=world.practice).exists()

    admin.send(url, {"GM9001": str(world.welfare.reference)})
    assert ServedArea.objects.get(practice=world.practice).welfare_organisation == world.welfare


def test_served_areas_refuses_who_is_not_welfare_here(admin, world, elsewhere, municipality):
    url = reverse("served_areas", args=[world.practice.reference])

    for stranger in (elsewhere.welfare, world.other_practice):
        assert admin.send(url, {"GM9001": str(stranger.reference)}).status_code == 422
    assert admin.get(reverse("served_areas", args=[world.welfare.reference])).status_code == 404


@pytest.mark.parametrize("name", ["organisation", "change_organisation", "pause_organisation", "served_areas"])
def test_organisation_of_another_region_is_not_there(admin, elsewhere, name):
    assert admin.get(reverse(name, args=[elsewhere.practice.reference])).status_code == 404
    assert admin.send(reverse(name, args=[elsewhere.practice.reference])).status_code in (404, 405)


@pytest.mark.parametrize("who", ["referrer", "coach", "coordinator", "core_team", "funder"])
def test_organisations_is_for_the_administrator_only(client, world, who):
    assert client.sign_in(getattr(world, who)).get(reverse("organisations")).status_code == 403
