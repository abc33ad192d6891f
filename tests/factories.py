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


# Who there is in every world, by the organisation they work for. One statement for all of a kind: a world is made
# for nearly every test.
_ORGANISATIONS = {
    "practice": "practice",
    "other_practice": "practice",
    "welfare": "welfare",
    "other_welfare": "welfare",
    "municipality": "municipality",
    "support": "support",
}
_PLACED = {"practice": {"municipality_code": "GM9001"}}
_PEOPLE = {
    "coach": ("welfare", Role.COACH, ""),
    "referrer": ("practice", Role.REFERRER, Function.GP),
    "assistant": ("practice", Role.REFERRER, Function.ASSISTANT),
    "second_coach": ("welfare", Role.COACH, ""),
    "coordinator": ("welfare", Role.COORDINATOR, ""),
    "core_team": ("practice", Role.CORE_TEAM, ""),
    "funder": ("municipality", Role.FUNDER, ""),
    "region_admin": ("support", Role.REGION_ADMIN, ""),
    "stranger_referrer": ("other_practice", Role.REFERRER, Function.GP),
    "stranger_coach": ("other_welfare", Role.COACH, ""),
}


def make_world(slug: str) -> World:
    region = Region.objects.get(slug=slug)
    set_region(region.pk)
    built = (build_organisation(region, kind, **_PLACED.get(kind, {})) for kind in _ORGANISATIONS.values())
    of = dict(zip(_ORGANISATIONS, Organisation.objects.bulk_create(built), strict=True))
    ServedArea.objects.bulk_create([
        build_area(of["practice"], of["welfare"]), build_area(of["other_practice"], of["other_welfare"])
    ])  # fmt: skip
    users = User.objects.bulk_create([build_user() for _person in _PEOPLE])
    memberships = (
        build_membership(of[organisation], role, user, function=function)
        for user, (organisation, role, function) in zip(users, _PEOPLE.values(), strict=True)
    )
    people = dict(zip(_PEOPLE, Membership.objects.bulk_create(memberships), strict=True))
    PracticeIntake.objects.create(
        region=region, practice=of["practice"], welfare_organisation=of["welfare"], state="open",
        default_coach=people["coach"],
    )  # fmt: skip
    CoachHours.objects.create(
        region=region, coach=people["coach"], practice=of["practice"], minutes_per_week=480,
        valid=(dt.date(2025, 1, 1), None),
    )  # fmt: skip
    named = {name: of[name] for name in ("practice", "welfare", "other_practice", "other_welfare")}
    return World(region=region, **named, **people, cell=make_cell(region))


def build_organisation(region, kind: str, **fields) -> Organisation:
    name = fields.pop("name", f"{kind} {next(_count)}")
    return Organisation(region=region, kind=kind, name=name, **fields)


def make_organisation(region, kind: str, **fields) -> Organisation:
    return saved(build_organisation(region, kind, **fields))


def build_area(practice, welfare, municipality_code: str = "GM9001") -> ServedArea:
    return ServedArea(
        region_id=practice.region_id,
        practice=practice,
        municipality_code=municipality_code,
        welfare_organisation=welfare,
    )


def serves(practice, welfare, municipality_code: str = "GM9001") -> ServedArea:
    return saved(build_area(practice, welfare, municipality_code))


def build_user(**fields) -> User:
    number = next(_count)
    fields.setdefault("email", f"mens{number}@test.example")
    fields.setdefault("name", f"Mens {number}")
    password = fields.pop("password", PASSWORD)
    user = User(**fields)
    user.set_password(password)
    return user


def make_user(**fields) -> User:
    return saved(build_user(**fields))


def build_membership(organisation, role: str, user: User, **fields) -> Membership:
    fields.setdefault("display_name", user.name)
    return Membership(region_id=organisation.region_id, organisation=organisation, role=role, user=user, **fields)


def make_membership(organisation, role: str, **fields) -> Membership:
    return saved(build_membership(organisation, role, fields.pop("user", None) or make_user(), **fields))


def saved(row):
    row.save()
    return row


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
