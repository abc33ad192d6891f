"""What was typed in a coach's form and cannot be meant is said at the field, in one sentence that mends it."""

import datetime as dt

import pytest

from referrals.models import Status
from tests.coaches.parts import again, form, reason, url
from tests.factories import make_referral
from wor.calendar import today

LONG_AGO = today() - dt.timedelta(days=100)


def typed(day: dt.date) -> str:
    return f"{day:%d-%m-%Y}"


def errors(client, name, referral, **fields) -> dict:
    answer = client.send(url(name, referral), form(version=referral.version, **fields))
    assert answer.status_code == 422
    return answer.context["form"].errors


def test_contact_with_the_client_before_the_referral_is_refused(world, client):
    referral = make_referral(world, status=Status.ACCEPTED)
    client.sign_in(world.coach)
    fields = {"way": "phone", "result": "spoken", "held_on": typed(LONG_AGO)}

    assert list(errors(client, "log_contact", referral, kind="arrange", **fields)) == ["held_on"]
    assert client.send(url("log_contact", referral), form(kind="referrer", **fields)).status_code == 302


def test_first_talk_before_the_referral_is_refused(world, client):
    referral = make_referral(world, status=Status.ACCEPTED)
    client.sign_in(world.coach)

    refused = errors(client, "first_talk", referral, way="home", held_on=typed(LONG_AGO))

    assert list(refused) == ["held_on"]
    assert again(referral).first_talk_at is None


@pytest.mark.parametrize("days", [0, 200])
def test_pause_until_a_day_that_cannot_be_is_said_at_the_day(world, client, days):
    referral = make_referral(world, status=Status.ACTIVE)
    because = reason(world, "paused", "money").reference
    client.sign_in(world.coach)
    until = typed(today() + dt.timedelta(days=days))

    assert list(errors(client, "pause", referral, reason=because, until=until, sentence="Geld.")) == ["until"]


@pytest.mark.parametrize(("code", "answer"), [("money", 422), ("safety", 302)])
def test_pause_asks_a_sentence_but_for_safety(world, client, code, answer):
    referral = make_referral(world, status=Status.ACTIVE)
    because, until = reason(world, "paused", code).reference, typed(today() + dt.timedelta(days=20))
    client.sign_in(world.coach)

    sent = form(version=referral.version, reason=because, until=until, sentence="")

    assert client.send(url("pause", referral), sent).status_code == answer


def test_follow_up_on_a_day_that_went_by_is_said_at_the_day(world, client):
    referral = make_referral(world, status=Status.ACTIVE)
    client.sign_in(world.coach)

    assert list(errors(client, "follow_up", referral, on=typed(LONG_AGO))) == ["on"]


def test_transfer_without_a_yes_says_what_is_missing(world, client):
    referral = make_referral(world, status=Status.ACTIVE)
    client.sign_in(world.coach)

    refused = errors(client, "transfer", referral, given_on=typed(today() + dt.timedelta(days=2)))

    assert "toestemming" in refused["agreed"][0]
    assert refused["given_on"] == ["De datum van de toestemming ligt in de toekomst."]


def test_nobody_chosen_to_hand_over_to_asks_to_choose(world, client):
    referral = make_referral(world, status=Status.ACTIVE)
    client.sign_in(world.coach)

    assert errors(client, "name_coach", referral)["coach"] == ["Kies er een."]
