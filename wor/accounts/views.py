"""The own account, invitations, and which role somebody acts in. Signing in itself is django-allauth."""

import uuid

import requests
from allauth.account.internal import flows
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import Login
from allauth.account.views import LogoutView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.internal.flows.trust import trust_browser
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from allauth.socialaccount.internal.flows import connect
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wor.accounts import services, sign_in
from wor.accounts.adapters import active_provider
from wor.accounts.forms import AcceptInvitationForm
from wor.accounts.middleware import ASKED_PAGE, enter_membership, second_factor_in_order, session_over
from wor.accounts.models import Invitation, Membership
from wor.accounts.paths import own_path
from wor.accounts.permissions import Permission, allow, public
from wor.accounts.request import Request
from wor.audit.services import record
from wor.errors import DomainError
from wor.forms import bound, clean_text
from wor.pages import page
from wor.tenancy.context import open_region

# Signing in and out


class SecondStep(AuthenticateView):
    """The code after the password, with *deze computer 30 dagen* as a tick on the same page."""

    wor_access = "public"

    def form_valid(self, form) -> HttpResponse:
        user = self.stage.login.user
        sign_in.note(self.request, form.kind, "ok", user=user)
        response = super().form_valid(form)
        if form.cleaned_data.get("remember"):
            trust_browser(self.request, user, response)
        return response


class SignOut(LogoutView):
    """The trust cookie of *deze computer 30 dagen* stays: cookies are not cleared, the session is gone anyway."""

    wor_access = "public"

    def post(self, *args, **kwargs) -> HttpResponse:
        response = super().post(*args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


@public
def with_provider(request: Request, provider_id: str) -> HttpResponse:
    """To the region's own provider, which only this page may send a form to."""
    if request.GET.get("process", request.POST.get("process")) == "connect":
        raise_if_reauthentication_required(request, app="allauth.mfa")
    response = _ask_provider(openid_connect.login, request, provider_id)
    provider = active_provider(provider_id)
    if provider is not None:
        response._csp_update = {"form-action": [provider.origin]}  # type: ignore[attr-defined] # read by django-csp
    return response


@public
def back_from_provider(request: Request, provider_id: str) -> HttpResponse:
    return _ask_provider(openid_connect.callback, request, provider_id)


def _ask_provider(view, request: Request, provider_id: str) -> HttpResponse:
    """A provider that is away, or answers something else than it should, is a page and no error of ours."""
    try:
        return view(request, provider_id)
    except (requests.RequestException, ValueError, KeyError, TypeError):
        sign_in.note(request, "provider", "failed")
        return render(request, "socialaccount/authentication_error.html", status=401)


@public
@require_http_methods(["GET", "POST"])
def keepalive(request: Request) -> HttpResponse:
    """*Ik ben er nog*: the middleware has just noted it. 401 tells the page that the session is over.

    GET gives a page that stood open, and whose user signed in again elsewhere, a token to go on with.
    """
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    if request.method == "GET":
        return JsonResponse({"csrf_token": get_token(request)})
    return HttpResponse(status=204)


# The own account


@allow(Permission.OWN_ACCOUNT)
@require_safe
def account(request: Request) -> HttpResponse:
    factors = list(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "roles": own_roles(request),
        "has_app": Authenticator.Type.TOTP in factors,
        "passkeys": factors.count(Authenticator.Type.WEBAUTHN),
        "has_codes": Authenticator.Type.RECOVERY_CODES in factors,
        "sessions": UserSession.objects.filter(user=request.user).count(),
        "providers": own_providers(request),
    }
    return render(request, "accounts/account.html", context)


def own_roles(request: Request) -> list[dict]:
    """Every role in force of this person, each read inside its own region."""
    found = []
    for each in Membership.objects.active().filter(user=request.user).order_by("id"):
        with open_region(each.region_id):
            organisation, region = each.organisation, each.region
        found.append({"membership": each, "organisation": organisation, "region": region})
    return found


def own_providers(request: Request) -> list[dict]:
    """The regions of this person that have a provider of their own, and whether it is connected."""
    connected = set(SocialAccount.objects.filter(user=request.user).values_list("provider", flat=True))
    regions = {role["region"].slug: role["region"] for role in own_roles(request)}
    return [
        {"region": region, "provider": provider, "is_connected": slug in connected}
        for slug, region in regions.items()
        if (provider := active_provider(slug)) or slug in connected
    ]


@allow(Permission.OWN_ACCOUNT)
def connections(request: Request) -> HttpResponse:
    """Connect the region's own sign-in to this account, or take it away again."""
    if request.method == "POST":
        provider = clean_text(request.POST.get("provider", ""))
        linked = SocialAccount.objects.filter(user=request.user, provider=provider).first()
        if linked is None:
            raise Http404
        try:
            connect.validate_disconnect(request, linked)
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
        else:
            connect.disconnect(request, linked)
        return redirect("socialaccount_connections")
    return render(request, "socialaccount/connections.html", {"providers": own_providers(request)})


@allow(Permission.OWN_ACCOUNT)
def own_sessions(request: Request) -> HttpResponse:
    """Where somebody is signed in, each with *beëindigen*; the rows are told apart by a keyed hash."""
    here = request.session.session_key
    rows = [
        {"session": each, "code": _session_code(each.session_key), "is_here": each.session_key == here}
        for each in UserSession.objects.purge_and_list(request.user)
    ]
    if request.method != "POST":
        rows.sort(key=lambda row: (not row["is_here"], -row["session"].pk))
        return render(request, "usersessions/usersession_list.html", {"rows": rows})
    if request.POST.get("which") == "others":
        sign_in.end_sessions(request.user, keep=here)
        messages.success(request, _("Alle andere apparaten zijn afgemeld."))
        return redirect("usersessions_list")
    chosen = next((row for row in rows if row["code"] == request.POST.get("which")), None)
    if chosen is None:
        raise Http404
    chosen["session"].end()
    sign_in.note(request, "session-ended", "ok", user=request.user)
    if not chosen["is_here"]:
        messages.success(request, _("Beëindigd. Op dat apparaat is niemand meer aangemeld."))
    return redirect("usersessions_list")


connections.wor_any_role = own_sessions.wor_any_role = True  # type: ignore[attr-defined]


def _session_code(session_key: str) -> str:
    return salted_hmac("wor.accounts.sessions", session_key, algorithm="sha256").hexdigest()[:32]


@allow(Permission.OWN_ACCOUNT)
@require_safe
def second_factor(request: Request) -> HttpResponse:
    """Where allauth goes after a change: on to the page that waited for it, or the account page, which shows all."""
    return redirect("home" if ASKED_PAGE in request.session else "account")


class _FactorChange:
    """Mixin: a factor that comes or goes ends the other sessions and is told by mail, in the same transaction."""

    wor_access = Permission.OWN_ACCOUNT
    wor_any_role = True

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)  # type: ignore[misc]
        sign_in.factor_changed(self.request)  # type: ignore[attr-defined]
        return response


