"""A file with activities: which entry a line is about, what it would change, and changing all of it at once.

An entry is recognised by its code, or, where a line has none, by provider and name. A column that is not in the file
leaves its field alone; an empty cell empties it. Everything is read and written in sets: ten thousand lines are some
hundred statements.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from activities.columns import ACTIVITY_COLUMNS, Bad, Column, Lists, show
from activities.csv_files import Table
from activities.freshness import status_when_shown
from activities.importing import Line, bsn_columns, refused
from activities.index import reindex
from activities.models import Activity, ActivityCell, ActivityTheme, Import, ImportLine, Provider
from wor.accounts.models import Membership
from wor.audit.models import Event
from wor.calendar import today
from wor.forms import clean_text
from wor.tenancy.models import Region

BATCH = 500
LINKS = ("themes", "cells")
Outcome = ImportLine.Outcome


class ActivityFile:
    """The work of one file (see ``importing.Work``)."""

    columns: tuple[Column, ...] = ACTIVITY_COLUMNS

    def __init__(self, region: Region, table: Table, places: dict[int, Column]) -> None:
        self.region, self.places, self.width = region, places, len(table.heads)
        self.lists = Lists.of(region.pk)
        self.providers = {
            plain(name): (pk, name)
            for pk, name in Provider.objects.filter(region=region).order_by("id").values_list("pk", "name")
        }
        self._find_entries()
        # Of each entry that was looked at: the themes and cells it has.
        self.linked: dict[int, dict[str, set[int]]] = {}
        # The first line that is about each entry: what comes after it is there twice.
        self.first: dict[Any, int] = {}
        for number, cells in table.lines:
            for key in self._marks(self._cells(cells)):
                self.first.setdefault(key, number)

    def _find_entries(self) -> None:
        self.by_code: dict[str, int] = {}
        self.by_name: dict[tuple[str, str], list[tuple[int, bool]]] = {}
        rows = Activity.objects.filter(region=self.region).order_by("id")
        for pk, code, title, provider in rows.values_list("pk", "external_code", "title", "provider__name"):
            if code:
                self.by_code[code] = pk
            self.by_name.setdefault((plain(provider), plain(title)), []).append((pk, bool(code)))

    def _cells(self, cells: list[str]) -> dict[str, str]:
        """What a line has in each column that we know; a short line ends in empty cells."""
        return {column.name: cells[place] if place < len(cells) else "" for place, column in self.places.items()}

    def _entry(self, cell: dict[str, str]) -> list[int]:
        """Which entries this line may be about: one, none, or several of the same name."""
        code = one_line(cell.get("external_code", ""))
        if code in self.by_code:
            return [self.by_code[code]]
        same = self.by_name.get((plain(cell["provider"]), plain(cell["title"])), [])
        # An entry that has another code is another one.
        return [pk for pk, has_code in same if not (code and has_code)]

    def _marks(self, cell: dict[str, str]) -> list[Any]:
        """What a line leaves behind for those after it to see."""
        entry, code = self._entry(cell), one_line(cell.get("external_code", ""))
        if len(entry) == 1:
            return [("entry", entry[0])]
        name = (plain(cell["provider"]), plain(cell["title"]))
        return [("any", *name), ("code", code) if code else ("bare", *name)]

    def _twin(self, number: int, cell: dict[str, str]) -> int | None:
        """The line before this one that is about the same. Two codes may share a name; a line without code may not."""
        marks = self._marks(cell)
        if marks[-1][0] == "code":
            marks = [marks[-1], ("bare", *marks[0][1:])]
        earlier = [self.first[mark] for mark in marks if self.first.get(mark, number) < number]
        return min(earlier, default=None)

    # Looking

    def check(self, lines: Sequence[tuple[int, list[str]]], *, lock: bool = False) -> list[Line]:
        """What these lines would do. With ``lock`` nobody changes the entries until the transaction ends."""
        wanted = {pk for _number, cells in lines for pk in self._entry(self._cells(cells))}
        rows = Activity.objects.filter(region=self.region, pk__in=wanted).order_by("id")
        if lock:
            rows = rows.select_for_update(of=("self",))
        entries = {each.pk: each for each in rows.select_related("provider", "district")}
        themes = links_of(ActivityTheme, "theme_id", entries)
        cells_of = links_of(ActivityCell, "cell_id", entries)
        for pk in entries:
            self.linked[pk] = {"themes": themes.get(pk, set()), "cells": cells_of.get(pk, set())}
        return [self._line(number, cells, entries) for number, cells in lines]

    def _line(self, number: int, cells: list[str], entries: dict[int, Activity]) -> Line:
        cell = self._cells(cells)
        facts, reasons = self._read(cell)
        for name in bsn_columns(cells, self.places):
            reasons = [each for each in reasons if each["column"] != name] + [{"column": name, "reason": "bsn"}]
        if any(extra.strip() for extra in cells[self.width :]):
            reasons.append({"column": "", "reason": "too_many_cells"})
        twin, found = self._twin(number, cell), self._entry(cell)
        if twin and not reasons:
            reasons.append({"column": "title", "reason": "double", "line": twin})
        if len(found) > 1 and not reasons:
            reasons.append({"column": "title", "reason": "ambiguous"})
        about = {"title": one_line(cell["title"])[:120], "provider": one_line(cell["provider"])[:120]}
        if reasons:
            return refused(number, reasons, about, cell)
        if plain(facts["provider"]) not in self.providers:
            about["new_provider"] = "1"
        if not found:
            return Line(number, Outcome.NEW, values=about, facts=facts)
        return self._compare(number, entries[found[0]], facts, about)

    def _read(self, cell: dict[str, str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The values of a line, and every reason why it cannot be used."""
        facts: dict[str, Any] = {}
        reasons: list[dict[str, Any]] = []
        for column in self.places.values():
            try:
                facts[column.name] = column.read(cell[column.name], self.lists)
            except Bad as bad:
                reasons.append({"column": column.name, "reason": bad.reason, **bad.details})
                continue
            if column.required and not facts[column.name]:
                reasons.append({"column": column.name, "reason": "empty"})
        starts, ends = facts.get("starts_on"), facts.get("ends_on")
        if ends and ends < today():
            reasons.append({"column": "ends_on", "reason": "over"})
        elif starts and ends and ends < starts:
            reasons.append({"column": "ends_on", "reason": "order"})
        return facts, reasons

    def _compare(self, number: int, entry: Activity, facts: dict[str, Any], about: dict[str, str]) -> Line:
        """Old and new of each field that would change."""
        old, new = {}, {}
        for name, value in facts.items():
            if name == "external_code" and not value:
                continue  # a line without a code takes none away
            before = self._now(entry, name)
            if name == "provider":
                differs = plain(before) != plain(value)
            elif name in LINKS:
                differs = self.linked[entry.pk][name] != {each.pk for each in value}
            else:
                differs = before != value
            if differs:
                old[name], new[name] = show(name, before), show(name, value)
        line = Line(number, Outcome.CHANGED if new else Outcome.SAME, [], dict(about), sorted(new), entry.pk, facts)
        if new:
            line.values |= {"old": old, "new": new}
        return line

    def _now(self, entry: Activity, name: str) -> Any:
        """What the field holds; of links the rows, as a cell would name them."""
        if name == "provider":
            return entry.provider.name
        if name == "external_code":
            return entry.external_code or ""
        if name in LINKS:
            known = {each.pk: each for each in getattr(self.lists, name).values()}
            return [known[pk] for pk in sorted(self.linked[entry.pk][name]) if pk in known]
        return getattr(entry, name)

    # Applying

    def apply(self, lines: list[Line], source: Import, by: Membership, now: dt.datetime) -> dict[str, int]:
        """Write all of it: providers, entries, what they are linked to, what happened, and the index."""
        made_providers = self._add_providers(lines)
        added = self._add(lines, source, now)
        changed = self._change(lines)
        self._link(lines, {**added, **changed})
        happened: list[tuple[str, Any]] = [("provider.created", each) for each in made_providers]
        happened += [("activity.created", each) for each in added.values()]
        happened += [("activity.published", each) for each in added.values() if source.publishes]
        happened += [("activity.changed", each) for each in changed.values()]
        Event.objects.bulk_create([_event(name, row, by, now) for name, row in happened], batch_size=BATCH)
        keys = [each.pk for each in (*added.values(), *changed.values())]
        for begin in range(0, len(keys), BATCH):
            reindex(self.region.pk, keys[begin : begin + BATCH])
        return {"new": len(added), "changed": len(changed), "providers": len(made_providers)}

    def _add_providers(self, lines: list[Line]) -> list[Provider]:
        names = {plain(line.facts["provider"]): line.facts["provider"] for line in reversed(lines)}
        made = [
            Provider(region=self.region, name=name, key=uuid.uuid5(uuid.NAMESPACE_OID, f"{self.region.pk}:{folded}"))
            for folded, name in names.items()
            if folded not in self.providers
        ]
        Provider.objects.bulk_create(made, batch_size=BATCH)
        self.providers |= {plain(each.name): (each.pk, each.name) for each in made}
        return made

    def _add(self, lines: list[Line], source: Import, now: dt.datetime) -> dict[int, Activity]:
        """New entries by the number of their line: concepts, or to be found at once with the warning."""
        made = {}
        for line in lines:
            if line.outcome != Outcome.NEW:
                continue
            # The key says which line of which file it was: applying twice could never make two.
            entry = Activity(region=self.region, key=uuid.uuid5(source.key, str(line.number)))
            self._fill(entry, line.facts)
            if source.publishes:
                entry.become(status_when_shown(self.region, entry, now))
            made[line.number] = entry
        Activity.objects.bulk_create(made.values(), batch_size=BATCH)
        return made

    def _change(self, lines: list[Line]) -> dict[int, Activity]:
        """The entries are held since ``check``."""
        changed = [line for line in lines if line.outcome == Outcome.CHANGED]
        entries = Activity.objects.in_bulk([line.activity_id for line in changed])
        rows = {}
        for line in changed:
            entry = entries[line.activity_id]
            self._fill(entry, {name: line.facts[name] for name in line.changed})
            entry.version += 1
            rows[line.number] = entry
        names = {name for line in changed for name in line.changed if name not in LINKS}
        if rows:
            Activity.objects.bulk_update(rows.values(), sorted({*names, "version"}), batch_size=BATCH)
        return rows

    def _fill(self, entry: Activity, facts: dict[str, Any]) -> None:
        for name, value in facts.items():
            if name == "provider":
                entry.provider_id = self.providers[plain(value)][0]
            elif name == "external_code":
                entry.external_code = value or None
            elif name not in LINKS:
                setattr(entry, name, value)

    def _link(self, lines: list[Line], rows: dict[int, Activity]) -> None:
        """Bring themes and cells up to date: what is no longer chosen goes, what is new comes."""
        tables: tuple[tuple[Any, str, str], ...] = (
            (ActivityTheme, "themes", "theme_id"),
            (ActivityCell, "cells", "cell_id"),
        )
        for model, name, column in tables:
            wanted = {
                rows[line.number].pk: {each.pk for each in line.facts[name]}
                for line in lines
                if name in line.facts and (line.outcome == Outcome.NEW or name in line.changed)
            }
            gone, has = [], set()
            for link in model.objects.filter(region=self.region, activity_id__in=wanted):
                chosen = getattr(link, column)
                has.add((link.activity_id, chosen))
                if chosen not in wanted[link.activity_id]:
                    gone.append(link.pk)
            model.objects.filter(pk__in=gone).delete()
            new = [(pk, each) for pk, chosen in wanted.items() for each in sorted(chosen) if (pk, each) not in has]
            model.objects.bulk_create(
                [model(region=self.region, activity_id=pk, **{column: each}) for pk, each in new], batch_size=BATCH
            )


def plain(text: str) -> str:
    """A name as it is compared: one line, without capitals."""
    return one_line(text).casefold()


def one_line(text: str) -> str:
    return " ".join(clean_text(text).split())


def links_of(model: Any, column: str, entries: dict[int, Activity]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for pk, other in model.objects.filter(activity_id__in=entries).values_list("activity_id", column):
        found.setdefault(pk, set()).add(other)
    return found


def _event(name: str, row: Any, by: Membership, now: dt.datetime) -> Event:
    return Event(
        region_id=row.region_id,
        at=now,
        name=name,
        subject_type=row._meta.model_name,
        subject_ref=row.reference,
        actor_membership_id=by.pk,
        actor_label=by.role_code,
        data={"by": "import"},
    )
