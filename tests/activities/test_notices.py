"""Who keeps the sociale kaart hears of what waits there, and no longer when a colleague did it."""

import uuid

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from activities import links, services
from activities.models import ActivityReport, ProviderAnswer, ProviderLink
from tests.activities.build import make_activity, make_provider
from tests.activities.test_import import TWO, apply, bring
from tests.activities.test_provider_link import filled, sent_path
from wor.calendar import next_working_hour
from wor.outbox import relay
from wor.outbox.models import Effect, Notice

pytestmark = pytest.mark.django_db
K = Notice.Kind
MOVED = {"answer": "changed", "place_name": "School"}


def told(*, unread: bool = True) -> set[tuple[str, str]]:
    """Who has which notice."""
    found = Notice.objects.filter(read_at__isnull=True) if unread else Notice.objects.all()
    return set(found.values_list("membership__role", "kind"))


def report(activity, by=None) -> ActivityReport:
    return services.report(activity, key=uuid.uuid4(), body="De tijd klopt niet.", by=by)


def inbox_link(client, membership) -> str:
    """Where the newest notice in somebody's inbox leads."""
    return client.sign_in(membership).get(reverse("notices")).context["lines"][0]["url"]


def test_report_tells_each_moderator_once(world, client):
    made = report(make_activity(world.region))

    assert told() == {("coordinator", K.ACTIVITY_REPORTED), ("region_admin", K.ACTIVITY_REPORTED)}
    assert Notice.objects.count() == 2
    assert inbox_link(client, world.region_admin) == reverse("handle_report", args=[made.reference])


def test_report_sent_twice_tells_once(world):
    activity, key = make_activity(world.region), uuid.uuid4()
    for _turn in range(2):
        services.report(activity, key=key, body="De tijd klopt niet.", by=world.coach)

    assert Notice.objects.count() == 2


def test_report_of_a_moderator_tells_the_others(world):
    report(make_activity(world.region), by=world.coordinator)

    assert told() == {("region_admin", K.ACTIVITY_REPORTED)}


def test_handled_report_waits_for_nobody(world, client):
    made = report(make_activity(world.region))
    client.sign_in(world.coordinator).send(reverse("handle_report", args=[made.reference]), {"outcome": "fine"})

    assert told() == set()
    answer = client.sign_in(world.region_admin).get(inbox_link(client, world.region_admin), follow=True)
    assert answer.redirect_chain == [(reverse("activity_reports"), 302)]
    assert "Een collega heeft deze melding al afgehandeld." in answer.content.decode()


def test_news_of_the_kaart_is_one_mail_in_the_morning(world):
    for _turn in range(3):
        report(make_activity(world.region), by=world.coordinator)
    (due,) = set(Effect.objects.values_list("not_before", flat=True))
    assert due == next_working_hour(timezone.now(), 8)

    relay.dispatch(now=due)

    assert [each.to for each in mail.outbox] == [[world.region_admin.user.email]]


def test_proposal_of_a_coach_tells_until_somebody_decides(world, client):
    facts = {"themes": [], "cells": [], "title": "Schaakclub", "schedule": "maandag 14.00"}
    services.add_activity(make_provider(world.region), key=uuid.uuid4(), **facts, by=world.coordinator)
    assert told() == set()

    made = services.add_activity(make_provider(world.region), key=uuid.uuid4(), **facts, by=world.coach)
    assert told() == {("coordinator", K.ACTIVITY_PROPOSED), ("region_admin", K.ACTIVITY_PROPOSED)}
    client.get(inbox_link(client, world.coordinator))
    assert told() == {("region_admin", K.ACTIVITY_PROPOSED)}
    services.publish(made, by=world.coordinator)
    assert told() == set()


def asked(world) -> str:
    provider = make_provider(world.region, email="zang@test.example")
    for title in ("Koor", "Band"):
        make_activity(world.region, title, provider=provider)
    links.ask(provider, key=uuid.uuid4(), by=world.coordinator)
    return sent_path()


def test_provider_that_changes_something_tells_the_moderators_once(world, client):
    path = asked(world)
    client.post(path, filled(client, path, Koor=MOVED, Band=MOVED))

    assert Notice.objects.count() == 2
    assert told() == {("coordinator", K.PROVIDER_ANSWERED), ("region_admin", K.PROVIDER_ANSWERED)}
    client.get(inbox_link(client, world.coordinator))
    assert told() == {("region_admin", K.PROVIDER_ANSWERED)}


def test_answers_that_are_looked_at_wait_for_nobody(world, client):
    path = asked(world)
    client.post(path, filled(client, path, Koor=MOVED, Band=MOVED))
    first, second = ProviderAnswer.objects.all()

    links.keep(first, by=world.coordinator)
    assert told() != set()
    links.keep(second, by=world.coordinator)
    assert told() == set()


def test_provider_for_whom_all_is_right_tells_nobody(world, client):
    path = asked(world)
    client.post(path, filled(client, path, Koor={"answer": "fine"}, Band={"answer": "fine"}))

    assert ProviderLink.objects.get().used_at is not None
    assert told() == set()


def test_file_that_is_looked_at_and_applied_tells_who_brought_it(world, client):
    found = bring(world, TWO)
    assert told() == {("coordinator", K.FILE_CHECKED)}
    assert client.get(inbox_link(client, world.coordinator)).status_code == 200
    assert told() == set()

    apply(world, found)
    assert told() == {("coordinator", K.FILE_APPLIED)}


def test_file_that_cannot_be_read_tells_who_brought_it(world):
    bring(world, "Onzin\n1\n")

    assert told() == {("coordinator", K.FILE_CHECKED)}
