"""Writes a fictional region without its cases: organisations, people, area, hours and capacity lines."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange

from activities.examples import add_examples
from activities.models import District, PostcodeArea, TargetCell, Theme
from referrals.examples import add_examples as add_reasons
from referrals.models import Absence, ClosingReason, CoachHours, PracticeIntake, Presence
from wor.accounts.models import Membership, User
from wor.demo.regions import MIDDLES, MUNICIPALITIES, RegionPlan
from wor.tenancy.models import Municipality, Organisation, Region, ServedArea

PASSWORD = "Welkom-in-de-demo-1"  # noqa: S105  announced on the demo's own sign-in page
USING = "owner"
AWAY_DAYS = 9  # since when the coach who is away is away


@dataclass
class Setting:
    """What the cases of a region refer to."""

    plan: RegionPlan
    region: Region
    today: dt.date
    organisations: dict[str, Organisation]
    members: dict[tuple[str, str], Membership]  # (name, role)
    areas: dict[str, PostcodeArea]
    lines: dict[tuple[str, str], Membership]  # (practice, welfare organisation) → coach
    cells: dict[str, list[TargetCell]]  # code of the target group → its cells
    reasons: dict[tuple[str, str], ClosingReason]
    themes: dict[str, Theme]

    def members_of(self, organisation: str, role: str, function: str = "") -> list[Membership]:
        return [
            each
            for each in self.members.values()
            if (each.organisation.name, each.role) == (organisation, role) and function in ("", each.function)
        ]


def add_municipalities() -> None:
    Municipality.objects.using(USING).bulk_create(
        [Municipality(gm_code=code, name=name) for code, name in MUNICIPALITIES.items()], ignore_conflicts=True
    )


def build(plan: RegionPlan, today: dt.date) -> Setting:
    region = Region(slug=plan.slug, name=plan.name, variant=plan.variant, primary=plan.primary, accent=plan.accent)
    region.is_fictional = True
    region.privacy_statement = (
        "Alle mensen in deze regio zijn verzonnen. Een echte regio zet hier haar privacyverklaring."
    )
    region.settings = {"case_minutes_per_week": plan.case_minutes}
    region.save(using=USING)
    add_examples(region)
    add_reasons(region)
    organisations = _organisations(plan, region)
    members = _people(plan, region, organisations, today)
    areas = _areas(plan, region, organisations)
    lines = _capacity(plan, region, organisations, members, today)
    cells: dict[str, list[TargetCell]] = {}
    for cell in TargetCell.objects.using(USING).filter(region=region).select_related("target_group", "problem"):
        cells.setdefault(cell.target_group.code, []).append(cell)
    reasons = {(each.kind, each.code): each for each in ClosingReason.objects.using(USING).filter(region=region)}
    themes = {each.code: each for each in Theme.objects.using(USING).filter(region=region)}
    return Setting(plan, region, today, organisations, members, areas, lines, cells, reasons, themes)


def _organisations(plan: RegionPlan, region: Region) -> dict[str, Organisation]:
    """Groups come first in the plan, so that their practices can point to them."""
    made: dict[str, Organisation] = {}
    for number, party in enumerate(plan.parties):
        made[party.name] = Organisation(
            region=region,
            kind=party.kind,
            name=party.name,
            place=party.place,
            phone=f"0344-000{100 + number}",
            municipality_code=party.municipality,
            registered_patients=party.patients,
            parent=made.get(party.group),
        )
    groups = [each for each in made.values() if each.parent is None]
    Organisation.objects.using(USING).bulk_create(groups)
    Organisation.objects.using(USING).bulk_create([each for each in made.values() if each.parent is not None])
    return made


def _people(plan: RegionPlan, region: Region, organisations, today: dt.date) -> dict[tuple[str, str], Membership]:
    accounts = {person.name: person.account for person in plan.people if person.account}
    password = make_password(PASSWORD)
    users = {
        person.name: User(
            name=person.name, email=f"{accounts.get(person.name) or _slug(person.name)}@{plan.slug}.example"
        )
        for person in plan.people
    }
    for user in users.values():
        user.password = password
    User.objects.using(USING).bulk_create(users.values())
    EmailAddress.objects.using(USING).bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users.values()]
    )
    members = {
        (person.name, person.role): Membership(
            region=region,
            user=users[person.name],
            organisation=organisations[person.organisation],
            role=person.role,
            function=person.function,
            display_name=person.name,
            phone=f"0344-000{300 + number}",
            is_contact_point=person.contact_point,
            valid_from=today - dt.timedelta(days=60) if person.ends_in_days else None,
            valid_until=today + dt.timedelta(days=person.ends_in_days) if person.ends_in_days else None,
        )
        for number, person in enumerate(plan.people)
    }
    Membership.objects.using(USING).bulk_create(members.values())
    return members


def _slug(name: str) -> str:
    """ "Gülsen Aydın" → "gulsen.aydin"."""
    text = unicodedata.normalize("NFKD", name.lower().replace("ı", "i"))
    return re.sub(r"[^a-z]+", ".", "".join(sign for sign in text if not unicodedata.combining(sign)))


def _areas(plan: RegionPlan, region: Region, organisations) -> dict[str, PostcodeArea]:
    districts = {
        (municipality, name): District(region=region, municipality_code=municipality, name=name)
        for municipality, name in plan.postcodes.values()
    }
    District.objects.using(USING).bulk_create(districts.values())
    areas = {
        pc4: PostcodeArea(
            region=region,
            pc4=pc4,
            municipality_code=place[0],
            district=districts[place],
            latitude=MIDDLES[pc4][0],
            longitude=MIDDLES[pc4][1],
            is_example=True,
        )
        for pc4, place in plan.postcodes.items()
    }
    PostcodeArea.objects.using(USING).bulk_create(areas.values())
    ServedArea.objects.using(USING).bulk_create(
        [
            ServedArea(
                region=region,
                practice=organisations[practice],
                municipality_code=municipality,
                welfare_organisation=organisations[welfare],
            )
            for practice, served in plan.served.items()
            for municipality, welfare in served.items()
        ]
    )
    return areas


def _capacity(plan: RegionPlan, region: Region, organisations, members, today: dt.date):
    begun = dt.date(today.year - 3, 1, 1)
    CoachHours.objects.using(USING).bulk_create(
        [
            CoachHours(
                region=region,
                coach=members[room.coach, "coach"],
                practice=organisations[room.practice],
                minutes_per_week=room.hours * 60,
                valid=DateRange(begun, None),
            )
            for room in plan.rooms
        ]
    )
    Presence.objects.using(USING).bulk_create(
        [
            Presence(
                region=region,
                coach=members[room.coach, "coach"],
                practice=organisations[room.practice],
                weekday=weekday,
                starts=starts,
                ends=ends,
                room=place,
            )
            for room in plan.rooms
            for weekday, starts, ends, place in room.there
        ]
    )
    away, cover = (members[name, "coach"] for name in plan.absent) if plan.absent else (None, None)
    if away is not None:
        span = DateRange(today - dt.timedelta(days=AWAY_DAYS), today + dt.timedelta(days=21))
        Absence.objects.using(USING).create(region=region, coach=away, span=span, cover=cover)
    rows = {(line.practice, line.welfare): members[line.coach, "coach"] for line in plan.lines}
    PracticeIntake.objects.using(USING).bulk_create(
        [
            PracticeIntake(
                region=region,
                practice=organisations[line.practice],
                welfare_organisation=organisations[line.welfare],
                state=line.state or "open",
                is_set_by_hand=bool(line.state),
                closed_until=_next_first_of_february(today) if line.state == "closed" else None,
                expected_weeks=line.weeks,
                default_coach=rows[line.practice, line.welfare],
            )
            for line in plan.lines
        ]
    )
    return rows


def _next_first_of_february(today: dt.date) -> dt.date:
    """Far enough away to be worth telling."""
    this_year = dt.date(today.year, 2, 1)
    return this_year if this_year > today + dt.timedelta(days=14) else dt.date(today.year + 1, 2, 1)
