"""The engine: a turn takes a part, tells it once, in its own region, and a person hears by mail once a day."""

import threading
import uuid

import pytest
from django.core import mail
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from tests import factories
from tests.conftest import clone_database, drop_database
from tests.factories import make_membership, make_organisation, make_referral
from tests.reminders.clock import at, turn
from wor.accounts.models import Membership, Role
from wor.inbox.views import WORDS, _line
from wor.outbox import relay, reminders, tasks
from wor.outbox.models import Effect, Notice, Reminder
from wor.outbox.services import notify
from wor.tenancy.context import current_region, open_region, set_region

K = Notice.Kind
DAY = "2026-11-10"
DUE = at(DAY, 7.75)
SENT = at("2026-10-12", 10)
CANARY = "Kanarievogel"


def accepted(world, **fields):
    """First contact was due on 26 October."""
    return make_referral(world, status="accepted", sent_at=SENT, **fields)


def mails_at(hour: float):
    relay.dispatch(now=at(DAY, hour))
    return mail.outbox


# --- Turns ------------------------------------------------------------------------------------------------------------


def test_a_second_run_tells_nothing_again(world):
    accepted(world)

    assert turn(world, DUE) == [(K.FIRST_CONTACT_DUE, world.coach.pk)]
    assert turn(world, DUE) == []
    assert Reminder.objects.filter(done_at=DUE).count() == 1


def test_a_turn_takes_a_part_and_the_next_ones_the_rest(world, monkeypatch):
    monkeypatch.setattr(reminders, "PER_TURN", 3)
    for _each in range(7):
        accepted(world)

    assert [len(turn(world, DUE)) for _each in range(4)] == [3, 3, 1, 0]


def test_what_fails_halfway_tells_nothing_and_is_told_later(world, monkeypatch):
    accepted(world)
    with monkeypatch.context() as broken:
        broken.setattr(reminders, "_queue_summaries", lambda *args: (_ for _ in ()).throw(DatabaseError))
        reminders.plan(world.region, now=DUE)
        with pytest.raises(DatabaseError):
            reminders.tell(world.region, now=DUE)

    assert (Notice.objects.count(), Reminder.objects.filter(done_at__isnull=False).count()) == (0, 0)
    assert turn(world, DUE) == [(K.FIRST_CONTACT_DUE, world.coach.pk)]


def test_what_was_done_in_the_meantime_is_not_told(world):
    referral = accepted(world)
    reminders.plan(world.region, now=DUE)
    type(referral).objects.update(first_contact_at=DUE)

    reminders.tell(world.region, now=DUE)
    assert Notice.objects.count() == 0
    assert Reminder.objects.get().cancelled_at == DUE


def test_another_region_stays_as_it_is(world, elsewhere):
    accepted(world)
    with open_region(elsewhere.region.pk):
        factories.make_referral(elsewhere, status="accepted", sent_at=SENT)

    turn(world, DUE)
    with open_region(elsewhere.region.pk):
        assert (Reminder.objects.count(), Notice.objects.count()) == (0, 0)


def test_the_tasks_go_through_every_region_and_leave_none_open(world, elsewhere, time_machine):
    accepted(world)
    with open_region(elsewhere.region.pk):
        factories.make_referral(elsewhere, status="accepted", sent_at=SENT)
    set_region(None)
    time_machine.move_to(DUE)

    tasks.plan_reminders()
    tasks.tell_reminders()

    assert current_region() is None
    for each in (world, elsewhere):
        with open_region(each.region.pk):
            assert Notice.objects.get().membership == each.coach


def test_what_goes_wrong_in_one_region_keeps_no_other_waiting(world, elsewhere, monkeypatch, capfd):
    accepted(world)
    tell = reminders.plan

    def broken(region, **more):
        if region == elsewhere.region:
            raise DatabaseError(CANARY)
        return tell(region, **more)

    monkeypatch.setattr(reminders, "plan", broken)
    assert reminders._everywhere(broken, DUE) == 1
    assert CANARY not in capfd.readouterr().err


def test_a_turn_with_nothing_to_do_asks_one_question(world, django_assert_num_queries):
    with django_assert_num_queries(3):  # and a savepoint around it
        reminders.tell(world.region, now=DUE)


# --- Mail -------------------------------------------------------------------------------------------------------------


def test_mail_says_once_a_day_that_something_waits(world):
    for _each in range(3):
        accepted(world)
    turn(world, DUE)
    assert mails_at(7.9) == []

    (sent,) = mails_at(8)
    assert sent.to == [world.coach.user.email]
    assert sent.subject == "Er wacht iets op je"
    assert f"/ga/{world.coach.reference}/?next=%2Fberichten%2F" in sent.body

    accepted(world)
    assert turn(world, at(DAY, 11))
    assert len(mails_at(11)) == 1


def test_mail_goes_to_a_person_once_whatever_their_roles(world):
    also = make_membership(world.welfare, Role.COORDINATOR, user=world.coach.user)
    Membership.objects.filter(pk=world.coordinator.pk).update(ended_at=timezone.now())
    make_referral(world, sent_at=SENT)
    assert {who for _kind, who in turn(world, DUE)} >= {world.coach.pk, also.pk}

    assert [each.to for each in mails_at(8) if each.to == [world.coach.user.email]] == [[world.coach.user.email]]


def test_mail_is_not_sent_when_it_was_read_before(world):
    accepted(world)
    turn(world, DUE)
    Notice.objects.update(read_at=DUE)

    assert mails_at(8) == []


