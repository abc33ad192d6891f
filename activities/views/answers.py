"""Asking a provider whether everything is right, and looking at what it changed."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_safe

from activities import links, pages
from activities.columns import DUTCH_HEADS, show
from activities.forms_answers import AskForm
from activities.models import Activity, Provider, ProviderAnswer
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.audit import services as audit
from wor.audit.models import AccessLogEntry
from wor.errors import StaleError
from wor.fields import show_phone
from wor.forms import bound
from wor.outbox.services import mark_done
from wor.pages import get_visible, page, parse_reference
from wor.region.paging import PER_PAGE, more_url

HEADS = DUTCH_HEADS | {"status": _l("Stand")}


@allow(Permission.MODERATE)
def ask_provider(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Send the provider the mail now; without an address somebody calls."""
    found = get_visible(Provider, request, reference)
    form = bound(request, AskForm)
    if form.is_bound and form.is_valid():
        links.ask(found, **form.values(), by=request.membership)
        messages.success(request, _("De vraag gaat per e-mail naar %(name)s.") % {"name": found.name})
        return redirect("provider", reference)
    sent = links.open_links(found).order_by("-id").first()
    context = {
        "provider": found,
        "number": links.to_confirm(found).count(),
        "sent": pages.show_day(sent.created_at) if sent else "",
        "phone": show_phone(found.phone) if found.phone else "",
    }
    return page(request, "activities/provider/ask.html", context, form=form)


@allow(Permission.MODERATE)
def revoke_links(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """A mail went to the wrong address: its link stops working."""
    found = get_visible(Provider, request, reference)
    if request.method == "POST":
        links.revoke(found, by=request.membership)
        messages.success(request, _("De verstuurde link werkt niet meer."))
        return redirect("provider", reference)
    return page(request, "activities/provider/revoke.html", {"provider": found})


@allow(Permission.MODERATE)
@require_safe
def provider_answers(request: MemberRequest) -> HttpResponse:
    """What providers changed and nobody looked at yet, the oldest first. Texts of strangers: reading is logged."""
    found = ProviderAnswer.objects.visible_to(request.membership).to_do().order_by("id")
    last = parse_reference(request.GET.get("na"))
    if last is not None:
        found = found.filter(id__gt=found.filter(reference=last).values("id")[:1])
    shown = list(found.prefetch_related("activity__provider")[: PER_PAGE + 1])
    if shown:
        audit.log(
            AccessLogEntry.Kind.LIST, by=request.membership, object_type="provideranswer", count=len(shown[:PER_PAGE])
        )
        mark_done([request.membership], subject_refs={each.activity.provider.reference for each in shown[:PER_PAGE]})
    context = {
        "rows": [_row(each) for each in shown[:PER_PAGE]],
        "next_url": more_url(request, shown[PER_PAGE - 1].reference) if len(shown) > PER_PAGE else "",
        "first_url": reverse("provider_answers") if last else "",
    }
    return render(request, "activities/provider/answers.html", context)


def _row(found: ProviderAnswer, activity: Activity | None = None) -> dict[str, Any]:
    """Old and new of each field; with ``activity`` also what is there now, where that is something else."""
    names = [name for name in found.after if name in links.FIELDS]
    # That a confirmation takes the warning away says itself.
    shown = {str(each) for each in Activity.SHOWN}
    states = {found.before["status"], found.after["status"]}
    if len(states) == 2 and not states <= shown:
        names.append("status")
    now = {name: _shown(name, getattr(activity, name)) for name in names} if activity else {}
    return {
        "reference": found.reference,
        "title": found.activity.title,
        "provider": found.activity.provider.name,
        "url": reverse("keep_activity", args=[found.activity.reference]),
        "label": found.get_kind_display(),
        "when": pages.show_day(found.created_at),
        "days_url": reverse("change_activity", args=[found.activity.reference]) if "schedule" in names else "",
        "changes": [
            {
                "head": HEADS[name],
                "old": _shown(name, found.before[name]),
                "new": _shown(name, found.after[name]),
                "now": now.get(name, "") if activity and now[name] != _shown(name, found.after[name]) else None,
            }
            for name in names
        ],
    }


def _shown(name: str, kept: Any) -> str:
    return str(Activity.Status(kept).label) if name == "status" else show(name, kept)


@allow(Permission.MODERATE)
def keep_answer(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Seen: it stays as the provider has it."""
    found = _find(request, reference)
    if request.method == "POST":
        links.keep(found, by=request.membership)
        messages.success(request, _("Het antwoord is bekeken en blijft zo."))
        return redirect("provider_answers")
    return _one(request, found, putting_back=False)


@allow(Permission.MODERATE)
def put_back_answer(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """As it was before. Somebody who changed the same meanwhile keeps their text; all three are shown."""
    found = _find(request, reference)
    if request.method == "POST":
        try:
            links.put_back(found, by=request.membership)
        except StaleError as error:
            return _one(request, found, putting_back=True, error=error)
        messages.success(request, _("Alles staat weer zoals het was."))
        return redirect("provider_answers")
    return _one(request, found, putting_back=True)


def _find(request: MemberRequest, reference: uuid.UUID) -> ProviderAnswer:
    return get_visible(ProviderAnswer.objects.select_related("activity", "activity__provider"), request, reference)


def _one(
    request: MemberRequest, found: ProviderAnswer, *, putting_back: bool, error: StaleError | None = None
) -> HttpResponse:
    audit.log(AccessLogEntry.Kind.READ, found, by=request.membership)
    context = {
        "answer": found,
        "row": _row(found, Activity.objects.get(pk=found.activity_id)),
        "putting_back": putting_back,
        "error": error.sentence if error else "",
        "is_handled": found.handled_at is not None,
    }
    return render(request, "activities/provider/answer.html", context, status=409 if error else 200)
