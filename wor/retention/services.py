"""Ending what has lasted long enough: daily, as the role ``wor_keeper``, a region at a time, in short turns.

No other role can change the history or the log, or take a case away (docs/decisions/0008).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils import timezone

from wor.audit.models import AccessLogEntry, Event
from wor.retention.models import Erasure, RetentionRun
from wor.retention.rules import KEEPER, Rule, Turn, rule, rules
from wor.tenancy.context import open_region
from wor.tenancy.models import Region

logger = structlog.get_logger(__name__)

NOT_BEFORE_HOUR = 3
# The worker's other work waits for nobody; what is left goes on at the next tick.
SECONDS_PER_TICK = 120.0
ERASED_KINDS = tuple(Erasure.Kind.values)


# --- The daily job ---------------------------------------------------------------------------------------------------


def tick(now: dt.datetime, *, seconds: float = SECONDS_PER_TICK) -> int:
    """Do what is due today and not done; how many regions were finished. Any number of ticks a day will do."""
    _check_keeper()
    deadline, today, finished = time.monotonic() + seconds, timezone.localdate(now), 0
    regions = list(Region.objects.all())
    random.shuffle(regions)
    for region in regions:
        if not _is_due(region, today, now):
            continue
        if not run_region(region, now, deadline=deadline):
            return finished
        finished += 1
    run_general(now, deadline=deadline)
    return finished


def _is_due(region: Region, today: dt.date, now: dt.datetime) -> bool:
    """At night; by day only when it never ran, so that a new region's page has something to show."""
    with open_region(region.pk):
        done = RetentionRun.objects.filter(region_id=region.pk, finished_at__isnull=False)
        last = done.order_by("-on").values_list("on", flat=True).first()
    return last is None or (last < today and timezone.localtime(now).hour >= NOT_BEFORE_HOUR)


def run_region(region: Region, now: dt.datetime, *, deadline: float = float("inf")) -> bool:
    """Run every rule in one region until nothing is left. False when the time was up before that."""
    _check_keeper()
    counts: dict[str, int] = {}
    is_done = all(_exhaust(each, region, now, counts, deadline) for each in rules(of_region=True))
    with _keeping(region):
        today = timezone.localdate(now)
        row, _made = RetentionRun.objects.using(KEEPER).get_or_create(region=region, on=today)
        for code, count in row.counts.items():
            counts[code] = counts.get(code, 0) + count
        row.counts, row.finished_at = counts, timezone.now() if is_done else None
        row.save(using=KEEPER, update_fields=["counts", "finished_at"])
        if is_done:
            _event(region, "retention.finished", row.reference, counts)
    logger.info("retention", region_id=region.pk, outcome="done" if is_done else "goes on", count=sum(counts.values()))
    return is_done


def run_general(now: dt.datetime, *, deadline: float = float("inf")) -> bool:
    """What belongs to no region."""
    return all(_exhaust(each, None, now, {}, deadline) for each in rules(of_region=False))


def _exhaust(each: Rule, region: Region | None, now: dt.datetime, counts: dict[str, int], deadline: float) -> bool:
    """Turn after turn, each in a transaction of its own."""
    while time.monotonic() < deadline:
        with _keeping(region):
            turn = each.turn(region, now, KEEPER)
            if region is not None and turn.count:
                _write_down(region, each.code, turn)
        if turn.count:
            counts[each.code] = counts.get(each.code, 0) + turn.count
        if turn.is_last:
            return True
    return False


def _write_down(region: Region, code: str, turn: Turn) -> None:
    """In the transaction of the erasure: the list of references, inside and outside the database, and the log."""
    for kind, references in turn.erased.items():
        Erasure.objects.using(KEEPER).bulk_create(
            Erasure(region=region, kind=kind, subject_ref=reference) for reference in references
        )
    _append_to_file(region, turn)
    clients = turn.erased.get(Erasure.Kind.CLIENT)
    AccessLogEntry.objects.using(KEEPER).create(
        region=region,
        at=timezone.now(),
        action=AccessLogEntry.Action.DELETE,
        kind=AccessLogEntry.Kind.CHANGE,
        role="system",
        purpose=f"retention.{code}"[:40],
        client_refs=clients,
        row_count=turn.count,
    )


