"""A database of its own, with real commits: the keeper works over a connection of its own, as ``wor_keeper``."""

import itertools
import os
from contextlib import contextmanager

import pytest
from django.db import connections

from tests import factories
from tests.conftest import clone_database, drop_database
from wor.retention.rules import KEEPER
from wor.tenancy.context import open_region
from wor.tenancy.models import Region


@contextmanager
def keeper_database(django_db_blocker, kind: str):
    """A database for this test alone behind the application's connection, and a connection as the keeper."""
    name = f"wor_{kind}_{os.environ.get('TEST_DB_SUFFIX', 'x')}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    app = connections["default"]
    former = app.settings_dict["NAME"]
    with django_db_blocker.unblock():
        clone_database(name)
        app.close()
        app.settings_dict["NAME"] = name
        keeper = app.copy(KEEPER)
        given = connections.settings.get(KEEPER, {"USER": "wor_keeper"})
        keeper.settings_dict = {**app.settings_dict, **given, "NAME": name}
        connections[KEEPER] = keeper
        try:
            yield
        finally:
            app.close()
            keeper.close()
            del connections[KEEPER]
            app.settings_dict["NAME"] = former
            drop_database(name)
            connections["owner"].close()


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    with keeper_database(django_db_blocker, "keep"):
        yield


@pytest.fixture(scope="module")
def shared(django_db_setup, django_db_blocker):
    """The same for all tests of a module."""
    with keeper_database(django_db_blocker, "shared"):
        yield


_count = itertools.count(1)


def make_region(slug: str) -> None:
    """A region more, as its platform would."""
    owner = connections["owner"].copy("owner")
    owner.settings_dict = {**owner.settings_dict, "NAME": connections["default"].settings_dict["NAME"]}
    with owner.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancy_region (slug, name, variant, is_fictional, settings, privacy_statement,"
            ' data_protection_officer, min_cell_core, min_cell_funder, "primary", accent)'
            " SELECT %s, %s, variant, true, '{}', '', '', 5, 10, \"primary\", accent FROM tenancy_region LIMIT 1",
            [slug, slug],
        )
    owner.close()


@pytest.fixture
def kept(shared):
    """A region of its own with people, in the module's database: other regions are as good as other databases."""
    slug = f"regio-{next(_count)}"
    make_region(slug)
    with open_region(Region.objects.get(slug=slug).pk):
        return factories.make_world(slug)
