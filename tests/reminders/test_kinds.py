"""Each thing that somebody is reminded of: the right person, once, on the day that the page says."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from coaches.models import Action, Contact, Placement
from referrals.models import Message, ReferralDraft
from tests.capacity.build import absent
from tests.factories import make_membership, make_referral
from tests.reminders.clock import at, told_on, turn
from wor.accounts.models import Membership
from wor.outbox.models import Notice, Reminder

K = Notice.Kind
# A Monday in a month without public holidays.
MONDAY = at("2026-11-02", 10)


def sent(world, **fields):
    return make_referral(world, sent_at=MONDAY, last_news_at=MONDAY, **fields)


def test_unanswered_goes_from_coach_to_coordinator_to_referrer(world):
    sent(world)

    assert told_on(world, "2026-11-02", "2026-12-31") == [
        ("2026-11-05", K.UNANSWERED, world.coach.pk),
        ("2026-11-09", K.UNANSWERED, world.coordinator.pk),
        ("2026-11-11", K.UNANSWERED, world.referrer.pk),
    ]
