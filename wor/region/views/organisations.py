"""The parties of the region."""

import uuid

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from wor.accounts.models import Membership
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.forms import bound
from wor.pages import get_visible, page
from wor.region import services
from wor.region.forms import ChangeOrganisationForm, NewOrganisationForm, ServedAreaForm, region_municipalities
from wor.tenancy.models import Municipality, Organisation, ServedArea

Kind = Organisation.Kind
FACTS = ("name", "place", "phone", "municipality_code", "parent", "registered_patients", "agb")


@allow(Permission.MANAGE_REGION)
@require_safe
def organisations(request: MemberRequest) -> HttpResponse:
    """All parties, by kind. A region has tens of them: no paging."""
    found = Organisation.objects.visible_to(request.membership).order_by("name")
    people: dict[int, int] = dict(
        Membership.objects.visible_to(request.membership)
        .active()
        .values_list("organisation_id")
        .annotate(count=Count("id"))
        .order_by()
    )
    served = set(ServedArea.objects.values_list("practice_id", flat=True))
    groups: dict[str, list[dict]] = {kind: [] for kind in Kind.values}
    for each in found:
        groups[each.kind].append(_row(each, people.get(each.pk, 0), each.pk in served))
    shown = [(label, groups[kind]) for kind, label in Kind.choices if groups[kind]]
    return render(request, "region/organisations.html", {"groups": shown, "kinds": Kind.choices})


def _row(organisation: Organisation, people: int, is_served: bool) -> dict:
    count = ngettext("%(count)d persoon", "%(count)d mensen", people) % {"count": people}
    missing = organisation.kind == Kind.PRACTICE and not is_served
    return {
        "name": organisation.name,
        "meta": " · ".join(part for part in (organisation.place, count if people else _("nog niemand")) if part),
        "label": _("Gepauzeerd") if organisation.is_paused else (_("Werkgebied ontbreekt") if missing else ""),
        "tone": "quiet" if organisation.is_paused else "warning",
        "url": reverse("organisation", args=[organisation.reference]),
    }


@allow(Permission.MANAGE_REGION)
@require_safe
def organisation(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """One party: its facts, who works there, and for a practice who guides its patients."""
    found = get_visible(Organisation, request, reference)
    people = Membership.objects.visible_to(request.membership).active().in_organisation(found.pk)
    areas = ServedArea.objects.filter(practice=found).prefetch_related("welfare_organisation")
    names = _municipality_names(request)
    return render(
        request,
        "region/organisation.html",
        {
            "organisation": found,
            "municipality": names.get(found.municipality_code, found.municipality_code),
            "people": [
                {
                    "name": each.display_name,
                    "meta": each.role_label,
                    "label": _("Aanspreekpunt") if each.is_contact_point else "",
                    "url": reverse("person", args=[each.reference]),
                }
                for each in people[:100]
            ],
            "areas": [(names.get(each.municipality_code, each.municipality_code), each) for each in areas],
            "is_practice": found.kind == Kind.PRACTICE,
        },
    )


def _municipality_names(request: MemberRequest) -> dict[str, str]:
    """Codes to names: the country's list, and what the region calls its own."""
    return dict(Municipality.objects.values_list("gm_code", "name")) | dict(region_municipalities(request.membership))


@allow(Permission.MANAGE_REGION)
def add_organisation(request: MemberRequest, kind: str) -> HttpResponse:
    """A new party of one kind. It starts paused."""
    if kind not in Kind.values:
        raise Http404
    form = bound(request, NewOrganisationForm, kind=kind, viewer=request.membership)
    if form.is_bound and form.is_valid():
        made = services.add_organisation(request.region, kind=kind, **form.values(), by=request.membership)
        messages.success(request, _("De organisatie is toegevoegd. Zij staat nog op pauze tot u haar aanzet."))
        return redirect("organisation", made.reference)
    return page(request, "region/organisation_form.html", {"kind_label": Kind(kind).label}, form=form)


@allow(Permission.MANAGE_REGION)
def change_organisation(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    found = get_visible(Organisation, request, reference)
    initial = {name: getattr(found, name) for name in FACTS if name != "parent"}
    initial["parent"] = found.parent.reference if found.parent_id else None
    initial["version"] = services.organisation_version(found)
    form = bound(
        request,
        ChangeOrganisationForm,
        initial=initial,
        kind=found.kind,
        viewer=request.membership,
        current=found,
    )
    if form.is_bound and form.is_valid():
        services.change_organisation(found, **form.values(), by=request.membership)
        messages.success(request, _("De wijziging is bewaard."))
        return redirect("organisation", reference)
    context = {"kind_label": found.get_kind_display(), "organisation": found}
    return page(request, "region/organisation_form.html", context, form=form)


@allow(Permission.MANAGE_REGION)
def pause_organisation(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Pause; can be taken back."""
    found = get_visible(Organisation, request, reference)
    if request.method == "POST":
        services.pause_organisation(found, is_paused=True, by=request.membership)
        messages.success(
            request,
            _("%(name)s staat op pauze.") % {"name": found.name},
            extra_tags=f"undo={reverse('resume_organisation', args=[reference])}",
        )
    return redirect("organisation", reference)


@allow(Permission.MANAGE_REGION)
def resume_organisation(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    found = get_visible(Organisation, request, reference)
    if request.method == "POST":
        services.pause_organisation(found, is_paused=False, by=request.membership)
        messages.success(request, _("%(name)s doet mee.") % {"name": found.name})
    return redirect("organisation", reference)


@allow(Permission.MANAGE_REGION)
def served_areas(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Which welfare organisation guides a practice's patients, by the municipality they live in."""
    found = get_visible(Organisation.objects.of_kind(Kind.PRACTICE), request, reference)
    areas = list(ServedArea.objects.filter(practice=found).prefetch_related("welfare_organisation"))
    names = _municipality_names(request)
    codes = dict(region_municipalities(request.membership))
    codes |= {each.municipality_code: names.get(each.municipality_code, each.municipality_code) for each in areas}
    initial = {each.municipality_code: each.welfare_organisation.reference for each in areas}
    form = bound(request, ServedAreaForm, initial=initial, viewer=request.membership, codes=list(codes.items()))
    if form.is_bound and form.is_valid():
        services.set_served_areas(found, areas=form.values(), by=request.membership)
        messages.success(request, _("Het werkgebied is bewaard."))
        return redirect("organisation", reference)
    return page(request, "region/served_areas.html", {"organisation": found, "any": bool(codes)}, form=form)
