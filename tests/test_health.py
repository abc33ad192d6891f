"""/healthz and /readyz: what they say when something is away, and what asking costs."""

import datetime as dt

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from tests.counting import sql_at_most
from wor import views
from wor.outbox.models import Heartbeat
from wor.outbox.services import beat
from wor.outbox.tasks import first_heartbeat


@pytest.fixture(autouse=True)
def broker(monkeypatch):
    """Whether the broker answers; ``asked`` counts how often it was asked."""
    told = {"answers": True, "asked": 0}

    def ask():
        told["asked"] += 1
        return told["answers"]

    monkeypatch.setattr(views, "_ask_broker", ask)
    monkeypatch.setattr(views, "_broker", {"answers": False, "ask_at": 0.0})
    return told


@pytest.fixture
def alive(db):
    for component in ("worker", "beat"):
        beat(component)


def test_readyz_is_200_when_every_part_answers(client, alive):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": True, "broker": True, "worker": True, "beat": True}


@pytest.mark.parametrize("component", ["worker", "beat"])
def test_readyz_names_who_was_silent_for_too_long(client, alive, component):
    beat(component, at=timezone.now() - dt.timedelta(minutes=1))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert [name for name, well in answer.json().items() if not well] == ["ready", component]


def test_readyz_says_that_the_broker_is_away(client, alive, broker):
    broker["answers"] = False

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["broker"] is False


def test_readyz_asks_the_broker_once_however_often_it_is_asked(client, alive, broker, monkeypatch):
    for _each in range(5):
        client.get("/readyz")
    assert broker["asked"] == 1

    views._broker["ask_at"] = 0.0  # some seconds later
    client.get("/readyz")
    assert broker["asked"] == 2


def test_readyz_asks_the_database_one_question(client, alive):
    with sql_at_most(1):
        client.get("/readyz")


def test_health_is_told_without_a_database(monkeypatch):
    """No test database here: whatever touches it fails."""

    def away(*_arguments):
        raise OperationalError("away")

    monkeypatch.setattr(Heartbeat.objects, "values_list", away)

    client = Client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": False, "broker": True, "worker": False, "beat": False}


def test_worker_shows_that_it_lives_as_soon_as_it_starts(db, monkeypatch):
    monkeypatch.setattr("wor.outbox.tasks.connection.close", lambda: None)  # the test's own

    first_heartbeat()

    assert Heartbeat.objects.get().component == "worker"


def test_broker_that_cannot_be_reached_is_away(monkeypatch, settings):
    monkeypatch.undo()
    monkeypatch.setattr("wor.celery.app.conf.broker_write_url", "redis+socket:///nowhere/valkey.sock")

    assert views._ask_broker() is False
