"""The moderator's pages: what is on the sociale kaart, and what has to be done with it."""

import datetime as dt
import uuid

from django.contrib import messages
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_safe

from activities import pages, services
from activities.forms import (
    ChangeActivityForm,
    KeptFilter,
    NewActivityForm,
    PauseForm,
)
from activities.freshness import limit
from activities.models import Activity, ActivityReport, Provider, ProviderAnswer
from activities.views.reports import report_rows
from wor.accounts.permissions import Permission, allow, may
from wor.accounts.request import MemberRequest
from wor.forms import bound
from wor.outbox.services import mark_read
from wor.pages import get_visible, page, parse_reference
from wor.region.paging import PER_PAGE, more_url

S = Activity.Status
TABS = {
    "te-bevestigen": _l("Te bevestigen"),
    "zichtbaar": _l("Zichtbaar"),
    "concept": _l("Concepten"),
    "tijdelijk": _l("Tijdelijk niet"),
    "gestopt": _l("Gestopt"),
}
STATUSES = {
    "te-bevestigen": Activity.SHOWN,
    "zichtbaar": Activity.SHOWN,
    "concept": (S.DRAFT,),
    "tijdelijk": (S.PAUSED,),
    "gestopt": (S.RETIRED,),
}


# --- The list --------------------------------------------------------------------------------------------------------


@allow(Permission.MODERATE)
@require_safe
def kept_activities(request: MemberRequest) -> HttpResponse:
    """All entries of the region by what has to be done with them; what was confirmed longest ago first."""
    tab = request.GET.get("lijst", "")
    tab = tab if tab in TABS else "te-bevestigen"
    due = Q(checked_at__isnull=True) | Q(checked_at__lt=limit(request.region, "ask", timezone.now()))
    everything = Activity.objects.visible_to(request.membership)
    counts = everything.aggregate(
        **{name: Count("id", filter=Q(status__in=statuses)) for name, statuses in STATUSES.items()},
        due=Count("id", filter=due & Q(status__in=Activity.SHOWN)),
    )
    counts["te-bevestigen"] = counts["due"]
    form = KeptFilter(request.GET)
    text = form.cleaned_data["zoek"] if form.is_valid() else ""
    found = everything.filter(status__in=STATUSES[tab])
    if tab == "te-bevestigen":
        found = found.filter(due)
    if text:
        found = found.filter(Q(title__icontains=text) | Q(provider__name__icontains=text))
    shown = list(_after(found, tab, parse_reference(request.GET.get("na"))).select_related("provider")[: PER_PAGE + 1])
    now = timezone.now()
    return render(
        request,
        "activities/kept.html",
        {
            "tabs": [
                {"label": label, "url": f"?lijst={name}", "count": counts[name], "current": name == tab}
                for name, label in TABS.items()
            ],
            "tab": tab,
            "form": form,
            "is_filtered": bool(text),
            "rows": [activity_row(each, now) for each in shown[:PER_PAGE]],
            "next_url": more_url(request, shown[PER_PAGE - 1].reference) if len(shown) > PER_PAGE else "",
            "first_url": f"?lijst={tab}" if request.GET.get("na") else "",
            "reports": ActivityReport.objects.visible_to(request.membership).to_do().count(),
            "answers": ProviderAnswer.objects.visible_to(request.membership).to_do().count(),
        },
    )


def _after(found: QuerySet[Activity], tab: str, last: uuid.UUID | None) -> QuerySet[Activity]:
    """The rows after this one. To confirm: never confirmed first, then the oldest; the others by name."""
    previous = found.filter(reference=last).first() if last else None
    if tab != "te-bevestigen":
        if previous is not None:
            found = found.filter(Q(title__gt=previous.title) | Q(title=previous.title, pk__gt=previous.pk))
        return found.order_by("title", "id")
    if previous is not None and previous.checked_at is None:
        found = found.filter(Q(checked_at__isnull=True, pk__gt=previous.pk) | Q(checked_at__isnull=False))
    elif previous is not None:
        same = Q(checked_at=previous.checked_at, pk__gt=previous.pk)
        found = found.filter(Q(checked_at__gt=previous.checked_at) | same)
    return found.order_by(F("checked_at").asc(nulls_first=True), "id")


