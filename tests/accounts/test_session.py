"""How long somebody stays signed in, what is kept when it ends, and where else they are."""

import re
import time

import pytest
import time_machine
from django.contrib.sessions.models import Session

from tests.accounts.people import add_app, code, type_password
from tests.conftest import RegionKeepingClient
from tests.factories import PASSWORD
from wor.accounts.services import deactivate_user

HALF_AN_HOUR = 30 * 60 + 1


def later(seconds: int):
    return time_machine.travel(time.time() + seconds, tick=False)


def test_session_ends_after_half_an_hour_without_use(world, client):
    client.sign_in(world.coach)
    client.get("/berichten/")

    with later(HALF_AN_HOUR):
        assert client.get("/berichten/")["Location"] == "/aanmelden/?next=%2Fberichten%2F"


def test_session_goes_on_while_it_is_used(world, client):
    client.sign_in(world.coach)
    client.get("/berichten/")

    for minutes in (25, 50, 75):
        with later(minutes * 60):
            assert client.get("/berichten/").status_code == 200


def test_session_ends_after_twelve_hours_all_the_same(world, client):
    client.sign_in(world.coach)
    client.get("/berichten/")
    session = client.session
    session["began"] -= 12 * 3600 + 1
    session.save()

    assert client.get("/berichten/").status_code == 302


def test_keepalive_counts_as_use(world, client):
    client.sign_in(world.coach)
    client.get("/berichten/")
    with later(25 * 60):
        assert client.post("/account/aangemeld-blijven/").status_code == 204

    with later(50 * 60):
        assert client.get("/berichten/").status_code == 200


def test_keepalive_tells_that_the_session_is_over(world, client):
    client.sign_in(world.coach)
    client.get("/berichten/")

    with later(HALF_AN_HOUR):
        assert client.post("/account/aangemeld-blijven/").status_code == 401
        assert client.get("/account/aangemeld-blijven/").status_code == 401


def test_keepalive_gives_an_open_page_a_fresh_token(world, client):
    client.sign_in(world.coach)

    assert client.get("/account/aangemeld-blijven/").json()["csrf_token"]


def test_a_fragment_after_the_end_gets_401(world, client):
    client.get("/")

    assert client.get("/werkvoorraad/", headers={"HX-Request": "true"}).status_code == 401
    assert client.post("/verwijzingen/nieuw/", {}, headers={"HX-Request": "true"}).status_code == 401


def test_what_was_typed_is_back_after_password_and_code(world, client):
    email, here = world.referrer.user.email, "/verwijzingen/nieuw/"
    add_app(world.referrer.user)
    client.sign_in(world.referrer)
    client.get("/berichten/")
    with later(HALF_AN_HOUR):
        answer = client.send(here, {"help_request": "Wil weer zingen."})
        assert answer["Location"] == "/aanmelden/?next=%2Fverwijzingen%2Fnieuw%2F"
        assert "Wil weer zingen" not in str(client.session.items())
        assert "Uw tekst is bewaard" in client.get(answer["Location"]).content.decode()

        type_password(client, email, "verkeerd", next=here)
        type_password(client, email, next=here)
        assert client.post("/aanmelden/tweede-stap/", {"code": code()})["Location"] == here

        assert "Wil weer zingen." in client.get(here).content.decode()
        assert "Wil weer zingen." not in client.get(here).content.decode()


def test_what_was_typed_is_not_shown_to_somebody_else(world, client):
    client.sign_in(world.referrer)
    client.get("/berichten/")
    with later(HALF_AN_HOUR):
        client.send("/verwijzingen/nieuw/", {"help_request": "Wil weer zingen."})

        client.sign_in(world.assistant)

        assert "Wil weer zingen." not in client.get("/verwijzingen/nieuw/").content.decode()


