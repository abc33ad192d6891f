"""One middleware holds the transaction, the region and the first questions: who is this, and may they be here?"""

import time
import uuid
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.core.validators import slug_re
from django.db import DatabaseError, IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wor import errors
from wor.accounts import sealed
from wor.accounts.models import Membership, Role
from wor.accounts.permissions import Permission, may
from wor.accounts.request import Request
from wor.audit import services as audit
from wor.audit.models import AccessLogEntry
from wor.errors import DomainError
from wor.tenancy.context import set_region
from wor.tenancy.models import Region

WITHOUT_SECOND_FACTOR: set[str] = {Role.CORE_TEAM, Role.FUNDER}
SEEN_EVERY_SECONDS = 60
ASKED_PAGE = "asked_page"
# They tell how we are doing, so they must answer without a database.
HEALTH = ("/healthz", "/readyz")


class RegionMiddleware:
    """Last in the list. Opens the region for exactly one transaction; what fails is rolled back as a whole."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.membership, request.region, request.restored, request.broken = None, None, None, False
        if request.path in HEALTH:
            return self.get_response(request)
        try:
            with transaction.atomic(), audit.access(ip=client_ip(request), request_id=str(uuid.uuid4())) as access:
                self._enter(request)
                access.membership = request.membership
                response = self.get_response(request)
                if response.status_code >= 500 or request.broken:
                    transaction.set_rollback(True)
                else:
                    audit.flush()
            return response
        except IntegrityError:
            return errors.refusal(request, DomainError(_("Iemand anders deed dit net ook. Bekijk de pagina opnieuw.")))
        except DatabaseError:
            return errors.unavailable(request)

    def _enter(self, request: Request) -> None:
        if request.path.startswith("/r/"):
            self._enter_public(request)
            return
        user = request.user
        if not user.is_authenticated:
            return
        if session_over(request):
            logout(request)
            return
        request.membership = active_membership(request)
        if request.membership is not None:
            request.region = request.membership.region

    def _enter_public(self, request: Request) -> None:
        """Addresses without sign-in carry the region; an unknown one finds nothing."""
        slug = request.path.split("/")[2]
        # What is no slug is not asked: the database refuses some signs (NUL) altogether.
        request.region = Region.objects.filter(slug=slug).first() if slug_re.match(slug) else None
        set_region(request.region.pk if request.region else None)

    def process_view(self, request: Request, view, args, kwargs) -> HttpResponse | None:
        access = getattr(view, "wor_access", None) or getattr(getattr(view, "view_class", None), "wor_access", None)
        if access == "public" or view.__module__.startswith("allauth."):
            return None
        if not request.user.is_authenticated:
            return _ask_sign_in(request)
        if access is None:
            return self._refuse(request)
        if access != Permission.OWN_ACCOUNT:
            if request.membership is None:
                return redirect("no_role")
            if not second_factor_in_order(request):
                return _ask_second_factor(request)
            if not may(request.membership.role, access):
                # A form of one's other role, which this role may not even open: still nothing typed is lost.
                from_other_role = request.method == "POST" and _own_membership(request, _carried(request)) is not None
                return (from_other_role and _other_context(request, view)) or self._refuse(request)
        if request.method == "POST":
            return _other_context(request, view)
        if request.membership is not None and not request.htmx:
            request.restored = sealed.unseal_post(request)
        return None

    def process_template_response(self, request: Request, response):
        """allauth answers a form that was filled in wrongly with 200; here it is 422, like every other form."""
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and response.status_code == 200 and form is not None and form.errors:
            response.status_code = 422
        return response

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        """A refusal is an answer; its transaction's savepoint is already rolled back, the log row stays."""
        if isinstance(exception, DomainError):
            log_refusal(request, str(exception.status))
            return errors.refusal(request, exception)
        if isinstance(exception, Http404):
            log_refusal(request, "404")
        return None

    @staticmethod
    def _refuse(request: Request) -> HttpResponse:
        log_refusal(request, "403")
        return errors.forbidden(request)


def log_refusal(request: Request, code: str) -> None:
    """A refused attempt is a row of the log: who tried which page, not with what."""
    if request.membership is not None:
        route = getattr(request.resolver_match, "view_name", "") or ""
        audit.log(
            AccessLogEntry.Kind.REFUSED,
            by=request.membership,
            action=AccessLogEntry.Action.EXECUTE,
            outcome=code,
            object_type=route[:40],
        )


