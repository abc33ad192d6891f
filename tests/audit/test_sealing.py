"""The access log is sealed each minute; a change in what is sealed is found."""

import os

import pytest

from tests.real import real_database

FILL = """
    from tests import factories
    from wor.audit import sealing
    from wor.audit import services as audit
    from wor.audit.tasks import seal_access_log
    from django.db import transaction
    # Nobody else writes in this database; a test next door, in another one, must not hold sealing up.
    sealing.FINISHED_BEFORE = "pg_snapshot_xmax(pg_current_snapshot())"
    for _turn in range(2):
        with transaction.atomic():
            world = factories.make_world("rivierenland")
            referral = factories.make_referral(world)
            for _each in range(3):
                audit.log("read", referral, by=world.coach, referral=referral)
        seal_access_log()
"""
VERIFY = """
    import sys
    from django.core.management import CommandError, call_command
    try:
        call_command("verify_access_log")
    except CommandError as error:
        sys.exit(str(error))
"""
TAMPER = """
    from django.db import connections
    with connections["owner"].cursor() as cursor:
        cursor.execute({statement!r})
        print(cursor.rowcount, flush=True)
"""
AS_APP = """
    from django.db import connection
    from wor.tenancy.context import open_region
    from wor.tenancy.models import Region
    with open_region(Region.objects.get(slug="rivierenland").pk), connection.cursor() as cursor:
        cursor.execute({statement!r})
"""
FIRST = "(SELECT min(id) FROM audit_accesslogentry)"
COPIED = (
    "region_id, action, kind, outcome, actor_name, role, organisation_name, purpose, object_type, relation,"
    " consent_version, filter, request_id, xid"
)


@pytest.fixture
def real(django_db_setup, django_db_blocker, tmp_path):
    suffix = f"{os.environ.get('TEST_DB_SUFFIX', 'x')}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock(), real_database(f"wor_seal_{suffix}", tmp_path) as found:
        yield found


def test_verify_access_log_finds_a_log_that_is_whole(real):
    answer = real.run(FILL + VERIFY)

    assert "rivierenland: 2 zegels bekeken, 0 gebroken" in answer.stdout
    assert answer.returncode == 0


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE audit_accesslogentry SET actor_name = 'Iemand anders' WHERE id = {FIRST}",
        f"DELETE FROM audit_accesslogentry WHERE id = {FIRST}",
        "DELETE FROM audit_accessseal WHERE id = (SELECT min(id) FROM audit_accessseal)",
        f"INSERT INTO audit_accesslogentry (reference, {COPIED})"
        f" SELECT gen_random_uuid(), {COPIED} FROM audit_accesslogentry WHERE id = {FIRST}",
    ],
    ids=["changed", "removed", "seal-removed", "added"],
)
def test_verify_access_log_finds_what_the_owner_did(real, statement):
    answer = real.run(FILL + TAMPER.format(statement=statement) + VERIFY)

    assert answer.stdout.startswith("1\n")
    assert answer.returncode == 1
    assert "klopt niet" in answer.stderr


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_accesslogentry SET actor_name = ''", "DELETE FROM audit_accessseal"]
)
def test_app_role_cannot_change_the_log(real, statement):
    answer = real.run(FILL + AS_APP.format(statement=statement))

    assert answer.returncode == 1
    assert "permission denied" in answer.stderr
