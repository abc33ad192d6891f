"""Who offers activities."""

import uuid

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities import pages, services
from activities.forms import ChangeProviderForm, KeptFilter, NewProviderForm
from activities.links import open_links
from activities.models import Activity, Provider
from activities.views.keeping import activity_row
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.forms import bound
from wor.pages import get_visible, page, parse_reference
from wor.region.paging import PER_PAGE, more_url


@allow(Permission.MODERATE)
@require_safe
def providers(request: MemberRequest) -> HttpResponse:
    """Who offers activities, by name."""
    form = KeptFilter(request.GET)
    text = form.cleaned_data["zoek"] if form.is_valid() else ""
    found = Provider.objects.visible_to(request.membership)
    if text:
        found = found.filter(name__icontains=text)
    last = parse_reference(request.GET.get("na"))
    previous = found.filter(reference=last).first() if last else None
    if previous is not None:
        found = found.filter(Q(name__gt=previous.name) | Q(name=previous.name, pk__gt=previous.pk))
    shown = list(found.order_by("name", "id")[: PER_PAGE + 1])
    counts = dict(
        Activity.objects.filter(provider__in=[each.pk for each in shown], status__in=Activity.SHOWN)
        .values_list("provider")
        .annotate(count=Count("id"))
        .order_by()
    )
    rows = [
        {
            "title": each.name,
            "url": reverse("provider", args=[each.reference]),
            "meta": " · ".join(part for part in (each.contact_name, each.email or _("geen e-mailadres")) if part),
            "count": counts.get(each.pk, 0),
        }
        for each in shown[:PER_PAGE]
    ]
    context = {"rows": rows, "form": form, "is_filtered": bool(text)}
    context["next_url"] = more_url(request, shown[PER_PAGE - 1].reference) if len(shown) > PER_PAGE else ""
    context["first_url"] = reverse("providers") if last else ""
    return render(request, "activities/providers.html", context)


@allow(Permission.MODERATE)
@require_safe
def provider(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """One provider and what it offers."""
    found = get_visible(Provider, request, reference)
    mine = found.activities.select_related("provider").order_by("title", "id")[:100]
    now = timezone.now()
    sent = open_links(found).order_by("-id").first()
    context = {"provider": found, "rows": [activity_row(each, now) for each in mine]}
    context["asked"] = pages.show_day(sent.created_at) if sent else ""
    return render(request, "activities/provider.html", context)


@allow(Permission.MODERATE)
def add_provider(request: MemberRequest) -> HttpResponse:
    form = bound(request, NewProviderForm, viewer=request.membership)
    if form.is_bound and form.is_valid():
        made = services.add_provider(request.region, **form.values(), by=request.membership)
        messages.success(request, _("De aanbieder is toegevoegd."))
        return redirect("provider", made.reference)
    return page(request, "activities/provider_form.html", form=form)


@allow(Permission.MODERATE)
def change_provider(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    found = get_visible(Provider, request, reference)
    initial = {name: getattr(found, name) for name in services.PROVIDER_FIELDS} | {"version": found.version}
    form = bound(request, ChangeProviderForm, initial=initial, viewer=request.membership, provider=found)
    if form.is_bound and form.is_valid():
        services.change_provider(found, **form.values(), by=request.membership)
        messages.success(request, _("De wijziging is bewaard."))
        return redirect("provider", reference)
    return page(request, "activities/provider_form.html", {"provider": found}, form=form)
