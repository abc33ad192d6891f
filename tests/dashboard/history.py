"""A few months of referrals in every state, from a seed."""

import datetime as dt
import random
import uuid

from coaches.models import Contact
from dashboard.models import PracticeMonth
from referrals.models import Referral, Status
from referrals.models.referral import CLOSED
from tests.factories import World, make_client, make_reason, make_referral
from wor.outbox.models import DirtyMonth

MUNICIPALITIES = ("GM9001", "GM9002", "")


def make_history(world: World, *, seed: int, number: int = 30, until: dt.datetime) -> list[Referral]:
    """``number`` referrals over some fourteen months before ``until``, for two practices."""
    chance = random.Random(seed)
    clients = [make_client(practice) for practice in (world.practice, world.other_practice) for _ in range(2)]
    made = []
    for _ in range(number):
        status = chance.choice(list(Status))
        sent_at = until - dt.timedelta(minutes=chance.randrange(60 * 24 * 430))
        client = chance.choice(clients)
        fields = {
            "client": client,
            "practice": client.practice,
            "sent_at": sent_at,
            "municipality_code": chance.choice(MUNICIPALITIES),
            "z68_noted_at": chance.choice((None, sent_at)),
            **_course(status, sent_at, chance),
        }
        if status in CLOSED - {Status.ENTERED_IN_ERROR} and chance.random() < 0.2:
            fields["closing_reason"] = make_reason(world.region, status, "deceased")
        referral = make_referral(world, status=status, **fields)
        for _ in range(chance.randrange(4)):
            make_contact(world, referral, chance)
        made.append(referral)
    return made


def _course(status: str, sent_at: dt.datetime, chance: random.Random) -> dict:
    """When who spoke to the client first: in time, late or not at all."""
    fields: dict = {}
    later = sent_at + dt.timedelta(hours=chance.randrange(24 * 120))
    if status in (Status.ACTIVE, Status.FOLLOW_UP, Status.COMPLETED, Status.STOPPED, Status.PAUSED):
        talk = later + dt.timedelta(hours=chance.randrange(24 * 20))
        feedback = talk + dt.timedelta(hours=chance.randrange(24 * 14))
        fields = {"first_contact_at": later, "first_talk_at": talk, "feedback_at": chance.choice((None, feedback))}
    elif chance.random() < 0.5:
        fields = {"first_contact_at": later}
    return fields


def make_contact(world: World, referral: Referral, chance: random.Random) -> Contact:
    return Contact.objects.create(
        region=world.region,
        referral=referral,
        welfare_organisation=world.welfare,
        by=world.coach,
        at=referral.sent_at,
        kind=chance.choice(list(Contact.Kind)),
        way=Contact.Way.PHONE,
        result=chance.choice(list(Contact.Result)),
        key=uuid.UUID(int=chance.getrandbits(128)),
        **chance.choice(({}, {}, {"entered_in_error_at": referral.sent_at, "entered_in_error_by": world.coach})),
    )


def change_some(world: World, referrals: list[Referral], *, seed: int) -> None:
    """What happens to referrals after their month was counted: later, other, elsewhere, a mistake; and new ones."""
    chance = random.Random(seed)
    for referral in chance.sample(referrals, 12):
        change = chance.choice(
            (
                {"municipality_code": chance.choice(MUNICIPALITIES)},
                {"sent_at": referral.sent_at + dt.timedelta(days=chance.randrange(-40, 40))},
                {"first_contact_at": referral.sent_at + dt.timedelta(days=chance.randrange(-1, 120))},
                {"z68_noted_at": referral.sent_at},
                {"practice": world.other_practice},
                _mistake(world),
            )
        )
        if referral.status != Status.PAUSED or "status" not in change:
            Referral.objects.filter(pk=referral.pk).update(**change)
    chance = random.Random(f"other contacts {seed}")
    for referral in chance.sample(referrals, 4):
        make_contact(world, referral, chance)
    Contact.objects.filter(referral__in=chance.sample(referrals, 4)).update(entered_in_error_at=world.region.created_at)
    make_history(world, seed=seed + 100, number=5, until=dt.datetime(2026, 11, 5, tzinfo=dt.UTC))


def _mistake(world: World) -> dict:
    reason = make_reason(world.region, Status.WITHDRAWN, "other")
    return {
        "status": Status.ENTERED_IN_ERROR,
        "closed_at": dt.datetime(2026, 11, 5, tzinfo=dt.UTC),
        "closing_reason": reason,
        "attention_at": None,
    }


def mark_all() -> None:
    """As if something changed in each month."""
    keys = PracticeMonth.objects.values("region_id", "practice_id", "month").distinct()
    DirtyMonth.objects.bulk_create([DirtyMonth(**key) for key in keys], ignore_conflicts=True)
