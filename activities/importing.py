"""Bringing a file into the sociale kaart: uploaded, looked at line by line, seen by a moderator, and then applied.

A worker does the looking and the applying (``step``), a part at a time: each part is one transaction that holds the
import's row, and ``lines_done`` says how far it came. A worker that dies leaves a part undone; whoever comes next goes
on from there. Applying is one transaction: all of it or nothing. It looks at every line again first, and when the kaart
changed since the preview, nothing is applied and a new preview is made.

Importing confirms nothing (*gecontroleerd op*), and never takes anything off the kaart.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from activities import csv_files
from activities.columns import Column, find_columns
from activities.csv_files import Table, UnreadableError
from activities.import_words import problem_sentence
from activities.models import Import, ImportLine
from wor.accounts.models import Membership
from wor.audit.services import record
from wor.bsn import holds_bsn
from wor.errors import DomainError
from wor.fields import read_phone
from wor.outbox.models import Notice
from wor.outbox.services import notify
from wor.tenancy.models import Region, StoredFile

FILE_KIND = "import"
LINES_PER_TURN = 1_000
# So many turns may be begun and not ended before a file is put aside.
MOST_ATTEMPTS = 5
# Of a refused cell the page shows so much.
SHOWN_SIGNS = 80
PHONES = ("contact_phone",)

Status, Outcome = Import.Status, ImportLine.Outcome


@dataclass
class Line:
    """What one line of the file would do."""

    number: int
    outcome: str
    reasons: list[dict[str, Any]] = field(default_factory=list)
    # For the preview: what it is about, and old and new of each field that would change.
    values: dict[str, Any] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    activity_id: int | None = None
    # For applying: the values as the fields keep them. Never stored.
    facts: dict[str, Any] = field(default_factory=dict)

    def signature(self) -> tuple:
        """Two looks at a line that say the same have the same one."""
        old = self.values.get("old", {})
        return (self.outcome, self.activity_id, tuple(sorted(self.changed)), tuple(sorted(old.items())))


class Work(Protocol):
    """What a kind of file needs: its columns, a look at some lines, and applying all of them."""

    columns: tuple[Column, ...]

    def __init__(self, region: Region, table: Table, places: dict[int, Column]) -> None: ...

    def check(self, lines: Sequence[tuple[int, list[str]]], *, lock: bool = False) -> list[Line]: ...

    def apply(self, lines: list[Line], source: Import, by: Membership, now: dt.datetime) -> dict[str, int]: ...


def work_of(kind: str) -> type[Work]:
    """Which work a kind of file is."""
    from activities.activity_files import ActivityFile
    from activities.postcodes import PostcodeFile

    return PostcodeFile if kind == Import.Kind.POSTCODES else ActivityFile


# --- What a moderator does -------------------------------------------------------------------------------------------


@transaction.atomic
def upload(
    region: Region, *, kind: str, content: bytes, file_name: str, key: uuid.UUID, by: Membership, source_name: str = ""
) -> Import:
    """Keep a file to be looked at. The same key gives the same import. Raises DomainError (422) for what is no text."""
    known = Import.objects.filter(region=region, key=key).first()
    if known is not None:
        return known
    try:
        csv_files.sniff(content)
    except UnreadableError as error:
        raise DomainError(problem_sentence(error.code), status=422) from None
    file = StoredFile.objects.create(
        region=region,
        kind=FILE_KIND,
        sha256=hashlib.sha256(content).hexdigest(),
        content_type="text/csv",
        size=len(content),
        content=content,
    )
    name = "" if holds_bsn(file_name) else file_name[-120:]
    made = Import.objects.create(
        region=region, kind=kind, file=file, file_name=name, source_name=source_name, by=by, key=key
    )
    record("import.created", made, by=by, kind=kind)
    return made


@transaction.atomic
def ask_to_apply(found: Import, *, publishes: bool, leaves_out: bool, by: Membership) -> Import:
    """Somebody saw the preview: apply it. Refused lines are left out only when that is said."""
    found = _lock(found)
    if found.status in (Status.APPLYING, Status.APPLIED):
        raise DomainError(_("Dit bestand wordt al verwerkt of is al verwerkt."))
    found.become(Status.APPLYING)
    refused = ImportLine.objects.filter(source=found, outcome=Outcome.REFUSED).exists()
    if refused and not leaves_out:
        raise DomainError(_("Er zijn regels die niet kunnen. Laat ze weg, of verbeter eerst het bestand."), status=422)
    if not ImportLine.objects.filter(source=found, outcome__in=[Outcome.NEW, Outcome.CHANGED]).exists():
        raise DomainError(_("In dit bestand staat niets nieuws. Er is niets te verwerken."))
    found.asked_at, found.asked_by = timezone.now(), by
    found.publishes, found.leaves_out, found.problem = publishes, leaves_out, ""
    found.attempts = 0
    found.save()
    record("import.asked", found, by=by)
    return found


@transaction.atomic
def cancel(found: Import, *, by: Membership) -> Import:
    """It does not go on: nothing of what the file held stays."""
    found = _lock(found)
    if found.status == Status.CANCELLED:
        return found
    found.become(Status.CANCELLED)
    found.save()
    ImportLine.objects.filter(source=found).delete()
    StoredFile.objects.filter(pk=found.file_id).update(content=b"", size=0, sha256="")
    record("import.cancelled", found, by=by)
    return found


def _lock(found: Import) -> Import:
    return Import.objects.select_for_update(of=("self",)).get(pk=found.pk)


# --- What the worker does ---------------------------------------------------------------------------------------------


def step(region: Region, begun: int, now: dt.datetime) -> bool:
    """One part of this import, in the open region. False when a colleague has it, or nothing is left to do."""
    with transaction.atomic(), translation.override("nl"):
        found = Import.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=begun).first()
        if found is None or not found.is_busy:
            return False
        try:
            (_check_part if found.status == Status.WAITING else _apply)(region, found, now)
        except UnreadableError as error:
            found.problem = error.code
            _back(found, Status.UNREADABLE if found.status == Status.WAITING else Status.CHECKED)
        found.attempts = 0
        found.save()
        _tell(found)
    return True


def _tell(found: Import) -> None:
    """Whoever it waits for, once nothing is left for the worker. On the page itself it is read at once."""
    if found.status == Status.APPLIED:
        notify(Notice.Kind.FILE_APPLIED, found, [found.applied_by])
    elif not found.is_busy:
        notify(Notice.Kind.FILE_CHECKED, found, Membership.objects.active().filter(pk=found.by_id or 0))


@transaction.atomic
def begin() -> int | None:
    """The oldest import that waits in the open region. That it was begun is committed before anything is done, so that
    what takes the worker down is not begun for ever."""
    busy = Import.objects.filter(status__in=[Status.WAITING, Status.APPLYING]).order_by("id")
    found = busy.select_for_update(skip_locked=True, of=("self",)).first()
    if found is None:
        return None
    found.attempts += 1
    if found.attempts > MOST_ATTEMPTS:
        found.problem, found.attempts = "gave_up", 0
        _back(found, Status.UNREADABLE if found.status == Status.WAITING else Status.CHECKED)
        found.save()
        _tell(found)
        return None
    found.save(update_fields=["attempts"])
    return found.pk


def _back(found: Import, status: str) -> None:
    found.become(status)
    found.asked_at, found.asked_by = None, None


def _open(region: Region, found: Import) -> tuple[Table, Work, list[str]]:
    """The file, its work, and the heads that mean nothing. Raises UnreadableError."""
    work = work_of(found.kind)
    known = set().union(*(column.accepts() for column in work.columns))
    content = StoredFile.objects.only("content").get(pk=found.file_id).content
    table = csv_files.read(bytes(content), known)
    places, unknown, twice = find_columns(table.heads, work.columns)
    if twice:
        raise UnreadableError(f"twice:{twice[0]}"[:40])
    lacking = [each.name for each in work.columns if each.required and each not in places.values()]
    if lacking:
        raise UnreadableError(f"columns:{','.join(lacking)}"[:40])
    return table, work(region, table, places), unknown


def _check_part(region: Region, found: Import, now: dt.datetime) -> None:
    """Look at the next thousand lines and write down what they would do."""
    table, work, unknown = _open(region, found)
    found.encoding, found.delimiter, found.lines_total = table.encoding, table.delimiter, len(table.lines)
    found.unknown_heads = [head[:60] for head in unknown[:20]]
    begin = min(found.lines_done, len(table.lines))
    part = work.check(table.lines[begin : begin + LINES_PER_TURN])
    rows = [
        ImportLine(
            region_id=found.region_id,
            source=found,
            number=line.number,
            outcome=line.outcome,
            reasons=line.reasons,
            values=line.values,
            changed_fields=line.changed,
            activity_id=line.activity_id,
        )
        for line in part
    ]
    ImportLine.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["region", "source", "number"],
        update_fields=["outcome", "reasons", "values", "changed_fields", "activity"],
    )
    found.lines_done = begin + len(part)
    if found.lines_done >= found.lines_total:
        found.become(Status.CHECKED)
        record("import.checked", found, at=now, count=found.lines_total)


def _apply(region: Region, found: Import, now: dt.datetime) -> None:
    """All of it, or nothing: an error rolls back, and what differs from the preview makes a new one."""
    table, work, _unknown = _open(region, found)
    lines = work.check(table.lines, lock=True)
    seen = {each.number: each for each in ImportLine.objects.filter(source=found)}
    if any(_differs(line, seen.get(line.number)) for line in lines) or len(seen) != len(lines):
        found.problem, found.lines_done = "changed_meanwhile", 0
        _back(found, Status.WAITING)
        return
    by = Membership.objects.select_related("region").get(pk=found.asked_by_id or 0)
    counts = work.apply([line for line in lines if line.outcome in (Outcome.NEW, Outcome.CHANGED)], found, by, now)
    found.become(Status.APPLIED)
    found.applied_at, found.applied_by = now, by
    record("import.applied", found, by=by, at=now, **counts)


def _differs(line: Line, shown: ImportLine | None) -> bool:
    if shown is None:
        return True
    said = Line(shown.number, shown.outcome, [], shown.values, shown.changed_fields, shown.activity_id)
    return said.signature() != line.signature()


# --- What every kind of line has in common ----------------------------------------------------------------------------


def refused(number: int, reasons: list[dict[str, Any]], about: dict[str, str], cells: dict[str, str]) -> Line:
    """A line that cannot be used; of each cell that is to blame the beginning, but never one with a BSN."""
    blamed = {each["column"] for each in reasons if each["reason"] not in ("bsn", "empty")}
    shown = {name: text[:SHOWN_SIGNS] for name, text in cells.items() if name in blamed and not holds_bsn(text)}
    about = {name: text for name, text in about.items() if not holds_bsn(text)}
    return Line(number, Outcome.REFUSED, reasons, {**about, "cells": shown})


def bsn_columns(cells: list[str], places: dict[int, Column]) -> list[str]:
    """The columns in which a BSN stands, columns that are left out too. A telephone number is none."""
    found = []
    for place, cell in enumerate(cells):
        column = places.get(place)
        if not holds_bsn(cell) or (column and column.name in PHONES and read_phone(cell.strip())):
            continue
        found.append(column.name if column else "")
    return found
