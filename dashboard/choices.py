"""Which reports somebody may choose: about what, and over which closed periods."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from dashboard.models import Audience, PeriodKind, ReportQuerySet
from dashboard.units import Unit, reach, units_of
from wor.accounts.models import Membership, Role
from wor.tenancy.models import Municipality, Organisation

Kind = Organisation.Kind
PLACE_PERIODS = (PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR)
UNIT_PERIODS = (PeriodKind.HALF,)


@dataclass(frozen=True)
class Subject:
    """What a report is about. ``code`` stands in the address: a municipality, a practice group's reference, *regio*."""

    code: str
    name: str
    audience: str
    kinds: tuple[str, ...]
    unit_id: int | None = None
    municipality_code: str = ""

    @property
    def is_place(self) -> bool:
        return self.unit_id is None


REGION = "regio"


def subjects_of(membership: Membership) -> list[Subject]:
    """What this membership may choose. A funder: never a practice. At most five queries; asked once a request."""
    kept = membership.__dict__
    if "report_subjects" not in kept:
        kept["report_subjects"] = _subjects(membership)
    return kept["report_subjects"]


def _subjects(membership: Membership) -> list[Subject]:
    if membership.role == Role.FUNDER:
        own = Organisation.objects.filter(pk=membership.organisation_id, kind=Kind.MUNICIPALITY)
        return [*_places(own.annotate(municipality=_NAME)), _region(membership)]
    if membership.role == Role.REGION_ADMIN:
        taking_part = Organisation.objects.visible_to(membership).annotate(municipality=_NAME)
        found = list(taking_part.select_related("parent").order_by("parent__name", "name"))
        return [_region(membership), *_places(found), *_groups(found)]
    if membership.role == Role.CORE_TEAM:
        return [_of_unit(membership, unit) for unit in units_of(membership)]
    return []


_NAME = Subquery(Municipality.objects.filter(pk=OuterRef("municipality_code")).values("name"))


def _region(membership: Membership) -> Subject:
    return Subject(REGION, membership.region.name, Audience.FUNDER, PLACE_PERIODS)


def _places(organisations: Iterable[Any]) -> list[Subject]:
    """The municipalities of these organisations."""
    named = {each.municipality_code: each.municipality or each.municipality_code for each in organisations}
    return [
        Subject(code, named[code], Audience.FUNDER, PLACE_PERIODS, municipality_code=code)
        for code in sorted(named)
        if code
    ]


def _groups(organisations: Iterable[Organisation]) -> list[Subject]:
    """Every practice group with more than one practice, with the kernteam's threshold of a funder's member: the
    region's administrator reads the region's own report beside it."""
    members: dict[int, list[Organisation]] = {}
    for each in organisations:
        if each.kind == Kind.PRACTICE and each.parent_id:
            members.setdefault(each.parent_id, []).append(each)
    return [
        Subject(str(own[0].parent.reference), own[0].parent.name, Audience.STRICT, UNIT_PERIODS, own[0].parent.pk)
        for own in members.values()
        if len(own) > 1 and own[0].parent is not None
    ]


def _of_unit(membership: Membership, unit: Unit) -> Subject:
    audience = audience_of(membership, unit)
    return Subject(str(unit.reference), unit.name, audience, UNIT_PERIODS, unit.organisation_id)


def audience_of(membership: Membership, unit: Unit) -> str:
    """With which threshold this unit's published numbers are read: a funder's, when one of its kernteam is one."""
    kept = membership.__dict__
    if "practices_with_funder" not in kept:
        kept["practices_with_funder"] = _practices_with_funder(membership)
    return Audience.STRICT if kept["practices_with_funder"] & set(unit.practice_ids) else Audience.CORE


def _practices_with_funder(membership: Membership) -> frozenset[int]:
    """The practices in whose kernteam sits somebody of a municipality or insurer, or who is a funder elsewhere too."""
    of_core_team = Membership.objects.active().filter(role=Role.CORE_TEAM, region_id=membership.region_id)
    is_funder = Membership.objects.active().filter(
        role=Role.FUNDER, region_id=membership.region_id, user_id=OuterRef("user_id")
    )
    paying = of_core_team.filter(
        Q(organisation__kind__in=(Kind.MUNICIPALITY, Kind.INSURER)) | Exists(is_funder)
    ).select_related("organisation")
    where = Q(pk__in=())
    for each in paying:
        # An insurer belongs to no place: its member may sit in any kernteam.
        where |= Q(kind=Kind.PRACTICE) if each.organisation.kind == Kind.INSURER else reach(each)
    practices = Organisation.objects.visible_to(membership).filter(where, kind=Kind.PRACTICE)
    return frozenset(practices.values_list("pk", flat=True))


def find_subject(membership: Membership, code: str) -> Subject | None:
    return next((each for each in subjects_of(membership) if each.code == code), None)


def visible_reports(reports: ReportQuerySet, membership: Membership) -> ReportQuerySet:
    """Reports about what this membership may choose, with the threshold it reads by."""
    mine = Q(pk__in=())
    for each in subjects_of(membership):
        mine |= Q(audience=each.audience, unit=each.unit_id, municipality_code=each.municipality_code) & Q(
            publication__kind__in=each.kinds
        )
    return reports.filter(mine, region_id=membership.region_id)
