"""Years of referrals for a small region, written at once: practices of different sizes, some in a group."""

import datetime as dt
import random
import uuid
from dataclasses import dataclass

from activities.models import TargetCell
from dashboard import closing
from dashboard.models import Publication
from referrals.models import Referral, Status
from referrals.models.referral import new_number
from tests.factories import World, make_cell, make_client, make_organisation, make_reason
from wor.tenancy.models import Organisation

TODAY = dt.date(2026, 11, 20)
OUTCOMES = (
    *((Status.COMPLETED, code) for code in ("joined_activity", "talks_enough", "buddy")),
    *((Status.STOPPED, code) for code in ("client_stops", "health", "not_fitting", "deceased")),
    *((Status.NOT_STARTED, code) for code in ("not_reached", "client_no")),
    *((Status.DECLINED, "other"), (Status.WITHDRAWN, "other"), (Status.SENT, "")),
)


@dataclass
class Years:
    world: World
    practices: list[Organisation]
    group: Organisation
    places: tuple[str, ...]


def make_years(world: World, *, seed: int, number: int, first: dt.date = dt.date(2023, 1, 1)) -> Years:
    """``number`` referrals since ``first``, in three municipalities and four practices, two of them a group."""
    chance = random.Random(seed)
    group = make_organisation(world.region, "practice_group")
    practices = [world.practice, world.other_practice]
    practices += [make_organisation(world.region, "practice", municipality_code="GM9002") for _ in range(2)]
    for each in practices[:2]:
        each.parent = group
        each.save()
    places = ("GM9001", "GM9002", "GM9003")
    make_organisation(world.region, "municipality", municipality_code="GM9003")
    clients = {each.pk: make_client(each) for each in practices}
    cells = [make_cell(world.region, f"Groep {number}") for number in range(5)]
    weights = [chance.choice((1, 2, 5, 12)) for _ in practices], [chance.choice((1, 3, 8)) for _ in places]
    reasons = {(status, code): make_reason(world.region, status, code) for status, code in OUTCOMES if code}
    rows = []
    for _ in range(number):
        practice = chance.choices(practices, weights[0])[0]
        place = chance.choices(places, weights[1])[0]
        rows.append(_referral(world, clients[practice.pk], place, cells, reasons, first, chance))
    Referral.objects.bulk_create(rows)
    return Years(world, practices, group, places)


def _referral(world: World, client, place: str, cells: list[TargetCell], reasons: dict, first: dt.date, chance):
    days = (TODAY - dt.timedelta(days=30) - first).days
    sent_at = dt.datetime.combine(first, dt.time(9), dt.UTC) + dt.timedelta(days=chance.randrange(days))
    status, code = chance.choices(OUTCOMES, (9, 5, 1, 2, 1, 1, 1, 2, 1, 1, 1, 3))[0]
    talked = status in (Status.COMPLETED, Status.STOPPED)
    return Referral(
        region=world.region,
        client=client,
        practice=client.practice,
        welfare_organisation=world.welfare,
        referrer=world.referrer,
        number=new_number(sent_at.year),
        key=uuid.uuid4(),
        target_cell=chance.choices(cells, (8, 4, 2, 1, 1))[0],
        help_request="Wil weer onder de mensen komen.",
        status=status,
        sent_at=sent_at,
        last_news_at=sent_at,
        attention_at=None if code else sent_at,
        closed_at=sent_at + dt.timedelta(days=50) if code else None,
        closing_reason=reasons.get((status, code)),
        first_contact_at=sent_at + dt.timedelta(days=5) if talked else None,
        first_talk_at=sent_at + dt.timedelta(days=9) if talked else None,
        feedback_at=sent_at + dt.timedelta(days=12) if talked and chance.random() < 0.9 else None,
        age_band=chance.choices(("0-17", "18-34", "35-49", "50-64", "65-79", "80+"), (0.3, 2, 2, 4, 8, 5))[0],
        sex=chance.choices(("f", "m", "x", ""), (60, 35, 1, 4))[0],
        municipality_code=place,
        other_conversation=chance.random() < 0.4,
        **({"coach": world.coach, "accepted_at": sent_at, "accepted_by": world.coach} if talked else {}),
    )


def close_all(world: World, today: dt.date = TODAY) -> list[Publication]:
    return [closing.close(world.region, kind, period) for kind, period in closing.due(world.region, today)]
