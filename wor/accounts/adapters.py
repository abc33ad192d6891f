"""What is ours in signing in; the rest is django-allauth."""

from typing import Any, cast

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wor import errors
from wor.accounts import sign_in
from wor.accounts.middleware import client_ip
from wor.accounts.models import IdentityProvider, Membership, User
from wor.accounts.outgoing import PublicSession
from wor.accounts.paths import own_path
from wor.accounts.sealed import box
from wor.accounts.sign_in import tell
from wor.tenancy.context import open_region
from wor.tenancy.models import Region

REAUTHENTICATION_LABELS = {
    "reauthenticate": _("Met het wachtwoord bevestigen"),
    "mfa_reauthenticate": _("Met een code bevestigen"),
    "mfa_reauthenticate:webauthn": _("Met een passkey bevestigen"),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Dit account is niet actief."),
        "email_password_mismatch": _("Dit e-mailadres en wachtwoord horen niet bij elkaar. Probeer het opnieuw."),
        "enter_current_password": _("Dit is niet het huidige wachtwoord."),
        "incorrect_code": _("Deze code klopt niet. Een code werkt een halve minuut en één keer."),
        "incorrect_password": _("Dit wachtwoord klopt niet."),
        "invalid_password_reset": _("Deze link werkt niet meer."),
        "too_many_login_attempts": _("Er waren te veel pogingen. Probeer het over een kwartier opnieuw."),
        "rate_limited": _("Er waren te veel pogingen. Probeer het over een kwartier opnieuw."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts begin with an invitation."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only the script of the passkey button asks for JSON; no other page of allauth answers with it."""
        return request.path == reverse("mfa_login_webauthn") and request.headers.get("Accept") == "application/json"

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request) or "0.0.0.0"  # noqa: S104 - a socket has no address

    def is_safe_url(self, url: str) -> bool:
        """``next`` leads to a path of this site, never elsewhere."""
        return bool(own_path(url))

    def get_login_stages(self) -> list[str]:
        """After the password the second factor. *Deze computer 30 dagen* is a tick on that page, no page of its own."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as limited:
            sign_in.note(request, "password", "limited", address=credentials.get("email", ""))
            raise ImmediateHttpResponse(errors.too_many(request)) from limited

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user = super().authenticate(request, **credentials)
        outcome = "failed" if user is None else "ok" if user.is_active else "inactive"
        sign_in.note(request, "password", outcome, user=user, address=credentials.get("email", ""))
        return user

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        response = super().post_login(request, user, **how)
        sign_in.arrived(request, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        sign_in.note(request, "signed-out", "ok", user=cast(User, request.user))
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        """A new password ends what was signed in with the old one, except where it was changed."""
        super().set_password(user, password)
        mine = self.request.user == user
        sign_in.end_sessions(user, keep=self.request.session.session_key if mine else None)
        sign_in.note(self.request, "password-changed", "ok", user=user)

    def send_notification_mail(self, template_prefix: str, user: User, context=None, email=None) -> None:
        """A change in how somebody signs in is told by mail: that it happened, nothing about whom or where."""
        if template_prefix.startswith("account/email/password"):
            tell("password_changed", user)
        elif template_prefix.startswith("socialaccount/"):
            tell("sign_in_changed", user)  # a changed factor is told by sign_in.factor_changed, in its transaction

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago need not do so twice."""
        return not sign_in.is_fresh(self.request)

    def get_reauthentication_methods(self, user) -> list[dict]:
        return [
            method | {"description": REAUTHENTICATION_LABELS[method["id"]]}
            for method in super().get_reauthentication_methods(user)
        ]


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Deze tweede stap kan niet weg."),
        "cannot_generate_recovery_codes": _("Stel eerst een tweede stap in. Daarna zijn er herstelcodes."),
        "incorrect_code": _("Deze code klopt niet. Een code werkt een halve minuut en één keer."),
    }

    def encrypt(self, text: str) -> str:
        return box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return box().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: User, type) -> str:
        return gettext("Passkey %(number)s") % {
            "number": Authenticator.objects.filter(user=user, type=type).count() + 1
        }

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A region's own OpenID Connect provider. It opens accounts that were connected before, and makes none."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": _("Stel eerst een wachtwoord in. Anders gaat aanmelden straks niet meer."),
        "connected_other": _("Deze aanmelding hoort al bij een ander account."),
    }

    def is_open_for_signup(self, request: HttpRequest, sociallogin) -> bool:
        return False

    def list_apps(self, request: HttpRequest, provider=None, client_id=None) -> list[SocialApp]:
        """The one app of the region whose slug is ``provider``; without a region there is none."""
        found = active_provider(provider) if provider else None
        if found is None or (client_id and found.client_id != client_id):
            return []
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=provider,
                name=found.name,
                client_id=found.client_id,
                secret=box().decrypt(found.secret_encrypted.encode()).decode(),
                settings={"server_url": found.issuer.rstrip("/"), "oauth_pkce_enabled": True},
            )
        ]

    def pre_social_login(self, request: HttpRequest, sociallogin) -> None:
        """Only who works in this region, and only as who they are signed in as. Nothing about them is kept."""
        slug = sociallogin.account.provider
        connecting = sociallogin.state.get("process") == "connect"
        user = cast(User, request.user if connecting else sociallogin.user)
        if sociallogin.is_existing or connecting:
            if not works_in(slug, user):
                sign_in.note(request, "provider", "refused", user=user if user.pk else None)
                raise ImmediateHttpResponse(render(request, "account/signup_closed.html", status=403))
            sign_in.note(request, "provider", "ok", user=user)
        else:
            sign_in.note(request, "provider", "unknown")
        sociallogin.account.extra_data = {}
        if sociallogin.account.pk:
            sociallogin.account.save(update_fields=["extra_data"])

    def get_requests_session(self) -> requests.Session:
        return PublicSession()


def active_provider(slug: str) -> IdentityProvider | None:
    region = Region.objects.filter(slug=slug).first()
    if region is None:
        return None
    with open_region(region.pk):
        return IdentityProvider.objects.filter(is_active=True).first()


def works_in(slug: str, user) -> bool:
    region = Region.objects.filter(slug=slug).first()
    if region is None or not user.pk:
        return False
    with open_region(region.pk):
        return Membership.objects.active().filter(user_id=user.pk, region=region).exists()
