"""A new encryption key: everything stays readable, is encrypted anew, and the old key can go."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import CommandError, call_command

from tests.factories import make_user
from wor.accounts.models import IdentityProvider
from wor.accounts.sealed import box
from wor.tenancy.context import open_region

NEW, OLD = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def secrets(world, settings):
    """A second factor and a provider's secret, made with the old key."""
    settings.ENCRYPTION_KEYS = [OLD]
    factor = TOTP.activate(make_user(), "JBSWY3DPEHPK3PXP").instance
    sealed = box().encrypt(b"geheim").decode()
    provider = IdentityProvider.objects.create(
        region=world.region, name="Zorg", issuer="https://a.example", client_id="wor", secret_encrypted=sealed
    )
    return factor, provider


def read(secrets) -> tuple[str, str]:
    factor, provider = secrets
    with open_region(provider.region_id):
        sealed = IdentityProvider.objects.get(pk=provider.pk).secret_encrypted
    secret = Authenticator.objects.get(pk=factor.pk).data["secret"]
    return get_adapter().decrypt(secret), box().decrypt(sealed.encode()).decode()


def test_rotation_keeps_everything_readable_and_lets_the_old_key_go(secrets, settings, capsys):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert read(secrets) == ("JBSWY3DPEHPK3PXP", "geheim")

    call_command("rotate_keys")

    settings.ENCRYPTION_KEYS = [NEW]
    assert read(secrets) == ("JBSWY3DPEHPK3PXP", "geheim")
    assert "Opnieuw versleuteld: 2" in capsys.readouterr().out


def test_old_key_that_goes_too_early_makes_secrets_unreadable(secrets, settings):
    settings.ENCRYPTION_KEYS = [NEW]

    with pytest.raises(InvalidToken):
        read(secrets)
    with pytest.raises(CommandError, match="zet de oude sleutel terug"):
        call_command("rotate_keys")
