"""Two people at once, on connections of their own: who comes second never overwrites the first."""

import threading
import uuid

import pytest
from django.db import connections, transaction

from coaches import services
from coaches.models import Contact, Placement
from referrals import locking
from referrals.models import Feedback, Referral, Status
from tests import factories
from tests.coaches.placing import choir, make_placement
from tests.factories import make_reason, make_referral
from wor.audit.models import Event
from wor.errors import DomainError
from wor.tenancy.context import set_region


@pytest.fixture
def world(committed):
    with transaction.atomic():
        return factories.make_world("rivierenland")


def made(world, **fields) -> Referral:
    with transaction.atomic():
        set_region(world.region.pk)
        return make_referral(world, **fields)


def reason_of(world, *what):
    with transaction.atomic():
        set_region(world.region.pk)
        return make_reason(world.region, *what)


def at_once(world, *deeds) -> list:
    """Run each deed in a thread and transaction of its own, all begun together; what each gave or raised."""
    start, outcomes = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(number, deed):
        try:
            with transaction.atomic():
                set_region(world.region.pk)
                start.wait(10)
                outcomes[number] = deed()
        except Exception as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


def refused(outcomes) -> int:
    return sum(isinstance(each, DomainError) for each in outcomes)


def now(world, read):
    with transaction.atomic():
        set_region(world.region.pk)
        return read()


def accepted_by(world, referral):
    events = Event.objects.filter(referral_id=referral.pk, name="referral.accepted")
    return now(world, lambda: list(events.values_list("actor_membership_id", flat=True)))


def both_accept(world, referral) -> list:
    return at_once(
        world,
        lambda: services.accept(referral, by=world.coach),
        lambda: services.accept(referral, by=world.second_coach),
    )


def test_two_coaches_accept_and_one_is_told_so(world):
    referral = made(world)

    outcomes = both_accept(world, referral)

    assert refused(outcomes) == 1
    assert accepted_by(world, referral) == [now(world, lambda: Referral.objects.get(pk=referral.pk).coach_id)]


def test_without_the_lock_both_coaches_accept(world, monkeypatch):
    """The race is real: take the lock away, let both read before either writes, and one overwrites the other."""
    referral, both_read = made(world), threading.Barrier(2)

    def read_without_lock(referral, *, version=None, by=None):
        fresh = Referral.objects.get(pk=referral.pk)
        both_read.wait(10)
        return fresh

    monkeypatch.setattr("coaches.services.case.lock", read_without_lock)
    outcomes = both_accept(world, referral)

    assert refused(outcomes) == 0
    assert sorted(accepted_by(world, referral)) == sorted([world.coach.pk, world.second_coach.pk])


def test_lock_is_a_row_lock():
    """The service uses the same lock that the test above takes away."""
    assert services.case.lock is locking.lock


def test_same_contact_sent_eleven_times_at_once_is_one(world):
    referral, key = made(world, status=Status.ACCEPTED), uuid.uuid4()

    def log():
        return services.log_contact(
            referral, kind="arrange", way="phone", result="no_answer", key=key, by=world.coach
        ).pk

    outcomes = at_once(world, *[log] * 11)

    assert len(set(outcomes)) == 1
    assert now(world, lambda: Contact.objects.filter(referral=referral).count()) == 1


def test_two_contacts_at_once_both_count(world):
    """Each counts the attempts under the lock, so that neither forgets the other's."""
    referral = made(world, status=Status.ACCEPTED)

    def log(result):
        return services.log_contact(
            referral, kind="arrange", way="phone", result=result, key=uuid.uuid4(), by=world.coach
        )

    outcomes = at_once(world, lambda: log("no_answer"), lambda: log("voicemail"))

    assert refused(outcomes) == 0
    assert now(world, lambda: Contact.objects.filter(referral=referral).count()) == 2
    assert now(world, lambda: Referral.objects.get(pk=referral.pk).attempts) == 1