def activity_row(activity: Activity, now: dt.datetime) -> dict:
    told = pages.state(activity)
    return {
        "title": activity.title,
        "url": reverse("keep_activity", args=[activity.reference]),
        "meta": " · ".join(part for part in (activity.provider.name, activity.town) if part),
        "checked": _checked(activity, now),
        "label": told["word"] if told else "",
        "tone": told["tone"] if told else "",
        "confirm_url": reverse("confirm_activity", args=[activity.reference]) if activity.is_shown else "",
    }


def _checked(activity: Activity, now: dt.datetime) -> str:
    if activity.checked_at is None:
        return _("nog nooit bevestigd")
    months = (now - activity.checked_at).days // 30
    ago = _("%(months)s maanden geleden") % {"months": months} if months > 1 else _("kortgeleden")
    return _("bevestigd op %(day)s (%(ago)s)") % {"day": pages.show_day(activity.checked_at), "ago": ago}


# --- One entry -------------------------------------------------------------------------------------------------------


@allow(Permission.MODERATE)
@require_safe
def keep_activity(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """One entry with everything a moderator can do with it."""
    found = get_visible(Activity.objects.select_related("provider", "district", "checked_by"), request, reference)
    reports = ActivityReport.objects.visible_to(request.membership).to_do().filter(activity=found).order_by("id")
    mark_read(request.membership, subject_ref=found.reference)
    return render(
        request,
        "activities/keep.html",
        {
            "activity": found,
            "facts": pages.facts(found),
            "state": pages.state(found),
            "checked": _checked(found, timezone.now()),
            "checked_by": found.checked_by.display_name if found.checked_by else found.get_checked_by_kind_display(),
            "themes": [each.label for each in found.themes.all()],
            "cells": [str(each) for each in found.cells.select_related("problem", "target_group")],
            "reports": report_rows(request, reports),
            "may_publish": found.may_become(S.LIVE) and found.status != S.STALE,
            "may_pause": found.may_become(S.PAUSED),
            "may_retire": found.may_become(S.RETIRED),
            "may_confirm": found.status != S.RETIRED,
        },
    )


@allow(Permission.PROPOSE)
def add_activity(request: MemberRequest) -> HttpResponse:
    """A new concept; ``van`` names an entry to begin with. A coach's concept waits for a moderator."""
    initial = _copied(request)
    form = bound(request, NewActivityForm, initial=initial, viewer=request.membership)
    moderates = may(request.membership.role, Permission.MODERATE)
    if form.is_bound and form.is_valid():
        facts = form.values()
        provider = _provider(request, facts)
        made = services.add_activity(provider, **facts, by=request.membership)
        if moderates:
            messages.success(request, _("Het concept is bewaard. Maak het zichtbaar als alles klopt."))
            return redirect("keep_activity", made.reference)
        messages.success(request, _("Dank je. Een beheerder kijkt je voorstel na en maakt het zichtbaar."))
        return redirect("directory")
    back = reverse("kept_activities" if moderates else "directory")
    return page(request, "activities/activity_form.html", {"moderates": moderates, "back_url": back}, form=form)


def _copied(request: MemberRequest) -> dict:
    source = parse_reference(request.GET.get("van"))
    if source is None or not may(request.membership.role, Permission.MODERATE):
        return {}
    found = get_visible(Activity, request, source)
    return _initial(found) | services.copy_of(found) | _references(found)


def _initial(found: Activity) -> dict:
    return {name: getattr(found, name) for name in services.ACTIVITY_FIELDS} | _references(found)


def _references(found: Activity) -> dict:
    """What the form holds by reference instead of by row."""
    return {
        "provider": found.provider.reference,
        "district": found.district.reference if found.district else None,
        "themes": [str(each) for each in found.themes.values_list("reference", flat=True)],
        "cells": [str(each) for each in found.cells.values_list("reference", flat=True)],
        "weekdays": [str(day) for day in found.weekdays],
    }


def _provider(request: MemberRequest, facts: dict) -> Provider:
    """The chosen provider, or the one that is named: made when it is not there yet."""
    chosen, name = facts.pop("provider"), facts.pop("new_provider")
    if chosen is not None:
        return chosen
    known = Provider.objects.visible_to(request.membership).filter(name__iexact=name).first()
    key = uuid.uuid5(uuid.NAMESPACE_OID, f"{request.region.pk}:{name.casefold()}")
    return known or services.add_provider(request.region, key=key, name=name, by=request.membership)


@allow(Permission.MODERATE)
def change_activity(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    found = get_visible(Activity, request, reference)
    initial = _initial(found) | {"version": found.version}
    form = bound(request, ChangeActivityForm, initial=initial, viewer=request.membership)
    if form.is_bound and form.is_valid():
        facts = form.values()
        provider = _provider(request, facts)
        services.change_activity(found, provider=provider, **facts, by=request.membership)
        messages.success(request, _("De wijziging is bewaard. Klopt nu alles? Bevestig het dan."))
        return redirect("keep_activity", reference)
    context = {"activity": found, "moderates": True, "back_url": reverse("keep_activity", args=[reference])}
    return page(request, "activities/activity_form.html", context, form=form)


@allow(Permission.MODERATE)
def confirm_activity(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """*Gecontroleerd op*: the one explicit act that sets it."""
    found = get_visible(Activity, request, reference)
    if request.method == "POST":
        services.confirm(found, by=request.membership)
        messages.success(request, _("%(title)s is bevestigd op vandaag.") % {"title": found.title})
        if request.POST.get("next") == "lijst":
            return redirect("kept_activities")
        return redirect("keep_activity", reference)
    return _ask(
        request,
        found,
        heading=_("Klopt alles nog?"),
        text=_("Bevestig alleen wat je bij de aanbieder hebt nagevraagd. Op de kaart komt de datum van vandaag."),
        button=_("Ja, alles klopt: bevestigen"),
        facts=pages.facts(found),
    )


@allow(Permission.MODERATE)
def publish_activity(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    found = get_visible(Activity, request, reference)
    if request.method == "POST":
        services.publish(found, by=request.membership)
        messages.success(request, _("%(title)s staat op de sociale kaart.") % {"title": found.title})
        return redirect("keep_activity", reference)
    return _ask(
        request,
        found,
        heading=_("Zichtbaar maken"),
        text=_("Iedereen in de regio kan de activiteit dan vinden. Is zij nog niet bevestigd, dan staat dat erbij."),
        button=_("Zichtbaar maken"),
    )


@allow(Permission.MODERATE)
def retire_activity(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """It stopped; can be taken back by publishing again."""
    found = get_visible(Activity, request, reference)
    if request.method == "POST":
        was_shown = found.is_shown
        services.retire(found, by=request.membership)
        undo = f"undo={reverse('publish_activity', args=[reference])}" if was_shown else ""
        messages.success(request, _("%(title)s is gestopt.") % {"title": found.title}, extra_tags=undo)
        return redirect("keep_activity", reference)
    return _ask(
        request,
        found,
        heading=_("Activiteit stoppen"),
        text=_("Niemand vindt de activiteit dan nog. De pagina blijft bestaan voor wie erheen ging."),
        button=_("Activiteit stoppen"),
    )


@allow(Permission.MODERATE)
def pause_activity(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    found = get_visible(Activity, request, reference)
    form = bound(request, PauseForm, initial={"version": found.version})
    if form.is_bound and form.is_valid():
        services.pause(found, **form.values(), by=request.membership)
        messages.success(request, _("%(title)s is tijdelijk niet te vinden.") % {"title": found.title})
        return redirect("keep_activity", reference)
    context = {"activity": found, "heading": _("Tijdelijk niet"), "button": _("Tijdelijk verbergen")}
    context["text"] = _("De activiteit is dan niet te vinden, en komt terug op de dag die je kiest.")
    return page(request, "activities/deed.html", context, form=form)


def _ask(request: MemberRequest, found: Activity, **context) -> HttpResponse:
    """A page with one button, for a deed that asks nothing more."""
    return page(request, "activities/deed.html", {"activity": found, **context})
