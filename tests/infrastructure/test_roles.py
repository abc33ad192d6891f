"""What the four roles of deploy/roles.sql can do, and what the database writes in its log."""

import pytest
from django.db import DataError, ProgrammingError, connection, transaction

from deploy.local import places

pytestmark = pytest.mark.django_db


def rows(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def test_each_role_has_the_powers_it_needs_and_no_other():
    found = rows(
        "SELECT rolname, rolcanlogin, rolbypassrls, rolcreatedb, rolsuper OR rolcreaterole OR rolreplication"
        " FROM pg_roles WHERE rolname LIKE 'wor\\_%%' ORDER BY 1"
    )
    assert found == [
        ("wor_app", True, False, False, False),
        ("wor_backup", True, True, False, False),
        ("wor_keeper", True, False, False, False),
        ("wor_owner", True, True, True, False),
    ]


def test_application_is_no_member_of_another_role():
    assert rows("SELECT roleid FROM pg_auth_members WHERE member = 'wor_app'::regrole") == []
    assert rows("SELECT roleid FROM pg_auth_members WHERE member = 'wor_keeper'::regrole") == []


def test_application_connects_as_the_role_that_owns_nothing():
    assert rows("SELECT current_user, session_user") == [("wor_app", "wor_app")]
    assert rows("SELECT relname FROM pg_class WHERE relowner = 'wor_app'::regrole") == []


def test_application_cannot_wait_for_ever():
    assert rows("SHOW statement_timeout") == [("10s",)]
    assert rows("SHOW idle_in_transaction_session_timeout") == [("1min",)]


def test_application_cannot_make_a_table():
    with pytest.raises(ProgrammingError, match="permission denied for schema public"), transaction.atomic():
        rows("CREATE TABLE mine (id int)")


def test_backup_reads_everything_and_writes_nothing():
    assert rows("SELECT pg_has_role('wor_backup', 'pg_read_all_data', 'MEMBER')") == [(True,)]
    assert rows("SELECT has_table_privilege('wor_backup', 'django_migrations', 'INSERT')") == [(False,)]


def test_what_was_typed_is_not_in_the_databases_log():
    log = places.state("test") / "services" / "log" / "PostgreSQL.log"
    if not log.exists():
        pytest.skip("another database than our own")
    before = log.stat().st_size  # the log outlives a run; an older server may have written more than this one does
    with pytest.raises(DataError), transaction.atomic():
        rows("SELECT %s::int", "Wilhelmina Canard")
    assert b"Canard" not in log.read_bytes()[before:]
