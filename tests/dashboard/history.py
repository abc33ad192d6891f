"""A few months of referrals in every state, from a seed."""

import datetime as dt
import random
import uuid

from coaches.models import Contact
from referrals.models import Referral, Status
from referrals.models.referral import CLOSED
from tests.factories import World, make_client, make_reason, make_referral

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
