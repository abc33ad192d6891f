"""Migrations give up rather than make everybody wait, and can be undone unless they say why not."""

import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader

OURS = {
    *("tenancy", "audit", "outbox", "accounts", "retention", "activities", "referrals", "coaches", "dashboard"),
    *("kernteam", "demo"),
}
# What cannot be undone, each with its reason. From the first release on this is also what needs a backup beforehand.
ONE_WAY: dict[tuple[str, str], str] = {}


def migrations():
    loader = MigrationLoader(None)
    return [each for (app, _name), each in sorted(loader.disk_migrations.items()) if app in OURS]


@pytest.mark.parametrize("migration", migrations(), ids=str)
def test_migration_can_be_undone_or_says_why_not(migration):
    stuck = [each for each in migration.operations if not each.reversible]

    assert not stuck or (migration.app_label, migration.name) in ONE_WAY, stuck


@pytest.mark.django_db(databases=["default", "owner"])
def test_migration_that_waits_for_a_lock_gives_up():
    with connections["owner"].cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("5s",)


def test_application_is_not_hurried():
    assert "lock_timeout" not in str(connections["default"].settings_dict.get("OPTIONS", {}))
