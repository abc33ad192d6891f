"""A backup is worth what its restore is: tried for real, on a small database, and each check broken once."""

import os

import psycopg2
import pytest
from django.db import connections

from deploy.local import drill
from tests.real import real_database

FILL = """
    from django.db import transaction
    from django.utils import timezone
    from tests import factories
    from wor.audit import services as audit
    from wor.audit.tasks import seal_access_log
    for slug in ("rivierenland", "heideland"):
        with transaction.atomic():
            world = factories.make_world(slug)
            for status in ("sent", "active", "completed"):
                referral = factories.make_referral(world, status=status)
                referral.help_request = "Wil weer naar het koor."
                referral.save()
                audit.log("read", referral, by=world.coach, referral=referral)
    seal_access_log()
"""


@pytest.fixture(scope="module")
def source(django_db_setup, django_db_blocker, tmp_path_factory):
    """A database with two regions and something in each; its environment."""
    suffix = f"{os.environ.get('TEST_DB_SUFFIX', 'x')}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    mails = tmp_path_factory.mktemp("mails")
    with django_db_blocker.unblock(), real_database(f"wor_drill_{suffix}", mails) as found:
        assert found.run(FILL).returncode == 0
        yield found.environment


@pytest.fixture(scope="module")
def drilled(source, tmp_path_factory):
    """The drill, once for all tests of this module: what it found, and what each check says of a copy that is wrong."""
    folder = tmp_path_factory.mktemp("drill")
    place = drill.Place.of(source["DATABASE_URL"])
    with place.connect("wor_backup") as reading:
        before = drill.sequences(reading)
        drill.make_dump(place, folder / "wor.dump", drill.freeze(reading))
        held = drill.contents(reading) | {"catalogue": drill.catalogue(reading)}
    with drill.fresh_cluster(folder) as copy:
        drill.restore(copy, folder / "wor.dump")
        yield copy, held, before, source, folder


def spoil(copy, statement: str):
    """Change the copy as its superuser, for the length of a test."""
    connection = psycopg2.connect(host=str(copy.host), dbname=copy.name, user="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def test_restored_copy_is_the_same_and_keeps_everybody_apart(drilled):
    copy, held, before, _source, _folder = drilled

    assert drill.compare(copy, held, before) == []
    assert drill.role_matrix(copy) == []
    assert held["referrals_referral"][0] == 6


@pytest.mark.parametrize(
    ("spoiling", "mending", "complaint"),
    [
        (
            "UPDATE referrals_referral SET channel = 'import' WHERE id = (SELECT min(id) FROM referrals_referral)",
            "UPDATE referrals_referral SET channel = 'web'",
            "tabel referrals_referral",
        ),
        (
            "ALTER TABLE referrals_message DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE referrals_message ENABLE ROW LEVEL SECURITY",
            "rollen en rechten",
        ),
        (
            "GRANT DELETE ON referrals_message TO wor_app",
            "REVOKE DELETE ON referrals_message FROM wor_app",
            "rollen en rechten",
        ),
        (
            "ALTER TABLE referrals_clientevent DISABLE TRIGGER USER",
            "ALTER TABLE referrals_clientevent ENABLE TRIGGER USER",
            "triggers",
        ),
        (
            "SELECT setval('referrals_referral_id_seq', 1)",
            "SELECT setval('referrals_referral_id_seq', 1000)",
            "teller referrals_referral_id_seq",
        ),
        (
            "CREATE POLICY mine ON referrals_message USING (true)",
            "DROP POLICY mine ON referrals_message",
            "regels per regio",
        ),
        ("CREATE INDEX mine ON referrals_message (id)", "DROP INDEX mine", "indexen"),
    ],
    ids=["row", "security-off", "grant", "trigger", "sequence", "policy", "index"],
)
def test_what_is_different_is_said(drilled, spoiling, mending, complaint):
    copy, held, before, _source, _folder = drilled
    spoil(copy, "SET session_replication_role = replica; " + spoiling)  # without leaving old values

    problems = drill.compare(copy, held, before)

    spoil(copy, "SET session_replication_role = replica; " + mending)
    assert problems
    assert all(each.startswith(complaint) for each in problems), problems


def test_role_that_sees_another_region_is_said(drilled):
    copy = drilled[0]
    spoil(
        copy, "ALTER TABLE referrals_client DISABLE ROW LEVEL SECURITY; GRANT DELETE ON audit_accesslogentry TO wor_app"
    )

    problems = drill.role_matrix(copy)

    spoil(
        copy,
        "ALTER TABLE referrals_client ENABLE ROW LEVEL SECURITY; REVOKE DELETE ON audit_accesslogentry FROM wor_app",
    )
    assert "wor_app ziet in referrals_client 6 rijen van regio None" in problems
    assert "wor_app mag: DELETE FROM audit_accesslogentry" in problems


def test_restored_log_verifies_and_what_was_erased_goes_again(drilled):
    copy, _held, _before, source, folder = drilled

    assert drill.make_honest(copy, source, folder) == []


def test_backup_role_writes_nothing(drilled):
    with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction), drilled[0].connect("wor_backup") as connection:
        drill.ask(connection, "DELETE FROM referrals_message")
    assert connections["default"].settings_dict["USER"] == "wor_app"
