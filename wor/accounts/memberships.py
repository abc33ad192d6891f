"""Who may work here: inviting, changing and ending. Done by the region's administrator; each step is recorded."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wor.accounts.models import ROLE_HOMES, Function, Invitation, Membership, Role
from wor.audit.services import record
from wor.errors import DomainError, StaleError
from wor.outbox.services import enqueue
from wor.tenancy.models import Organisation
from wor.tenancy.versions import same_version, version_of

INVITATION_DAYS = 7
GUIDING_ROLES = (Role.COACH, Role.COORDINATOR)
# What ``change_membership`` changes, and so what a form's version covers.
MEMBERSHIP_FIELDS = ("function", "is_contact_point", "valid_until", "ended_at")


@transaction.atomic
def invite(
    organisation: Organisation,
    *,
    email: str,
    name: str,
    role: str,
    function: str = "",
    is_contact_point: bool = False,
    valid_until: dt.date | None = None,
    by: Membership,
) -> Invitation:
    """Invite somebody into a role. The mail with the link follows through the outbox.

    Asking twice gives the invitation that is open already. Raises DomainError when the role does not fit.
    """
    email = email.strip().lower()
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    _check_home(organisation, role, function)
    _check_person(organisation, email=email, role=role)
    waiting = Invitation.objects.filter(
        email=email,
        organisation=organisation,
        role=role,
        accepted_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
    ).first()
    if waiting is not None:
        return waiting
    return _send(
        Invitation(
            region_id=organisation.region_id,
            organisation=organisation,
            email=email,
            name=name.strip(),
            role=role,
            function=function if role == Role.REFERRER else "",
            is_contact_point=is_contact_point,
            valid_until=valid_until,
        ),
        by=by,
    )


def _send(invitation: Invitation, *, by: Membership) -> Invitation:
    invitation.invited_by = by
    invitation.expires_at = timezone.now() + dt.timedelta(days=INVITATION_DAYS)
    invitation.save(force_insert=True)
    record("membership.invited", invitation, by=by, role=invitation.role)
    enqueue("invitation", invitation.reference, region_id=invitation.region_id)
    return invitation


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: Membership) -> Invitation:
    """Send a new link; the former one stops working. Also for an invitation that has run out."""
    old = _locked_invitation(invitation)
    old.revoked_at, old.revoked_by = timezone.now(), by
    old.save(update_fields=["revoked_at", "revoked_by"])
    fields = ("region_id", "organisation_id", "email", "name", "role", "function", "is_contact_point", "valid_until")
    return _send(Invitation(**{name: getattr(old, name) for name in fields}), by=by)


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: Membership) -> None:
    """The link stops working at once."""
    invitation = _locked_invitation(invitation)
    invitation.revoked_at, invitation.revoked_by = timezone.now(), by
    invitation.save(update_fields=["revoked_at", "revoked_by"])
    record("invitation.revoked", invitation, by=by)


def _locked_invitation(invitation: Invitation) -> Invitation:
    found = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if found.accepted_at is not None:
        raise DomainError(_("Deze uitnodiging is al aangenomen."))
    if found.revoked_at is not None:
        raise DomainError(_("Deze uitnodiging is al ingetrokken."))
    return found


@transaction.atomic
def change_membership(
    membership: Membership,
    *,
    function: str,
    is_contact_point: bool,
    valid_until: dt.date | None,
    version: int,
    by: Membership,
) -> None:
    """Change what does not change the role. An organisation has one contact point: the tick moves."""
    membership = _locked(membership)
    if not same_version(membership, MEMBERSHIP_FIELDS, version):
        raise StaleError
    _check_home(membership.organisation, membership.role, function)
    if is_contact_point and not membership.is_contact_point:
        Membership.objects.filter(organisation=membership.organisation_id, is_contact_point=True).update(
            is_contact_point=False
        )
    membership.function = function if membership.role == Role.REFERRER else ""
    membership.is_contact_point = is_contact_point
    membership.valid_until = valid_until
    membership.save(update_fields=["function", "is_contact_point", "valid_until"])
    record("membership.changed", membership, by=by)


@transaction.atomic
def change_role(membership: Membership, *, role: str, function: str = "", by: Membership) -> Membership:
    """Another role in the same organisation: the old membership ends and a new one begins.

    What was done in the old role stays on its name, so that the log keeps telling the truth.
    """
    membership = _locked(membership)
    _refuse_self(membership, by)
    if role == membership.role:
        raise DomainError(_("Deze persoon heeft die rol al."))
    _check_home(membership.organisation, role, function)
    membership.ended_at, membership.ended_by = timezone.now(), by
    membership.save(update_fields=["ended_at", "ended_by"])
    _check_user(membership, role)
    new = Membership.objects.create(
        region_id=membership.region_id,
        user_id=membership.user_id,
        organisation_id=membership.organisation_id,
        role=role,
        function=function if role == Role.REFERRER else "",
        display_name=membership.display_name,
        phone=membership.phone,
        photo_id=membership.photo_id,
        is_contact_point=membership.is_contact_point,
        valid_from=timezone.localdate(),
        valid_until=membership.valid_until,
    )
    record("membership.ended", membership, by=by)
    record("membership.created", new, by=by, role=role)
    return new


@transaction.atomic
def end_membership(membership: Membership, *, by: Membership) -> None:
    """Access ends at this person's next request."""
    membership = _locked(membership)
    _refuse_self(membership, by)
    membership.ended_at, membership.ended_by = timezone.now(), by
    membership.save(update_fields=["ended_at", "ended_by"])
    record("membership.ended", membership, by=by)


