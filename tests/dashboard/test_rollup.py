"""Months counted ahead are what somebody who counts the rows by hand would find."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from structlog.testing import capture_logs

from coaches.models import Contact
from dashboard import rollup
from dashboard.models import COUNTS, MunicipalityMonth, PracticeMonth
from dashboard.tasks import RegionsFailed, rebuild_figures, refresh_figures
from referrals.models import Referral, Status
from tests.dashboard.history import change_some, make_history, mark_all
from tests.factories import make_reason, make_referral
from wor.outbox.models import DirtyMonth
from wor.tenancy.context import open_region

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TALKS = ("introduction", "talk", "accompany", "follow_up")


def day(moment):
    return moment.astimezone(AMSTERDAM).date()


def by_hand(referrals) -> dict:
    """The figures of a cohort, counted in Python: the second opinion."""
    rows = [each for each in referrals if each.status != "entered_in_error"]
    died = [each for each in rows if each.closing_reason and each.closing_reason.code == "deceased"]
    contact = [(day(each.first_contact_at) - day(each.sent_at)).days for each in rows if each.first_contact_at]
    talk = [(day(each.first_talk_at) - day(each.sent_at)).days for each in rows if each.first_talk_at]
    told = [each for each in rows if each.first_talk_at and each.feedback_at]
    counts = {
        "sent": len(rows),
        "taken_on": sum(each.accepted_at is not None for each in rows),
        "contacted": len(contact),
        "contacted_in_time": sum(days <= 14 for days in contact),
        "ended_before_contact": sum(bool(each.closed_at) and not each.first_contact_at for each in rows),
        "talked": len(talk),
        "feedback_given": len(told),
        "feedback_in_time": sum((day(each.feedback_at) - day(each.first_talk_at)).days <= 7 for each in told),
        "still_open": sum(each.closed_at is None for each in rows),
        "deceased": len(died),
        "started_activity": 0,
        "talks": Contact.objects.filter(
            referral__in=rows, kind__in=TALKS, result="spoken", entered_in_error_at=None
        ).count(),
        "z68_noted": sum(each.z68_noted_at is not None for each in rows),
        **{
            status: sum(each.status == status and each not in died for each in rows)
            for status in ("completed", "stopped", "not_started", "declined", "withdrawn")
        },
    }
    return counts | {
        "contact_days": sorted(max(0, min(days, 90)) for days in contact),
        "talk_days": sorted(max(0, min(days, 90)) for days in talk),
    }


def histogram(days) -> list[int]:
    return [days.count(number) for number in range(91)]


def expect_all_as_counted_by_hand() -> None:
    cohorts: dict = {}
    for each in Referral.objects.select_related("closing_reason"):
        if each.status != Status.ENTERED_IN_ERROR:
            key = (each.practice_id, day(each.sent_at).replace(day=1), each.municipality_code)
            cohorts.setdefault(key, []).append(each)
    found = {(row.practice_id, row.month, row.municipality_code): row for row in PracticeMonth.objects.all()}
    assert set(found) == set(cohorts)
    for key, rows in cohorts.items():
        expected, row = by_hand(rows), found[key]
        assert {name: getattr(row, name) for name in COUNTS} == {name: expected[name] for name in COUNTS}
        assert (sorted(row.contact_days), sorted(row.talk_days)) == (expected["contact_days"], expected["talk_days"])
    places = {(row.month, row.municipality_code): row for row in MunicipalityMonth.objects.all()}
    assert set(places) == {key[1:] for key in cohorts}
    for place, row in places.items():
        expected = by_hand([each for key, rows in cohorts.items() if key[1:] == place for each in rows])
        assert {name: getattr(row, name) for name in COUNTS} == {name: expected[name] for name in COUNTS}
        assert row.talk_days == histogram(expected["talk_days"])
        assert row.contact_days == histogram(expected["contact_days"])


@pytest.mark.parametrize("seed", range(5))
def test_each_month_equals_the_rows_counted_by_hand(world, seed):
    referrals = make_history(world, seed=seed, until=dt.datetime(2026, 11, 5, tzinfo=dt.UTC))
    refresh_figures()
    expect_all_as_counted_by_hand()

    change_some(world, referrals, seed=seed)
    refresh_figures()
    expect_all_as_counted_by_hand()


def test_many_changes_are_counted_in_turns(world, monkeypatch):
    monkeypatch.setattr(rollup, "KEYS_A_TURN", 3)
    monkeypatch.setattr(rollup.recount, "__kwdefaults__", {"limit": 3})
    make_history(world, seed=7, until=dt.datetime(2026, 11, 5, tzinfo=dt.UTC))
    refresh_figures()

    expect_all_as_counted_by_hand()


def test_rebuilding_mends_what_was_wrong(world):
    make_history(world, seed=8, until=dt.datetime(2026, 11, 5, tzinfo=dt.UTC))
    refresh_figures()
    PracticeMonth.objects.filter(practice_id=world.practice.pk).delete()
    PracticeMonth.objects.update(sent=7, contact_days=[1, 2])
    MunicipalityMonth.objects.filter(municipality_code="").update(talks=9, municipality_code="GM9009")

    rebuild_figures()

    expect_all_as_counted_by_hand()


@pytest.fixture
def broken(world, elsewhere, monkeypatch) -> list[int]:
    """The first region cannot be counted. The regions that were tried."""
    tried, rebuild = [], rollup.rebuild

    def fail(region):
        tried.append(region.pk)
        if region == world.region:
            raise ZeroDivisionError("Johanna de Vries")
        rebuild(region)

    monkeypatch.setattr(rollup, "rebuild", fail)
    return tried


def test_rebuilding_goes_on_when_a_region_fails(world, elsewhere, broken):
    with open_region(elsewhere.region.pk):
        make_referral(elsewhere)

    with capture_logs() as lines, pytest.raises(RegionsFailed):
        rebuild_figures()

    assert sorted(broken) == sorted([world.region.pk, elsewhere.region.pk])
    with open_region(elsewhere.region.pk):
        assert PracticeMonth.objects.filter(region_id=elsewhere.region.pk).count() == 1
    assert [(line["event"], line["region_id"]) for line in lines] == [("region-failed", world.region.pk)]


def test_rebuilding_tries_only_the_region_that_failed_again(world, elsewhere, broken):
    done = rebuild_figures.apply()

    assert done.failed()
    assert (broken.count(elsewhere.region.pk), broken.count(world.region.pk)) == (1, 4)


def test_rebuilding_leaves_marks_to_be_counted(world):
    make_referral(world)
    rollup.rebuild(world.region)
    assert DirtyMonth.objects.count() == 1

    refresh_figures()

    expect_all_as_counted_by_hand()


@pytest.mark.parametrize(
    ("sent_at", "month"),
    [
        ("2026-03-31T21:59:59+00:00", dt.date(2026, 3, 1)),
        ("2026-03-31T22:00:00+00:00", dt.date(2026, 4, 1)),
        ("2026-10-31T22:59:59+00:00", dt.date(2026, 10, 1)),
        ("2026-10-31T23:00:00+00:00", dt.date(2026, 11, 1)),
    ],
)
def test_a_month_begins_at_midnight_in_amsterdam(world, sent_at, month):
    make_referral(world, sent_at=dt.datetime.fromisoformat(sent_at))
    refresh_figures()

    assert PracticeMonth.objects.get().month == month


def test_counting_twice_changes_nothing(world):
    make_history(world, seed=1, number=10, until=timezone.now())
    refresh_figures()
    before = list(PracticeMonth.objects.order_by("pk").values_list("counted_at"))

    mark_all()
    refresh_figures()
    assert list(PracticeMonth.objects.order_by("pk").values_list("counted_at")) == before
    rollup.rebuild(world.region)

    expect_all_as_counted_by_hand()
    assert not DirtyMonth.objects.exists()


def test_a_mistake_takes_its_referral_out(world):
    referral = make_referral(world, municipality_code="GM9001")
    refresh_figures()
    assert MunicipalityMonth.objects.get().sent == 1

    reason = make_reason(world.region, "withdrawn")
    Referral.objects.filter(pk=referral.pk).update(
        status="entered_in_error", closed_at=timezone.now(), closing_reason=reason, attention_at=None
    )
    refresh_figures()

    assert not PracticeMonth.objects.exists()
    assert not MunicipalityMonth.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"first_contact_at": timezone.now()},
        {"z68_noted_at": timezone.now()},
        {"municipality_code": "GM9002"},
        {"feedback_at": timezone.now()},
    ],
)
def test_a_change_that_counts_marks_its_month(world, change):
    referral = make_referral(world)
    refresh_figures()

    Referral.objects.filter(pk=referral.pk).update(**change)

    assert DirtyMonth.objects.filter(practice_id=world.practice.pk).count() == 1


def test_a_change_that_does_not_count_marks_nothing(world):
    referral = make_referral(world)
    refresh_figures()

    Referral.objects.filter(pk=referral.pk).update(help_request="Iets anders", version=3)

    assert not DirtyMonth.objects.exists()


def test_moving_to_another_month_marks_both(world):
    referral = make_referral(world, sent_at=dt.datetime(2026, 5, 10, tzinfo=dt.UTC))
    refresh_figures()

    Referral.objects.filter(pk=referral.pk).update(sent_at=dt.datetime(2026, 6, 10, tzinfo=dt.UTC))

    assert set(DirtyMonth.objects.values_list("month", flat=True)) == {dt.date(2026, 5, 1), dt.date(2026, 6, 1)}


def test_another_region_is_not_counted(world, elsewhere):
    with open_region(elsewhere.region.pk):
        make_referral(elsewhere)
    refresh_figures()

    assert not PracticeMonth.objects.exists()
    with open_region(elsewhere.region.pk):
        assert PracticeMonth.objects.get().sent == 1