def test_mail_to_the_practice_says_u_and_goes_to_its_contact_point(world):
    Membership.objects.filter(pk=world.assistant.pk).update(is_contact_point=True)
    make_referral(world, sent_at=SENT)
    told = turn(world, DUE)
    assert {(K.UNANSWERED, world.assistant.pk), (K.UNANSWERED, world.referrer.pk)} <= set(told)

    assert [each.subject for each in mails_at(8) if each.to == [world.assistant.user.email]] == ["Er wacht iets op u"]
    assert not [each for each in mail.outbox if each.to == [world.referrer.user.email]]


def test_mail_to_the_practice_goes_along_with_its_news_of_the_day(world, time_machine):
    time_machine.move_to(at("2026-11-09", 15))
    notify(K.FEEDBACK, make_referral(world, sent_at=SENT), [world.referrer], by=world.coach)
    time_machine.move_to(at(DAY, 8))
    turn(world, DUE)

    assert [each.subject for each in mails_at(8) if each.to == [world.referrer.user.email]] == [
        "Er staat iets voor u klaar"
    ]
    relay.dispatch(now=at(DAY, 8.1))
    assert len([each for each in mail.outbox if each.to == [world.referrer.user.email]]) == 1


def test_mail_in_doubt_is_not_sent_again_but_shown_to_the_administrator(world, monkeypatch):
    accepted(world)
    turn(world, DUE)
    with monkeypatch.context() as killed:
        killed.setattr(relay, "_hand_over", lambda *args: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            relay.dispatch(now=at(DAY, 8))

    assert mails_at(9) == []
    assert Effect.objects.get().failed_at
    assert Notice.objects.get(kind=K.FAILED).membership == world.region_admin


@pytest.mark.parametrize(("error", "sent_later"), [(ConnectionResetError, 0), (relay.ServerAwayError, 1)])
def test_mail_is_tried_again_only_when_it_surely_was_not_handed_over(world, monkeypatch, error, sent_later):
    accepted(world)
    turn(world, DUE)
    with monkeypatch.context() as away:
        away.setattr(relay, "_hand_over", lambda *args: (_ for _ in ()).throw(error))
        relay.dispatch(now=at(DAY, 8))

    assert len(mails_at(24 * 300)) == sent_later


def test_mail_and_log_hold_nothing_personal(world, capfd):
    client = factories.make_client(world.practice, given_name=CANARY, family_name=CANARY, phone="0687654321")
    practice = make_organisation(world.region, "practice", name=CANARY)
    referral = make_referral(world, sent_at=SENT, client=client, help_request=CANARY, practice=practice)
    turn(world, DUE)
    mails_at(8)

    assert mail.outbox
    for sent in mail.outbox:
        text = sent.message().as_string() + sent.body
        for canary in (CANARY, referral.number, str(referral.reference), "0687654321"):
            assert canary not in text
    assert CANARY not in capfd.readouterr().err


def test_the_inbox_says_it_to_each_reader_in_their_own_words(client, world):
    referral = make_referral(world, sent_at=SENT)
    turn(world, DUE)

    coach = client.sign_in(world.coach).get("/berichten/").content.decode()
    assert "Een verwijzing wacht op je antwoord" in coach
    assert str(referral.reference) in coach
    practice = client.sign_in(world.referrer).get("/berichten/").content.decode()
    assert "Uw verwijzing is nog niet aangenomen" in practice


# Who may hear of a kind, and the page on which they can do something about it.
READERS = {
    K.UNANSWERED: ("coach", "coordinator", "referrer"),
    K.QUESTION_WAITS: ("referrer",),
    K.DRAFT_WAITS: ("referrer",),
    K.CONFIRM_BY_PHONE: ("region_admin",),
}


def test_every_kind_has_words_and_leads_somewhere(world):
    for kind in reminders.registered():
        assert kind.notice in WORDS
        for who in READERS.get(K(kind.notice), ("coach", "coordinator")):
            assert _line(getattr(world, who), kind.notice, uuid.uuid4(), None, DUE)["url"], (kind, who)


# --- Two workers ------------------------------------------------------------------------------------------------------


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """A world in a database of its own, where transactions are real."""
    default = connections["default"]
    former = default.settings_dict["NAME"]
    name = f"{former}_turns"
    with django_db_blocker.unblock():
        clone_database(name)
        try:
            for alias in ("default", "owner"):
                connections[alias].close()
                connections[alias].settings_dict["NAME"] = name
            with transaction.atomic():
                world = factories.make_world("rivierenland")
                for _each in range(40):
                    accepted(world)
            yield world
        finally:
            for alias in ("default", "owner"):
                connections[alias].close()
                connections[alias].settings_dict["NAME"] = former
            drop_database(name)


def test_two_workers_at_once_tell_each_thing_once(committed, monkeypatch):
    monkeypatch.setattr(reminders, "PER_TURN", 10)
    for _each in range(4):
        reminders.plan_everywhere(now=DUE)
    together, failed = threading.Barrier(4), []

    def work():
        try:
            together.wait()
            for _each in range(6):
                reminders.tell_everywhere(now=DUE)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _each in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    with open_region(committed.region.pk):
        told = list(Notice.objects.values_list("subject_ref", flat=True))
        assert (len(told), len(set(told))) == (40, 40)
        assert Reminder.objects.filter(done_at__isnull=True).count() == 0
    assert Effect.objects.filter(kind=reminders.SUMMARY).count() == 1
    assert failed == []
