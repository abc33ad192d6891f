"""Rows of the limits table that no module measures, and why."""

from collections.abc import Iterable

from bench.limits import Row, not_measured

ELSEWHERE = "measured by hand, see above: it takes a fresh clone"


def measure(_bench) -> Iterable[Row]:
    yield not_measured("Nothing → first page, with uv", 60, ELSEWHERE, "s")
    yield not_measured("Whole test run", 12, ELSEWHERE, "min")
