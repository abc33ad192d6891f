"""Row-level security beside a plain filter: each list's own statements, as wor_app and as a role that passes policies.

The plain side gets the region as a filter on the table the statement reads, and nothing on what it looks up beside:
it is faster than a filter on each table would be, so the ratio is no flattery.
"""

import re
import time
from collections.abc import Callable, Iterable

from bench.clock import medians
from bench.limits import Row, ratio
from bench.rows.people import bare_of
from bench.stage import Stage
from wor.tenancy.context import set_region
from wor.tenancy.security import TABLES_WITHOUT_REGION

LIMIT = 1.25
# One statement takes a tenth of a millisecond: so many in a row are timed as one.
IN_A_ROW = 20


def measure(bench) -> Iterable[Row]:
    for page in bench.cast.lists():
        _bare, sql = bare_of(bench.large, bench.handler, page)
        region_id = page.visitor.membership.region_id
        kinds = {}
        for number, statement in enumerate(each for each in sql if is_of_region(each)):
            kinds[f"on {number}"] = asked(bench.large, "default", statement, region_id)
            kinds[f"off {number}"] = asked(bench.large, "owner", filtered(statement, region_id), region_id)
        taken = medians(kinds, max(5, bench.rounds // 4))
        on = sum(seconds for name, seconds in taken.items() if name.startswith("on"))
        off = sum(seconds for name, seconds in taken.items() if name.startswith("off"))
        each = [taken[f"on {n}"] / taken[f"off {n}"] for n in range(len(kinds) // 2)]
        detail = f"{len(each)} statements, the worst {max(each):.2f}×"
        yield ratio(f"Row-level security, {page.name}", LIMIT, on, off, detail)


def table_of(statement: str) -> str:
    found = re.search(r' FROM "(\w+)"', statement)
    return found[1] if found else ""


def is_of_region(statement: str) -> bool:
    table = table_of(statement)
    return statement.startswith("SELECT") and bool(table) and table not in TABLES_WITHOUT_REGION


def filtered(statement: str, region_id: int) -> str:
    """With the region as an ordinary filter on the first table."""
    table = table_of(statement)
    outer = statement.rindex(f'FROM "{table}"') if statement.count(f'FROM "{table}"') == 1 else statement.index("FROM")
    where = statement.find(" WHERE ", outer)
    extra = f'"{table}"."region_id" = {int(region_id)}'
    if where < 0:
        end = next((statement.find(word, outer) for word in (" ORDER BY", " LIMIT") if word in statement[outer:]), None)
        end = len(statement) if end is None else end
        return f"{statement[:end]} WHERE {extra}{statement[end:]}"
    return f"{statement[: where + 7]}{extra} AND {statement[where + 7 :]}"


def asked(stage: Stage, alias: str, statement: str, region_id: int) -> Callable[[], float]:
    """Seconds of one run of a statement, of many in one transaction."""
    from django.db import connections, transaction

    def deed() -> float:
        with stage.open(), transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            set_region(region_id, using=alias)
            began = time.perf_counter()
            for _each in range(IN_A_ROW):
                cursor.execute(statement)
                cursor.fetchall()
            return (time.perf_counter() - began) / IN_A_ROW

    return deed
