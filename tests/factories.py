"""Plain functions that make rows. They run as wor_app in the open region, like the product itself."""

import datetime as dt
import itertools
import uuid
from dataclasses import dataclass

from django.utils import timezone

from activities.models import Problem, TargetCell, TargetGroup
from referrals.models import Client, ClosingReason, CoachHours, Consent, PracticeIntake, Referral, Status
from referrals.models.referral import AFTER_FIRST_TALK, CLOSED, TAKEN_ON, age_band, new_number
from wor.accounts.models import Function, Membership, Role, User
from wor.tenancy.context import set_region
from wor.tenancy.models import Organisation, Region, ServedArea

_count = itertools.count(1)
PASSWORD = "een-heel-lang-wachtwoord"


@dataclass
class World:
    """One region with somebody in every role. ``stranger_*`` work in the region, but not with these clients."""

    region: Region
    practice: Organisation
    welfare: Organisation
    other_practice: Organisation
    other_welfare: Organisation
    referrer: Membership
    assistant: Membership
    coach: Membership
    second_coach: Membership
    coordinator: Membership
    core_team: Membership
    funder: Membership
    region_admin: Membership
    stranger_referrer: Membership
    stranger_coach: Membership
    cell: TargetCell


def make_world(slug: str) -> World:
    region = Region.objects.get(slug=slug)
    set_region(region.pk)
    practice = make_organisation(region, "practice", municipality_code="GM9001")
    other_practice = make_organisation(region, "practice", municipality_code="GM9001")
    welfare, other_welfare = make_organisation(region, "welfare"), make_organisation(region, "welfare")
    municipality, support = make_organisation(region, "municipality"), make_organisation(region, "support")
    serves(practice, welfare)
    serves(other_practice, other_welfare)
    coach = make_membership(welfare, Role.COACH)
    PracticeIntake.objects.create(
        region=region, practice=practice, welfare_organisation=welfare, state="open", default_coach=coach
    )
    CoachHours.objects.create(
        region=region, coach=coach, practice=practice, minutes_per_week=480, valid=(dt.date(2025, 1, 1), None)
    )
    return World(
        region=region,
        practice=practice,
        welfare=welfare,
        other_practice=other_practice,
        other_welfare=other_welfare,
        referrer=make_membership(practice, Role.REFERRER, function=Function.GP),
        assistant=make_membership(practice, Role.REFERRER, function=Function.ASSISTANT),
        coach=coach,
        second_coach=make_membership(welfare, Role.COACH),
        coordinator=make_membership(welfare, Role.COORDINATOR),
        core_team=make_membership(practice, Role.CORE_TEAM),
        funder=make_membership(municipality, Role.FUNDER),
        region_admin=make_membership(support, Role.REGION_ADMIN),
        stranger_referrer=make_membership(other_practice, Role.REFERRER, function=Function.GP),
        stranger_coach=make_membership(other_welfare, Role.COACH),
        cell=make_cell(region),
    )


def make_organisation(region, kind: str, **fields) -> Organisation:
    name = fields.pop("name", f"{kind} {next(_count)}")
    return Organisation.objects.create(region=region, kind=kind, name=name, **fields)


def serves(practice, welfare, municipality_code: str = "GM9001") -> ServedArea:
    return ServedArea.objects.create(
        region_id=practice.region_id,
        practice=practice,
        municipality_code=municipality_code,
        welfare_organisation=welfare,
    )


def make_user(**fields) -> User:
    number = next(_count)
    fields.setdefault("email", f"mens{number}@test.example")
    fields.setdefault("name", f"Mens {number}")
    return User.objects.create_user(password=fields.pop("password", PASSWORD), **fields)


def make_membership(organisation, role: str, **fields) -> Membership:
    user = fields.pop("user", None) or make_user()
    fields.setdefault("display_name", user.name)
    return Membership.objects.create(
        region_id=organisation.region_id, organisation=organisation, role=role, user=user, **fields
    )


def make_cell(region, group: str = "Mensen na een verlies", problem: str = "Rouw en leegte") -> TargetCell:
    number = next(_count)
    return TargetCell.objects.create(
        region=region,
        target_group=TargetGroup.objects.create(region=region, code=f"groep-{number}", label=group),
        problem=Problem.objects.create(region=region, code=f"probleem-{number}", label=problem),
        keywords=["slaap", "moe"],
    )


def make_reason(region, kind: str, code: str = "other") -> ClosingReason:
    return ClosingReason.objects.get_or_create(
        region=region, kind=kind, code=code, defaults={"label": code.replace("_", " ").capitalize()}
    )[0]


def make_client(practice, **fields) -> Client:
    defaults = {
        "given_name": "Johanna",
        "prefix": "de",
        "family_name": f"Vries-{next(_count)}",
        "birth_date": dt.date(1956, 3, 12),
        "phone": "0612345678",
        "postcode": "4001",
    }
    return Client.objects.create(region_id=practice.region_id, practice=practice, **{**defaults, **fields})


def make_referral(world: World, *, status: str = Status.SENT, sent_days_ago: int = 0, **fields) -> Referral:
    """A referral in any status, with what the database asks of that status."""
    now = timezone.now()
    sent_at = now - dt.timedelta(days=sent_days_ago)
    client = fields.pop("client", None) or make_client(fields.get("practice", world.practice))
    filled = {
        "practice": world.practice,
        "welfare_organisation": world.welfare,
        "referrer": world.referrer,
        "number": new_number(sent_at.year),
        "key": uuid.uuid4(),
        "target_cell": world.cell,
        "help_request": "Wil weer onder de mensen komen.",
        "sent_at": sent_at,
        "sent_by": world.referrer,
        "last_news_at": sent_at,
        "age_band": age_band(client.age),
        "attention_at": None if status in CLOSED else now,
    }
    if status in TAKEN_ON:
        filled |= {"coach": world.coach, "accepted_at": now, "accepted_by": world.coach}
    if status in AFTER_FIRST_TALK:
        filled |= {"first_contact_at": now, "first_talk_at": now}
    if status == Status.WAITLISTED:
        filled["expected_week"] = timezone.localdate() + dt.timedelta(weeks=3)
    if status == Status.PAUSED:
        filled |= {
            "paused_until": timezone.localdate() + dt.timedelta(weeks=6),
            "pause_reason": make_reason(world.region, "paused", "money"),
            "paused_from_status": "active",
            "first_contact_at": now,
            "first_talk_at": now,
        }
    if status in CLOSED:
        filled |= {"closed_at": now, "closed_by": world.coach}
        if status != Status.ENTERED_IN_ERROR:
            filled["closing_reason"] = make_reason(world.region, status)
    referral = Referral.objects.create(region=world.region, client=client, status=status, **{**filled, **fields})
    make_consent(referral)
    return referral


def make_consent(referral: Referral, *, kind: str = "share", **fields) -> Consent:
    return Consent.objects.create(
        region_id=referral.region_id,
        client_id=referral.client_id,
        referral=referral,
        welfare_organisation_id=referral.welfare_organisation_id,
        kind=kind,
        given_on=timezone.localdate(),
        text_version="2026-11",
        asked_by_id=referral.referrer_id,
        **fields,
    )
