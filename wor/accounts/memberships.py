"""Changing who works here, on top of ``services``: without overwriting a colleague, and with a way back."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from wor.accounts.models import Invitation, Membership, Role
from wor.accounts.services import change_membership, invite, refuse_roles_that_clash
from wor.audit.services import record
from wor.errors import DomainError, StaleError
from wor.tenancy.versions import same_version, version_of

# ``MembershipQuerySet.active`` as SQL, with the table's name to fill in and %(today)s.
ACTIVE_SQL = """({0}.ended_at IS NULL AND ({0}.valid_from IS NULL OR {0}.valid_from <= %(today)s)
    AND ({0}.valid_until IS NULL OR {0}.valid_until >= %(today)s))"""

# What a form about somebody covers, and so what its version is made of.
FIELDS = ("display_name", "role", "function", "is_contact_point", "valid_until", "ended_at")


def membership_version(membership: Membership) -> int:
    """What a form carries, so that a colleague's change is not overwritten."""
    return version_of(membership, FIELDS)


@transaction.atomic
def change_person(membership: Membership, *, version: int, by: Membership, **facts: Any) -> Membership:
    """Change name, role, function, contact point or last day. An organisation has one contact point: the tick moves.

    Gives the membership that is in force afterwards: another one when the role is another.
    """
    membership = _locked(membership)
    if not same_version(membership, FIELDS, version):
        raise StaleError
    facts = {**{name: getattr(membership, name) for name in FIELDS if name != "ended_at"}, **facts}
    if facts["role"] != Role.REFERRER:
        facts["function"] = ""
    if facts["role"] != membership.role and membership.user_id == by.user_id:
        raise DomainError(_("Uw eigen rol kunt u niet wijzigen. Vraag het een collega."))
    if facts["is_contact_point"] and not membership.is_contact_point:
        others = Membership.objects.filter(organisation=membership.organisation_id, is_contact_point=True)
        others.update(is_contact_point=False)
    return change_membership(membership, **facts, by=by)


@transaction.atomic
def reopen_membership(membership: Membership, *, by: Membership) -> None:
    """Take back an end: the same role is in force again."""
    membership = _locked(membership)
    if membership.ended_at is None:
        raise DomainError(_("Deze toegang loopt nog."))
    if membership.is_former:
        raise DomainError(_("De naam is gewist volgens de bewaartermijn. Nodig deze persoon opnieuw uit."))
    if membership.user_id == by.user_id:
        raise DomainError(_("Uw eigen rol kunt u niet wijzigen. Vraag het een collega."))
    mine = Membership.objects.filter(region_id=membership.region_id, user_id=membership.user_id, ended_at__isnull=True)
    if mine.filter(organisation=membership.organisation_id, role=membership.role).exists():
        raise DomainError(_("Deze persoon heeft die rol intussen opnieuw gekregen."))
    refuse_roles_that_clash(membership.user, membership.region_id, membership.role)
    membership.ended_at, membership.ended_by = None, None
    membership.save(update_fields=["ended_at", "ended_by"])
    record("membership.reopened", membership, by=by)


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: Membership) -> Invitation:
    """Send a new link, also when the former one ran out. The former one stops working."""
    old = Invitation.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=invitation.pk)
    if old.accepted_at is not None:
        raise DomainError(_("Deze uitnodiging is al aangenomen."))
    if old.revoked_at is not None:
        raise DomainError(_("Deze uitnodiging is al ingetrokken."))
    fields = ("email", "name", "role", "function", "is_contact_point", "valid_until")
    return invite(old.organisation, **{name: getattr(old, name) for name in fields}, by=by)


def _locked(membership: Membership) -> Membership:
    return Membership.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=membership.pk)
