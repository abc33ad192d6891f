"""The page behind the mail *Klopt dit nog?*: what a provider offers, to confirm or correct without an account.

No session is read and no cookie set. The token in the address is the secret: whoever has it may answer, whoever has it
not can make nobody answer, for there is no session that a forged form could ride on. So the CSRF cookie would guard
nothing here. The form still carries a signed token of its own, bound to this address, and its Origin is checked
(wor/signed_forms.py): that refuses what a mail scanner or another site sends without having seen the page, and gives
each form a key, so that the same form sent twice is answered twice the same. It stays good as long as the link does:
somebody who was called away while typing loses nothing.

Looking, any number of times, changes nothing. Used, expired, revoked and unknown look the same.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from activities import links, pages
from activities.forms_provider import FINE, LATER, ActivityAnswerForm
from activities.links import Answer, StaleAnswers
from activities.models import Activity, ProviderLink
from wor import signed_forms
from wor.accounts.permissions import public
from wor.accounts.request import Request
from wor.errors import DomainError
from wor.fields import show_phone
from wor.limits import too_often
from wor.pages import parse_reference
from wor.tenancy.models import Organisation

# So many requests from one address in ten minutes.
MOST, SECONDS = 60, 600


def token_page(view: Callable) -> Callable:
    """The token stands in the address: other sites learn of this one's name at most, and nobody keeps the page."""

    @wraps(view)
    def shown(request: Request, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return shown


@public
@token_page
@signed_forms.signed_form(seconds=int(links.VALID.total_seconds()))
@require_http_methods(["GET", "HEAD", "POST"])
def provider_page(request: signed_forms.SignedRequest, region: str, token: str) -> HttpResponse:
    """All activities of the provider in one form; the first answer consumes the link."""
    if too_often(request, "provider-page", most=MOST, seconds=SECONDS):
        return _unknown(request, status=429)
    link = links.find(token) if request.region is not None and len(token) <= 64 else None
    if link is None:
        return _unknown(request)
    if request.method == "POST":
        return _answer(request, link)
    if not links.is_open(link, timezone.now()):
        return _unknown(request)
    shown = list(links.to_confirm(link.provider).select_related("provider", "district")[: links.MOST_SHOWN])
    return _page(request, link, [ActivityAnswerForm(activity=each) for each in shown])


def _answer(request: signed_forms.SignedRequest, link: ProviderLink) -> HttpResponse:
    """Check all forms, then do all of it at once. What was typed comes back with every refusal."""
    key = request.form_key
    if link.answer_key == key:
        return redirect("provider_thanks", link.provider.region.slug)
    if not links.is_open(link, timezone.now()):
        return _unknown(request)
    forms = _sent_forms(request, link)
    # Each form is asked, so that every error is shown at once.
    checked = [each.is_valid() for each in forms]
    if not all(checked):
        return _page(request, link, forms, status=422)
    said = [_said(each, request) for each in forms if each.cleaned_data["answer"] != LATER or each.has_typed]
    if not said:
        return _page(request, link, forms, status=422, nothing=True)
    try:
        done = links.answer(link, said, key=key)
    except StaleAnswers as error:
        return _page(request, link, _sent_forms(request, link), status=409, error=error, stale=error.references)
    except DomainError as error:
        return _page(request, link, forms, status=409, error=error)
    return redirect("provider_thanks", link.provider.region.slug) if done else _unknown(request)


def _sent_forms(request: Request, link: ProviderLink) -> list[ActivityAnswerForm]:
    """A form for each activity of this provider that the page had, in its order, whatever became of it since."""
    asked = [parse_reference(text) for text in request.POST.getlist("activity")[: links.MOST_SHOWN]]
    mine = Activity.objects.filter(provider=link.provider, reference__in=[each for each in asked if each])
    found = {each.reference: each for each in mine.select_related("provider", "district")}
    return [ActivityAnswerForm(request.POST, activity=found[each]) for each in dict.fromkeys(asked) if each in found]


def _said(form: ActivityAnswerForm, request: Request) -> Answer:
    facts = form.cleaned_data
    kind = "" if facts["answer"] in (FINE, LATER) else facts["answer"]
    version = str(request.POST.get(form.add_prefix("version"), ""))
    return Answer(
        activity=form.activity,
        version=int(version) if version.isdecimal() and len(version) < 9 else -1,
        kind=kind,
        until=facts.get("until"),
        facts=form.edits(),
    )


def _page(
    request: Request,
    link: ProviderLink,
    forms: list[ActivityAnswerForm],
    *,
    status: int = 200,
    error: DomainError | None = None,
    stale: set[uuid.UUID] | None = None,
    nothing: bool = False,
) -> HttpResponse:
    stale = stale or set()
    items = [
        {
            "form": each,
            "activity": each.activity,
            "facts": [*pages.facts(each.activity), *_contact(each.activity)],
            "state": pages.state(each.activity),
            "checked": pages.show_day(each.activity.checked_at),
            "is_stale": each.activity.reference in stale,
            "is_gone": each.activity.status not in links.STATUSES,
        }
        for each in forms
    ]
    context = _head(request) | {
        "link": link,
        "provider": link.provider,
        "items": items,
        "errors": any(each.errors for each in forms if each.is_bound),
        "nothing": nothing,
        "error": error.sentence if error else "",
        "token": signed_forms.token(request),
        "phone": _helper_phone(request),
    }
    return render(request, "activities/provider/page.html", context, status=status)


def _contact(activity: Activity) -> list[tuple[str, str]]:
    parts = (activity.contact_name, show_phone(activity.contact_phone), activity.contact_email)
    contact = ", ".join(part for part in parts if part)
    return [(_("Contact"), contact)] if contact else []


@public
@token_page
@require_safe
def provider_thanks(request: Request, region: str) -> HttpResponse:
    """Thank you; a page of its own, without the token."""
    if request.region is None:
        return _unknown(request)
    return render(request, "activities/provider/thanks.html", _head(request) | {"phone": _helper_phone(request)})


def _unknown(request: Request, *, status: int = 404) -> HttpResponse:
    """Used, expired, revoked, unknown: the same page with a telephone number."""
    context = _head(request) | {"phone": _helper_phone(request), "too_often": status == 429}
    response = render(request, "activities/provider/unknown.html", context, status=status)
    if status == 429:
        response["Retry-After"] = str(SECONDS)
    return response


def _head(request: Request) -> dict[str, Any]:
    """Nobody is signed in here, also when somebody is."""
    return {"shown_region": request.region, "user": AnonymousUser(), "messages": ()}


def _helper_phone(request: Request) -> str:
    if request.region is None:
        return ""
    found = Organisation.objects.filter(kind=Organisation.Kind.SUPPORT).exclude(phone="").order_by("id").first()
    return show_phone(found.phone) if found else ""
