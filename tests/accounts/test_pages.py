"""Every page of signing in and the account, in our own words and without a library's template."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from tests.accounts.people import add_app, code, type_password
from tests.urls import addresses
from wor.outbox.models import Effect

FOREIGN = Path(allauth.__file__).parent
# allauth's pages without an argument; the others have tests of their own.
OPEN = [
    *("account_login", "account_logout", "account_inactive", "account_reset_password", "account_reset_password_done"),
    *("account_reset_password_from_key_done", "socialaccount_login_cancelled", "socialaccount_login_error"),
]
OWN = [
    *("account", "usersessions_list", "socialaccount_connections", "mfa_list_webauthn", "mfa_add_webauthn"),
    *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "account_change_password"),
    *("account_reauthenticate", "mfa_reauthenticate", "account_logout"),
]


def assert_ours(answer) -> str:
    used = [template.origin.name for template in answer.templates if template.origin]
    assert used
    assert not [name for name in used if str(FOREIGN) in name]
    text = answer.content.decode()
    assert "<main id=" in text
    assert not re.search(r"<script(?![^>]*(?: src=|application/json))|\son\w+=|\sstyle=", text)
    return text


@pytest.mark.parametrize("name", OPEN)
def test_pages_before_signing_in_are_ours(world, client, name):
    answer = client.get(reverse(name), follow=True)

    assert_ours(answer)


@pytest.mark.parametrize("name", OWN)
def test_pages_of_the_account_are_ours(world, client, name):
    add_app(world.coach.user)
    type_password(client, world.coach.user.email)
    client.post("/aanmelden/tweede-stap/", {"code": code()})

    answer = client.get(reverse(name))

    assert answer.status_code == 200
    assert_ours(answer)


def test_pages_for_setting_up_are_ours(world, client):
    type_password(client, world.coach.user.email)

    for path in ("/account/tweede-stap-nodig/", "/account/tweede-stap/app/", "/account/passkeys/toevoegen/"):
        assert_ours(client.get(path))


def test_a_passkey_is_renamed_and_taken_away(world, client):
    add_app(world.coach.user)
    key = Authenticator.objects.create(
        user=world.coach.user, type="webauthn", data={"name": "Laptop", "credential": {}}
    )
    type_password(client, world.coach.user.email)
    client.post("/aanmelden/tweede-stap/", {"code": code()})
    rename, remove = (reverse(f"mfa_{name}_webauthn", args=[key.pk]) for name in ("edit", "remove"))
    assert str(key.pk) not in rename.split("/")
    assert_ours(client.get(rename))
    assert "Laptop" in assert_ours(client.get(remove))

    client.post(rename, {"name": "Telefoon"})
    key.refresh_from_db()
    assert key.data["name"] == "Telefoon"
    client.post(remove)

    assert not Authenticator.objects.filter(pk=key.pk).exists()
    assert Effect.objects.filter(kind="sign_in_changed").count() == 1


@pytest.mark.parametrize("number", ["1", "gAAAAAB", "x" * 120])
def test_a_row_number_is_no_address(world, client, number):
    client.sign_in(world.coach)

    assert client.get(f"/account/passkeys/{number}/weghalen/").status_code == 404


def test_each_page_of_the_library_that_is_open_is_named_here():
    known = {*OPEN, *OWN, "mfa_activate_totp", "mfa_login_webauthn", "mfa_edit_webauthn", "account_set_password"}
    known |= {"mfa_reauthenticate_webauthn"}
    known |= {"account_reset_password_from_key", "mfa_download_recovery_codes"}

    assert {each.name for each in addresses() if each.is_allauth} <= known
