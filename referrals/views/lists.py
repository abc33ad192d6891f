"""The region's own lists, and the doelgroepenkaart on one sheet."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from activities.models import TargetCell
from referrals.forms.lists import CellForm, ItemForm, NewCellForm, NewItemForm, RetireForm
from referrals.lists import LISTS, RegionList
from referrals.services import lists as services
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.forms import bound, goes_well
from wor.pages import page


@allow(Permission.MANAGE_REGION)
@require_safe
def region_lists(request: MemberRequest) -> HttpResponse:
    """All lists: how long each is, and which are still the example."""
    rows = []
    for each in LISTS.values():
        used = [row for row in each.rows() if row.retired_at is None]
        count = ngettext("%(count)d keuze", "%(count)d keuzes", len(used)) % {"count": len(used)}
        is_example = any(row.is_example for row in used)
        rows.append({"which": each, "meta": count, "is_example": is_example, "is_empty": not used})
    return render(request, "lists/lists.html", {"rows": rows, "some_example": any(row["is_example"] for row in rows)})


@allow(Permission.MANAGE_REGION)
@require_safe
def region_list(request: MemberRequest, name: str) -> HttpResponse:
    """One list, in its order; below it what is no longer used."""
    which = _list(name)
    rows = list(which.rows())
    used = [row for row in rows if row.retired_at is None]
    context = {
        "which": which,
        "used": used,
        "retired": [row for row in rows if row.retired_at is not None],
        "is_example": any(row.is_example for row in used),
    }
    return render(request, "lists/list.html", context)


@allow(Permission.MANAGE_REGION)
def list_add(request: MemberRequest, name: str) -> HttpResponse:
    """A new choice, at the end."""
    which = _list(name)
    form = bound(request, NewCellForm if which.is_map else NewItemForm)
    add = services.add_cell if which.is_map else services.add_item
    if (
        form.is_bound
        and form.is_valid()
        and goes_well(form, lambda: add(which, **form.values(), by=request.membership))
    ):
        messages.success(request, _("Toegevoegd, onderaan de lijst."))
        return redirect("region_list", which.slug)
    return page(request, "lists/add.html", {"which": which}, form=form)


@allow(Permission.MANAGE_REGION)
def list_item(request: MemberRequest, name: str, reference: uuid.UUID) -> HttpResponse:
    """Change one choice, or its place."""
    which = _list(name)
    item = _item(which, reference)
    used = [row for row in which.rows() if row.retired_at is None or row == item]
    facts = ("keywords", "often_fits", "what_follows") if which.is_map else ("label",)
    initial = {field: getattr(item, field) for field in facts}
    initial |= {"place": used.index(item) + 1, "version": services.item_version(item)}
    places = [str(row) for row in used if row != item]
    form = bound(request, CellForm if which.is_map else ItemForm, initial=initial, places=places)
    if form.is_bound and form.is_valid():
        services.change_item(which, item, **form.values(), by=request.membership)
        messages.success(request, _("De wijziging is bewaard."))
        return redirect("region_list", which.slug)
    return page(request, "lists/item.html", {"which": which, "item": item}, form=form)


@allow(Permission.MANAGE_REGION)
def list_retire(request: MemberRequest, name: str, reference: uuid.UUID) -> HttpResponse:
    """Take one choice out of use; can be taken back."""
    which = _list(name)
    item = _item(which, reference)
    form = bound(request, RetireForm, initial={"version": services.item_version(item)})
    if form.is_bound and form.is_valid():
        services.retire_item(which, item, **form.values(), by=request.membership)
        undo = reverse("list_restore", args=[which.slug, reference])
        messages.success(
            request, _("“%(label)s” wordt niet meer gebruikt.") % {"label": item}, extra_tags=f"undo={undo}"
        )
        return redirect("region_list", which.slug)
    return page(request, "lists/retire.html", {"which": which, "item": item}, form=form)


@allow(Permission.MANAGE_REGION)
def list_restore(request: MemberRequest, name: str, reference: uuid.UUID) -> HttpResponse:
    """Use a choice again."""
    which = _list(name)
    item = _item(which, reference)
    if request.method == "POST":
        services.restore_item(which, item, by=request.membership)
        messages.success(request, _("“%(label)s” staat weer in de lijst.") % {"label": item})
        return redirect("region_list", which.slug)
    return render(request, "lists/restore.html", {"which": which, "item": item})


@allow(Permission.MANAGE_REGION)
def list_adopt(request: MemberRequest, name: str) -> HttpResponse:
    """The region says that the list is its own: the word example goes."""
    which = _list(name)
    if request.method == "POST":
        services.adopt(which, by=request.membership)
        messages.success(request, _("Deze lijst is nu van uw regio."))
        return redirect("region_list", which.slug)
    return render(request, "lists/adopt.html", {"which": which})


@allow(Permission.DIRECTORY)
@require_safe
def target_card(request: MemberRequest) -> HttpResponse:
    """The doelgroepenkaart: what one hears, what often fits, what follows. One A4 for beside the screen."""
    cells = list(TargetCell.objects.in_use().order_by("target_group__position", "target_group_id", "position", "id"))
    groups: dict[str, list[TargetCell]] = {}
    for cell in cells:
        groups.setdefault(cell.target_group.label, []).append(cell)
    context = {
        "groups": list(groups.items()),
        "is_example": any(cell.is_example or cell.target_group.is_example or cell.problem.is_example for cell in cells),
        "printed_at": timezone.localtime(),
    }
    return render(request, "lists/target_card.html", context)


def _list(name: str) -> RegionList:
    if name not in LISTS:
        raise Http404
    return LISTS[name]


def _item(which: RegionList, reference: uuid.UUID):
    found = which.rows().filter(reference=reference).first()
    if found is None:
        raise Http404
    return found