def test_what_was_typed_without_a_role_comes_back_to_nobody(world, client):
    """Another site can send a form without a role to somebody's browser; it must not turn up in their screen."""
    client.post("/verwijzingen/nieuw/", {"help_request": "Wil weer zingen."})

    client.sign_in(world.assistant)

    assert "Wil weer zingen." not in client.get("/verwijzingen/nieuw/").content.decode()


def test_what_strangers_send_does_not_fill_the_disk(world):
    kept = 0
    for _try in range(31):
        stranger = RegionKeepingClient()
        stranger.post("/verwijzingen/nieuw/", {"help_request": "x" * 1000})
        kept += "sealed" in stranger.session

    assert kept == 30


def test_a_password_is_never_kept(world, client):
    from wor.accounts.sealed import box

    client.post("/account/", {"oldpassword": PASSWORD, "password1": PASSWORD, "help_request": "tekst"})

    kept = box().decrypt(client.session["sealed"].encode()).decode()
    assert "tekst" in kept
    assert PASSWORD not in kept


def test_signing_out_ends_the_session_and_clears_the_browser(world, client):
    client.sign_in(world.coach)
    key = client.session.session_key

    answer = client.post("/afmelden/")

    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/berichten/").status_code == 302


def test_signing_out_by_a_link_asks_first(world, client):
    client.sign_in(world.coach)

    assert client.get("/afmelden/").status_code == 200
    assert client.get("/berichten/").status_code == 200


def test_somebody_else_takes_over_the_desk_on_the_same_page(world, client):
    client.sign_in(world.referrer)

    answer = client.post("/afmelden/", {"next": "/aanmelden/?next=/verwijzingen/nieuw/"})

    assert answer["Location"] == "/aanmelden/?next=/verwijzingen/nieuw/"
    assert 'value="/verwijzingen/nieuw/"' in client.get(answer["Location"]).content.decode()


def test_own_sessions_can_be_ended_one_by_one(world, client):
    phone, tablet = RegionKeepingClient(), RegionKeepingClient()
    for each in (client, phone, tablet):
        type_password(each, world.funder.user.email)
    page = client.get("/account/aangemeld/").content.decode()
    codes = re.findall(r'name="which" value="([0-9a-f]{32})"', page)
    assert len(codes) == 2

    client.post("/account/aangemeld/", {"which": codes[0]})

    assert sorted(each.get("/account/").status_code for each in (phone, tablet)) == [200, 302]
    assert client.get("/account/").status_code == 200


def test_own_sessions_elsewhere_can_be_ended_together(world, client):
    phone = RegionKeepingClient()
    for each in (client, phone):
        type_password(each, world.funder.user.email)

    client.post("/account/aangemeld/", {"which": "others"})

    assert phone.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("which", ["", "onbekend", "1"])
def test_the_session_of_somebody_else_does_not_exist(world, client, which):
    type_password(client, world.funder.user.email)

    assert client.post("/account/aangemeld/", {"which": which}).status_code == 404


def test_a_changed_factor_ends_the_other_sessions(world, client):
    phone = RegionKeepingClient()
    add_app(world.coach.user)
    type_password(phone, world.coach.user.email)
    phone.post("/aanmelden/tweede-stap/", {"code": code()})
    with later(60):
        type_password(client, world.coach.user.email)
        client.post("/aanmelden/tweede-stap/", {"code": code()})
        client.post("/account/tweede-stap/herstelcodes/nieuw/")

    assert phone.get("/account/").status_code == 302


def test_a_closed_account_is_out_at_once(world, client):
    type_password(client, world.funder.user.email)
    assert client.get("/account/").status_code == 200

    assert deactivate_user(world.funder.user) == 1

    assert client.get("/account/").status_code == 302
    assert type_password(client, world.funder.user.email)["Location"] == "/aanmelden/niet-actief/"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(world, client):
    type_password(client, world.funder.user.email)

    for name in ("sessie", "csrf"):
        if name in client.cookies:
            assert client.cookies[name]["httponly"]
            assert client.cookies[name]["samesite"] == "Lax"
    assert client.get("/account/")["Cache-Control"] == "no-store"
