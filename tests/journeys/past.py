"""A year and a half of referrals that have ended, so that there are figures to read and periods to close."""

import datetime as dt
import random
import uuid

from django.utils import timezone

from activities.models import TargetCell
from coaches.models import Contact, Intake, Measurement, Placement
from referrals.models import Client, ClosingReason, CoachHours, Referral, Status
from referrals.models.referral import age_band, new_number
from tests.factories import World, make_client, make_membership, make_organisation, make_user
from wor.accounts.models import Function, Role

NUMBER = 900
DAYS = 600
PLACES = ("GM9001", "GM9002")
# How it ended and how often; with a first talk or without.
TALKED = {
    (Status.COMPLETED, "joined_activity"): 34,
    (Status.COMPLETED, "talks_enough"): 16,
    (Status.COMPLETED, "buddy"): 9,
    (Status.COMPLETED, "volunteering"): 7,
    (Status.STOPPED, "client_stops"): 8,
    (Status.STOPPED, "health"): 5,
    (Status.STOPPED, "practical"): 3,
}
NOT_TALKED = {
    (Status.NOT_STARTED, "not_reached"): 8,
    (Status.NOT_STARTED, "client_no"): 7,
    (Status.DECLINED, "other"): 3,
}


def make_past(world: World, activities: list) -> None:
    """Of four practices, the first two of which are one centre, with another GP and another coach."""
    chance, region = random.Random(11), world.region
    group = make_organisation(region, "practice_group", name="Gezondheidscentrum De Brink", municipality_code=PLACES[0])
    practices = [world.practice, world.other_practice]
    for each in practices:
        each.parent = group
        each.save()
    practices += [
        make_organisation(region, "practice", name=name, municipality_code=PLACES[1])
        for name in ("Huisartsenpraktijk Zuiderdijk", "Huisartsen aan de Kade")
    ]
    somebody = make_user()  # a password costs time; nobody signs in as these
    coach = make_membership(world.welfare, Role.COACH, user=somebody, display_name="Wim Kroes")
    for each in practices:
        CoachHours.objects.create(
            region=region, coach=coach, practice=each, minutes_per_week=600, valid=(dt.date(2025, 1, 1), None)
        )
    doctors = {
        each: make_membership(each, Role.REFERRER, user=somebody, function=Function.GP, display_name="Dr. Peter Vink")
        for each in practices
    }
    clients = [_client(each, chance) for each in practices for _ in range(12)]
    reasons = {(each.kind, each.code): each for each in ClosingReason.objects.filter(region=region)}
    cells = list(TargetCell.objects.filter(region=region, retired_at__isnull=True).order_by("id"))
    often = range(len(cells), 0, -1)
    ended = [
        _referral(chance.choice(clients), doctors, coach, reasons, chance.choices(cells, often)[0], chance)
        for _ in range(NUMBER)
    ]
    Referral.objects.bulk_create(ended)
    _make_course(world, [each for each in ended if each.first_talk_at], activities, chance)


def _client(practice, chance: random.Random) -> Client:
    born = dt.date(chance.choice((1938, 1944, 1949, 1955, 1961, 1968, 1979, 1990)), 1 + chance.randrange(12), 10)
    return make_client(practice, family_name="Vroeger", birth_date=born, sex=chance.choice(("f", "f", "m")))


def _referral(client, doctors: dict, coach, reasons: dict, cell, chance: random.Random) -> Referral:
    outcomes = {**TALKED, **NOT_TALKED}
    status, code = chance.choices(list(outcomes), list(outcomes.values()))[0]
    sent_at = timezone.now() - dt.timedelta(days=DAYS * chance.random() ** 1.2, hours=70)
    first = sent_at + dt.timedelta(days=chance.triangular(1, 21, 6))
    talk = first + dt.timedelta(days=chance.triangular(1, 14, 4))
    talked = {
        "coach": coach,
        "accepted_at": sent_at + dt.timedelta(days=1),
        "accepted_by": coach,
        "first_contact_at": first,
        "first_talk_at": talk,
        "feedback_at": talk + dt.timedelta(days=chance.triangular(0, 12, 3)),
    }
    doctor = doctors[client.practice]
    near = (3, 1) if client.practice.municipality_code == PLACES[0] else (1, 3)
    return Referral(
        region_id=client.region_id,
        client=client,
        practice=client.practice,
        welfare_organisation_id=coach.organisation_id,
        referrer=doctor,
        sent_by=doctor,
        number=new_number(sent_at.year),
        key=uuid.uuid4(),
        target_cell=cell,
        help_request="Wil weer onder de mensen komen.",
        status=status,
        sent_at=sent_at,
        last_news_at=sent_at,
        closed_at=talk + dt.timedelta(days=60),
        closed_by=coach,
        closing_reason=reasons[status, code],
        age_band=age_band(client.age),
        sex=client.sex,
        municipality_code=chance.choices(PLACES, near)[0],
        other_conversation=chance.random() < 0.6,
        z68_noted_at=sent_at if chance.random() < 0.8 else None,
        **(talked if (status, code) in TALKED else {}),
    )


def _make_course(world: World, talked: list[Referral], activities: list, chance: random.Random) -> None:
    """What the coach wrote down: how it went at the first talk, where the client went, how it goes now."""
    asked = [each for each in talked if chance.random() < 0.6]
    inside = {"region": world.region, "welfare_organisation": world.welfare}
    Intake.objects.bulk_create(
        Intake(
            referral=each, held_at=each.first_talk_at, held_by=each.coach, wellbeing_t0=chance.randint(3, 7), **inside
        )
        for each in asked
    )
    Measurement.objects.bulk_create(
        Measurement(referral=each, at=each.closed_at, by=each.coach, value=chance.randint(5, 9), **inside)
        for each in asked
        if each.status == Status.COMPLETED
    )
    Contact.objects.bulk_create(
        Contact(
            referral=each,
            by=each.coach,
            at=each.first_talk_at + dt.timedelta(days=7 * number),
            kind=Contact.Kind.TALK,
            way=Contact.Way.PRACTICE,
            result=Contact.Result.SPOKEN,
            key=uuid.uuid4(),
            **inside,
        )
        for each in talked
        for number in range(chance.randint(2, 5))
    )
    moments = {f"{step}_{what}" for step in ("proposed", "started", "continuing") for what in ("at", "by")}
    Placement.objects.bulk_create(
        Placement(
            referral=each,
            activity=chance.choice(activities),
            status=Placement.Status.CONTINUING,
            key=uuid.uuid4(),
            **{name: each.coach if name.endswith("by") else each.first_talk_at for name in moments},
            **inside,
        )
        for each in talked
        if each.closing_reason.code == "joined_activity"
    )
