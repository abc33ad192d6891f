"""Terms: so much time, as the region chose, after something happened. One definition, for a row and for SQL.

A page computes the day on which one case is due; a reminder finds thousands by the same day in one statement. Days are
those of Europe/Amsterdam.
"""

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from wor.calendar import add_months, add_working_days, is_working_day, start_of
from wor.tenancy.models import Region

# An effect of this kind says that a region chose other terms: what was computed from them has to be computed anew.
CHANGED = "terms_changed"


class Unit(Enum):
    """Holds how many calendar days one of it is at least."""

    DAYS = ("days", 1)
    WEEKS = ("weeks", 7)
    MONTHS = ("months", 28)
    WORKING_DAYS = ("working_days", 1)


@dataclass(frozen=True)
class Term:
    """The region's setting, and what it counts."""

    setting: str
    unit: Unit

    def length(self, region: Region) -> int:
        return int(region.setting(self.setting))

    def due_on(self, region: Region, since: dt.date) -> dt.date:
        """The day on which it is due. Late means: that day is over."""
        number = self.length(region)
        if self.unit == Unit.WORKING_DAYS:
            return add_working_days(since, number)
        if self.unit == Unit.MONTHS:
            return add_months(since, number)
        return since + dt.timedelta(days=number * self.unit.value[1])

    def sql(self, region: Region, since: str, by: dt.date) -> str:
        """The same as SQL over ``since``, an expression of type date. Right for every day that is due around ``by``;
        what was due long before is due long before, but perhaps on another day."""
        number = self.length(region)
        if self.unit == Unit.WORKING_DAYS:
            days = working_days_around(by)
            return f"({days})[width_bucket({since}, {days}) + {number}]"
        if self.unit == Unit.MONTHS:
            return f"({since} + interval '{number} months')::date"
        return f"({since} + {number * self.unit.value[1]})"

    def cutoff(self, region: Region, by: dt.date) -> dt.datetime:
        """What happened at this moment or later cannot be due by that day. For a condition that an index serves."""
        return start_of(by + dt.timedelta(days=1 - self.length(region) * self.unit.value[1]))


def day_of(moment: str) -> str:
    """SQL: the day in Amsterdam of an expression of type timestamptz."""
    return f"({moment} AT TIME ZONE 'Europe/Amsterdam')::date"


@lru_cache(maxsize=64)
def working_days_around(day: dt.date) -> str:
    """SQL: the working days of some months around a day, in order. The number of those up to a day is its place."""
    days = (day + dt.timedelta(days=distance) for distance in range(-92, 62))
    return "'{" + ",".join(str(each) for each in days if is_working_day(each)) + "}'::date[]"