def test_close_and_pause_at_once_leave_one_of_them(world):
    referral = made(world, status=Status.ACTIVE)
    outcome, money = reason_of(world, "completed", "talks_enough"), reason_of(world, "paused", "money")
    soon = now(world, lambda: factories.timezone.localdate() + factories.dt.timedelta(days=20))

    outcomes = at_once(
        world,
        lambda: services.close(
            referral, reason=outcome, sentence="Genoeg.", key=uuid.uuid4(), version=0, by=world.coach
        ),
        lambda: services.pause(
            referral, reason=money, until=soon, sentence="Geld.", key=uuid.uuid4(), version=0, by=world.second_coach
        ),
    )

    assert refused(outcomes) == 1
    assert now(world, lambda: Feedback.objects.filter(referral=referral).count()) == 1


def test_same_closing_sent_twice_at_once_is_one(world):
    referral, key = made(world, status=Status.ACTIVE), uuid.uuid4()
    outcome = reason_of(world, "completed", "talks_enough")

    def close():
        return services.close(referral, reason=outcome, sentence="Genoeg.", key=key, version=0, by=world.coach).status

    outcomes = at_once(world, close, close)

    assert outcomes == [Status.COMPLETED, Status.COMPLETED]
    assert now(world, lambda: Feedback.objects.filter(referral=referral).count()) == 1


def placed(world, referral, status="started"):
    with transaction.atomic():
        set_region(world.region.pk)
        return make_placement(world, referral, status)


def moves_of(world, placement):
    events = Event.objects.filter(subject_ref=placement.reference)
    return now(world, lambda: list(events.values_list("name", flat=True)))


def both_change(world, placement) -> list:
    why = reason_of(world, "placement", "transport")
    return at_once(
        world,
        lambda: services.keep_going(placement, version=0, by=world.coach),
        lambda: services.stop(placement, reason=why, version=0, by=world.second_coach),
    )


def test_going_on_and_stopped_at_once_leave_one_of_them(world):
    placement = placed(world, made(world, status=Status.FOLLOW_UP))

    outcomes = both_change(world, placement)

    assert refused(outcomes) == 1
    assert len(moves_of(world, placement)) == 1


def test_without_the_lock_both_change_the_placement(world, monkeypatch):
    """The race is real: let both read before either writes, and one overwrites the other."""
    placement, both_read = placed(world, made(world, status=Status.FOLLOW_UP)), threading.Barrier(2)

    def read_without_lock(placement, *, by):
        fresh = Placement.objects.select_related("activity", "referral").get(pk=placement.pk)
        both_read.wait(10)
        return fresh.referral, fresh

    monkeypatch.setattr("coaches.services.placing._held", read_without_lock)
    outcomes = both_change(world, placement)

    assert refused(outcomes) == 0
    assert len(moves_of(world, placement)) == 2


def test_same_activity_proposed_eleven_times_at_once_is_one(world):
    referral, key = made(world, status=Status.ACTIVE), uuid.uuid4()
    with transaction.atomic():
        set_region(world.region.pk)
        activity = choir(world)

    def propose():
        return services.propose(referral, activity=activity, key=key, by=world.coach).pk

    outcomes = at_once(world, *[propose] * 11)

    assert len(set(outcomes)) == 1
    assert now(world, lambda: Placement.objects.filter(referral=referral).count()) == 1


def test_two_coaches_propose_the_same_at_once_and_it_is_one(world):
    referral = made(world, status=Status.ACTIVE)
    with transaction.atomic():
        set_region(world.region.pk)
        activity = choir(world)

    outcomes = at_once(
        world,
        lambda: services.propose(referral, activity=activity, key=uuid.uuid4(), by=world.coach).pk,
        lambda: services.propose(referral, activity=activity, key=uuid.uuid4(), by=world.second_coach).pk,
    )

    assert len(set(outcomes)) == 1
