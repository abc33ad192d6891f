"""The test database: migrated once by its owner into a template, cloned for each worker, used as ``wor_app``.

Product code never gets the owner's rights in a test, so row-level security and grants are always on.
"""

import gc
import hashlib
import os
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connections
from django.test import Client

from tests import factories
from tests.side_by_side import Division, place
from wor.tenancy.context import current_region, set_region

ROOT = Path(__file__).resolve().parent.parent
REGIONS = (("rivierenland", "Rivierenland", "breed"), ("heideland", "Heideland", "gericht"))


def _fingerprint() -> str:
    """Changes when the schema or what is in the template may have changed."""
    apps = ("wor", "activities", "referrals", "coaches", "dashboard", "kernteam")
    migrations = [path for app in apps for path in sorted(ROOT.glob(f"{app}/**/migrations/*.py"))]
    digest = hashlib.sha256()
    for source in [*migrations, ROOT / "wor/tenancy/security.py", Path(__file__)]:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def pytest_xdist_make_scheduler(config, log):
    return Division(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: place(item.nodeid))


def pytest_collection_finish():
    """What was imported stays: looking through it for garbage again and again took a tenth of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@contextmanager
def _maintenance():
    """The owner outside any test database, one process at a time."""
    owner = connections["owner"]
    owner.close()
    former = owner.settings_dict["NAME"]
    owner.settings_dict.update(NAME="postgres", CONN_MAX_AGE=0)
    try:
        with owner.cursor() as cursor:
            # The first one migrates; the others wait for it longer than a migration may wait for a lock.
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(4201)")
            yield cursor
            cursor.execute("SELECT pg_advisory_unlock(4201)")
    finally:
        owner.close()
        owner.settings_dict["NAME"] = former


def _template() -> str:
    """The name of a migrated database to clone; made when it is not there yet."""
    name = f"wor_template_{_fingerprint()}"
    with _maintenance() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone():
            return name
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}_new"')
        cursor.execute(f'CREATE DATABASE "{name}_new"')
        owner = connections["owner"].copy("owner")
        owner.settings_dict = {**owner.settings_dict, "NAME": f"{name}_new"}
        _fill(owner)
        cursor.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
    return name


def _fill(owner) -> None:
    keeper, connections["owner"] = connections["owner"], owner
    try:
        call_command("migrate", database="owner", verbosity=0)
        with owner.cursor() as cursor:
            for slug, name, variant in REGIONS:
                cursor.execute(
                    "INSERT INTO tenancy_region (slug, name, variant, is_fictional, settings, privacy_statement,"
                    ' data_protection_officer, min_cell_core, min_cell_funder, "primary", accent)'
                    " VALUES (%s, %s, %s, true, '{}', '', '', 5, 10, '#0B5D63', '#C8502D')",
                    [slug, name, variant],
                )
    finally:
        owner.close()
        connections["owner"] = keeper


def clone_database(name: str, *, of: str = "") -> None:
    """Make a database of this name out of the template, or of another one to which nobody is connected."""
    template = of or _template()
    with _maintenance() as cursor:
        _drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop_database(name: str) -> None:
    with _maintenance() as cursor:
        _drop(cursor, name)


def _drop(cursor, name: str) -> None:
    """PostgreSQL's own vacuum may be at work there for a while, and the tables' owner may not end it."""
    for left in range(300, -1, -1):
        try:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        except ProgrammingError:
            if not left:
                raise
            time.sleep(0.2)
        else:
            return


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"wor_test_{os.environ.get('TEST_DB_SUFFIX', 'x')}_{worker}"
    with django_db_blocker.unblock():
        clone_database(name)
        for alias in ("default", "owner"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connections["default"].close()
        drop_database(name)


class RegionKeepingClient(Client):
    """A request opens its own region; in a test the transaction goes on, so the test's region is put back."""

    def request(self, **request):
        former = current_region()
        try:
            return super().request(**request)
        finally:
            if not connections["default"].needs_rollback:
                set_region(former)

    def sign_in(self, membership, *, second_factor: bool = True):
        """Act as this membership, past the second factor."""
        self.force_login(membership.user)
        session = self.session
        session["membership"], session["region"] = membership.pk, membership.region_id
        if second_factor:
            session["second_factor"] = True
        session.save()
        self.membership = membership
        return self

    def send(self, path, data=None, **extra):
        """POST a form as the page would: with the role it was opened in."""
        return self.post(path, {"as": str(self.membership.reference), **(data or {})}, **extra)


@pytest.fixture
def client():
    return RegionKeepingClient()


@pytest.fixture
def world(db):
    """Region Rivierenland is open, with a practice, a welfare organisation and people in every role."""
    return factories.make_world("rivierenland")


@pytest.fixture
def elsewhere(world):
    """The same in region Heideland; Rivierenland is open again afterwards."""
    other = factories.make_world("heideland")
    set_region(world.region.pk)
    return other


@pytest.fixture(scope="module")
def committed(django_db_setup, django_db_blocker):
    """A database of its own, in which the tests of this file commit."""
    settings = connections["default"].settings_dict
    former, name = settings["NAME"], f"{settings['NAME']}_races"
    with django_db_blocker.unblock():
        clone_database(name)
        connect_to(name)
        yield
        connect_to(former)
        drop_database(name)


def connect_to(name: str) -> None:
    """Product and owner go on in this database."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
