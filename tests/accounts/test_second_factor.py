"""The second step: a code, a passkey, a recovery code; asked of every role that reaches a person's data."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator

from tests.accounts.people import add_app, code, recovery_code, type_password
from wor.accounts.models import Membership
from wor.audit.models import SignInEvent
from wor.outbox.models import Effect

STEP = "/aanmelden/tweede-stap/"


def test_second_step_comes_after_the_password(world, client):
    add_app(world.coach.user)

    assert type_password(client, world.coach.user.email)["Location"] == STEP
    assert client.get("/werkvoorraad/").status_code == 302
    answer = client.post(STEP, {"code": code()})

    assert answer["Location"] == "/"
    assert client.get("/werkvoorraad/").status_code == 200
    assert list(SignInEvent.objects.values_list("kind", "outcome").order_by("id")) == [
        ("password", "ok"),
        ("code", "ok"),
        ("signed-in", "ok"),
    ]


def test_second_step_goes_on_to_where_one_was_going(world, client):
    add_app(world.coach.user)
    type_password(client, world.coach.user.email, next="/berichten/")

    assert client.post(STEP, {"code": code()})["Location"] == "/berichten/"


def test_second_step_refuses_a_wrong_code(world, client):
    add_app(world.coach.user)
    type_password(client, world.coach.user.email)

    answer = client.post(STEP, {"code": "000000"})

    assert answer.status_code == 422
    assert "Deze code klopt niet" in answer.content.decode()
    assert SignInEvent.objects.filter(kind="code", outcome="failed").count() == 1


def test_second_step_takes_each_code_once(world, client):
    add_app(world.coach.user)
    type_password(client, world.coach.user.email)
    used = code()
    client.post(STEP, {"code": used})
    client.post("/afmelden/")
    type_password(client, world.coach.user.email)

    assert client.post(STEP, {"code": used}).status_code == 422


def test_second_step_takes_each_recovery_code_once(world, client):
    add_app(world.coach.user)
    spare = recovery_code(world.coach.user)
    type_password(client, world.coach.user.email)
    assert client.post(STEP, {"code": spare}).status_code == 302
    client.post("/afmelden/")
    type_password(client, world.coach.user.email)

    assert client.post(STEP, {"code": spare}).status_code == 422


def test_second_step_waits_after_ten_failures(world, client):
    add_app(world.coach.user)
    type_password(client, world.coach.user.email)
    for _try in range(10):
        client.post(STEP, {"code": "000000"})

    answer = client.post(STEP, {"code": code()})

    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"


@pytest.mark.parametrize("text", ["", "a\x00b", "１２３４５６", "💥", "1" * 5000])
def test_second_step_with_nonsense_says_so(world, client, text):
    add_app(world.coach.user)
    type_password(client, world.coach.user.email)

    assert client.post(STEP, {"code": text}).status_code == 422


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"id": 1}', '{"response": {"userHandle": "%%"}}', "x\x00"])
def test_passkey_with_nonsense_says_so(world, client, text):
    assert client.post("/aanmelden/passkey/", {"credential": text}).status_code == 302
    add_app(world.coach.user)
    type_password(client, world.coach.user.email)
    assert client.post(STEP, {"credential": text}).status_code in (200, 422)


def test_this_computer_is_trusted_for_thirty_days_for_the_second_step_only(world, client):
    add_app(world.coach.user)
    type_password(client, world.coach.user.email)
    client.post(STEP, {"code": code(), "remember": "on"})
    cookie = client.cookies["vertrouwd"]
    client.post("/afmelden/")

    assert cookie["max-age"] == 30 * 24 * 3600
    assert cookie["httponly"]
    assert client.get("/werkvoorraad/").status_code == 302
    assert type_password(client, world.coach.user.email)["Location"] == "/"


def test_this_computer_is_asked_again_after_thirty_days(world, client):
    add_app(world.coach.user)
    type_password(client, world.coach.user.email)
    client.post(STEP, {"code": code(), "remember": "on"})
    client.post("/afmelden/")

    with time_machine.travel(time.time() + 31 * 24 * 3600, tick=False):
        assert type_password(client, world.coach.user.email)["Location"] == STEP


def test_secrets_are_stored_encrypted(world):
    from tests.accounts.people import SECRET

    add_app(world.coach.user)

    stored = "".join(str(data) for data in Authenticator.objects.values_list("data", flat=True))
    assert SECRET not in stored
    assert stored.count("gAAAA") == 2


@pytest.mark.parametrize("person", ["referrer", "assistant", "coach", "coordinator", "region_admin"])
def test_without_a_second_factor_there_is_no_way_to_people(world, client, person):
    membership: Membership = getattr(world, person)
    client.sign_in(membership, second_factor=False)

    answer = client.get(client.get("/")["Location"])

    assert answer["Location"] == "/account/tweede-stap-nodig/"
    assert "Eerst een tweede stap" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("person", ["core_team", "funder"])
def test_who_sees_figures_only_needs_no_second_factor(world, client, person):
    client.sign_in(getattr(world, person), second_factor=False)

    assert client.get("/", follow=True).status_code == 200


def test_codes_are_set_up_right_after_signing_in(world, client):
    type_password(client, world.coach.user.email)
    shown = client.get("/account/tweede-stap/app/").content.decode()
    secret = re.search(r'id="sleutel"[^>]*>([A-Z2-7 ]+)<', shown)[1].replace(" ", "")
    assert 'src="data:image/svg+xml;base64,' in shown

    answer = client.post("/account/tweede-stap/app/", {"code": code(secret)})

    assert answer["Location"] == "/account/tweede-stap/herstelcodes/"
    codes = client.get(answer["Location"]).content.decode()
    assert codes.count("<li><code>") == 10
    assert "data-print" in codes
    assert client.get("/werkvoorraad/").status_code == 200
    assert Effect.objects.filter(kind="sign_in_changed", recipient_user_id=world.coach.user_id).count() == 1


def test_after_setting_up_one_lands_on_the_page_asked_for(world, client):
    type_password(client, world.coach.user.email, next="/berichten/?na=")
    assert client.get("/berichten/?na=")["Location"] == "/account/tweede-stap-nodig/"
    shown = client.get("/account/tweede-stap/app/").content.decode()
    secret = re.search(r'id="sleutel"[^>]*>([A-Z2-7 ]+)<', shown)[1].replace(" ", "")

    client.post("/account/tweede-stap/app/", {"code": code(secret)})

    assert client.get("/")["Location"] == "/berichten/?na="
    assert client.get("/")["Location"] == "/werkvoorraad/"


def test_a_change_of_factor_asks_who_you_are_again(world, client):
    client.sign_in(world.coach)

    answer = client.get("/account/tweede-stap/app/")

    assert answer["Location"] == "/account/bevestigen/?next=%2Faccount%2Ftweede-stap%2Fapp%2F"
    page = client.get(answer["Location"])
    assert "Bevestig dat u het bent" in page.content.decode()
    wrong = client.post("/account/bevestigen/", {"password": "fout", "next": "/account/tweede-stap/app/"})
    assert wrong.status_code == 422


def test_taking_the_codes_away_asks_for_a_new_factor(world, client):
    add_app(world.coach.user)
    type_password(client, world.coach.user.email)
    client.post(STEP, {"code": code()})
    assert client.get("/werkvoorraad/").status_code == 200

    client.post("/account/tweede-stap/app/weghalen/")

    assert client.get("/werkvoorraad/")["Location"] == "/account/tweede-stap-nodig/"
    assert not Authenticator.objects.filter(user=world.coach.user).exists()


def test_new_recovery_codes_make_the_former_void(world, client):
    add_app(world.coach.user)
    before = recovery_code(world.coach.user)
    type_password(client, world.coach.user.email)
    client.post(STEP, {"code": code()})

    client.post("/account/tweede-stap/herstelcodes/nieuw/")

    assert recovery_code(world.coach.user) != before


def test_recovery_codes_as_a_file(world, client):
    add_app(world.coach.user)
    type_password(client, world.coach.user.email)
    client.post(STEP, {"code": code()})

    file = client.get("/account/tweede-stap/herstelcodes/bestand/")

    assert recovery_code(world.coach.user) in file.content.decode()
    assert file["Content-Type"].startswith("text/plain")
