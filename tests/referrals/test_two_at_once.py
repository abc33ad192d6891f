"""Two people, or two clicks, at the same moment: on connections of their own, so that they really meet.

What they write is committed. It stands in a region of its own, where no other test looks.
"""

import datetime as dt
import threading
import uuid

import pytest
from django.db import connections

from referrals.models import Client, Message, Referral, ReferralDraft
from referrals.services import Screen, answer, ask, change_client, drafts, save_draft, send, sending
from tests.factories import make_referral, make_world
from wor.errors import DomainError, StaleError
from wor.tenancy.context import open_region
from wor.tenancy.models import Region


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """A world that other connections see."""
    with django_db_blocker.unblock():
        slug = f"tegelijk-{uuid.uuid4().hex[:8]}"
        region = Region.objects.using("owner").create(slug=slug, name=slug, is_fictional=True)
        with open_region(region.pk):
            world = make_world(slug)
        yield world
        with connections["owner"].cursor() as cursor:
            cursor.execute("DELETE FROM outbox_effect WHERE region_id = %s", [region.pk])
        connections.close_all()


def together(region_id: int, *deeds) -> list:
    """Do all deeds at once, each on its own connection; returns what each gave, or the error."""
    ready, outcome = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(index: int, deed) -> None:
        try:
            ready.wait(5)
            with open_region(region_id):
                outcome[index] = deed()
        except Exception as error:
            outcome[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, deed)) for index, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcome


def referring(world, key):
    born = dt.date(1956, 3, 12)
    person = {"given_name": "Jo", "family_name": "Vries", "birth_date": born, "postcode": "4001", "phone": "0612345678"}

    def deed():
        return send(
            key,
            person=person,
            cells=[world.cell],
            consent={"given_on": dt.date(2026, 11, 1)},
            help_request="Wil weer zingen.",
            by=world.referrer,
        ).pk

    return deed


def test_two_clicks_at_once_send_one_referral(committed):
    key = uuid.uuid4()

    outcome = together(committed.region.pk, *[referring(committed, key)] * 4)

    with open_region(committed.region.pk):
        sent = Referral.objects.get(key=key)
        assert outcome == [sent.pk] * 4
        assert Client.objects.count() == 1


def test_two_clicks_at_once_on_a_draft_send_one_referral(committed):
    key = uuid.uuid4()
    with open_region(committed.region.pk):
        save_draft(key, typed={"given_name": "Jo"}, by=committed.referrer)

    outcome = together(committed.region.pk, *[referring(committed, key)] * 3)

    assert len(set(outcome)) == 1
    assert isinstance(outcome[0], int)


def test_autosave_that_comes_in_while_it_is_sent_leaves_no_draft(committed, monkeypatch):
    """Sending looked for a draft, saw none and closed it; the save comes in before that is committed."""
    key, looked, saved = uuid.uuid4(), threading.Event(), threading.Event()

    def wait_for_the_save(*args):
        looked.set()
        saved.wait(0.4)  # in vain: it waits for the key
        return go_on(*args)

    def autosave():
        looked.wait(5)
        try:
            return save_draft(key, typed={"given_name": "Jo"}, by=committed.referrer)
        finally:
            saved.set()

    go_on = sending.ask_refresh  # what comes after closing the draft
    monkeypatch.setattr(sending, "ask_refresh", wait_for_the_save)

    sent, refused = together(committed.region.pk, referring(committed, key), autosave)

    assert (str(refused), type(sent)) == ("Deze verwijzing is al verstuurd.", int)
    with open_region(committed.region.pk):
        assert ReferralDraft.objects.get(key=key).sent_referral_id == sent


def test_sending_while_it_is_saved_takes_the_draft_along(committed, monkeypatch):
    """The other way round: the save is there first, and sending waits for it."""
    key, saving, sent = uuid.uuid4(), threading.Event(), threading.Event()

    def wait_for_the_sending(*args, **kwargs):
        saving.set()
        sent.wait(0.4)
        return once(*args, **kwargs)

    def sending_it():
        saving.wait(5)
        try:
            return referring(committed, key)()
        finally:
            sent.set()

    once = drafts.once
    monkeypatch.setattr(drafts, "once", wait_for_the_sending)

    together(
        committed.region.pk,
        lambda: save_draft(key, typed={"given_name": "Jo"}, by=committed.referrer),
        sending_it,
    )

    with open_region(committed.region.pk):
        assert ReferralDraft.objects.get(key=key).sent_referral == Referral.objects.get(key=key)


def test_two_colleagues_saving_one_draft_lose_nothing(committed):
    key = uuid.uuid4()
    with open_region(committed.region.pk):
        save_draft(key, typed={"discussed": "eerst"}, by=committed.referrer)

    def saving(by, text):
        return lambda: save_draft(key, typed={"discussed": text}, screen=Screen(version=1), by=by)[0].version

    outcome = together(
        committed.region.pk, saving(committed.referrer, "de een"), saving(committed.assistant, "de ander")
    )

    assert sorted(type(each).__name__ for each in outcome) == ["StaleError", "int"]
    with open_region(committed.region.pk):
        assert ReferralDraft.objects.get(key=key).version == 2


def test_two_colleagues_correcting_one_patient_lose_nothing(committed):
    with open_region(committed.region.pk):
        person = make_referral(committed).client

    def correcting(by, phone):
        return lambda: change_client(person, version=0, phone=phone, by=by).phone

    outcome = together(
        committed.region.pk, correcting(committed.referrer, "0611111111"), correcting(committed.assistant, "0622222222")
    )

    assert sum(isinstance(each, StaleError) for each in outcome) == 1


def test_two_colleagues_answering_one_question_give_one_answer(committed):
    with open_region(committed.region.pk):
        question = ask(make_referral(committed), body="Mag ik bellen?", key=uuid.uuid4(), by=committed.coach)

    def answering(by):
        return lambda: answer(question, body="Ja.", key=uuid.uuid4(), by=by).pk

    outcome = together(committed.region.pk, answering(committed.referrer), answering(committed.assistant))

    assert sum(isinstance(each, DomainError) for each in outcome) == 1
    with open_region(committed.region.pk):
        assert Message.objects.filter(answers=question).count() == 1
