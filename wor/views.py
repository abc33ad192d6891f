"""Pages that belong to no app: the start, health, help, and a region's own colours."""

import datetime as dt
import time

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from wor.accounts.middleware import ASKED_PAGE
from wor.accounts.models import IdentityProvider, Role
from wor.accounts.paths import own_path
from wor.accounts.permissions import public
from wor.accounts.request import Request
from wor.outbox.models import Heartbeat
from wor.tenancy.models import Region

# Where each role lands: what it came to do.
LANDING: dict[str, str] = {
    Role.REFERRER: "refer",
    Role.COACH: "worklist",
    Role.COORDINATOR: "assign",
    Role.CORE_TEAM: "dashboard",
    Role.FUNDER: "reports",
    Role.REGION_ADMIN: "people",
}
ALIVE_WITHIN = dt.timedelta(seconds=45)
BROKER_ASKED_EVERY = 5.0
_broker: dict[str, float] = {"answers": False, "ask_at": 0.0}


@public
@require_safe
def home(request: Request) -> HttpResponse:
    """Straight to the work of the active role, or to the page that waited for a second step; visitors sign in."""
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    if asked := own_path(request.session.pop(ASKED_PAGE, "")):
        return redirect(asked)
    return redirect(LANDING[request.membership.role] if request.membership else "no_role")


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Web is up."""
    return HttpResponse("ok", content_type="text/plain")


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 once database, broker, worker and beat answer. Says which part is not there, and nothing else.

    Anybody may ask, so it is cheap: one short question to the database, and to the broker one each few seconds.
    """
    beats = _heartbeats()
    parts = {"database": beats is not None, "broker": _broker_answers()}
    now = timezone.now()
    for component in ("worker", "beat"):
        at = (beats or {}).get(component)
        parts[component] = at is not None and now - at < ALIVE_WITHIN
    ready = all(parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def _heartbeats() -> dict[str, dt.datetime] | None:
    """When each process last showed that it lives; None when the database does not answer."""
    try:
        return dict(Heartbeat.objects.values_list("component", "at"))
    except Error:
        return None


def _broker_answers() -> bool:
    """Asked anew once in a few seconds for each web process, however often /readyz is."""
    now = time.monotonic()
    if now >= _broker["ask_at"]:
        _broker.update(answers=_ask_broker(), ask_at=time.monotonic() + BROKER_ASKED_EVERY)
    return bool(_broker["answers"])


def _ask_broker() -> bool:
    from wor.celery import app

    # A broker that hangs must not hold a web process for long.
    patience = {"socket_connect_timeout": 1, "socket_timeout": 1}
    try:
        with app.connection_for_write(transport_options=patience) as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
        return True
    except Exception:
        return False


@public
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116). Once its day has passed nobody should trust it, so it is gone."""
    try:
        last = dt.date.fromisoformat(settings.SECURITY_TXT_EXPIRES)
    except ValueError:
        last = dt.date.min
    if not settings.SECURITY_CONTACT or last < timezone.localdate():
        raise Http404
    lines = {
        "Contact": settings.SECURITY_CONTACT,
        "Expires": f"{last.isoformat()}T23:59:59Z",
        "Preferred-Languages": "nl, en",
        "Canonical": f"{settings.SITE_URL}{request.path}",
    }
    text = "".join(f"{name}: {said}\n" for name, said in lines.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@public
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "wor_pages/help.html")


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "wor_pages/accessibility.html")


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "wor_pages/privacy.html")


@public
@require_safe
def region_page(request: HttpRequest, region: str) -> HttpResponse:
    """The region's public page. Nobody is asked who they are: no session is read and no cookie set."""
    found = get_object_or_404(Region, slug=region)
    provider = IdentityProvider.objects.filter(is_active=True).first()
    context = {"shown_region": found, "provider": provider, "user": AnonymousUser(), "messages": ()}
    response = render(request, "wor_pages/region.html", context)
    response["X-Robots-Tag"] = "all"
    return response


@public
@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def region_css(request: HttpRequest, region: str, version: str) -> HttpResponse:
    """A region's two colours. Their values are checked when they are saved, so nothing else can stand here."""
    found = get_object_or_404(Region, slug=region)
    css = f":root{{--primary:{found.primary};--accent:{found.accent}}}"
    return HttpResponse(css, content_type="text/css; charset=utf-8")
