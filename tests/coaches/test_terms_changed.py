"""The administrator chooses other terms: what is late changes for the cases that run, as it does for reminders."""

import datetime as dt

import pytest
from django.utils import timezone

from coaches import services, tasks
from tests.coaches.parts import again
from tests.factories import make_referral
from wor.calendar import local_day, start_of
from wor.outbox.models import Effect
from wor.region.services import CARE_FIELDS, change_region
from wor.tenancy.context import set_region
from wor.tenancy.versions import version_of
from wor.terms import CHANGED

NOW = timezone.now()


def choose(world, **settings) -> None:
    facts = {name: getattr(world.region, name) for name in CARE_FIELDS} | {"settings": settings}
    change_region(
        world.region, fields=CARE_FIELDS, version=version_of(world.region, CARE_FIELDS), by=world.region_admin, **facts
    )
    tasks.count_terms_anew()
    set_region(world.region.pk)


def test_other_terms_change_what_is_late_at_once(world):
    referral = make_referral(world, sent_days_ago=3)
    services.accept(referral, by=world.coach)
    before = again(referral)
    choose(world, first_contact_days=2)

    after = again(referral)
    assert before.attention_at == start_of(local_day(referral.sent_at) + dt.timedelta(days=14))
    assert after.attention_at == start_of(local_day(referral.sent_at) + dt.timedelta(days=2))
    assert after.version == before.version


@pytest.mark.parametrize("settings", [{"draft_days": 10}, {}])
def test_terms_of_something_else_change_no_day(world, settings, time_machine):
    """Who waits is asked so many weeks after the last deed, not after the administrator's."""
    referral = make_referral(world, status="accepted", first_contact_at=NOW)
    services.waitlist(referral, expected_week=local_day(NOW) + dt.timedelta(weeks=20), by=world.coach)
    before = again(referral).attention_at
    time_machine.move_to(NOW + dt.timedelta(days=20))
    choose(world, **settings)

    assert again(referral).attention_at == before


def test_closed_cases_and_other_regions_stay_as_they_are(world):
    closed = make_referral(world, status="completed")
    choose(world, first_contact_days=2)

    assert again(closed).attention_at is None
    assert not Effect.objects.filter(kind=CHANGED, done_at__isnull=True).exists()


def test_who_died_halfway_is_followed_by_another(world, monkeypatch):
    referral = make_referral(world, status="accepted", sent_days_ago=3)
    with monkeypatch.context() as broken:
        broken.setattr("coaches.looking_again._look", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            choose(world, first_contact_days=2)
    Effect.objects.filter(kind=CHANGED).update(sending_at=NOW - dt.timedelta(hours=1))
    tasks.count_terms_anew()
    set_region(world.region.pk)

    assert again(referral).attention_at == start_of(local_day(referral.sent_at) + dt.timedelta(days=2))