class StartApp(_FactorChange, ActivateTOTPView):
    pass


class StopApp(_FactorChange, DeactivateTOTPView):
    pass


class NewRecoveryCodes(_FactorChange, GenerateRecoveryCodesView):
    pass


class AddPasskey(_FactorChange, AddWebAuthnView):
    pass


class RemovePasskey(_FactorChange, RemoveWebAuthnView):
    pass


# Which role


@allow(Permission.OWN_ACCOUNT)
@require_safe
def no_role(request: Request) -> HttpResponse:
    return redirect("home") if request.membership else render(request, "accounts/no_role.html")


@allow(Permission.OWN_ACCOUNT)
@require_safe
def second_factor_needed(request: Request) -> HttpResponse:
    if request.membership is None or second_factor_in_order(request):
        return redirect("home")
    return render(request, "accounts/second_factor_needed.html")


@allow(Permission.OWN_ACCOUNT)
def switch(request: Request, reference: uuid.UUID, rest: str = "") -> HttpResponse:
    """Act in another of one's own roles, and go on. Somebody else's is not there."""
    other = Membership.objects.active().filter(user=request.user, reference=reference).first()
    if other is None:
        raise Http404
    target = own_path(f"/{rest}" if rest else request.POST.get("next") or request.GET.get("next"))
    if other == request.membership:
        return redirect(target or "home")
    if request.method == "POST":
        membership = enter_membership(request, other.pk, other.region_id)
        text = _("De rol is nu %(role)s bij %(organisation)s.")
        messages.success(request, text % {"role": membership.role_label, "organisation": membership.organisation.name})
        return redirect(target or "home")
    with open_region(other.region_id):
        organisation, region = other.organisation, other.region
    context = {"other": other, "other_organisation": organisation, "other_region": region, "next": target}
    return render(request, "accounts/switch.html", context)


switch.wor_any_role = True  # type: ignore[attr-defined] # leaving a role is possible from a page of any role


# Invitations


@public
def invitation(request: Request, region: str, token: str) -> HttpResponse:
    """The page behind the link of the mail. Opening it changes nothing: mail scanners do that too."""
    found = services.open_invitation(token) if request.region else None
    if found is None:
        response = render(request, "accounts/invitation_gone.html", status=404)
    elif request.user.is_authenticated and not session_over(request):
        response = _accept_as_myself(request, found)
    else:
        response = _accept_as_new(request, found)
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def _accept_as_myself(request: Request, found: Invitation) -> HttpResponse:
    is_mine = request.user.email == found.email
    if request.method == "POST" and is_mine:
        try:
            membership = services.accept_invitation(found, user=request.user)
        except DomainError:
            record("invitation.refused", found)  # stays, although what was tried is rolled back
            raise
        enter_membership(request, membership.pk, membership.region_id)
        messages.success(request, _("Welkom. U werkt nu als %s.") % membership.role_label)
        return redirect("home")
    return render(request, "accounts/invitation_confirm.html", {"invitation": found, "is_mine": is_mine})


def _accept_as_new(request: Request, found: Invitation) -> HttpResponse:
    if services.has_account(found):
        return render(request, "accounts/invitation_sign_in.html", {"invitation": found})
    form = bound(request, AcceptInvitationForm, initial={"name": found.name}, email=found.email)
    if form.is_bound and form.is_valid():
        membership = services.accept_invitation(found, **form.values())
        login = Login(user=membership.user, email=found.email)
        return flows.login.perform_password_login(request, {"email": found.email}, login)
    return page(request, "accounts/invitation_new.html", {"invitation": found}, form=form)
