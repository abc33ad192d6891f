"""Who works here: find, invite, change, end."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wor.accounts import memberships, services
from wor.accounts.models import Invitation, Membership
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.audit import services as audit
from wor.forms import bound
from wor.pages import address, get_visible, page, parse_reference
from wor.region.forms import ChangePersonForm, ChangeRoleForm, InviteForm, PeopleFilter
from wor.region.paging import PER_PAGE, more_url
from wor.rows import row
from wor.tenancy.models import Organisation

INVITATIONS_SHOWN = 25
# What a line shows of somebody.
SHOWN = ("reference", "display_name", "role", "function", "is_contact_point", "valid_until", "organisation")


@allow(Permission.MANAGE_REGION)
@require_safe
def people(request: MemberRequest) -> HttpResponse:
    """Everybody with a role, by name; who is invited stands on top."""
    form = PeopleFilter(request.GET, viewer=request.membership)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = list(_after(_filtered(request, chosen), request)[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    first_page = not request.GET.get("na")
    invited = list(_invited(request, chosen)[:INVITATIONS_SHOWN]) if first_page else []
    audit.log("list", by=request.membership, object_type="membership", count=len(shown))
    today = timezone.localdate()
    return render(
        request,
        "region/people.html",
        {
            "form": form,
            "people": [_row(each, today) for each in shown],
            "invited": [_invited_row(each) for each in invited],
            "clear_url": reverse("people") if any(chosen.values()) else "",
            "next_url": more_url(request, shown[-1].reference) if len(found) > PER_PAGE else "",
            "first_url": "" if first_page else reverse("people"),
        },
    )


def _filtered(request: MemberRequest, chosen: dict) -> QuerySet[Membership]:
    people = Membership.objects.visible_to(request.membership).filter(ended_at__isnull=True).named()
    if chosen.get("organisatie"):
        people = people.in_organisation(chosen["organisatie"].pk)
    if chosen.get("rol"):
        people = people.of_role(chosen["rol"])
    if chosen.get("zoek"):
        people = people.filter(display_name__icontains=chosen["zoek"])
    return people.only(*SHOWN).prefetch_related(Prefetch("organisation", Organisation.objects.order_by().only("name")))


def _after(people: QuerySet[Membership], request: MemberRequest) -> QuerySet[Membership]:
    """The page that begins after the person whom the address names. Ordered by the name in lower case."""
    people = people.annotate(sort_name=Lower("display_name")).order_by("sort_name", "id")
    after = parse_reference(request.GET.get("na"))
    last = people.filter(reference=after).values_list("sort_name", "id").first() if after else None
    if last is None:
        return people
    return people.filter(Q(sort_name__gt=last[0]) | Q(sort_name=last[0], id__gt=last[1]))


def _invited(request: MemberRequest, chosen: dict) -> QuerySet[Invitation]:
    invited = Invitation.objects.visible_to(request.membership).waiting().prefetch_related("organisation")
    if chosen.get("organisatie"):
        invited = invited.filter(organisation=chosen["organisatie"])
    if chosen.get("rol"):
        invited = invited.filter(role=chosen["rol"])
    if chosen.get("zoek"):
        invited = invited.filter(name__icontains=chosen["zoek"])
    return invited


def _row(person: Membership, today: dt.date) -> dict[str, Any]:
    until = ""
    if person.valid_until is not None:
        day = formats.date_format(person.valid_until, "j F Y")
        until = _("toegang eindigde op %(day)s") if person.valid_until < today else _("tot en met %(day)s")
        until %= {"day": day}
    return row(
        person.display_name,
        url=address("person", person.reference),
        meta=f"{person.role_label} · {person.organisation.name}",
        when=until,
        label=_("Aanspreekpunt") if person.is_contact_point else "",
        label_tone="primary",
    )


def _invited_row(invitation: Invitation) -> dict[str, Any]:
    days = (invitation.expires_at - timezone.now()) / dt.timedelta(days=1)
    until = formats.date_format(timezone.localtime(invitation.expires_at), "j F")
    return row(
        invitation.name,
        url=address("invited", invitation.reference),
        meta=f"{invitation.get_role_display()} · {invitation.organisation.name}",
        when=_("geldig tot %(day)s") % {"day": until} if days > 0 else "",
        label=_("Uitgenodigd") if days > 0 else _("Uitnodiging verlopen"),
        label_tone="info" if days > 0 else "warning",
    )


@allow(Permission.MANAGE_REGION)
def invite(request: MemberRequest) -> HttpResponse:
    """Invite somebody; the mail follows at once."""
    form = bound(request, InviteForm, viewer=request.membership)
    if form.is_bound and form.is_valid():
        values = form.values()
        services.invite(values.pop("organisation"), **values, by=request.membership)
        messages.success(request, _("De uitnodiging is onderweg. De link is 7 dagen geldig."))
        return redirect("people")
    return page(request, "region/invite.html", form=form)


@allow(Permission.MANAGE_REGION)
@require_safe
def invited(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """One invitation and what can be done with it."""
    invitation = get_visible(Invitation, request, reference)
    return render(request, "region/invited.html", {"invitation": invitation})


@allow(Permission.MANAGE_REGION)
def resend(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    invitation = get_visible(Invitation, request, reference)
    if request.method != "POST":
        return page(request, "region/invited.html", {"invitation": invitation})
    memberships.resend_invitation(invitation, by=request.membership)
    messages.success(request, _("Er is een nieuwe uitnodiging onderweg. De vorige link werkt niet meer."))
    return redirect("people")


@allow(Permission.MANAGE_REGION)
def revoke(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    invitation = get_visible(Invitation, request, reference)
    if request.method != "POST":
        return page(request, "region/invited.html", {"invitation": invitation})
    services.revoke_invitation(invitation, by=request.membership)
    messages.success(request, _("De uitnodiging is ingetrokken. De link werkt niet meer."))
    return redirect("people")


@allow(Permission.MANAGE_REGION)
@require_safe
def person(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """One person in one role. No case content, and no address: that is the person's own."""
    found = get_visible(Membership, request, reference)
    audit.log("read", found, by=request.membership)
    log_url = f"{reverse('access_log')}?wie={reference}"
    is_me = found.user_id == request.user.pk
    return render(request, "region/person.html", {"person": found, "is_me": is_me, "log_url": log_url})


