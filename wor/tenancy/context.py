"""Opening a region: the only way to see its rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction


def set_region(region_id: int | None, *, user_id: int | None = None, using: str = "default") -> None:
    """Open a region, and name the user, for the rest of this transaction. One statement, no reset: see open_region."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.region', %s, true), set_config('app.user', %s, true)",
            [str(region_id or ""), str(user_id or "")],
        )


def current_region(using: str = "default") -> int | None:
    """The region that is open in this transaction, None when none is."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT NULLIF(current_setting('app.region', true), '')::bigint")
        return cursor.fetchone()[0]


@contextmanager
def open_region(region_id: int | None, *, using: str = "default") -> Iterator[None]:
    """Run a block in one transaction with this region open, and put the former region back afterwards.

    An error rolls the savepoint back and the setting with it. On a normal exit the setting would outlive the
    savepoint (measured), so it is put back by hand.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT current_setting('app.region', true)")
        former = cursor.fetchone()[0] or ""
        cursor.execute("SELECT set_config('app.region', %s, true)", [str(region_id or "")])
        yield
        cursor.execute("SELECT set_config('app.region', %s, true)", [former])
