"""A thing to do gets another day, other words, or another owner."""

import datetime as dt
import uuid

import pytest

from coaches import services
from coaches.models import Action
from tests.coaches.parts import again, events, form, url
from tests.factories import make_referral

NEXT_WEEK = dt.date.today() + dt.timedelta(days=7)


@pytest.fixture
def action(world) -> Action:
    referral = make_referral(world, status="active")
    return services.add_action(referral, text="Bellen", due_on=dt.date.today(), key=uuid.uuid4(), by=world.coach)


def change(client, action, world, **fields):
    filled = {"text": "Koor bellen", "due_on": f"{NEXT_WEEK:%d-%m-%Y}", "owner": world.second_coach.reference}
    address = url("change_action", action.referral, action.reference)
    return client.send(address, form(**{**filled, "version": action.version, **fields}))


def test_change_action_keeps_what_was_typed_and_whose_it_is(client, world, action):
    assert change(client.sign_in(world.coach), action, world).status_code == 302

    action.refresh_from_db()
    assert (action.text, action.due_on, action.owner) == ("Koor bellen", NEXT_WEEK, world.second_coach)
    assert events(action.referral)[-1] == "action.changed"
    assert again(action.referral).attention_at.date() >= NEXT_WEEK - dt.timedelta(days=1)


def test_change_action_over_a_colleagues_change_is_refused(client, world, action):
    client.sign_in(world.coach)
    change(client, action, world)

    assert change(client, action, world, text="Iets anders").status_code == 409


def test_change_action_that_is_done_is_refused(client, world, action):
    services.complete_action(action, by=world.coach)
    action.refresh_from_db()

    assert change(client.sign_in(world.coach), action, world).status_code == 409


@pytest.mark.parametrize(("person", "status"), [("stranger_coach", 404), ("referrer", 403)])
def test_change_action_is_not_for_others(client, world, action, person, status):
    assert change(client.sign_in(getattr(world, person)), action, world).status_code == status


@pytest.mark.parametrize(
    ("days", "sentence"), [(-1, "Deze dag is al voorbij"), (3 * 366, "Deze dag is over meer dan twee jaar")]
)
def test_a_day_that_cannot_be_meant_is_refused(client, world, action, days, sentence):
    client.sign_in(world.coach)
    day = f"{dt.date.today() + dt.timedelta(days=days):%d-%m-%Y}"

    added = client.send(url("add_action", action.referral), form(text="Bellen", due_on=day))
    changed = change(client, action, world, due_on=day)

    for answer in (added, changed):
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_what_is_overdue_may_get_other_words(client, world, action):
    Action.objects.filter(pk=action.pk).update(due_on=dt.date.today() - dt.timedelta(days=3))
    day = f"{dt.date.today() - dt.timedelta(days=3):%d-%m-%Y}"

    assert change(client.sign_in(world.coach), action, world, due_on=day).status_code == 302
