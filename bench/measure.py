"""`./run bench [--quick]`: every row of the limits table beside its floor, printed and written down."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command

from bench import floor, load, report
from bench.limits import NOT_MEASURED, TOO_SLOW, Row, not_measured
from bench.plan import SMALL
from bench.rows import ALL
from bench.rows.people import Cast
from bench.stage import Stage
from deploy.local.say import Problem, line, step

ROUNDS, QUICK_ROUNDS = 60, 25
MIXED_SECONDS, QUICK_MIXED_SECONDS = 300, 30


@dataclass
class Bench:
    """What a module of rows gets: two databases (one, when no larger is loaded), and the two servers."""

    large: Stage
    small: Stage
    handler: WSGIHandler
    floor: WSGIHandler
    rounds: int = ROUNDS
    mixed_seconds: int = MIXED_SECONDS

    @cached_property
    def cast(self) -> Cast:
        return Cast(self.large)

    def welfare_of(self, practice: int) -> list[int]:
        rows = self.large.as_owner(
            "SELECT welfare_organisation_id FROM tenancy_servedarea WHERE practice_id = %s", [practice]
        )
        return [row[0] for row in rows]


def main(arguments: list[str]) -> int:
    began = time.monotonic()
    only = {each for each in arguments if not each.startswith("--")}
    bench = prepare(quick="--quick" in arguments)
    rows = list(measured(bench, only))
    report.show(rows)
    if not only:
        report.write(rows, bench, quick="--quick" in arguments, seconds=time.monotonic() - began)
    return 1 if any(row.verdict == TOO_SLOW for row in rows) else 0


def prepare(*, quick: bool) -> Bench:
    with load.server() as cursor:
        sizes = load.present(cursor)
    if not sizes:
        raise Problem(f"Er is nog niets om aan te meten: ./run bench-data {SMALL} en daarna ./run bench-data.")
    small = SMALL if SMALL in sizes else sizes[-1]
    stages = {size: Stage(size) for size in {sizes[0], small}}
    for stage in stages.values():
        with stage.open(), step(f"Database met {load.spaced(stage.referrals)} verwijzingen bijgewerkt"):
            call_command("migrate", database="owner", verbosity=0)
    rounds, seconds = (QUICK_ROUNDS, QUICK_MIXED_SECONDS) if quick else (ROUNDS, MIXED_SECONDS)
    return Bench(stages[sizes[0]], stages[small], WSGIHandler(), floor.handler(), rounds, seconds)


def measured(bench: Bench, only: set[str]) -> Iterable[Row]:
    """The rows of each module as they come; one that cannot be measured says so and does not stop the rest."""
    for module in ALL:
        name = module.__name__.rpartition(".")[2]
        if only and name not in only:
            continue
        began = time.monotonic()
        load_before = os.getloadavg()[0]
        try:
            for row in module.measure(bench):
                line(f"  {row.what}: {row.number(row.measured) or NOT_MEASURED} ({row.verdict})")
                yield row
        except Exception as error:  # a broken page is a finding, not the end of the run
            line(f"  {name}: {error}")
            yield not_measured(f"Rows of {name}", None, f"{type(error).__name__}: {str(error)[:160]}")
        line(f"{name}: {time.monotonic() - began:.0f} s, load {load_before:.1f} → {os.getloadavg()[0]:.1f}")
