"""What the tests of signing in share."""

import base64
import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

from tests.factories import PASSWORD

SECRET = base64.b32encode(b"twintig-bytes-geheim").decode()


def type_password(client, email, password=PASSWORD, **extra):
    return client.post("/aanmelden/", {"login": email, "password": password, **extra})


def add_app(user) -> None:
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)


def code(secret: str = SECRET) -> str:
    """What the app would show now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def recovery_code(user) -> str:
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
