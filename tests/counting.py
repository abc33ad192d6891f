"""Counts the statements of one request as platform.md does: transactions, savepoints and the test's own not."""

from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

_NOT_COUNTED = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN", "COMMIT")
# RegionKeepingClient asks for the region before a request and puts it back after.
_OF_THE_TEST_CLIENT = 2


@contextmanager
def sql_at_most(limit: int):
    """Fails with the statements when a request takes more than ``limit``; yields a list that holds them after."""
    statements: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield statements
    statements += [each["sql"] for each in captured if not each["sql"].startswith(_NOT_COUNTED)]
    count = len(statements) - _OF_THE_TEST_CLIENT
    assert count <= limit, f"{count} statements, {limit} allowed:\n" + "\n".join(each[:200] for each in statements)
