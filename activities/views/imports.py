"""Files brought into the sociale kaart: choose one, see line by line what it would do, apply it or leave it."""

import csv
import io
import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_safe

from activities import importing
from activities.columns import ACTIVITY_COLUMNS, DUTCH_HEADS, Column
from activities.forms_imports import ApplyForm, PostcodeUploadForm, UploadForm
from activities.import_words import head_of, problem_sentence, reason_sentence
from activities.models import Import, ImportLine, PostcodeArea, TargetCell, Theme
from activities.postcodes import POSTCODE_COLUMNS
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.forms import bound, goes_well
from wor.outbox.services import mark_read
from wor.pages import get_visible, page, parse_reference
from wor.region.paging import PER_PAGE, more_url

Outcome, Kind = ImportLine.Outcome, Import.Kind
# The order of the tabs: what needs somebody first.
TABS = {
    "kan-niet": (Outcome.REFUSED, _l("Kan niet")),
    "nieuw": (Outcome.NEW, _l("Nieuw")),
    "gewijzigd": (Outcome.CHANGED, _l("Gewijzigd")),
    "gelijk": (Outcome.SAME, _l("Ongewijzigd")),
}
TONES = {Outcome.REFUSED: "danger", Outcome.NEW: "success", Outcome.CHANGED: "info", Outcome.SAME: "quiet"}
SEPARATORS = {";": _l("puntkomma"), ",": _l("komma"), "\t": _l("tab")}


@allow(Permission.MODERATE)
@require_safe
def imports(request: MemberRequest) -> HttpResponse:
    """The files of the region, the last first."""
    found = Import.objects.visible_to(request.membership).select_related("by")
    previous = parse_reference(request.GET.get("na"))
    last = found.filter(reference=previous).first() if previous else None
    if last is not None:
        found = found.filter(pk__lt=last.pk)
    shown = list(found.order_by("-id")[: PER_PAGE + 1])
    context = {
        "rows": [_file_row(each) for each in shown[:PER_PAGE]],
        "next_url": more_url(request, shown[PER_PAGE - 1].reference) if len(shown) > PER_PAGE else "",
        "first_url": reverse("imports") if last else "",
    }
    return render(request, "activities/imports/list.html", context)


def _file_row(found: Import) -> dict[str, Any]:
    when = formats.date_format(timezone.localtime(found.created_at), "j F Y, H.i")
    who = found.by.display_name if found.by else ""
    tones = {Import.Status.APPLIED: "success", Import.Status.UNREADABLE: "danger", Import.Status.CANCELLED: "quiet"}
    return {
        "title": found.file_name or found.get_kind_display(),
        "url": reverse("import_file", args=[found.reference]),
        "meta": " · ".join(part for part in (str(found.get_kind_display()), when, who, found.source_name) if part),
        "label": found.get_status_display(),
        "tone": tones.get(Import.Status(found.status), "info"),
    }


@allow(Permission.MODERATE)
def import_activities(request: MemberRequest) -> HttpResponse:
    """Choose a file with activities."""
    return _upload(request, Kind.ACTIVITIES, UploadForm, {"columns": _explained(ACTIVITY_COLUMNS)})


@allow(Permission.MODERATE)
def import_postcodes(request: MemberRequest) -> HttpResponse:
    """Choose a file with the middle of each postcode; says what is in use now and where it came from."""
    areas = PostcodeArea.objects.filter(region=request.region).aggregate(
        total=Count("id"),
        placed=Count("latitude"),
        examples=Count("id", filter=Q(is_example=True, latitude__isnull=False)),
    )
    used = Import.objects.visible_to(request.membership).filter(kind=Kind.POSTCODES, status=Import.Status.APPLIED)
    context = {"columns": _explained(POSTCODE_COLUMNS), "areas": areas, "last": used.order_by("-applied_at").first()}
    return _upload(request, Kind.POSTCODES, PostcodeUploadForm, context)


