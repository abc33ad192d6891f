"""What the practice asked waits on the coach's list until it was answered."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from coaches import queries, services
from referrals import terms
from referrals.models import Message, Status
from referrals.services import ask
from tests.coaches.parts import again, form, url
from tests.factories import make_client, make_referral
from wor.calendar import start_of, today

LATER = start_of(today() + dt.timedelta(days=40))


@pytest.fixture
def case(world):
    now = timezone.now()
    fields = {"feedback_at": now, "last_news_at": now, "attention_at": LATER}
    return make_referral(
        world, status="active", client=make_client(world.practice, family_name="Vraagstaart"), **fields
    )


def asked(world, referral, by=None) -> Message:
    return ask(referral, body="Hoe gaat het?", key=uuid.uuid4(), by=by or world.referrer)


def to_do(client, world) -> str:
    return client.sign_in(world.coach).get(reverse("worklist")).content.decode()


def test_question_is_to_do_at_once_with_its_reason(world, client, case):
    assert "Vraagstaart" not in to_do(client, world)

    asked(world, case)

    page = to_do(client, world)
    assert "Vraagstaart" in page
    assert "Vraag van de praktijk" in page
    assert "Vraag beantwoorden" in page
    assert "te laat" not in page
    assert queries.counts(queries.worked_by(world.coach), timezone.now())["te_doen"] == 1


def test_question_is_late_after_the_regions_term(world, case):
    asked(world, case)

    assert again(case).attention_at == start_of(terms.QUESTION.due_on(world.region, today()))


def test_answered_question_is_not_to_do(world, client, case):
    question = asked(world, case)

    client.sign_in(world.coach).send(url("answer", case, question.reference), form(body="Goed, dank u."))

    assert again(case).question_at is None
    assert again(case).attention_at > start_of(today() + dt.timedelta(days=30))
    assert "Vraagstaart" not in to_do(client, world)


def test_second_question_goes_on_waiting(world, case):
    first, second = asked(world, case), asked(world, case)

    services.answer(first, body="Goed.", key=uuid.uuid4(), by=world.coach)

    assert again(case).question_at == second.created_at


def test_question_of_the_coach_is_the_practices_to_do(world, case):
    asked(world, case, by=world.coach)

    assert again(case).question_at is None
    assert again(case).attention_at == LATER


def test_question_does_not_wait_for_the_end_of_a_pause(world):
    paused = make_referral(world, status="paused", paused_until=today() + dt.timedelta(days=40), attention_at=LATER)
    asked(world, paused)
    services.add_action(again(paused), text="Bellen", due_on=today(), key=uuid.uuid4(), by=world.coach)

    assert again(paused).attention_at == start_of(terms.QUESTION.due_on(world.region, today()))


def test_new_referral_with_a_question_is_taken_on_all_the_same(world, client):
    referral = make_referral(world, status=Status.SENT)
    asked(world, referral)

    page = to_do(client, world)

    assert "Vraag van de praktijk" in page
    assert url("accept", referral) in page
