"""Periods are closed once, and what is published stays."""

import datetime as dt

import pytest

from dashboard import closing
from dashboard.grid import tables
from dashboard.models import Publication, PublishedCell
from dashboard.periods import Period
from dashboard.tasks import close_periods
from referrals.models import Referral, Status
from tests.dashboard.years import TODAY, close_all, make_years
from tests.factories import make_cell, make_referral

HALF = Period(dt.date(2026, 1, 1), dt.date(2026, 7, 1))


def cells_of(**which) -> list:
    rows = PublishedCell.objects.filter(**which).order_by("id")
    return list(rows.values_list("audience", "unit", "municipality_code", "table", "label", "value", "why"))


def test_due_names_each_closed_period_since_the_first_referral_once(world):
    make_referral(world, sent_at=dt.datetime(2026, 2, 3, tzinfo=dt.UTC))

    found = closing.due(world.region, TODAY)

    assert [(kind, period.first) for kind, period in found] == [
        *(("quarter", dt.date(2026, month, 1)) for month in (1, 4, 7)),
        ("half", dt.date(2026, 1, 1)),
    ]
    assert closing.due(world.region, dt.date(2026, 4, 28)) == []


@pytest.mark.parametrize("change", ["add", "correct", "remove"])
def test_close_is_not_changed_by_what_happens_later(world, change):
    make_years(world, seed=1, number=300, first=dt.date(2026, 1, 1))
    close_all(world)
    before = cells_of()

    late = Referral.objects.filter(sent_at__lt=HALF.ends).first()
    if change == "add":
        make_referral(world, sent_at=late.sent_at)
    elif change == "correct":
        Referral.objects.filter(pk=late.pk).update(age_band="18-34", sex="x")
    else:
        Referral.objects.filter(pk=late.pk).update(
            status=Status.ENTERED_IN_ERROR, closing_reason=None, closed_at=late.sent_at, attention_at=None
        )

    assert close_all(world) == []
    closing.close(world.region, "half", HALF)
    assert cells_of() == before


def test_close_again_gives_what_was_published(world):
    make_years(world, seed=2, number=120, first=dt.date(2026, 1, 1))

    first = closing.close(world.region, "half", HALF)

    assert closing.close(world.region, "half", HALF) == first
    assert Publication.objects.count() == 1
    assert closing.checksum(first.cells.all()) == first.checksum


def test_close_is_append_only_for_the_application(world):
    make_years(world, seed=3, number=60, first=dt.date(2026, 1, 1))
    published = closing.close(world.region, "half", HALF)

    with pytest.raises(Exception, match="permission denied"):
        published.cells.update(value=1)


def test_close_shows_nothing_below_the_threshold(world):
    make_years(world, seed=4, number=500)
    close_all(world)

    shown = PublishedCell.objects.filter(value__gt=0).exclude(table__in=("days", "hours", "mean_age", "wellbeing"))
    assert shown.exists()
    assert not shown.filter(audience="core", value__lt=5).exists()
    assert not shown.filter(audience="strict", value__lt=10).exists()
    assert not [cell for cell in shown.filter(audience="funder") if cell.value < 10 or cell.value % 5]


def test_close_gives_funders_no_practice(world):
    make_years(world, seed=5, number=300)
    close_all(world)

    assert not PublishedCell.objects.filter(audience="funder", unit__isnull=False).exists()
    assert PublishedCell.objects.filter(audience="funder", municipality_code="").exists()


def test_closing_job_closes_each_region_once(world):
    make_years(world, seed=6, number=80, first=dt.date(2025, 7, 1))

    close_periods()
    number = Publication.objects.count()
    close_periods()

    assert number
    assert Publication.objects.count() == number


def test_choices_with_the_same_name_are_told_apart(world):
    for group, problem in (("Jongeren", "Rouw"), ("jongeren", "Rouw"), ("Overige", "Werk"), ("Ouderen", "Thuis")):
        make_cell(world.region, group, problem)

    shown = {table.code: table for table in tables(world.region, [])}

    for table in shown.values():
        for rung in range(table.ladder.last):
            labels = [label.casefold() for _block, label in table.cells(rung)]
            assert len(labels) == len(set(labels)), labels
    finest = [label for _block, label in shown["target_group"].cells(0)]
    assert {"Jongeren", "jongeren (2)"} <= set(finest)