def _upload(request: MemberRequest, kind: str, form_class, context: dict[str, Any]) -> HttpResponse:
    form = bound(request, form_class, files=request.FILES if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        facts = form.values()
        file = facts.pop("file")
        made: list[Import] = []
        content = file.read()

        def deed() -> None:
            made.append(
                importing.upload(
                    request.region, kind=kind, content=content, file_name=file.name, by=request.membership, **facts
                )
            )

        if goes_well(form, deed):
            return redirect("import_file", made[0].reference)
    context |= {"kind": kind, "is_postcodes": kind == Kind.POSTCODES}
    return page(request, "activities/imports/upload.html", context, form=form)


def _explained(columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    return [{"head": each.dutch, "help": each.help, "required": each.required} for each in columns]


# --- Files to begin with ----------------------------------------------------------------------------------------------


@allow(Permission.MODERATE)
@require_safe
def import_template(request: MemberRequest, name: str) -> HttpResponse:
    """An example to fill in, or to practise with: it has lines that are right and lines that are not."""
    lines = {"activiteiten": _activity_example, "oefenbestand": _practice, "postcodes": _postcode_example}.get(name)
    if lines is None:
        raise Http404
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(lines())
    response = HttpResponse(written.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _activity_example() -> list[list[str]]:
    return [[DUTCH_HEADS[each.name] for each in ACTIVITY_COLUMNS], _as_line(_walk()), _as_line(_table())]


def _practice() -> list[list[str]]:
    """What often goes wrong, each on a line of its own."""
    wrong = (
        {"title": "Repaircafé", "weekdays": "eerste zaterdag"},
        {"title": "Koor De Zwaluwen", "cost_cents": "€ 12 per maand, eerste drie keer gratis"},
        {"title": "Taalcafé", "schedule": ""},
        {"title": "Duofiets", "contact_phone": "06 12"},
        {"title": "Naaicafé", "languages": "Nederlands, Klingon", "postcode": "40 01"},
        {"title": "Valpreventie", "starts_on": "1-9-2027", "ends_on": "1-6-2027"},
        {"title": "Wandelgroep Rustig Aan"},
    )
    bad = [{**_walk(), "external_code": "", **each} for each in wrong]
    return [*_activity_example(), *[_as_line(each) for each in bad]]


def _walk() -> dict[str, str]:
    cell = TargetCell.objects.in_use().first()
    theme = Theme.objects.filter(retired_at__isnull=True).order_by("position", "id").first()
    return {
        "external_code": "A-001",
        "provider": "Sportvriendelijk Voorbeeld",
        "title": "Wandelgroep Rustig Aan",
        "summary": "Rustig wandelen met een groep en daarna koffie.",
        "schedule": "dinsdag en vrijdag 10.00–11.00",
        "weekdays": "dinsdag, vrijdag",
        "day_parts": "ochtend",
        "place_name": "Bibliotheek",
        "address": "Marktplein 1",
        "postcode": "4001 SA",
        "town": "Lindewaard",
        "cells": f"{cell.target_group.label}: {cell.problem.label}" if cell else "",
        "themes": theme.label if theme else "",
        "accessibility": "rollator kan",
        "languages": "Nederlands, Engels",
        "cost_cents": "gratis",
        "walk_in": "ja",
        "how_to_join": "niet nodig, meelopen mag altijd",
        "contact_phone": "0344 000001",
    }


def _table() -> dict[str, str]:
    return {
        "external_code": "A-002",
        "provider": "Buurthuis Voorbeeld",
        "title": "Eettafel De Schakel",
        "schedule": "maandag en woensdag 17.30–19.00",
        "weekdays": "ma wo",
        "day_parts": "avond",
        "town": "Lindewaard",
        "cost_cents": "6,00",
        "cost_note": "€ 6 per maaltijd",
        "places": "24",
        "walk_in": "nee",
        "how_to_join": "dag van tevoren voor 12.00 uur",
    }


def _as_line(facts: dict[str, str]) -> list[str]:
    return [facts.get(each.name, "") for each in ACTIVITY_COLUMNS]


def _postcode_example() -> list[list[str]]:
    heads = [DUTCH_HEADS[each.name] for each in POSTCODE_COLUMNS]
    return [heads, ["4001", "51,886", "5,431", "", ""], ["4002", "51,893", "5,418", "", ""]]


# --- One file ---------------------------------------------------------------------------------------------------------


@allow(Permission.MODERATE)
@require_safe
def import_file(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """How far it is; then what each line would do, by outcome; then what was done."""
    found = _find(request, reference)
    if not found.is_busy:
        mark_read(request.membership, subject_ref=found.reference)
    return _file(request, found)


def _find(request: MemberRequest, reference: uuid.UUID) -> Import:
    return get_visible(Import.objects.select_related("file", "by", "applied_by"), request, reference)


def _file(request: MemberRequest, found: Import, form: ApplyForm | None = None) -> HttpResponse:
    rows = ImportLine.objects.filter(source=found)
    counts = dict(rows.order_by().values_list("outcome").annotate(number=Count("id")))
    tab = request.GET.get("uitkomst", "")
    if tab not in TABS:
        # Before: what needs somebody. After: what was done.
        order = tuple(TABS) if not _is_done(found) else ("nieuw", "gewijzigd", "kan-niet", "gelijk")
        tab = next((name for name in order if counts.get(TABS[name][0])), "nieuw")
    after = request.GET.get("na", "")
    shown = rows.filter(outcome=TABS[tab][0]).select_related("activity").order_by("number")
    if after.isdecimal() and len(after) < 8:
        shown = shown.filter(number__gt=int(after))
    lines = list(shown[: PER_PAGE + 1]) if found.status == Import.Status.CHECKED or _is_done(found) else []
    last = lines[PER_PAGE - 1].number if len(lines) > PER_PAGE else 0
    new, changed, refused = (counts.get(each, 0) for each in (Outcome.NEW, Outcome.CHANGED, Outcome.REFUSED))
    if form is None and found.status == Import.Status.CHECKED:
        form = ApplyForm(source=found, new=new, refused=refused)
    context = {
        "found": found,
        "is_postcodes": found.kind == Kind.POSTCODES,
        "is_done": _is_done(found),
        "problem": problem_sentence(found.problem) if found.problem else "",
        "separator": SEPARATORS.get(found.delimiter, found.delimiter),
        "percent": found.lines_done * 100 // found.lines_total if found.lines_total else None,
        "tabs": [
            {"label": label, "url": f"?uitkomst={name}", "count": counts.get(outcome, 0), "current": name == tab}
            for name, (outcome, label) in TABS.items()
        ],
        "lines": [_line_row(each) for each in lines[:PER_PAGE]],
        "next_url": f"?uitkomst={tab}&na={last}" if last else "",
        "first_url": f"?uitkomst={tab}" if after else "",
        "new": new,
        "changed": changed,
        "refused": refused,
        "to_do": new + changed,
        "may_cancel": found.may_become(Import.Status.CANCELLED),
        "is_wiped": not found.file.size,
    }
    return page(request, "activities/imports/file.html", context, form=form)


def _is_done(found: Import) -> bool:
    return found.status == Import.Status.APPLIED


def _line_row(line: ImportLine) -> dict[str, Any]:
    values = line.values
    old, new = values.get("old", {}), values.get("new", {})
    cells = values.get("cells", {})
    return {
        "number": line.number,
        "title": values.get("title", ""),
        "provider": values.get("provider", ""),
        "new_provider": bool(values.get("new_provider")),
        "url": reverse("keep_activity", args=[line.activity.reference]) if line.activity else "",
        "label": line.get_outcome_display(),
        "tone": TONES[Outcome(line.outcome)],
        "reasons": [
            {
                "head": head_of(each["column"]),
                "sentence": reason_sentence(each),
                "text": cells.get(each["column"], ""),
            }
            for each in line.reasons
        ],
        "changes": [
            {"head": head_of(name) or _("Herkomst"), "old": old.get(name, ""), "new": new.get(name, "")} for name in new
        ],
    }


@allow(Permission.MODERATE)
def apply_import(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Everything that can be used, at once; the worker does it."""
    found = _find(request, reference)
    if request.method != "POST" and not request.restored:
        return redirect("import_file", reference)
    counts = dict(
        ImportLine.objects.filter(source=found).order_by().values_list("outcome").annotate(number=Count("id"))
    )
    form = bound(
        request, ApplyForm, source=found, new=counts.get(Outcome.NEW, 0), refused=counts.get(Outcome.REFUSED, 0)
    )
    if form.is_bound and form.is_valid():
        deed = form.values()
        if goes_well(form, lambda: importing.ask_to_apply(found, by=request.membership, **deed)):
            return redirect("import_file", reference)
    return _file(request, found, form)


@allow(Permission.MODERATE)
def cancel_import(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Leave it: nothing changes, and nothing of the file is kept."""
    found = _find(request, reference)
    if request.method == "POST":
        importing.cancel(found, by=request.membership)
        messages.success(request, _("Het bestand is weggegooid. Er is niets gewijzigd."))
        return redirect("imports")
    return page(request, "activities/imports/cancel.html", {"found": found})
