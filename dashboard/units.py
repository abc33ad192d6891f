"""Whose figures somebody may see: a practice, or a practice group with its practices."""

import uuid
from dataclasses import dataclass

from django.db.models import Q

from wor.accounts.models import Membership, Role
from wor.tenancy.models import Organisation, ServedArea

Kind = Organisation.Kind


@dataclass(frozen=True)
class Unit:
    """What one dashboard is about."""

    organisation_id: int
    reference: uuid.UUID
    name: str
    kind: str
    practice_ids: tuple[int, ...]

    @property
    def is_group(self) -> bool:
        return self.kind == Kind.PRACTICE_GROUP


def units_of(membership: Membership) -> list[Unit]:
    """The units of which this membership sees figures, groups first, by name. One query.

    A referrer: the own practice. A kernteam belongs to a practice group: its member from a practice sees that group
    with its practices; one from a welfare organisation or municipality the practices that it serves or that lie in it;
    the regional organisation's (projectleider, kartrekker) every one of the region. Others: none. Asked once a request.
    """
    kept = membership.__dict__
    if "figure_units" not in kept:
        kept["figure_units"] = _find_units(membership)
    return kept["figure_units"]


def _find_units(membership: Membership) -> list[Unit]:
    practices = Organisation.objects.visible_to(membership).filter(kind=Kind.PRACTICE)
    found = list(practices.filter(reach(membership)).select_related("parent").order_by("name", "id"))
    return _with_groups(found)


def reach(membership: Membership) -> Q:
    """Which practices."""
    organisation = membership.organisation
    if membership.role == Role.REFERRER:
        return Q(pk=organisation.pk)
    if membership.role != Role.CORE_TEAM:
        return Q(pk__in=())
    if organisation.kind == Kind.PRACTICE:
        return Q(pk=organisation.pk) | Q(parent=organisation.parent_id, parent__isnull=False)
    if organisation.kind == Kind.PRACTICE_GROUP:
        return Q(parent=organisation.pk)
    if organisation.kind == Kind.WELFARE:
        return Q(pk__in=ServedArea.objects.filter(welfare_organisation=organisation.pk).values("practice"))
    if organisation.kind == Kind.MUNICIPALITY:
        return Q(municipality_code=organisation.municipality_code) & ~Q(municipality_code="")
    return Q() if organisation.kind == Kind.SUPPORT else Q(pk__in=())


def _with_groups(practices: list[Organisation]) -> list[Unit]:
    groups: dict[int, list[Organisation]] = {}
    for practice in practices:
        if practice.parent_id:
            groups.setdefault(practice.parent_id, []).append(practice)
    units = [
        Unit(own[0].parent.pk, own[0].parent.reference, own[0].parent.name, Kind.PRACTICE_GROUP, _ids(own))
        for own in sorted(groups.values(), key=lambda own: own[0].parent.name)
        if len(own) > 1
    ]
    return units + [Unit(each.pk, each.reference, each.name, each.kind, (each.pk,)) for each in practices]


def _ids(practices: list[Organisation]) -> tuple[int, ...]:
    return tuple(each.pk for each in practices)
