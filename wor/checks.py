"""What must hold before this may start: no demo in public, real secrets, and a database role without special powers."""

import datetime as dt
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, connections
from django.utils.translation import gettext as _

LOOPBACK = {"127.0.0.1", "localhost", "::1", "[::1]"}
SECRET_KEY_LENGTH = 50
DEFAULT_KEYS = ("django-insecure", "changeme", "change-me", "secret", "verander")


@register(Tags.security)
def demo_stays_on_this_machine(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The demo's accounts have a known password: nobody may reach it from elsewhere."""
    if not settings.DEMO:
        return []
    reachable = {settings.SITE.hostname or "", *settings.ALLOWED_HOSTS} - LOOPBACK
    if settings.HTTPS or reachable:
        sentence = _("WOR_DEMO gaat niet samen met een openbaar adres. Zet WOR_DEMO uit, of gebruik http://127.0.0.1.")
        return [Error(sentence, id="wor.E001")]
    return []


@register(Tags.security)
def secrets_are_real(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    key = settings.SECRET_KEY
    if len(key) < SECRET_KEY_LENGTH or len(set(key)) < 10 or key.lower().startswith(DEFAULT_KEYS):
        sentence = _("SECRET_KEY is te kort of staat in een voorbeeld. Maak er een van 50 willekeurige tekens.")
        found.append(Error(sentence, id="wor.E002"))
    if not settings.ENCRYPTION_KEYS or not all(map(_is_fernet, settings.ENCRYPTION_KEYS)):
        sentence = _("ENCRYPTION_KEYS ontbreekt of klopt niet. Maak een sleutel met deploy/make_secrets.py.")
        found.append(Error(sentence, id="wor.E003"))
    if settings.DEBUG:
        found.append(Error(_("DEBUG mag niet aan staan."), id="wor.E004"))
    return found


@register(Tags.security)
def security_txt_can_be_read(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Half a security.txt is none: say so before somebody who found a hole looks for it in vain."""
    contact, last = settings.SECURITY_CONTACT, settings.SECURITY_TXT_EXPIRES
    if not contact and not last:
        return []
    try:
        dt.date.fromisoformat(last)
    except ValueError:
        contact = ""
    if not contact.startswith(("mailto:", "https://", "tel:")):
        sentence = _(
            "SECURITY_CONTACT is een adres met mailto:, https:// of tel:, "
            "en SECURITY_TXT_EXPIRES een dag zoals 2027-06-30."
        )
        return [Error(sentence, id="wor.E006")]
    return []


def _is_fernet(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


@register(Tags.database)
def role_has_no_special_powers(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Row-level security binds only a role that owns nothing and cannot bypass it."""
    if "default" not in (databases or []):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT 1 FROM pg_tables"
            " WHERE schemaname = 'public' AND pg_has_role(current_user, tableowner, 'MEMBER'))"
            " FROM pg_roles WHERE rolname = current_user"
        )
        (special,) = cursor.fetchone()
    if special:
        sentence = _("DATABASE_URL gebruikt een rol die beheerder is of de tabellen bezit. Gebruik wor_app.")
        return [Error(sentence, id="wor.E005")]
    return []


def refuse_unsafe_start() -> None:
    """Called when a process starts to serve. A database that is away for a moment keeps nobody from starting."""
    problems = run_checks(tags=[Tags.security])
    try:
        problems += role_has_no_special_powers(None, databases=["default"])
    except DatabaseError:
        problems += []
    finally:
        connections.close_all()  # the master of the web processes hands no open connection to its children
    serious = [each for each in problems if each.is_serious()]
    if serious:
        raise ImproperlyConfigured(" ".join(str(each.msg) for each in serious))
