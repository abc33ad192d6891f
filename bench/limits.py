"""A row of the limits table, and what is said of it."""

from dataclasses import dataclass

GOOD, TOO_SLOW, NOT_MEASURED = "good", "too slow", "not measured"


@dataclass(frozen=True)
class Row:
    """``measured`` against ``limit``, both a ratio to ``floor`` or in the unit of the limit itself.

    Not measured when ``why_not`` says so.
    """

    what: str
    limit: float | None
    measured: float | None = None
    unit: str = "×"
    detail: str = ""
    why_not: str = ""

    @property
    def verdict(self) -> str:
        if self.measured is None or self.limit is None:
            return NOT_MEASURED
        # As it is printed: 2.504 reads as 2.5 and is within 2.5.
        return GOOD if round(self.measured, 2) <= self.limit else TOO_SLOW

    @property
    def verdict_in_words(self) -> str:
        return f"{NOT_MEASURED}: {self.why_not}" if self.verdict == NOT_MEASURED else self.verdict

    def number(self, value: float | None) -> str:
        if value is None:
            return ""
        digits = 2 if self.unit == "×" else 1 if value % 1 else 0
        return f"{value:.{digits}f}{self.unit if self.unit == '×' else ' ' + self.unit}"


def ratio(what: str, limit: float, taken: float, floor: float, detail: str = "") -> Row:
    """So many times the floor of the same run; both in seconds."""
    told = f"{milliseconds(taken)} beside {milliseconds(floor)}"
    return Row(what, limit, taken / floor, detail=f"{told}{'; ' + detail if detail else ''}")


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.{2 if seconds < 0.01 else 1}f} ms"


def not_measured(what: str, limit: float | None, why_not: str, unit: str = "×") -> Row:
    return Row(what, limit, unit=unit, why_not=why_not)
