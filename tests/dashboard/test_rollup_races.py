"""A month is counted while somebody changes it: the change is in the count, or its mark is still there."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from dashboard import rollup
from dashboard.models import PracticeMonth
from referrals.models import Referral
from tests import factories
from tests.factories import make_referral
from wor.outbox.models import DirtyMonth
from wor.tenancy.context import open_region


@pytest.fixture
def referral(committed):
    with transaction.atomic():
        world = factories.make_world("rivierenland")
        return make_referral(world)


def note_z68(referral: Referral) -> None:
    Referral.objects.filter(pk=referral.pk).update(z68_noted_at=timezone.now())


def recount(referral: Referral) -> int:
    with open_region(referral.region_id):
        return rollup.recount(referral.region)


def in_thread(deed) -> threading.Thread:
    def run():
        deed()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def noted(referral: Referral) -> int:
    with open_region(referral.region_id):
        return PracticeMonth.objects.get(practice_id=referral.practice_id).z68_noted


def test_a_month_that_is_being_changed_is_left_for_the_next_turn(referral):
    counted: list[int] = []
    with open_region(referral.region_id):
        note_z68(referral)
        other = in_thread(lambda: counted.append(recount(referral)))
        other.join(timeout=10)

    assert counted == [0]
    assert recount(referral) == 1
    assert noted(referral) == 1


def test_a_change_during_the_count_is_marked_again(referral):
    def change():
        with open_region(referral.region_id):
            note_z68(referral)

    with open_region(referral.region_id):
        rollup.recount(referral.region)
        other = in_thread(change)
        while not waits_for_a_lock():
            time.sleep(0.01)
    other.join(timeout=10)

    assert noted(referral) == 0
    assert DirtyMonth.objects.filter(practice_id=referral.practice_id).count() == 1
    assert recount(referral) == 1
    assert noted(referral) == 1
