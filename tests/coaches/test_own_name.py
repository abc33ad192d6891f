"""A coordinator may keep a client in their own name for some working days; then a coach has to be named."""

import datetime as dt

import pytest
from django.utils import timezone

from coaches import services
from referrals.models import Referral
from tests.coaches.parts import again, contact, form, reason, url
from tests.factories import make_referral
from wor.errors import DomainError


@pytest.fixture
def kept(world):
    """Accepted by the coordinator twelve days ago, and no coach since."""
    referral = make_referral(world, status="accepted", coach=world.coordinator)
    Referral.objects.filter(pk=referral.pk).update(accepted_at=timezone.now() - dt.timedelta(days=12))
    return again(referral)


DEEDS = {
    "plan_talk": lambda world, kept: services.plan_talk(
        kept, at=timezone.now() + dt.timedelta(days=3), by=world.coordinator
    ),
    "first_talk": lambda world, kept: contact(world, kept, kind="introduction", by=world.coordinator),
    "pause": lambda world, kept: services.pause(
        kept,
        reason=reason(world, "paused", "money"),
        until=dt.date.today() + dt.timedelta(days=20),
        sentence="Eerst geld.",
        key="5b1b1d8e-3f0a-4f3e-9f43-1d1f0c7e0001",
        by=world.coordinator,
    ),
}


@pytest.mark.parametrize("name", DEEDS)
def test_own_name_too_long_asks_for_a_coach_first(world, kept, name):
    with pytest.raises(DomainError) as refusal:
        DEEDS[name](world, kept)

    assert "Kies eerst een coach" in str(refusal.value.sentence)
    assert again(kept).status == "accepted"


def test_own_name_within_the_term_guides(world):
    referral = make_referral(world, status="accepted", coach=world.coordinator)

    DEEDS["first_talk"](world, referral)

    assert again(referral).status == "active"


def test_own_name_too_long_still_logs_waits_and_ends(client, world, kept):
    """What was said or decided is never refused: only guiding goes on with a coach."""
    contact(world, kept, result="no_answer", by=world.coordinator)
    services.waitlist(kept, expected_week=dt.date.today() + dt.timedelta(weeks=5), by=world.coordinator)
    services.not_started(
        kept,
        reason=reason(world, "not_started", "client_no"),
        sentence="Ziet ervan af.",
        key="5b1b1d8e-3f0a-4f3e-9f43-1d1f0c7e0002",
        by=world.coordinator,
    )

    assert again(kept).status == "not_started"


def test_own_name_too_long_goes_on_with_a_coach(world, kept):
    services.name_coach(kept, coach=world.coach, by=world.coordinator)

    contact(world, kept, kind="introduction", by=world.coach)

    assert again(kept).status == "active"


def test_own_name_while_waiting_is_not_late(world):
    referral = make_referral(world, status="accepted", coach=world.coordinator)
    contact(world, referral, by=world.coordinator)

    services.waitlist(referral, expected_week=dt.date.today() + dt.timedelta(weeks=5), by=world.coordinator)

    assert again(referral).attention_at > timezone.now() + dt.timedelta(days=20)


def test_own_name_too_long_offers_no_talk_on_the_page(client, world, kept):
    page = client.sign_in(world.coordinator).get(url("name_coach", kept).replace("collega/", "")).content.decode()

    assert url("name_coach", kept) in page
    assert url("plan_talk", kept) not in page
    day = f"{dt.date.today() + dt.timedelta(days=9):%d-%m-%Y}"
    assert client.send(url("plan_talk", kept), form(day=day, time="10:00", version=kept.version)).status_code == 409
