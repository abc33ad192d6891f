"""Signing in and the own account. allauth's views under addresses of our own: only what is used can be reached."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as socialaccount
from django.urls import path, re_path, register_converter

from wor.accounts import photo_views, views
from wor.accounts.paths import SealedNumber

register_converter(SealedNumber, "sealed")

urlpatterns = [
    # Signing in
    path("aanmelden/", account.login, name="account_login"),
    path("afmelden/", views.SignOut.as_view(), name="account_logout"),
    path("aanmelden/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("aanmelden/tweede-stap/", views.SecondStep.as_view(), name="mfa_authenticate"),
    path("aanmelden/niet-actief/", account.account_inactive, name="account_inactive"),
    path("aanmelden/wachtwoord-vergeten/", account.password_reset, name="account_reset_password"),
    path("aanmelden/wachtwoord-vergeten/verstuurd/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "aanmelden/nieuw-wachtwoord/klaar/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^aanmelden/nieuw-wachtwoord/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    # A region's own provider (OpenID Connect); its id is the region's slug
    path("aanmelden/via/<slug:provider_id>/", views.with_provider, name="openid_connect_login"),
    path("aanmelden/via/<slug:provider_id>/terug/", views.back_from_provider, name="openid_connect_callback"),
    path("aanmelden/afgebroken/", socialaccount.login_cancelled, name="socialaccount_login_cancelled"),
    path("aanmelden/mislukt/", socialaccount.login_error, name="socialaccount_login_error"),
    # The own account
    path("account/", views.account, name="account"),
    path("account/aangemeld-blijven/", views.keepalive, name="keepalive"),
    path("account/geen-rol/", views.no_role, name="no_role"),
    path("account/tweede-stap-nodig/", views.second_factor_needed, name="second_factor_needed"),
    path("account/bevestigen/", account.reauthenticate, name="account_reauthenticate"),
    path("account/bevestigen/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/bevestigen/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/wachtwoord/", account.password_change, name="account_change_password"),
    path("account/wachtwoord/instellen/", account.password_set, name="account_set_password"),
    path("account/tweede-stap/", views.second_factor, name="mfa_index"),
    path("account/tweede-stap/app/", views.StartApp.as_view(), name="mfa_activate_totp"),
    path("account/tweede-stap/app/weghalen/", views.StopApp.as_view(), name="mfa_deactivate_totp"),
    path("account/tweede-stap/herstelcodes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/tweede-stap/herstelcodes/nieuw/",
        views.NewRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/tweede-stap/herstelcodes/bestand/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("account/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("account/passkeys/toevoegen/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/passkeys/<sealed:pk>/naam/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/passkeys/<sealed:pk>/weghalen/", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("account/aangemeld/", views.own_sessions, name="usersessions_list"),
    path("account/koppeling/", views.connections, name="socialaccount_connections"),
    # Photos beside names
    path("foto/<uuid:reference>/", photo_views.photo, name="photo"),
    path("account/foto/", photo_views.own_photo, name="own_photo"),
    path("account/foto/weghalen/", photo_views.own_photo_remove, name="own_photo_remove"),
    path("collegas/", photo_views.colleagues, name="colleagues"),
    path("collegas/<uuid:reference>/foto/", photo_views.colleague_photo, name="colleague_photo"),
    path("collegas/<uuid:reference>/foto/weghalen/", photo_views.colleague_photo_remove, name="colleague_photo_remove"),
    path("beheer/mensen/<uuid:reference>/foto/", photo_views.person_photo, name="person_photo"),
    path("beheer/mensen/<uuid:reference>/foto/weghalen/", photo_views.person_photo_remove, name="person_photo_remove"),
    # Another role
    path("ga/<uuid:reference>/", views.switch, name="switch"),
    path("ga/<uuid:reference>/<path:rest>", views.switch, name="switch_to"),
    # Without an account yet
    path("r/<slug:region>/uitnodiging/<str:token>/", views.invitation, name="invitation"),
]
