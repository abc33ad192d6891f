"""Searching, reading and printing: each page once, for who is signed in and for anybody in the region."""

import uuid
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from activities import pages, services
from activities.forms import OwnReportForm, ReportForm
from activities.models import Activity, TargetCell
from activities.pages import Where
from activities.search import Found, catalogue, read_criteria, search
from activities.target_map import target_map
from wor import errors, signed_forms
from wor.accounts.permissions import Permission, allow, may, public
from wor.accounts.request import MemberRequest, Request
from wor.forms import bound
from wor.limits import too_often
from wor.pages import page

ON_PAPER = 100
PUBLIC_SECONDS = 300
REPORTS_AN_HOUR = 5


def members(view: Callable) -> Callable:
    """A page of the own region for who is signed in."""

    @allow(Permission.DIRECTORY)
    @require_safe
    @wraps(view)
    def shown(request: MemberRequest, *args, **kwargs) -> HttpResponse:
        return view(request, Where(request.region), *args, **kwargs)

    return shown


def everybody(view: Callable) -> Callable:
    """A page of the region without sign-in: no session is read, no cookie set, and proxies may keep it for a while."""

    @public
    @require_safe
    @wraps(view)
    def shown(request: Request, region: str, *args, **kwargs) -> HttpResponse:
        if request.region is None:
            raise Http404
        response = view(request, Where(request.region, is_public=True), *args, **kwargs)
        response["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
        response["X-Robots-Tag"] = "all"
        # Only somebody's choice of language makes a difference.
        patch_vary_headers(response, ["Cookie"])
        return response

    return shown


def _render(request: Request, template: str, where: Where, context: dict, status: int = 200) -> HttpResponse:
    """The page, under the region's own head when anybody may see it."""
    context = {"where": where, "shown_region": where.region, "urls": _urls(where), **context}
    if where.is_public:
        context |= {"base": "activities/public_base.html", "user": AnonymousUser(), "messages": ()}
    else:
        role = request.membership.role if request.membership else ""
        context |= {each: may(role, each) for each in (Permission.MODERATE, Permission.PROPOSE)} | {"base": "base.html"}
    return render(request, template, context, status=status)


def _urls(where: Where) -> dict[str, str]:
    return {name: where.url(name) for name in ("directory", "directory_print", "target_map")}


def _hydrate(found: Found, where: Where) -> list[dict]:
    """The rows of a page, in the order of the search; read under the policy, by key."""
    rows = Activity.objects.select_related("provider").in_bulk([hit.activity_id for hit in found.hits])
    return [
        pages.row(rows[hit.activity_id], where, hit.km) | {"reference": rows[hit.activity_id].reference}
        for hit in found.hits
        if hit.activity_id in rows
    ]


# --- The list --------------------------------------------------------------------------------------------------------


def _directory(request: Request, where: Where) -> HttpResponse:
    """The sociale kaart: search, filters with counts, a page of activities."""
    lists = catalogue(where.region.pk)
    wanted = read_criteria(request.GET, lists)
    found = search(where.region.pk, wanted, lists)
    rows = _hydrate(found, where)
    next_url = ""
    if found.more and rows:
        query = pages.clean_query(request.GET)
        if found.text:
            query["zoek"] = found.text
        query["na"] = str(rows[-1]["reference"])
        next_url = f"?{query.urlencode()}"
    context = {
        "rows": rows,
        "found": found,
        "wanted": wanted,
        "filters": pages.filters(found, wanted, lists),
        "chips": pages.chosen_chips(request.GET, wanted, lists),
        "orders": pages.orders(request.GET, found, wanted),
        "distances": pages.distances(),
        "distance_note": pages.distance_note(request.GET, found, wanted),
        "postcode": wanted.pc4 or request.GET.get("postcode", "")[:10],
        "next_url": next_url,
        "first_url": pages.without(request.GET) if wanted.after else "",
        "suggestion_url": pages.with_value(request.GET, zoek=found.suggestion),
        "print_url": f"{where.url('directory_print')}{pages.without(request.GET)}",
        "is_first": not wanted.is_filtered and not wanted.after,
    }
    return _render(request, "activities/directory.html", where, context)


directory, public_directory = members(_directory), everybody(_directory)


def _directory_print(request: Request, where: Where) -> HttpResponse:
    """What was found, on paper."""
    lists = catalogue(where.region.pk)
    wanted = read_criteria(request.GET, lists)
    found = search(where.region.pk, wanted, lists, size=ON_PAPER)
    context = {
        "rows": _hydrate(found, where),
        "found": found,
        "chips": pages.chosen_chips(request.GET, wanted, lists),
        "back_url": f"{where.url('directory')}{pages.without(request.GET)}",
        "printed_at": formats.date_format(timezone.localtime(), "j F Y, H.i"),
        "address": settings.SITE_URL + reverse("public_directory", args=[where.region.slug]),
    }
    return _render(request, "activities/directory_print.html", where, context)


directory_print, public_directory_print = members(_directory_print), everybody(_directory_print)


# --- The doelgroepenkaart --------------------------------------------------------------------------------------------


def _target_map(request: Request, where: Where) -> HttpResponse:
    """Target groups and what plays for them, with what there is to do; and where there is nothing."""
    lists = catalogue(where.region.pk)
    groups = target_map(where.region.pk, lists)
    for group in groups:
        for cell in group["cells"]:
            query = urlencode({"doelgroep": group["code"], "probleem": cell["code"]})
            cell["url"] = f"{where.url('directory')}?{query}"
            for each in cell["some"]:
                each["url"] = where.url("activity", each["reference"])
    context = {
        "groups": groups,
        "gaps": sum(not cell["count"] for group in groups for cell in group["cells"]),
        "is_example": "cel" in lists.examples,
        "printed_at": formats.date_format(timezone.localtime(), "j F Y"),
    }
    return _render(request, "activities/target_map.html", where, context)


target_map_page, public_target_map = members(_target_map), everybody(_target_map)


# --- One activity ----------------------------------------------------------------------------------------------------


def _one(request: Request, where: Where, reference: uuid.UUID) -> Activity:
    if where.is_public:
        shown = Activity.objects.public_in(where.region)
    else:
        shown = Activity.objects.visible_to(request.membership)
    found = shown.filter(reference=reference).select_related("provider", "district").first()
    if found is None:
        raise Http404
    return found


def _activity(request: Request, where: Where, reference: uuid.UUID) -> HttpResponse:
    """Everything about one activity."""
    found = _one(request, where, reference)
    context = {
        "activity": found,
        "facts": pages.facts(found),
        "state": pages.state(found),
        "checked": pages.show_day(found.checked_at),
        "phone": found.contact_phone or found.provider.phone,
        "email": found.contact_email or found.provider.email,
        "contact": found.contact_name or found.provider.contact_name,
        "website": found.website or found.provider.website,
        "themes": [(each.label, f"{where.url('directory')}?thema={each.code}") for each in found.themes.all()],
        "cells": [
            (f"{each.problem.label} · {each.target_group.label}", _cell_url(where, each))
            for each in found.cells.select_related("problem", "target_group")
        ],
        "print_url": where.url("activity_print", found.reference),
        "report_url": where.url("report_activity", found.reference),
    }
    return _render(request, "activities/activity.html", where, context)


activity, public_activity = members(_activity), everybody(_activity)


def _cell_url(where: Where, cell: TargetCell) -> str:
    """What else there is to do for this cell of the doelgroepenkaart."""
    query = urlencode({"doelgroep": cell.target_group.code, "probleem": cell.problem.code})
    return f"{where.url('directory')}?{query}"


def _activity_print(request: Request, where: Where, reference: uuid.UUID) -> HttpResponse:
    """One A4 to give along."""
    found = _one(request, where, reference)
    own_address = settings.SITE_URL + reverse("public_activity", args=[where.region.slug, found.reference])
    context = {
        "activity": found,
        "facts": pages.facts(found),
        "state": pages.state(found),
        "checked": pages.show_day(found.checked_at),
        "phone": found.contact_phone or found.provider.phone,
        "contact": found.contact_name or found.provider.contact_name,
        "back_url": where.url("activity", found.reference),
        "qr": segno.make(own_address, error="m").png_data_uri(scale=6, border=2) if found.is_shown else "",
    }
    return _render(request, "activities/activity_print.html", where, context)


activity_print, public_activity_print = members(_activity_print), everybody(_activity_print)


# --- Klopt dit niet? -------------------------------------------------------------------------------------------------


@allow(Permission.DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def report_activity(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Say that an entry is not right."""
    found = _one(request, Where(request.region), reference)
    form = bound(request, OwnReportForm)
    if form.is_bound and form.is_valid():
        services.report(found, **form.values(), by=request.membership)
        messages.success(request, _("Dank u wel. De beheerder van de sociale kaart kijkt ernaar."))
        return redirect("activity", found.reference)
    context = {"activity": found, "base": "base.html", "back_url": reverse("activity", args=[found.reference])}
    return page(request, "activities/report.html", context, form=form)


@public
@signed_forms.signed_form
@require_http_methods(["GET", "HEAD", "POST"])
def public_report_activity(request: signed_forms.SignedRequest, region: str, reference: uuid.UUID) -> HttpResponse:
    """The same for a visitor: no session, no cookie; a signed form, and at most a few an hour."""
    if request.region is None:
        raise Http404
    where = Where(request.region, is_public=True)
    found = _one(request, where, reference)
    form = ReportForm(request.POST) if request.method == "POST" else ReportForm()
    if form.is_bound and form.is_valid():
        if too_often(request, "report-activity", most=REPORTS_AN_HOUR, seconds=3600):
            return errors.too_many(request)
        services.report(found, key=request.form_key, **form.values(), by=None)
        return redirect("public_report_sent", where.region.slug, found.reference)
    context = {
        "activity": found,
        "base": "activities/public_base.html",
        "where": where,
        "shown_region": where.region,
        "urls": _urls(where),
        "user": AnonymousUser(),
        "messages": (),
        "token": signed_forms.token(request),
        "back_url": where.url("activity", found.reference),
    }
    return page(request, "activities/report.html", context, form=form)


@public
@require_safe
def public_report_sent(request: Request, region: str, reference: uuid.UUID) -> HttpResponse:
    """Thank you; a page of its own, for without cookies there is no message to carry along."""
    if request.region is None:
        raise Http404
    where = Where(request.region, is_public=True)
    found = _one(request, where, reference)
    context = {"activity": found, "back_url": where.url("activity", found.reference)}
    return _render(request, "activities/report_sent.html", where, context)