def _append_to_file(region: Region, turn: Turn) -> None:
    if not settings.ERASURES_LIST or not turn.erased:
        return
    with open(settings.ERASURES_LIST, "a", encoding="utf-8") as file:
        for each in lines(region.slug, turn.erased, timezone.now()):
            file.write(each + "\n")
        file.flush()
        os.fsync(file.fileno())


def lines(slug: str, erased: dict[str, list], at: dt.datetime) -> Iterator[str]:
    """The list as text: one JSON object a line, references only."""
    for kind, references in erased.items():
        for reference in references:
            yield json.dumps({"at": at.isoformat(), "region": slug, "kind": kind, "reference": str(reference)})


def _event(region: Region, name: str, reference: uuid.UUID, data: dict[str, Any]) -> None:
    Event.objects.using(KEEPER).create(
        region=region, at=timezone.now(), name=name, subject_type="retentionrun", subject_ref=reference, data=data
    )


@contextmanager
def _keeping(region: Region | None) -> Iterator[None]:
    """One transaction as the keeper, with the region open and the history's own triggers asleep.

    The triggers refuse any change of old values, and would keep the values that are being erased.
    """
    with transaction.atomic(using=KEEPER), open_region(region.pk if region else None, using=KEEPER):
        with connections[KEEPER].cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pgtrigger.ignore', coalesce(array_agg(tgname)::text, '{}'), true)"
                " FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'pgtrigger%%'"
            )
        yield


def _check_keeper() -> None:
    try:
        connections[KEEPER]
    except Exception as error:
        raise ImproperlyConfigured("Wissen gaat met een eigen databaserol: geef DATABASE_KEEPER_URL op.") from error


# --- Looking ahead ---------------------------------------------------------------------------------------------------


def report(region: Region, now: dt.datetime) -> list[tuple[Rule, int]]:
    """What would go now, by kind. Reads only, as the application."""
    with open_region(region.pk):
        return [(each, each.count(region, now, DEFAULT_DB_ALIAS)) for each in rules(of_region=True)]


def general_report(now: dt.datetime) -> list[tuple[Rule, int]]:
    return [(each, each.count(None, now, DEFAULT_DB_ALIAS)) for each in rules(of_region=False)]


# --- After a restore -------------------------------------------------------------------------------------------------


def listed(region: Region) -> list[str]:
    """What was erased in a region, as lines of the list."""
    with open_region(region.pk):
        rows = Erasure.objects.filter(region_id=region.pk).order_by("id")
        return [each for row in rows.iterator() for each in lines(region.slug, {row.kind: [row.subject_ref]}, row.at)]


def replay(region: Region, erased: dict[str, list[uuid.UUID]]) -> dict[str, int]:
    """Erase again what a restore brought back; what is gone already stays gone. How many, by kind."""
    _check_keeper()
    counts: dict[str, int] = {}
    for kind, references in erased.items():
        with _keeping(region):
            turn = _erasers[kind](region, references, KEEPER)
            if turn.count:
                _write_down(region, f"replay_{kind}", turn)
            counts[kind] = turn.count
    return counts


def replay_accounts(now: dt.datetime) -> int:
    """After the last region: whose account goes again follows from the names that are gone again.

    So it stands on no list. A line in a region's list would tell that somebody works nowhere else.
    """
    counts: dict[str, int] = {}
    _exhaust(rule("accounts"), None, now, counts, float("inf"))
    return counts.get("accounts", 0)


_erasers: dict[str, Any] = {}


def erases(kind: str, eraser: Any) -> None:
    """An app says how it erases a kind by reference: ``eraser(region, references, using)`` gives a Turn."""
    _erasers[kind] = eraser


__all__ = [
    "ERASED_KINDS",
    "KEEPER",
    "erases",
    "listed",
    "replay",
    "replay_accounts",
    "report",
    "rule",
    "run_region",
    "tick",
]
