"""Who agreed that the referrer hears the status only, is not told of by a pause."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from coaches import services
from coaches.models import Action
from referrals.models import Referral
from tests.coaches.parts import again, contact, reason
from tests.factories import make_client, make_referral


def paused(world, level: str, **fields):
    """Accepted, and paused before the first talk."""
    referral = make_referral(world, status="accepted", client=make_client(world.practice, feedback_level=level))
    because = reason(world, "paused", "money")
    until = dt.date.today() + dt.timedelta(days=30)
    services.pause(referral, reason=because, until=until, sentence="Eerst geld.", key=uuid.uuid4(), by=world.coach)
    return referral


def test_pause_is_not_told_to_who_hears_the_status_only(client, world):
    """Neither by the label, nor the filter, nor the order of the list."""
    quiet = paused(world, "status")
    before = make_referral(world, status="accepted")
    client.sign_in(world.referrer)

    page = client.get(reverse("referrals")).content.decode()
    accepted = client.get(reverse("referrals"), {"status": "accepted"}).content.decode()
    waits = client.get(reverse("referrals"), {"status": "paused"}).content.decode()

    assert quiet.client.short_name in page
    assert quiet.client.short_name in accepted
    assert quiet.client.short_name not in waits
    assert Referral.objects.get(pk=quiet.pk).last_news_at < before.last_news_at


def test_pause_is_told_to_who_hears_everything(client, world):
    told = paused(world, "all")

    found = client.sign_in(world.referrer).get(reverse("referrals"), {"status": "paused"}).content.decode()

    assert told.client.short_name in found


def test_paused_case_waits_for_its_day_whatever_was_to_do(world):
    referral = make_referral(world, status="active")
    yesterday = dt.date.today() - dt.timedelta(days=1)
    services.add_action(referral, text="Bellen", due_on=yesterday, key=uuid.uuid4(), by=world.coach)
    until = dt.date.today() + dt.timedelta(days=30)

    because = reason(world, "paused", "money")
    services.pause(referral, reason=because, until=until, sentence="Eerst geld.", key=uuid.uuid4(), by=world.coach)
    assert again(referral).attention_at.astimezone().date() >= until - dt.timedelta(days=1)

    services.resume(referral, by=world.coach)
    assert again(referral).attention_at.astimezone().date() <= yesterday
    assert Action.objects.filter(done_at__isnull=True).exists()


def quiet_for(world, weeks: int, **fields):
    """In guidance, and the practice heard nothing for some weeks."""
    long_ago = timezone.now() - dt.timedelta(weeks=weeks)
    fields = {"first_talk_at": long_ago, "feedback_at": long_ago, "last_news_at": long_ago, **fields}
    return make_referral(world, status="active", **fields)


def test_taken_up_again_after_a_long_pause_is_not_late_at_once(world, time_machine):
    referral = quiet_for(world, 1, client=make_client(world.practice, feedback_level="status"))
    because, until = reason(world, "paused", "money"), dt.date.today() + dt.timedelta(days=60)
    services.pause(referral, reason=because, until=until, key=uuid.uuid4(), by=world.coach)
    told = again(referral).last_news_at

    time_machine.move_to(timezone.now() + dt.timedelta(weeks=8))
    services.resume(referral, by=world.coach)
    services.add_action(
        referral, text="Bellen", due_on=dt.date.today() + dt.timedelta(days=90), key=uuid.uuid4(), by=world.coach
    )

    assert again(referral).attention_at > timezone.now() + dt.timedelta(weeks=5)
    assert again(referral).last_news_at == told


@pytest.mark.parametrize(("result", "is_late"), [("spoken", False), ("no_answer", True)])
def test_who_was_spoken_to_today_does_not_ask_for_a_next_contact(world, result, is_late):
    referral = quiet_for(world, 8)

    contact(world, referral, kind="talk", result=result)

    assert (again(referral).attention_at < timezone.now()) is is_late


def test_contact_that_was_a_mistake_makes_it_late_again(world):
    referral = quiet_for(world, 8)
    wrong = contact(world, referral, kind="talk")

    services.mark_contact_in_error(wrong, by=world.coach)

    assert again(referral).attention_at < timezone.now()
