"""Forgetting and changing a password."""

import time

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.accounts.people import add_app, type_password
from tests.conftest import RegionKeepingClient
from tests.factories import PASSWORD, make_user
from wor.accounts.services import new_password_address
from wor.outbox.models import Effect

NEW = "een ander lang wachtwoord"


def forget(client, email):
    return client.post("/aanmelden/wachtwoord-vergeten/", {"email": email})


def path_of(user) -> str:
    user.refresh_from_db()
    return new_password_address(user).removeprefix("http://testserver")


def open_link(client, path):
    """The link leads to an address without the secret."""
    answer = client.get(path)
    return client.get(answer["Location"]) if answer.status_code == 302 else answer


def choose(client, path, password=NEW):
    target = client.get(path)["Location"]
    return client.post(target, {"password1": password})


def test_forgotten_password_answers_the_same_for_every_address(world, client):
    known, unknown = forget(client, world.coach.user.email), forget(client, "niemand@test.example")

    assert known["Location"] == unknown["Location"] == "/aanmelden/wachtwoord-vergeten/verstuurd/"
    assert list(Effect.objects.values_list("kind", "recipient_user_id")) == [
        ("password_forgotten", world.coach.user_id)
    ]


def test_forgotten_password_of_a_closed_account_sends_nothing(world, client):
    forget(client, make_user(is_active=False).email)

    assert not Effect.objects.exists()


def test_forgotten_password_waits_after_five_requests_for_one_address(world, client):
    answers = [forget(client, "iemand@test.example").status_code for _try in range(6)]

    assert answers == [302] * 5 + [429]


def test_new_password_works_and_the_old_one_does_not(world, client):
    user = world.coach.user

    answer = choose(client, path_of(user))

    assert answer["Location"] == "/aanmelden/nieuw-wachtwoord/klaar/"
    assert type_password(client, user.email, PASSWORD).status_code == 422
    assert type_password(client, user.email, NEW).status_code == 302
    assert Effect.objects.filter(kind="password_changed", recipient_user_id=user.pk).count() == 1


def test_new_password_link_works_once(world, client):
    path = path_of(world.coach.user)
    choose(client, path)

    assert "Deze link werkt niet meer" in client.get(path).content.decode()


def test_new_password_link_works_for_an_hour(world, client):
    path = path_of(world.coach.user)

    with time_machine.travel(time.time() + 61 * 60, tick=False):
        assert "Deze link werkt niet meer" in client.get(path).content.decode()


@pytest.mark.parametrize("key", ["1-x", "zzzzzzzzzzzzz-abc-def", "zzzzzzzzzzzzzzzzzzzz-abc-def", "0-" + "a" * 3000])
def test_new_password_link_that_is_nonsense_looks_the_same(world, client, key):
    answer = client.get(f"/aanmelden/nieuw-wachtwoord/{key}/")

    assert "Deze link werkt niet meer" in answer.content.decode()


def test_opening_the_link_changes_nothing(world, client):
    path = path_of(world.coach.user)
    for _scan in range(3):
        client.head(path)
        open_link(client, path)

    assert choose(client, path).status_code == 302


def test_new_password_does_not_skip_the_second_step(world, client):
    add_app(world.coach.user)
    choose(client, path_of(world.coach.user))

    assert type_password(client, world.coach.user.email, NEW)["Location"] == "/aanmelden/tweede-stap/"


def test_new_password_ends_every_session(world, client):
    elsewhere = RegionKeepingClient()
    type_password(elsewhere, world.funder.user.email)
    assert elsewhere.get("/account/").status_code == 200

    choose(client, path_of(world.funder.user))

    assert elsewhere.get("/account/").status_code == 302


@pytest.mark.parametrize("password", ["", "elf tekens.", "q1w2e3r4t5y6", "Qwerty123456"])
def test_new_password_is_long_and_not_common(world, client, password):
    answer = choose(client, path_of(world.coach.user), password)

    assert answer.status_code == 422
    assert "This password" not in answer.content.decode()


GUESSABLE = [
    *("wachtwoord123", "welkom123456", "qwerty123456", "Welkom2026!!", "W@chtw00rd2026!", "wachtwoordwachtwoord"),
    *("Zomer-Zomer-2026", "Rivierenland2026", "heideland!!!!", "jan.devries1", "devries123456", "Huisarts-2026"),
    *("123456789012", "aaaaaaaaaaaa", "121212121212", "abcdefghijkl", "p4ssw0rd!!!!"),
]


@pytest.mark.parametrize("password", GUESSABLE)
def test_new_password_that_everybody_thinks_of_is_refused_with_a_way_out(world, client, password):
    user = make_user(email="jan.devries@test.example", name="Jan de Vries")

    answer = choose(client, path_of(user), password)

    assert answer.status_code == 422
    assert "een zin van een paar woorden" in answer.content.decode()


@pytest.mark.parametrize(
    "password",
    ["Welkom-in-de-demo-1", "paars fietst zomer om", "jan koopt zes komkommers", "x7#Lq9!vRm2p", "908147326512"],
)
def test_new_password_with_a_known_word_among_others_is_taken(world, password):
    validate_password(password, make_user(email="jan.devries@test.example", name="Jan de Vries"))


def test_new_password_of_a_thousand_letters_is_judged_at_once(world):
    user = make_user(email="kok.kokk@test.example", name="Kok Kokk")
    began = time.perf_counter()

    with pytest.raises(ValidationError) as refused:
        validate_password("kok kokk " * 400 + "b", user)

    assert time.perf_counter() - began < 1
    assert [each.code for each in refused.value.error_list] == ["password_too_long"]


@pytest.mark.parametrize(("length", "status"), [(64, 302), (128, 302), (129, 422)])
def test_password_may_be_as_long_as_a_sentence(world, client, length, status):
    answer = choose(client, path_of(world.coach.user), ("paars fietst zomer om, " * 6)[:length])

    assert answer.status_code == status
    assert ("Dit wachtwoord heeft 129 tekens" in answer.content.decode()) is (status == 422)


def test_new_password_needs_no_odd_signs(world, client):
    assert choose(client, path_of(world.coach.user), "alleen maar kleine letters").status_code == 302


def test_changing_the_password_ends_the_other_sessions_only(world, client):
    elsewhere = RegionKeepingClient()
    for each in (client, elsewhere):
        type_password(each, world.funder.user.email)

    answer = client.post("/account/wachtwoord/", {"oldpassword": PASSWORD, "password1": NEW})

    assert answer.status_code == 302
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_changing_the_password_asks_for_the_old_one(world, client):
    type_password(client, world.funder.user.email)

    answer = client.post("/account/wachtwoord/", {"oldpassword": "fout", "password1": NEW})

    assert answer.status_code == 422
    assert "Dit is niet het huidige wachtwoord" in answer.content.decode()
