"""What the processes get in their environment. wor/settings.py reads nothing else."""

import base64
import json
import os
import secrets

from deploy.local.places import ROOT, VENV, state

DEMO_HOSTS = "127.0.0.1,localhost,[::1]"


def fresh_secrets():
    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        # A Fernet key is 32 random bytes in this alphabet.
        "ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }


def kept_secrets(which):
    """Made once: another key would end every session and make second factors unreadable."""
    path = state(which) / "secrets"
    if not path.exists():
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(json.dumps(fresh_secrets()))
        new.replace(path)
    return json.loads(path.read_text())


def environment(**settings):
    """Ours on top of the caller's. A given value beats a NAME_FILE from outside."""
    outside = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in settings}
    # PGOPTIONS and the like of whoever is at the keyboard are meant for another database. Without kept bytecode every
    # process would compile all packages again, three seconds each.
    env = {name: value for name, value in outside.items() if not name.startswith(("PG", "PYTHONDONTWRITEBYTECODE"))}
    path = f"{VENV / 'bin'}{os.pathsep}{env.get('PATH', os.defpath)}"
    fixed = {"DJANGO_SETTINGS_MODULE": "wor.settings", "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT), "PATH": path}
    return env | {"VIRTUAL_ENV": str(VENV)} | fixed | settings


def demo(port, urls):
    given = {name: os.environ[name] for name in ("SITE_URL", "ALLOWED_HOSTS") if os.environ.get(name)}
    ours = {"SITE_URL": f"http://127.0.0.1:{port}", "ALLOWED_HOSTS": DEMO_HOSTS} | given
    return environment(WOR_DEMO="1", PORT=str(port), **ours, **kept_secrets("demo"), **urls)


def test(urls, suffix):
    """`suffix` keeps the databases of two test runs at once apart."""
    ours = {"SITE_URL": "http://testserver", "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost"}
    return environment(WOR_DEMO="0", TEST_DB_SUFFIX=suffix, **ours, **kept_secrets("test"), **urls)


def bench(urls):
    """As a real installation runs, without the demo's relaxations; mail goes nowhere."""
    ours = {"SITE_URL": "http://testserver", "ALLOWED_HOSTS": "testserver,127.0.0.1", "EMAIL_URL": "dummymail://"}
    ours["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    return environment(**{"WOR_DEMO": "0", **ours, **kept_secrets("bench"), **urls})


def production(urls):
    """Like a real installation, for `check --deploy`."""
    ours = {
        "SITE_URL": "https://wor.example",
        "ALLOWED_HOSTS": "wor.example",
        "EMAIL_URL": "smtp+tls://mail.wor.example:587",
    }
    return environment(WOR_DEMO="0", **ours, **fresh_secrets(), **urls)


def without_owner(env):
    """Web, worker and beat never get the address of the tables' owner."""
    return {name: value for name, value in env.items() if not name.startswith("DATABASE_OWNER_URL")}


def without_keeper(env):
    """Only the worker ends what has lasted long enough."""
    return {name: value for name, value in env.items() if not name.startswith("DATABASE_KEEPER_URL")}
