"""The patient: details to correct, and who looked at their data."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from referrals import services
from referrals.access import overview
from referrals.fields import show_phone
from referrals.forms import ClientForm, NamesForm
from referrals.forms.reach import REACH_FIELDS
from referrals.models import Client, Referral
from wor.accounts.models import Role
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.audit.services import log
from wor.errors import StaleError
from wor.forms import bound
from wor.pages import get_visible, page


@allow(Permission.REFER)
def client_edit(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    person = get_visible(Client, request, reference)
    log("read", person, by=request.membership)
    form = bound(request, ClientForm, initial=_values(person))
    if form.is_bound and form.is_valid():
        try:
            services.change_client(person, **form.values(), by=request.membership)
        except StaleError as refusal:
            return _show_both(request, person, form, refusal)
        messages.success(request, _("Gegevens bewaard."))
        return redirect(_last_of(person, request))
    context = {"client": person, "back": _last_of(person, request)}
    return page(request, "referrals/client_edit.html", context, form=form)


def _values(person: Client) -> dict:
    family = " ".join(filter(None, (person.prefix, person.family_name)))
    names = {"given_name": person.given_name, "family_name": family, "birth_date": person.birth_date}
    return names | {name: getattr(person, name) for name in REACH_FIELDS} | {"version": person.version}


def _show_both(request: MemberRequest, person: Client, form, refusal: StaleError) -> HttpResponse:
    """A colleague saved first: their values beside what was typed, which is still in the form."""
    now = Client.objects.get(pk=person.pk)
    theirs = _values(now)
    different = [
        (field.label, _readable(name, theirs[name]))
        for name, field in form.fields.items()
        if name in theirs
        and name != "version"
        and form[name].value() not in (theirs[name], str(theirs[name]))
        and form.cleaned_data.get(name) != theirs[name]
    ]
    data = request.POST.copy()
    data["version"] = str(now.version)
    again = ClientForm(data)
    again.is_valid()
    context = {"client": now, "back": _last_of(now, request), "sentence": refusal.sentence, "theirs": different}
    response = page(request, "referrals/client_edit.html", context, form=again)
    response.status_code = refusal.status
    return response


def _readable(name: str, value) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    return show_phone(value) if name.endswith("phone") else str(value or "–")


def _last_of(person: Client, request: MemberRequest) -> str:
    """Back to the person's latest referral that the visitor may see; the coach side has a page of its own."""
    last = Referral.objects.visible_to(request.membership).filter(client=person).order_by("-id").first()
    if last is None:
        return reverse("home")
    return reverse("referral" if request.membership.role == Role.REFERRER else "case", args=[last.reference])


@allow(Permission.READ_CASE)
def client_access(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """*Wie heeft mijn gegevens bekeken?* Names only after the identity of who asks was checked."""
    person = get_visible(Client, request, reference)
    form = bound(request, NamesForm)
    with_names = form.is_bound and form.is_valid()
    log("log-access", person, by=request.membership, purpose="with_names" if with_names else "roles")
    context = {
        "client": person,
        "days": overview(person, with_names=with_names),
        "with_names": with_names,
        "back": _last_of(person, request),
    }
    return page(request, "referrals/access.html", context, form=form)
