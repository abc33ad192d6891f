"""One person in several roles."""

import uuid

import pytest

from tests.factories import make_membership
from wor.tenancy.context import open_region


@pytest.fixture
def second(world):
    """The coach works as a referrer too."""
    return make_membership(world.practice, "referrer", function="gp", user=world.coach.user)


@pytest.fixture
def abroad(world, elsewhere):
    """The coach works in the other region too."""
    with open_region(elsewhere.region.pk):
        return make_membership(elsewhere.welfare, "coach", user=world.coach.user)


def test_switch_shows_one_button_and_changes_nothing_yet(world, second, client):
    client.sign_in(world.coach)

    page = client.get(f"/ga/{second.reference}/?next=/verwijzingen/").content.decode()

    assert "Van rol wisselen" in page
    assert client.session["membership"] == world.coach.pk


def test_switch_goes_on_in_the_other_role(world, second, client):
    client.sign_in(world.coach)

    answer = client.send(f"/ga/{second.reference}/", {"next": "/verwijzingen/"})

    assert answer["Location"] == "/verwijzingen/"
    assert client.session["membership"] == second.pk
    assert client.get("/verwijzingen/").status_code == 200
    assert client.get("/werkvoorraad/").status_code == 403


def test_switch_to_another_region_opens_that_region(world, abroad, client):
    client.sign_in(world.coach)
    assert "Heideland" in client.get(f"/ga/{abroad.reference}/").content.decode()

    client.send(f"/ga/{abroad.reference}/")

    assert client.session["region"] == abroad.region_id
    assert "Heideland" in client.get("/account/").content.decode()


def test_switch_takes_the_path_behind_it(world, second, client):
    client.sign_in(world.coach)

    assert client.send(f"/ga/{second.reference}/berichten/")["Location"] == "/berichten/"


def test_switch_to_the_role_one_has_goes_straight_on(world, client):
    client.sign_in(world.coach)

    assert client.get(f"/ga/{world.coach.reference}/?next=/berichten/")["Location"] == "/berichten/"


@pytest.mark.parametrize("next_path", ["//elders.example/", "https://elders.example/", "/\\elders.example"])
def test_switch_goes_on_to_own_paths_only(world, second, client, next_path):
    client.sign_in(world.coach)

    assert client.send(f"/ga/{second.reference}/", {"next": next_path})["Location"] == "/"
    assert client.send(f"/ga/{second.reference}//elders.example/")["Location"] == "/"


def test_switch_to_somebody_elses_role_does_not_exist(world, elsewhere, client):
    client.sign_in(world.coach)

    for reference in (world.referrer.reference, elsewhere.coach.reference, uuid.uuid4()):
        assert client.get(f"/ga/{reference}/").status_code == 404
        assert client.send(f"/ga/{reference}/").status_code == 404


def test_switch_to_an_ended_role_does_not_exist(world, second, client):
    from wor.accounts.services import end_membership

    end_membership(second, by=world.region_admin)
    client.sign_in(world.coach)

    assert client.get(f"/ga/{second.reference}/").status_code == 404


def test_switch_works_from_a_page_of_another_role(world, second, client):
    client.sign_in(world.coach)

    assert client.post(f"/ga/{second.reference}/", {"as": str(uuid.uuid4())}).status_code == 302


def test_a_form_of_another_role_is_not_sent_in_this_one(world, second, client):
    client.sign_in(world.coach)
    client.send(f"/ga/{second.reference}/")

    answer = client.send("/verwijzingen/nieuw/", {"help_request": "Wil weer zingen."})

    assert answer.status_code == 409
    assert "De rol is nu" in answer.content.decode()
    assert "Wil weer zingen." in answer.content.decode()


def test_a_form_of_another_role_comes_back_filled_in_after_switching(world, second, client):
    """Also when the role of now may not even open that page."""
    client.sign_in(world.coach)
    address = f"/ga/{second.reference}/verwijzingen/nieuw/"

    refused = client.post("/verwijzingen/nieuw/", {"as": str(second.reference), "family_name": "van der Proef"})
    assert refused.status_code == 409
    assert "van der Proef" in refused.content.decode()
    assert f'href="{address}"' in refused.content.decode()

    target = client.send(address)["Location"]
    assert 'value="van der Proef"' in client.get(target).content.decode()


@pytest.mark.parametrize("role", ["somebody else's", "geen rol", "\x00", ""])
def test_a_form_of_a_role_that_is_not_ones_own_leads_nowhere(world, second, client, role):
    client.sign_in(second)
    reference = str(world.referrer.reference) if role == "somebody else's" else role

    refused = client.post("/verwijzingen/nieuw/", {"as": reference, "family_name": "van der Proef"})

    assert refused.status_code == 409
    assert "/ga/" not in refused.content.decode()


def test_account_page_shows_every_role(world, second, abroad, client):
    client.sign_in(world.coach)

    page = client.get("/account/").content.decode()

    for part in (world.coach.user.email, world.practice.name, "Heideland", "Passkey", "Wachtwoord"):
        assert part in page
