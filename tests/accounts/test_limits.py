"""The limits on guessing hold when many guesses arrive at the same moment, in as many processes as there are."""

import threading
from contextlib import contextmanager

import pytest
from allauth.core.internal import ratelimit
from django.db import connections, transaction
from django.test import Client

from tests import factories
from tests.accounts.people import type_password
from wor.audit.models import SignInEvent
from wor.tenancy.context import set_region

AT_ONCE = 16
ALLOWED = 10


@pytest.fixture
def world(committed):
    with transaction.atomic():
        return factories.make_world("rivierenland")


def guess_at_once(email: str) -> list[int]:
    """So many wrong passwords for one account, each from a place and on a connection of its own, begun together."""
    start, answers = threading.Barrier(AT_ONCE), [0] * AT_ONCE

    def guess(number):
        try:
            start.wait(10)
            answers[number] = type_password(Client(REMOTE_ADDR=f"192.0.2.{number}"), email, "verkeerd").status_code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess, args=[number]) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_guesses_at_once_stay_within_the_limit(world):
    answers = guess_at_once(world.coach.user.email)

    assert sorted(answers) == [422] * ALLOWED + [429] * (AT_ONCE - ALLOWED)
    with transaction.atomic():
        set_region(None)
        assert SignInEvent.objects.filter(outcome="failed").count() == ALLOWED


def test_without_the_lock_more_guesses_get_through(world, monkeypatch):
    """The race is real: the row that allauth locks in our cache table is what keeps the count."""

    @contextmanager
    def no_lock(cache_key):
        yield True

    monkeypatch.setattr(ratelimit, "cache_lock", no_lock)

    assert guess_at_once(world.second_coach.user.email).count(422) > ALLOWED
