"""What the region's administrator changes. No case content passes here."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wor.accounts.models import IdentityProvider, Membership
from wor.accounts.services import set_identity_provider
from wor.audit.services import record
from wor.errors import DomainError, StaleError
from wor.outbox.models import Effect
from wor.outbox.services import enqueue
from wor.tenancy.models import Organisation, Region, ServedArea
from wor.tenancy.versions import same_version, version_of
from wor.terms import CHANGED

Kind = Organisation.Kind
ORGANISATION_FIELDS = (
    *("name", "place", "phone", "agb", "municipality_code", "registered_patients", "parent_id", "is_paused"),
)
LOOK_FIELDS = ("name", "primary", "accent")
RETENTION_FIELDS = ("settings",)
CARE_FIELDS = ("variant", "settings", "min_cell_core", "min_cell_funder")
AGREEMENT_FIELDS = (
    *("dpia_adopted_on", "processing_agreements_on", "joint_arrangement_on"),
    *("privacy_statement", "data_protection_officer"),
)
PROVIDER_FIELDS = ("name", "issuer", "client_id", "is_active")


# --- Organisations ---------------------------------------------------------------------------------------------------


@transaction.atomic
def add_organisation(region: Region, *, kind: str, name: str, by: Membership, **facts: Any) -> Organisation:
    """A new organisation starts paused, until its administrator has set it up."""
    _lock(region)
    if Organisation.objects.filter(region_id=region.pk, kind=kind, name=name).exists():
        raise DomainError(_("Er is al een organisatie van deze soort met deze naam."))
    organisation = Organisation.objects.create(region_id=region.pk, kind=kind, name=name, is_paused=True, **facts)
    record("organisation.created", organisation, by=by, kind=kind)
    return organisation


@transaction.atomic
def change_organisation(organisation: Organisation, *, version: int, by: Membership, **facts: Any) -> None:
    """Name, place and numbers. The kind stays: roles and referrals hang on it."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not same_version(organisation, ORGANISATION_FIELDS, version):
        raise StaleError
    twins = Organisation.objects.filter(
        region_id=organisation.region_id, kind=organisation.kind, name=facts.get("name", organisation.name)
    )
    if twins.exclude(pk=organisation.pk).exists():
        raise DomainError(_("Er is al een organisatie van deze soort met deze naam."))
    for name, fact in facts.items():
        setattr(organisation, name, fact)
    organisation.save(update_fields=list(facts))
    record("organisation.changed", organisation, by=by)


@transaction.atomic
def pause_organisation(organisation: Organisation, *, is_paused: bool, by: Membership) -> None:
    """A paused practice sends nothing new, a paused welfare organisation gets nothing new. What runs goes on."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.is_paused == is_paused:
        return
    organisation.is_paused = is_paused
    organisation.save(update_fields=["is_paused"])
    record("organisation.paused" if is_paused else "organisation.resumed", organisation, by=by)


@transaction.atomic
def set_served_areas(practice: Organisation, *, areas: dict[str, Organisation | None], by: Membership) -> None:
    """For each municipality: which welfare organisation serves this practice's patients who live there, or none."""
    practice = Organisation.objects.select_for_update().get(pk=practice.pk)
    if practice.kind != Kind.PRACTICE:
        raise DomainError(_("Alleen een praktijk heeft een werkgebied."))
    now = {each.municipality_code: each for each in ServedArea.objects.filter(practice=practice)}
    for code, welfare in areas.items():
        known = now.get(code)
        if welfare is None and known is not None:
            known.delete()
        elif welfare is not None and known is None:
            ServedArea.objects.create(
                region_id=practice.region_id, practice=practice, municipality_code=code, welfare_organisation=welfare
            )
        elif welfare is not None and known is not None and known.welfare_organisation_id != welfare.pk:
            known.welfare_organisation = welfare
            known.save(update_fields=["welfare_organisation"])
    record("organisation.served", practice, by=by)


def organisation_version(organisation: Organisation) -> int:
    return version_of(organisation, ORGANISATION_FIELDS)


# --- The region ------------------------------------------------------------------------------------------------------


@transaction.atomic
def change_region(region: Region, *, fields: tuple[str, ...], version: int, by: Membership, **facts: Any) -> Region:
    """Change one group of the region's own settings. Raises StaleError when a colleague was first."""
    region = _lock(region)
    if not same_version(region, fields, version):
        raise StaleError
    if "settings" in fields and facts["settings"] != region.settings:
        enqueue(CHANGED, uuid.uuid4(), region_id=region.pk)
    for name in fields:
        setattr(region, name, facts[name])
    region.save(update_fields=list(fields))
    record("region.changed", RegionSubject(region), by=by, fields=list(fields))
    return region


def _lock(region: Region) -> Region:
    return Region.objects.select_for_update().get(pk=region.pk)


class RegionSubject:
    """A region as the subject of an event: it has no reference of its own, so it gets a fixed one."""

    _meta = Region._meta

    def __init__(self, region: Region):
        self.region_id = region.pk
        self.reference = uuid.uuid5(uuid.NAMESPACE_URL, f"region:{region.slug}")


@transaction.atomic
def change_identity_provider(region: Region, *, version: int, by: Membership, **facts: Any) -> IdentityProvider:
    """The region's OpenID Connect provider, unless a colleague was first. Its secret is kept encrypted."""
    _lock(region)
    if provider_version(IdentityProvider.objects.filter(region_id=region.pk).first()) != version:
        raise StaleError
    return set_identity_provider(region, **facts, by=by)


def provider_version(provider: IdentityProvider | None) -> int:
    return version_of(provider, PROVIDER_FIELDS) if provider is not None else 0


# --- Mail that did not arrive ----------------------------------------------------------------------------------------


@transaction.atomic
def send_again(effect: Effect, *, by: Membership) -> None:
    """Give a mail that was refused another chance, after its address or the mail server was put right."""
    effect = Effect.objects.select_for_update().get(pk=effect.pk)
    if effect.failed_at is None:
        raise DomainError(_("Deze e-mail is intussen verstuurd of wordt al opnieuw geprobeerd."))
    effect.failed_at, effect.sending_at, effect.attempts, effect.not_before = None, None, 0, timezone.now()
    effect.save(update_fields=["failed_at", "sending_at", "attempts", "not_before"])
    record("mail.retried", RegionSubject(by.region), by=by, kind=effect.kind)
