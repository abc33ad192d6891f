"""The page behind the code on the leaflet: no sign-in, no name, no reason, no kind of organisation."""

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_http_methods

from referrals import services
from referrals.fields import show_phone
from referrals.models import ClientLink, Consent
from wor.accounts.middleware import client_ip
from wor.accounts.permissions import public
from wor.accounts.request import Request
from wor.tenancy.models import Organisation

# So many wrong or hurried requests from one address in ten minutes.
MOST, SECONDS = 60, 600


class LinkRequest(Request):
    too_often: bool  # set by _link


@public
@require_http_methods(["GET", "HEAD", "POST"])
def client_page(request: LinkRequest, region: str, token: str) -> HttpResponse:
    """How somebody is reached, a telephone number, and the way to stop. Looking changes nothing."""
    link = _link(request, token)
    if link is None:
        return _unknown(request)
    return _page(request, "referrals/client_page.html", link, token)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def client_page_stop(request: LinkRequest, region: str, token: str) -> HttpResponse:
    link = _link(request, token)
    if link is None:
        return _unknown(request)
    if request.method != "POST":
        return _page(request, "referrals/client_page_stop.html", link, token)
    services.withdraw_consent(link.referral, said_to=Consent.WithdrawnBy.LINK)
    return _headers(redirect("client_page", region, token))


def _link(request: LinkRequest, token: str) -> ClientLink | None:
    """The link of this token in the region of the address; None for what does not work, or was asked too often."""
    if request.region is None or len(token) > 64:
        return None
    request.too_often = _too_often(request)
    return None if request.too_often else services.find_link(token)


def _too_often(request: LinkRequest) -> bool:
    """Counted per address, of which only a keyed hash is kept."""
    key = "client-page:" + salted_hmac("client-page", client_ip(request) or "").hexdigest()
    if cache.add(key, 1, SECONDS):
        return False
    try:
        return cache.incr(key) > MOST
    except ValueError:
        return False


def _unknown(request: LinkRequest) -> HttpResponse:
    """Used up, expired, unknown: the same page with a telephone number."""
    helper = None
    if request.region is not None:
        found = Organisation.objects.filter(kind=Organisation.Kind.SUPPORT).exclude(phone="").order_by("id")
        helper = found.first()
    too_often = getattr(request, "too_often", False)
    context = {"phone": show_phone(helper.phone) if helper else "", "too_often": too_often}
    response = render(request, "referrals/client_page_unknown.html", context, status=429 if too_often else 404)
    if too_often:
        response["Retry-After"] = str(SECONDS)
    return _headers(response)


def _page(request: LinkRequest, template: str, link: ClientLink, token: str) -> HttpResponse:
    client, referral = link.referral.client, link.referral
    context = {
        "token": token,
        "client": client,
        "stopped": referral.consent_withdrawn_at is not None or not referral.is_open,
        "phone": show_phone(referral.welfare_organisation.phone) if referral.welfare_organisation else "",
        "ends_with": client.phone[-2:],
    }
    return _headers(render(request, template, context))


def _headers(response: HttpResponse) -> HttpResponse:
    # The token stands in the address: other sites may learn of this one's name at most (trust.md 9).
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
