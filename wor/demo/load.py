"""Fills an empty installation with two fictional regions. One transaction: all of it or nothing."""

import datetime as dt
import io
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from operator import attrgetter
from typing import Any

from django.db import connections, models, transaction
from django.utils import timezone

from coaches.capacity import refresh_region
from coaches.models import Action, Contact, Gap, Intake, Measurement, Placement
from dashboard.rollup import rebuild
from dashboard.tasks import close_periods, refresh_figures
from referrals.models import Client, Consent, Feedback, Message, Recusal, Referral, Transfer
from referrals.models.client import search_key
from wor.audit.models import AccessLogEntry, Event
from wor.calendar import local_day
from wor.demo import trail
from wor.demo.cases import Region as Cases
from wor.demo.directory import add_directory
from wor.demo.drafts import drafts
from wor.demo.life import Life
from wor.demo.placing import gaps, place
from wor.demo.regions import REGIONS
from wor.demo.setting import USING, Setting, add_municipalities, build
from wor.demo.waiting import told_before
from wor.outbox.models import Notice
from wor.tenancy.context import open_region
from wor.tenancy.models import Region, RegionModel

BATCH = 1000
LOCK = 4202  # two loads at once: the second waits and then finds the regions


def load(say: Callable[[str], None], now: dt.datetime | None = None) -> bool:
    """Load the demo unless there is a region already. Says what it does; True when it loaded.

    As the owner of the tables and past the policies: the regions do not exist before.
    """
    began, now = time.monotonic(), now or timezone.now()
    with transaction.atomic(using=USING):
        with connections[USING].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if Region.objects.using(USING).exists():
            say("Er staan al regio's in de database; er is niets veranderd.")
            return False
        add_municipalities()
        for plan in REGIONS:
            setting = build(plan, local_day(now))
            lives = Cases(setting, now).lives()
            activities = add_directory(setting, now)
            place(setting, lives)
            save(setting, lives, now)
            contacts = sum(len(life.contacts) for life in lives)
            say(f"{plan.name}: {len(lives)} verwijzingen en {contacts} contacten van verzonnen mensen")
            say(f"{plan.name}: {activities} verzonnen activiteiten op de sociale kaart")
    with connections[USING].cursor() as cursor:
        cursor.execute("ANALYZE")
    for region_id in Region.objects.using(USING).values_list("pk", flat=True):
        with transaction.atomic(), open_region(region_id):
            refresh_region(today=local_day(now))
        with open_region(region_id):
            rebuild(Region.objects.get(pk=region_id))
    refresh_figures()
    close_periods()
    say(f"Klaar in {time.monotonic() - began:.0f} seconden. Alles is fictief.")
    return True


def save(setting: Setting, lives: list[Life], now: dt.datetime) -> None:
    """Write all cases of a region, each table in one go, oldest first: lists sort by id."""
    clients = list({id(life.referral.client): life.referral.client for life in lives}.values())
    for client in clients:
        client.search_name = search_key(client.family_name, client.given_name)  # save() does this for one
    with given_times():
        _write(Client, clients)
        _write(Referral, [life.referral for life in lives])
        _write(Consent, _all(lives, "consents"))
        _write(Contact, sorted(_all(lives, "contacts"), key=attrgetter("at")))
        _write(Intake, _all(lives, "intakes"))
        _write(Action, _all(lives, "actions"))
        _write(Placement, sorted(_all(lives, "placements"), key=attrgetter("proposed_at")))
        _write(Measurement, _all(lives, "measurements"))
        _write(Gap, sorted(gaps(setting, lives, now), key=attrgetter("created_at")))
        _write(Feedback, sorted(_all(lives, "feedback"), key=attrgetter("sent_at")))
        messages = sorted(_all(lives, "messages"), key=attrgetter("created_at"))
        _write(Message, [each for each in messages if each.answers is None])
        _write(Message, [each for each in messages if each.answers is not None])
        _write(Recusal, _all(lives, "recusals"))
        _write(Transfer, _all(lives, "transfers"))
        for draft in drafts(setting, now):
            draft.save(using=USING)
        notices = _all(lives, "notices") + told_before(setting.region, now)
        _write(Notice, sorted(notices, key=attrgetter("created_at")))
    _copy(Event, trail.EVENT, trail.events(lives))
    _copy(AccessLogEntry, trail.ENTRY, trail.log(lives))


def _all(lives: list[Life], name: str) -> list[Any]:
    return list(chain.from_iterable(getattr(life, name) for life in lives))


def _write(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    model._default_manager.using(USING).bulk_create(rows, batch_size=BATCH)


def _copy(model: type[models.Model], columns: tuple[str, ...], rows: Iterable[tuple]) -> None:
    """Many plain rows at once."""
    lines = io.StringIO("".join("\t".join(map(_value, row)) + "\n" for row in rows))
    with connections[USING].cursor() as cursor:
        cursor.copy_expert(f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN", lines)


def _value(value: object) -> str:
    """A value as COPY reads it."""
    if value is None:
        return "\\N"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


@contextmanager
def given_times() -> Iterator[None]:
    """Keep the times that the story gives: else all of it would have been created at the moment of loading."""
    fields = [
        each
        for model in RegionModel.__subclasses__()
        for each in model._meta.local_fields
        if isinstance(each, models.DateTimeField) and (each.auto_now_add or each.auto_now)
    ]
    kept = [(each, each.auto_now_add, each.auto_now) for each in fields]
    try:
        for each in fields:
            each.auto_now_add = each.auto_now = False
        yield
    finally:
        for each, auto_now_add, auto_now in kept:
            each.auto_now_add, each.auto_now = auto_now_add, auto_now
