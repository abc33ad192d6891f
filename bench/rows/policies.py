"""Row-level security beside a plain filter: the own statements of each list and of each page of figures, as wor_app
and as a role that passes policies.

The plain side gets the region as a filter on the table the statement reads, and nothing on what it looks up beside:
it is faster than a filter on each table would be, so the ratio is no flattery.
"""

import re
import time
from collections.abc import Callable, Iterable

from django.db import connections, transaction

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
    for page in (*bench.cast.lists(), *bench.cast.figures()):
        _bare, sql = bare_of(bench.large, bench.handler, page)
        region_id = page.visitor.membership.region_id
        kinds = {}
        for number, statement in enumerate(each for each in sql if is_of_region(each) or is_by_hand(each)):
            plain = statement if is_by_hand(statement) else filtered(statement, region_id)
            kinds[f"on {number}"] = asked(bench.large, "default", statement, region_id)
            kinds[f"off {number}"] = asked(bench.large, "owner", plain, region_id)
        taken = medians(kinds, max(1, bench.rounds // 10))
        on = sum(seconds for name, seconds in taken.items() if name.startswith("on"))
        off = sum(seconds for name, seconds in taken.items() if name.startswith("off"))
        each = [taken[f"on {n}"] / taken[f"off {n}"] for n in range(len(kinds) // 2)]
        detail = f"{len(each)} statements, the worst {max(each):.2f}×"
        yield ratio(f"Row-level security, {page.name}", LIMIT, on, off, detail)


# The table that a statement reads itself, not one that it looks up inside brackets.
def table_of(statement: str) -> str:
    found = re.match(r' FROM "(\w+)"', statement[outer(statement) :])
    return found[1] if found else ""


def outer(statement: str, word: str = " FROM ", start: int = 0) -> int:
    """Where a word stands outside all brackets and quotes; -1 when it does not."""
    depth, quoted = 0, False
    for place in range(start, len(statement)):
        sign = statement[place]
        quoted ^= sign == "'"
        depth += 0 if quoted else (sign == "(") - (sign == ")")
        if depth == 0 and not quoted and statement.startswith(word, place):
            return place
    return -1


def is_of_region(statement: str) -> bool:
    table = table_of(statement)
    return statement.startswith("SELECT") and bool(table) and table not in TABLES_WITHOUT_REGION


def is_by_hand(statement: str) -> bool:
    """SQL of the figures, which Django did not write. It names the region itself, or practices and nothing else."""
    return '"' not in statement and "set_config" not in statement


def filtered(statement: str, region_id: int) -> str:
    """With the region as an ordinary filter on the table that the statement reads."""
    extra = f'"{table_of(statement)}"."region_id" = {int(region_id)}'
    where = outer(statement, " WHERE ")
    if where >= 0:
        return f"{statement[: where + 7]}{extra} AND {statement[where + 7 :]}"
    ends = [place for word in (" GROUP BY ", " ORDER BY ", " LIMIT ") if (place := outer(statement, word)) >= 0]
    end = min(ends, default=len(statement))
    return f"{statement[:end]} WHERE {extra}{statement[end:]}"


def asked(stage: Stage, alias: str, statement: str, region_id: int) -> Callable[[], float]:
    """Seconds of one run of a statement, of many in one transaction."""

    def deed() -> float:
        with stage.open(), transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            set_region(region_id, using=alias)
            began = time.perf_counter()
            for _each in range(IN_A_ROW):
                cursor.execute(statement)
                cursor.fetchall()
            return (time.perf_counter() - began) / IN_A_ROW

    return deed
