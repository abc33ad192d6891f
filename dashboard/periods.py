"""The periods a dashboard can show: whole months, in Europe/Amsterdam."""

import datetime as dt
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wor.calendar import start_of, today

YEAR, THIS_YEAR, LAST_YEAR, QUARTER, THREE_YEARS = "jaar", "dit-jaar", "vorig-jaar", "kwartaal", "drie-jaar"
CHOICES = {
    YEAR: gettext_lazy("Laatste 12 maanden"),
    QUARTER: gettext_lazy("Laatste 3 maanden"),
    THIS_YEAR: gettext_lazy("Dit jaar"),
    LAST_YEAR: gettext_lazy("Vorig jaar"),
    THREE_YEARS: gettext_lazy("Laatste 3 jaar"),
}


@dataclass(frozen=True)
class Period:
    """From the first day of a month up to, not including, the first day of another."""

    first: dt.date
    end: dt.date

    @property
    def months(self) -> list[dt.date]:
        count = (self.end.year - self.first.year) * 12 + self.end.month - self.first.month
        return [add_months(self.first, number) for number in range(count)]

    @property
    def last_day(self) -> dt.date:
        return self.end - dt.timedelta(days=1)

    @property
    def starts(self) -> dt.datetime:
        return start_of(self.first)

    @property
    def ends(self) -> dt.datetime:
        return start_of(self.end)

    @property
    def before(self) -> "Period":
        """The period of the same length just before."""
        return Period(add_months(self.first, -len(self.months)), self.first)

    def __str__(self) -> str:
        first, last = formats.date_format(self.first, "F Y"), formats.date_format(self.last_day, "F Y")
        if first == last:
            return first
        return _("%(first)s tot en met %(last)s") % {"first": first, "last": last}


def add_months(month: dt.date, number: int) -> dt.date:
    """The first day of the month that many months later; negative is earlier."""
    count = month.year * 12 + month.month - 1 + number
    return dt.date(count // 12, count % 12 + 1, 1)


def named(code: str, *, on: dt.date | None = None) -> Period:
    """The period of a choice; the running month belongs to it. Raises KeyError for an unknown code."""
    month = (on or today()).replace(day=1)
    after = add_months(month, 1)
    return {
        YEAR: Period(add_months(after, -12), after),
        QUARTER: Period(add_months(after, -3), after),
        THIS_YEAR: Period(month.replace(month=1), after),
        LAST_YEAR: Period(dt.date(month.year - 1, 1, 1), dt.date(month.year, 1, 1)),
        THREE_YEARS: Period(add_months(after, -36), after),
    }[code]