def client_ip(request: HttpRequest) -> str | None:
    """The visitor's address. Forwarded headers count only from our own proxies."""
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if settings.TRUSTED_PROXIES and len(forwarded) >= settings.TRUSTED_PROXIES:
        return forwarded[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR") or None


def session_over(request: Request) -> bool:
    """Idle for 30 minutes, or 12 hours old. Last seen is written at most once a minute."""
    now, session = int(time.time()), request.session
    began, seen = session.get("began"), session.get("seen", 0)
    if began is None:
        session["began"] = session["seen"] = now
        return False
    if now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS:
        return True
    if now - seen >= SEEN_EVERY_SECONDS:
        session["seen"] = now
    return False


def active_membership(request: Request) -> Membership | None:
    """The membership in which this person acts, read afresh: an ended role ends at the next request."""
    user, session = request.user, request.session
    chosen, region_id = session.get("membership"), session.get("region")
    set_region(region_id, user_id=user.pk)
    if chosen:
        # By key and without order: sorting by name would ask the policy before the index.
        mine = Membership.objects.filter(pk=chosen, user=user, ended_at__isnull=True).order_by()
        for membership in mine.select_related("organisation", "region"):
            if membership.is_active and membership.region_id == region_id:
                return membership
    return _choose_membership(request)


def _choose_membership(request: Request) -> Membership | None:
    """Nothing chosen yet, or the chosen role ended: the first role that is in force."""
    mine = Membership.objects.active().filter(user=request.user).order_by("id")
    first = mine.values_list("pk", "region_id").first()
    if first is None:
        request.session.pop("membership", None)
        return None
    return enter_membership(request, *first)


def enter_membership(request: Request, membership_id: int, region_id: int) -> Membership:
    """Act in this membership from now on. The caller has checked that it is this person's own."""
    request.session["membership"], request.session["region"] = membership_id, region_id
    set_region(region_id, user_id=request.user.pk)
    return Membership.objects.select_related("organisation", "region").get(pk=membership_id)


def second_factor_in_order(request: Request) -> bool:
    """Required for every role that can reach a person's data. The demo, and only the demo, relaxes it.

    Remembered in the session: removing a factor ends every session, so the memory cannot outlive the truth.
    """
    role = request.membership.role if request.membership else ""
    if settings.DEMO or role in WITHOUT_SECOND_FACTOR or request.session.get("second_factor"):
        return True
    from allauth.mfa.utils import is_mfa_enabled

    if is_mfa_enabled(request.user, types=["totp", "webauthn"]):
        request.session["second_factor"] = True
        return True
    return False


def _ask_second_factor(request: Request) -> HttpResponse:
    """Remember which page was asked for; the start page leads there once the second step is set up."""
    if request.method == "GET" and not request.htmx:
        request.session[ASKED_PAGE] = request.get_full_path()
    return redirect("second_factor_needed")


def _ask_sign_in(request: Request) -> HttpResponse:
    if request.htmx or request.path.startswith("/api/") or request.headers.get("Accept") == "application/json":
        return HttpResponse(_("Meld u opnieuw aan."), status=401)
    if request.method == "POST":
        sealed.seal_post(request)
    target = request.path if request.method == "POST" else request.get_full_path()
    return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': target})}")


def _other_context(request: Request, view) -> HttpResponse | None:
    """A form opened in another role must not be sent in this one; unless it is about the person, not the role.

    The answer is given, not raised: Django takes no exception from ``process_view`` to ``process_exception``.
    """
    membership = request.membership
    carried = _carried(request)
    about_person = getattr(view, "wor_any_role", False) or getattr(
        getattr(view, "view_class", None), "wor_any_role", False
    )
    if about_person or membership is None or carried == str(membership.reference):
        return None
    error = errors.OtherContext(
        _("De rol is nu %(role)s bij %(organisation)s. Dit formulier hoort bij een andere rol. Wissel eerst van rol.")
        % {"role": membership.role_label, "organisation": membership.organisation.name}
    )
    other = _own_membership(request, carried)
    if other is not None and not request.htmx and request.headers.get("Accept") != "application/json":
        # The form comes back filled in once the role is changed, like after signing in again.
        sealed.seal_post(request)
        error.switch_url = reverse("switch_to", args=[other, request.path.lstrip("/")])
    log_refusal(request, str(error.status))
    return errors.refusal(request, error)


def _carried(request: Request) -> str | None:
    """The role that the page of this form was opened in."""
    return request.POST.get("as") or request.headers.get("X-Membership")


def _own_membership(request: Request, reference: str | None) -> uuid.UUID | None:
    """The role that a form was opened in, if it is this person's own and still in force."""
    try:
        wanted = uuid.UUID(reference or "")
    except ValueError:
        return None
    mine = Membership.objects.active().filter(user=request.user, reference=wanted)
    return mine.values_list("reference", flat=True).first()
