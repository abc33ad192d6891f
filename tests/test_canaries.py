"""No word, name, birthday, phone number, postcode or address of a client leaves by a way that is not meant for it.

``test_bad_input`` walks every page and form with canaries in every personal field (canaries.py), and hears where one
comes out. Here: that each field has one, and what no form leads to.
"""

import inspect
import logging
import uuid

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect

from referrals.models import Client
from tests.canaries import LEAKS, Ear, beside, fill_in, leaks_in, models_of_clients, words_of
from tests.reminders.clock import at
from tests.test_bad_input import own_objects
from tests.test_logs import log  # noqa: F401  (a fixture)
from tests.test_sweeps_proven import install  # noqa: F401  (a fixture)
from wor.accounts.permissions import Permission, allow
from wor.celery import app
from wor.outbox import relay, reminders
from wor.outbox.models import Effect
from wor.outbox.tasks import dispatch_effects
from wor.tenancy.context import set_region


@pytest.fixture
def canaries(world):
    objects = own_objects(world)
    fill_in(world)
    return objects


def test_each_personal_field_has_a_canary(canaries):
    """A new one says here that somebody has to think of it."""
    without = []
    for model in models_of_clients():
        for field in words_of(model):
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT "{field.column}"::text FROM "{model._meta.db_table}"')
                if not any(LEAKS.search(text or "") for (text,) in cursor.fetchall()):
                    without.append(f"{model._meta.label}.{field.name}")
    assert without == []


def test_tasks_take_nothing_that_could_be_about_somebody():
    """A message of the broker is a task's name and what it takes: nothing, or numbers of regions."""
    app.loader.import_default_modules()
    takes = {
        name: str(inspect.signature(each.run)) for name, each in app.tasks.items() if not name.startswith("celery")
    }

    assert len(takes) > 5
    assert set(takes.values()) <= {"() -> None", "(region_ids: list[int] | None = None) -> None"}, takes


def test_reminders_and_their_mails_tell_nobody(world, canaries, log):  # noqa: F811
    """A year of what is late: everything that waits is told, and mailed."""
    for month in range(1, 12):
        now = at(f"2027-{month:02}-10")
        reminders.plan(world.region, now=now)
        reminders.tell(world.region, now=now)
        relay.dispatch(now=now)
        set_region(world.region.pk)

    told = "".join(str(each.message()) + each.subject + each.body for each in mail.outbox)
    assert len(mail.outbox) > 5
    assert leaks_in({"mail": told, "log": " ".join(log), **beside()}) == []


def names_client(kind: str):
    """A view that breaks with a client in the text of its error, as our own code, and PostgreSQL, would."""

    @allow(Permission.GUIDE)
    def view(request, reference):
        client = Client.objects.first()
        if kind == "ours":
            raise ValueError(f"{client.name} {client.phone} {client.birth_date}")
        with connection.cursor() as cursor:
            cursor.execute("SELECT family_name::int, %s FROM referrals_client", [client.phone])

    return view


@pytest.mark.parametrize(("kind", "status"), [("ours", 500), ("of the database", 409)])
def test_error_page_and_log_do_not_repeat_the_client(world, canaries, client, log, install, kind, status):  # noqa: F811
    address = install(names_client(kind))
    client.raise_request_exception = False
    client.sign_in(world.coach)

    answer = client.get(address.path(), {"zoek": "iets"})
    assert answer.status_code == status
    assert leaks_in({"page": answer.content.decode(), "log": " ".join(log)}) == []


def told(way: str, name: str) -> HttpResponse:
    """What a careless view would do with a client's name."""
    if way == "log":
        logging.getLogger("wor").warning(f"{name} is verhuisd")
    if way == "cache":
        cache.set("laatste", name)
    if way == "effect":
        Effect.objects.create(kind=name, subject_ref=uuid.uuid4())
    if way == "broker":
        dispatch_effects.apply_async(args=[name])
    answer = redirect(f"/?wie={name}") if way == "address" else HttpResponse(f'<a href="/?wie={name}">x</a>')
    if way != "link":
        answer.content = b""
    if way == "cookie":
        answer.set_cookie("wie", name)
    return answer


@pytest.mark.parametrize("way", ["log", "cache", "effect", "broker", "address", "link", "cookie"])
def test_ear_hears_a_careless_view(world, canaries, client, log, install, monkeypatch, way):  # noqa: F811
    address = install(allow(Permission.GUIDE)(lambda request, reference: told(way, Client.objects.first().family_name)))
    ear = Ear(log, monkeypatch)
    client.sign_in(world.coach)

    assert len(ear.leaks(client.send(address.path()), "post")) == 1
