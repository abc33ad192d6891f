"""A region makes its lists its own: renames, adds, orders, takes out of use. Codes stay: figures count by them."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from activities.index import reindex_named_by
from activities.models import Problem, TargetCell, TargetGroup
from referrals.lists import OWN_REASONS, RegionList
from wor.accounts.models import Membership
from wor.audit.services import record
from wor.errors import DomainError, StaleError
from wor.region.services import RegionSubject
from wor.tenancy.models import Region
from wor.tenancy.versions import same_version, version_of

FIELDS = ("label", "position", "retired_at")
CELL_FIELDS = ("keywords", "often_fits", "what_follows", "position", "retired_at")


def item_version(item) -> int:
    """What a form carries, so that a colleague's change is not overwritten."""
    return version_of(item, CELL_FIELDS if isinstance(item, TargetCell) else FIELDS)


@transaction.atomic
def add_item(which: RegionList, *, label: str, by: Membership) -> Any:
    """A new choice at the end of the list. Its code is made of the label, and never changes after that."""
    _lock(by)
    rows = list(which.rows())
    if any(row.label.casefold() == label.casefold() for row in rows):
        raise DomainError(_("Dit staat al in de lijst, misschien bij wat niet meer gebruikt wordt."), status=422)
    item = which.model.objects.create(
        region_id=by.region_id,
        code=_new_code(label, {row.code for row in rows}),
        label=label,
        position=_last(rows) + 1,
        **({"kind": which.kind} if which.kind else {}),
    )
    record("list_item.added", item, by=by, list=which.slug, code=item.code)
    return item


@transaction.atomic
def add_cell(
    which: RegionList, *, target_group: TargetGroup, problem: Problem, by: Membership, **words: Any
) -> TargetCell:
    """Put a problem with a target group on the map. One that was kept off it before comes back with its referrals."""
    _lock(by)
    cell = TargetCell.objects.filter(target_group=target_group, problem=problem).first()
    if cell is not None and (cell.retired_at is None or cell.position):
        raise DomainError(_("Dit vakje is er al, misschien bij wat niet meer gebruikt wordt."), status=422)
    cell = cell or TargetCell(region_id=by.region_id, target_group=target_group, problem=problem)
    cell.retired_at, cell.position = None, _last(which.rows()) + 1
    for name, text in words.items():
        setattr(cell, name, text)
    cell.save()
    record("list_item.added", cell, by=by, list=which.slug)
    return cell


@transaction.atomic
def change_item(which: RegionList, item, *, place: int, version: int, by: Membership, **facts: Any) -> None:
    """Another label (or a cell's words), another place in the list. What refers to it keeps doing so."""
    item = _current(which, item, version, by)
    for name, text in facts.items():
        setattr(item, name, text)
    item.save(update_fields=list(facts))
    _put(which, item, place)
    if not which.kind:
        reindex_named_by(item)
    record("list_item.changed", item, by=by, list=which.slug)


@transaction.atomic
def retire_item(which: RegionList, item, *, version: int, by: Membership) -> None:
    """Nobody can choose it any more; what chose it before still shows it."""
    item = _current(which, item, version, by)
    if which.kind and item.code in OWN_REASONS:
        raise DomainError(_("Deze reden geeft de toepassing zelf. Een andere naam geven kan wel."))
    if not which.rows().filter(retired_at__isnull=True).exclude(pk=item.pk).exists():
        raise DomainError(_("Dit is de laatste keuze van de lijst. Voeg eerst een andere toe."))
    if item.retired_at is None:
        # A cell without a place is one that was never on the map (see RegionList.rows).
        item.retired_at, item.position = timezone.now(), item.position or 1
        item.save(update_fields=["retired_at", "position"])
        record("list_item.retired", item, by=by, list=which.slug)


@transaction.atomic
def restore_item(which: RegionList, item, *, by: Membership) -> None:
    """Take it into use again."""
    _lock(by)
    item = which.rows().get(pk=item.pk)
    if item.retired_at is not None:
        item.retired_at = None
        item.save(update_fields=["retired_at"])
        record("list_item.restored", item, by=by, list=which.slug)


@transaction.atomic
def adopt(which: RegionList, *, by: Membership) -> int:
    """The region says: this list is ours. Only this act takes the word *voorbeeld* away. How many rows it was."""
    region = _lock(by)
    pks = [row.pk for row in which.rows() if row.is_example]
    which.model.objects.filter(pk__in=pks).update(is_example=False)
    if pks:
        record("list.adopted", RegionSubject(region), by=by, list=which.slug)
    return len(pks)


def _lock(by: Membership) -> Region:
    """One administrator at a time: places and codes depend on all rows."""
    return Region.objects.select_for_update().get(pk=by.region_id)


def _current(which: RegionList, item, version: int, by: Membership):
    _lock(by)
    item = which.rows().get(pk=item.pk)
    if not same_version(item, CELL_FIELDS if which.is_map else FIELDS, version):
        raise StaleError
    return item


def _put(which: RegionList, item, place: int) -> None:
    """Renumber what is in use with this one at its new place, counted from 1."""
    others = [row for row in which.rows().filter(retired_at__isnull=True) if row.pk != item.pk]
    others.insert(place - 1, item)
    for position, row in enumerate(others, 1):
        row.position = position
    which.model.objects.bulk_update(others, ["position"])


def _last(rows) -> int:
    return max((row.position for row in rows), default=0)


def _new_code(label: str, taken: set[str]) -> str:
    base = slugify(label)[:34] or "eigen"
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if code not in taken)