@transaction.atomic
def reopen_membership(membership: Membership, *, by: Membership) -> None:
    """Take back an end: the same membership is in force again."""
    membership = Membership.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=membership.pk)
    if membership.ended_at is None:
        raise DomainError(_("Deze toegang loopt nog."))
    _check_user(membership, membership.role)
    membership.ended_at, membership.ended_by = None, None
    membership.save(update_fields=["ended_at", "ended_by"])
    record("membership.reopened", membership, by=by)


def membership_version(membership: Membership) -> int:
    """What a form carries, so that a colleague's change is not overwritten."""
    return version_of(membership, MEMBERSHIP_FIELDS)


def _locked(membership: Membership) -> Membership:
    found = Membership.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=membership.pk)
    if found.ended_at is not None:
        raise DomainError(_("Deze toegang is al beëindigd."))
    return found


def _refuse_self(membership: Membership, by: Membership) -> None:
    """An administrator who shuts the own door might leave the region without one."""
    if membership.user_id == by.user_id:
        raise DomainError(_("Uw eigen toegang kunt u niet wijzigen. Vraag een collega-beheerder."))


def _check_home(organisation: Organisation, role: str, function: str) -> None:
    if organisation.kind not in ROLE_HOMES[role]:
        raise DomainError(
            _("De rol %(role)s past niet bij %(kind)s.")
            % {"role": Role(role).label, "kind": organisation.get_kind_display().lower()}
        )
    if role == Role.REFERRER and function not in Function.values:
        raise DomainError(_("Kies voor een verwijzer een functie: huisarts, praktijkondersteuner of assistent."))


def _check_person(organisation: Organisation, *, email: str, role: str) -> None:
    """By address, for somebody who may have an account already. Only roles of this region are looked at."""
    mine = Membership.objects.active().filter(region_id=organisation.region_id, user__email=email)
    if mine.filter(organisation=organisation, role=role).exists():
        raise DomainError(_("Deze persoon heeft die rol al bij %(organisation)s.") % {"organisation": organisation})
    _check_roles(set(mine.values_list("role", flat=True)), role)


def _check_user(membership: Membership, role: str) -> None:
    """The same for a known person, after the old role has ended."""
    mine = Membership.objects.filter(region_id=membership.region_id, user_id=membership.user_id, ended_at__isnull=True)
    mine = mine.exclude(pk=membership.pk)
    if mine.filter(organisation=membership.organisation_id, role=role).exists():
        raise DomainError(_("Deze persoon heeft die rol al."))
    _check_roles(set(mine.values_list("role", flat=True)), role)


def _check_roles(roles: set[str], new: str) -> None:
    """Who pays does not guide (the database refuses it too)."""
    funds, guides = Role.FUNDER in roles | {new}, (roles | {new}) & set(GUIDING_ROLES)
    if funds and guides:
        raise DomainError(
            _("Iemand van gemeente of zorgverzekeraar kan in dezelfde regio geen coach of coördinator zijn.")
        )
