"""Signing in with a password: where one lands, what is written down, and what it never tells."""

from collections import Counter

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from tests.accounts.people import type_password
from tests.factories import PASSWORD, make_user
from wor.audit.models import AccessLogEntry, SignInEvent

LANDING = {
    "referrer": "/verwijzingen/nieuw/",
    "coach": "/werkvoorraad/",
    "coordinator": "/verdelen/",
    "region_admin": "/beheer/",
}


@pytest.mark.parametrize("person", LANDING)
def test_sign_in_lands_on_what_the_role_came_to_do(world, client, person):
    answer = type_password(client, getattr(world, person).user.email)

    assert answer["Location"] == "/"
    client.sign_in(getattr(world, person))
    assert client.get("/")["Location"].startswith(LANDING[person])


def test_sign_in_is_written_down_without_the_address(world, client):
    type_password(client, world.coach.user.email, "verkeerd")
    type_password(client, world.coach.user.email)

    rows = SignInEvent.objects.order_by("id").values_list("kind", "outcome", "user_id")
    assert list(rows) == [
        ("password", "failed", None),
        ("password", "ok", world.coach.user_id),
        ("signed-in", "ok", world.coach.user_id),
    ]
    hmacs = set(SignInEvent.objects.values_list("address_hmac", flat=True))
    assert len(hmacs) == 1
    assert len(hmacs.pop()) == 64
    assert AccessLogEntry.objects.get(kind="sign-in").user_id == world.coach.user_id


def test_sign_in_changes_the_session_key(world, client):
    client.get("/aanmelden/")
    session = client.session
    session["iets"] = 1
    session.save()
    client.cookies["sessie"] = session.session_key
    before = session.session_key

    type_password(client, world.coach.user.email)

    assert client.session.session_key != before


def test_sign_in_accepts_an_address_in_capitals_and_with_spaces(world, client):
    assert type_password(client, f"  {world.coach.user.email.upper()} ").status_code == 302


def test_sign_in_answers_the_same_for_known_and_unknown_addresses(world, client):
    known = type_password(client, world.coach.user.email, "verkeerd")
    unknown = type_password(client, "niemand@test.example", "verkeerd")

    assert known.status_code == unknown.status_code == 422
    shown = known.content.decode().replace(world.coach.user.email, "ADRES")
    assert _without_tokens(shown) == _without_tokens(unknown.content.decode().replace("niemand@test.example", "ADRES"))


def _without_tokens(text: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


@pytest.mark.parametrize("email", ["bekend@test.example", "onbekend@test.example", "gesloten@test.example"])
def test_sign_in_makes_one_hash_for_every_address(world, client, settings, monkeypatch, email):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    make_user(email="bekend@test.example")
    make_user(email="gesloten@test.example", is_active=False)
    hashes = Counter()
    for method in ("encode", "verify"):
        monkeypatch.setattr(Argon2PasswordHasher, method, _counting(hashes, getattr(Argon2PasswordHasher, method)))

    type_password(client, email, "verkeerd")

    assert hashes.total() == 1


def _counting(hashes, method):
    def count(*args, **kwargs):
        hashes["made"] += 1
        return method(*args, **kwargs)

    return count


def test_sign_in_is_refused_to_a_closed_account(world, client):
    user = make_user(is_active=False)

    answer = type_password(client, user.email)

    assert answer["Location"] == "/aanmelden/niet-actief/"
    assert "Dit account is gesloten" in client.get(answer["Location"]).content.decode()
    assert "_auth_user_id" not in client.session


def test_sign_in_waits_after_ten_failures_on_one_address(world, client):
    for _try in range(10):
        assert type_password(client, world.coach.user.email, "verkeerd").status_code == 422

    answer = type_password(client, world.coach.user.email, PASSWORD)

    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "Even rustig aan" in answer.content.decode()
    assert SignInEvent.objects.filter(outcome="limited").count() == 1


def test_sign_in_waits_after_fifty_failures_from_one_place(world, client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": ""}
    answers = [type_password(client, f"niemand{number}@test.example", "x").status_code for number in range(51)]

    assert answers == [422] * 50 + [429]


def test_sign_in_that_succeeds_does_not_use_up_the_limit(world, client):
    for _try in range(12):
        assert type_password(client, world.coach.user.email).status_code == 302
        client.post("/afmelden/")


@pytest.mark.parametrize(
    ("target", "landed"),
    [
        ("/werkvoorraad/?status=nieuw", "/werkvoorraad/?status=nieuw"),
        ("https://elders.example/", "/"),
        ("//elders.example/", "/"),
        ("http://testserver/werkvoorraad/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\\elders.example", "/"),
    ],
)
def test_sign_in_goes_on_to_own_paths_only(world, client, target, landed):
    assert type_password(client, world.coach.user.email, next=target)["Location"] == landed


@pytest.mark.parametrize("text", ["", "a\x00b", "é" * 5000, "<script>", "💥@x.example", "a@b.example\n\nBcc: x"])
def test_sign_in_with_nonsense_says_so(world, client, text):
    assert type_password(client, text, text or "x").status_code == 422


def test_sign_in_page_offers_english(world, client):
    client.post("/taal/", {"language": "en", "next": "/aanmelden/"})

    assert '<html lang="en"' in client.get("/aanmelden/").content.decode()


def test_signing_up_does_not_exist(world, client):
    for path in ("/account/signup/", "/aanmelden/signup/", "/signup/", "/account/email/"):
        assert client.get(path).status_code == 404