@allow(Permission.MANAGE_REGION)
def change_person(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Name, function, contact point and last day."""
    person = get_visible(Membership, request, reference)
    initial = {name: getattr(person, name) for name in ("display_name", "function", "is_contact_point", "valid_until")}
    initial["version"] = memberships.membership_version(person)
    form = bound(request, ChangePersonForm, initial=initial, person=person)
    if form.is_bound and form.is_valid():
        memberships.change_person(person, **form.values(), by=request.membership)
        messages.success(request, _("De wijziging is bewaard."))
        return redirect("person", person.reference)
    return page(request, "region/change_person.html", {"person": person}, form=form)


@allow(Permission.MANAGE_REGION)
def change_role(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Another role: this one ends and a new one begins, so that the log keeps telling the truth."""
    person = get_visible(Membership, request, reference)
    form = bound(request, ChangeRoleForm, initial={"version": memberships.membership_version(person)}, person=person)
    if form.is_bound and form.is_valid():
        new = memberships.change_person(person, **form.values(), by=request.membership)
        messages.success(request, _("De rol is gewijzigd. Die geldt vanaf nu."))
        return redirect("person", new.reference)
    return page(request, "region/change_role.html", {"person": person}, form=form)


@allow(Permission.MANAGE_REGION)
def end_person(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """End access; can be taken back."""
    person = get_visible(Membership, request, reference)
    if request.method != "POST":
        return page(request, "region/end_person.html", {"person": person})
    services.end_membership(person, by=request.membership)
    messages.success(
        request,
        _("De toegang van %(name)s is beëindigd.") % {"name": person.display_name},
        extra_tags=f"undo={reverse('reopen_person', args=[reference])}",
    )
    return redirect("people")


@allow(Permission.MANAGE_REGION)
def reopen_person(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    person = get_visible(Membership, request, reference)
    if request.method != "POST":
        return redirect("person", reference)
    memberships.reopen_membership(person, by=request.membership)
    messages.success(request, _("%(name)s heeft weer toegang.") % {"name": person.display_name})
    return redirect("person", reference)
