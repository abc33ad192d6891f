"""What refuses to start."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from wor import checks


def ids(found) -> list[str]:
    return [each.id for each in found]


@pytest.mark.parametrize(
    ("site", "hosts"),
    [
        ("https://wor.example", ["wor.example"]),
        ("http://wor.example", ["wor.example"]),
        ("http://127.0.0.1:8000", ["127.0.0.1", "10.0.0.7"]),
        ("http://127.0.0.1:8000", ["*"]),
        ("https://127.0.0.1", ["127.0.0.1"]),
    ],
)
def test_demo_refuses_an_address_others_can_reach(settings, site, hosts):
    configure(settings, site, hosts)

    assert ids(checks.demo_stays_on_this_machine(None)) == ["wor.E001"]


@pytest.mark.parametrize("site", ["http://127.0.0.1:8000", "http://localhost:8000"])
def test_demo_runs_on_this_machine(settings, site):
    configure(settings, site, ["127.0.0.1", "localhost"])

    assert not checks.demo_stays_on_this_machine(None)


def configure(settings, site, hosts):
    from urllib.parse import urlsplit

    settings.DEMO, settings.SITE, settings.ALLOWED_HOSTS = True, urlsplit(site), hosts
    settings.HTTPS = site.startswith("https")


@pytest.mark.parametrize(
    "key", ["kort", "a" * 80, "django-insecure-" + "abcdefghij" * 6, "changeme" + "abcdefghij" * 6]
)
def test_a_poor_secret_key_is_refused(settings, key):
    settings.SECRET_KEY = key

    assert "wor.E002" in ids(checks.secrets_are_real(None))


@pytest.mark.parametrize("keys", [[], ["geen-sleutel"], [Fernet.generate_key().decode(), "x"]])
def test_missing_encryption_keys_are_refused(settings, keys):
    settings.ENCRYPTION_KEYS = keys

    assert "wor.E003" in ids(checks.secrets_are_real(None))


def test_debug_is_refused(settings):
    settings.DEBUG = True

    assert "wor.E004" in ids(checks.secrets_are_real(None))


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_database_role_with_powers_is_refused(monkeypatch):
    assert not checks.role_has_no_special_powers(None, databases=["default"])

    monkeypatch.setattr(checks, "connection", connections["owner"])

    assert ids(checks.role_has_no_special_powers(None, databases=["default"])) == ["wor.E005"]


def test_start_says_what_is_wrong(settings, monkeypatch):
    monkeypatch.setattr(checks, "role_has_no_special_powers", lambda *args, **kwargs: [])
    monkeypatch.setattr(checks.connections, "close_all", lambda: None)
    checks.refuse_unsafe_start()
    settings.ENCRYPTION_KEYS = []

    with pytest.raises(ImproperlyConfigured, match="ENCRYPTION_KEYS"):
        checks.refuse_unsafe_start()


def test_start_waits_for_no_database(monkeypatch):
    def away(*args, **kwargs):
        from django.db import OperationalError

        raise OperationalError

    monkeypatch.setattr(checks, "role_has_no_special_powers", away)
    monkeypatch.setattr(checks.connections, "close_all", lambda: None)

    checks.refuse_unsafe_start()
