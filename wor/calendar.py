"""Days as people here count them: Europe/Amsterdam, and working days without weekends and public holidays."""

import calendar
import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.utils import timezone

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@lru_cache(maxsize=32)
def public_holidays(year: int) -> frozenset[dt.date]:
    """The public holidays of the Netherlands in a year."""
    return frozenset(holidays.country_holidays("NL", years=year))


def is_working_day(day: dt.date) -> bool:
    return day.isoweekday() <= 5 and day not in public_holidays(day.year)


def add_working_days(day: dt.date, number: int) -> dt.date:
    """The working day that many working days after ``day``; what begins in a weekend counts from Monday."""
    while number > 0:
        day += dt.timedelta(days=1)
        number -= is_working_day(day)
    return day


def add_months(day: dt.date, number: int) -> dt.date:
    """The same day so many months on; the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + number, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return dt.date(day.year + years, month + 1, min(day.day, last))


def local_day(moment: dt.datetime) -> dt.date:
    """The day in Amsterdam on which a moment falls."""
    return timezone.localdate(moment, AMSTERDAM)


def next_working_hour(moment: dt.datetime, hour: int) -> dt.datetime:
    """The first time after ``moment`` that it is so many o'clock in Amsterdam on a working day."""
    local = moment.astimezone(AMSTERDAM)
    day = local.date() if local.hour < hour else local.date() + dt.timedelta(days=1)
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(hour), AMSTERDAM)


def start_of(day: dt.date) -> dt.datetime:
    """Midnight in Amsterdam at which a day begins; also on the days that have 23 or 25 hours."""
    return dt.datetime.combine(day, dt.time.min, AMSTERDAM)


def today() -> dt.date:
    """Today in Amsterdam."""
    return local_day(timezone.now())
