"""Rows of the limits table that no module measures yet. A new module takes its rows out of here."""

from collections.abc import Iterable

from bench.limits import Row, not_measured

WAITING = "no module in bench/rows measures this part yet"
ROWS: tuple[tuple[str, float, str], ...] = (
    ("Search of people and of 20,000 activities beside an index look-up page", 3, "×"),
    ("100,000 due reminders found and queued beside one statement that selects them", 3, "×"),
)
ELSEWHERE = "measured by hand, see above: it takes a fresh clone"


def measure(_bench) -> Iterable[Row]:
    for what, limit, unit in ROWS:
        yield not_measured(what, limit, WAITING, unit)
    yield not_measured("Nothing → first page, with uv", 60, ELSEWHERE, "s")
    yield not_measured("Whole test run", 12, ELSEWHERE, "min")
