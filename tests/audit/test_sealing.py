"""The access log is sealed each minute; a change in what is sealed is found."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, connections, transaction

from tests import factories
from tests.conftest import clone_database, connect_to, drop_database
from wor.audit import sealing
from wor.audit import services as audit
from wor.audit.tasks import seal_access_log
from wor.tenancy.context import open_region
from wor.tenancy.models import Region

FIRST = "(SELECT min(id) FROM audit_accesslogentry)"
COPIED = (
    "region_id, action, kind, outcome, actor_name, role, organisation_name, purpose, object_type, relation,"
    " consent_version, filter, request_id, xid"
)


@pytest.fixture(scope="module")
def sealed(django_db_setup, django_db_blocker):
    """The name of a database with a log of two minutes, each sealed."""
    former = connections["default"].settings_dict["NAME"]
    name, patch = f"{former}_sealed", pytest.MonkeyPatch()
    # Nobody else writes in this database; a test next door, in another one, must not hold sealing up.
    patch.setattr(sealing, "FINISHED_BEFORE", "pg_snapshot_xmax(pg_current_snapshot())")
    with django_db_blocker.unblock():
        clone_database(name)
        connect_to(name)
        for _minute in range(2):
            with transaction.atomic():
                world = factories.make_world("rivierenland")
                referral = factories.make_referral(world)
                for _each in range(3):
                    audit.log("read", referral, by=world.coach, referral=referral)
                audit.flush()
            seal_access_log()
        connect_to(former)
        yield name
        drop_database(name)
    patch.undo()


@pytest.fixture
def log(sealed, django_db_blocker):
    """A copy of that database, in which product and owner go on."""
    former = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        clone_database(f"{sealed}_copy", of=sealed)
        connect_to(f"{sealed}_copy")
        yield
        connect_to(former)
        drop_database(f"{sealed}_copy")


def test_verify_access_log_finds_a_log_that_is_whole(log):
    said = io.StringIO()
    call_command("verify_access_log", stdout=said)

    assert "rivierenland: 2 zegels bekeken, 0 gebroken" in said.getvalue()


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
def test_verify_access_log_finds_what_the_owner_did(log, statement):
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 1

    with pytest.raises(CommandError, match="klopt niet"):
        call_command("verify_access_log", stdout=io.StringIO())


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_accesslogentry SET actor_name = ''", "DELETE FROM audit_accessseal"]
)
def test_app_role_cannot_change_the_log(log, statement):
    region = Region.objects.get(slug="rivierenland").pk

    with pytest.raises(ProgrammingError, match="permission denied"), open_region(region):
        connection.cursor().execute(statement)
