"""When people are told: never at night, in a weekend or on a holiday, and once whatever the clocks do."""

import datetime as dt

import pytest
from django.db import connection

from tests.factories import make_referral
from tests.reminders.clock import at, told_on, turn
from wor.calendar import AMSTERDAM, add_months, add_working_days
from wor.outbox import reminders
from wor.outbox.models import Effect, Notice, Reminder
from wor.tenancy.models import Region
from wor.terms import Term, Unit

MINUTE = dt.timedelta(minutes=1)
# The nights on which the clock goes back and forward, each with a Monday after it.
AUTUMN, SPRING = dt.date(2026, 10, 25), dt.date(2027, 3, 28)


def paused_until(world, day: str):
    return make_referral(
        world, status="paused", paused_until=dt.date.fromisoformat(day), sent_at=at(day) - dt.timedelta(days=30)
    )


def hours_told(world, day: str, step: float = 0.25) -> list[float]:
    """Every quarter of an hour until nine: when something was told."""
    return [hour * step for hour in range(int(9 / step)) if turn(world, at(day, hour * step))]


def test_told_from_a_quarter_before_the_mail(world):
    paused_until(world, "2026-11-10")

    assert hours_told(world, "2026-11-10") == [7.75]
    assert Effect.objects.get().not_before == at("2026-11-10", 8)


def test_not_told_in_the_evening_but_the_next_morning(world):
    paused_until(world, "2026-11-10")

    assert turn(world, at("2026-11-10", 18)) == []
    assert turn(world, at("2026-11-10", 23.9)) == []
    assert hours_told(world, "2026-11-11") == [7.75]


@pytest.mark.parametrize(
    ("due", "told"),
    [
        ("2026-11-14", "2026-11-16"),  # a Saturday
        ("2026-12-25", "2026-12-28"),  # Christmas, a Friday
        ("2027-01-01", "2027-01-04"),
        ("2027-03-27", "2027-03-30"),  # the Saturday before Easter, the night the clock goes forward
        ("2027-05-06", "2027-05-07"),  # Ascension Day
        ("2026-10-25", "2026-10-26"),  # the night the clock goes back
    ],
)
def test_told_the_next_working_day(world, due, told):
    paused_until(world, due)

    first, last = (str(dt.date.fromisoformat(due) + dt.timedelta(days=days)) for days in (-3, 6))
    assert [day for day, *_more in told_on(world, first, last)] == [told]


def test_told_later_in_the_day_where_the_worker_stood_still_and_mailed_at_once(world):
    paused_until(world, "2026-11-10")
    turn(world, at("2026-11-09"))

    now = at("2026-11-10", 14)
    assert turn(world, now)
    assert Effect.objects.get().not_before == now


def test_standing_still_for_a_day_loses_and_doubles_nothing(world):
    paused_until(world, "2026-11-10")
    paused_until(world, "2026-11-11")

    assert len(turn(world, at("2026-11-11", 9))) == 2
    assert turn(world, at("2026-11-11", 9.1)) == []


@pytest.mark.parametrize("night", [AUTUMN, SPRING])
def test_each_hour_of_the_night_of_the_clock_change_tells_once_in_all(world, night):
    """By the hours that really pass, in UTC: one more in one night and one less in the other."""
    paused_until(world, str(night))
    paused_until(world, str(night - dt.timedelta(days=1)))
    paused_until(world, str(night + dt.timedelta(days=1)))
    begin, told = at(str(night), 0).astimezone(dt.UTC), []
    for hours in (*range(5), 24, 30, 31, 32, 33, 34, 55, 56, 57, 79, 80, 81):
        moment = begin + dt.timedelta(hours=hours)
        told += [(moment, *each) for each in turn(world, moment)]

    mornings = {each[0].astimezone(AMSTERDAM).isoformat(timespec="minutes")[11:16] for each in told}
    assert len(told) == 3
    assert mornings == {"08:00"}
    assert {row.due_at.astimezone(AMSTERDAM).hour for row in Reminder.objects.all()} == {0}


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_worker_whose_clock_is_ten_minutes_off_tells_nothing_twice(world, minutes):
    paused_until(world, "2026-11-10")
    told = []
    for hour in (-0.1, 0, 0.1, 7.5, 7.75, 7.9, 8, 8.1, 17.9, 18.1, 23.95, 24.05, 31.75, 32):
        told += turn(world, at("2026-11-10", hour))
        told += turn(world, at("2026-11-10", hour) + minutes * MINUTE)

    assert len(told) == 1
    assert Effect.objects.filter(kind=reminders.SUMMARY).count() == 1


def test_the_hours_are_those_of_the_region(world):
    world.region.settings = {"news_hour": 10, "quiet_from_hour": 12}
    paused_until(world, "2026-11-10")

    assert [reminders.may_tell(world.region, at("2026-11-10", hour)) for hour in (9.5, 9.75, 11.75, 12)] == [
        *(False, True, True, False)
    ]


# --- Terms: the same day in Python and in SQL -------------------------------------------------------------------------

TERMS = [
    (Term("first_contact_days", Unit.DAYS), range(3, 32, 7)),
    (Term("waitlist_still_wanted_weeks", Unit.WEEKS), (2, 6, 13)),
    (Term("follow_up_second_months", Unit.MONTHS), (1, 2, 3, 12)),
    (Term("unanswered_referrer_working_days", Unit.WORKING_DAYS), (1, 3, 5, 7, 20)),
]


@pytest.mark.parametrize(("term", "numbers"), TERMS, ids=lambda each: getattr(each, "setting", ""))
def test_a_term_is_the_same_day_in_python_and_in_sql(db, term, numbers):
    since, by = [dt.date(2026, 11, 20) + dt.timedelta(days=each) for each in range(130)], dt.date(2027, 2, 15)
    for number in numbers:
        region = Region(settings={term.setting: number})
        if term.unit == Unit.WORKING_DAYS:
            since = [day for day in since if day < dt.date(2027, 3, 1)]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {term.sql(region, 'day', by)} FROM unnest(%s::date[]) day", [since])
            assert [row[0] for row in cursor.fetchall()] == [term.due_on(region, day) for day in since]


@pytest.mark.parametrize(("term", "numbers"), TERMS, ids=lambda each: getattr(each, "setting", ""))
def test_a_terms_cutoff_leaves_nothing_out_that_is_due(term, numbers):
    by = dt.date(2027, 1, 31)
    for number in numbers:
        region = Region(settings={term.setting: number})
        for day in (by - dt.timedelta(days=each) for each in range(400)):
            if term.due_on(region, day) <= by:
                assert dt.datetime.combine(day, dt.time(23, 59), AMSTERDAM) < term.cutoff(region, by)


def test_months_end_on_the_last_day_there_is():
    assert add_months(dt.date(2026, 11, 30), 3) == dt.date(2027, 2, 28)
    assert add_months(dt.date(2027, 12, 31), 2) == dt.date(2028, 2, 29)
    assert add_working_days(dt.date(2026, 12, 24), 1) == dt.date(2026, 12, 28)


def test_notices_of_one_turn_are_in_the_inbox_once(world):
    paused_until(world, "2026-11-10")
    now = at("2026-11-10")
    for _each in range(3):
        reminders.plan(world.region, now=now)
        reminders.tell(world.region, now=now)

    assert Notice.objects.count() == 1
