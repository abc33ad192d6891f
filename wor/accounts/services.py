"""Who takes part: invitations, roles, and a region's own way of signing in."""

import base64
import datetime as dt
import hashlib
import uuid
from typing import Any
from urllib.parse import urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from wor.accounts.models import (
    READS_CASES,
    ROLE_HOMES,
    IdentityProvider,
    Invitation,
    Membership,
    Role,
    User,
    goes_together,
)
from wor.accounts.sealed import box
from wor.accounts.sign_in import end_sessions, tell
from wor.audit.services import record
from wor.errors import DomainError
from wor.outbox.models import Notice
from wor.outbox.services import enqueue, notify
from wor.tenancy.context import open_region
from wor.tenancy.models import Organisation, Region

INVITATION_DAYS = 7
CLASH = _lazy(
    "Deze rol gaat niet samen met een andere rol van deze persoon in de regio. Wie betaalt, begeleidt niet; "
    "wie accounts beheert, ziet geen dossiers."
)


# Invitations


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
    by: Membership | None,
) -> Invitation:
    """Invite somebody to one role in one organisation. An open invitation to the same is replaced by this one.

    The answer does not tell whether the address has an account already, in this region or another.
    """
    if organisation.kind not in ROLE_HOMES[role]:
        raise DomainError(_("Deze rol past niet bij deze organisatie."))
    email = email.strip().lower()
    if by is not None and mailbox(email) in own_mailboxes(by.user):
        # Who manages the accounts gives nobody's records to themself (trust.md 2): that takes a colleague.
        raise DomainError(_("Uw eigen rol kunt u niet wijzigen. Vraag het een collega."))
    same = Invitation.objects.select_for_update().filter(email=email, organisation=organisation, role=role)
    for earlier in same.filter(accepted_at__isnull=True, revoked_at__isnull=True):
        revoke_invitation(earlier, by=by)
    invitation = Invitation.objects.create(
        region_id=organisation.region_id,
        organisation=organisation,
        email=email,
        name=name,
        role=role,
        function=function,
        is_contact_point=is_contact_point,
        valid_until=valid_until,
        invited_by=by,
        expires_at=timezone.now() + dt.timedelta(days=INVITATION_DAYS),
    )
    record("membership.invited", invitation, by=by, role=role)
    enqueue("invitation", invitation.reference, region_id=invitation.region_id)
    return invitation


def mailbox(email: str) -> str:
    """Where mail to this address ends up: ``naam+iets@`` is the mailbox of ``naam@``."""
    local, _at, domain = email.strip().lower().partition("@")
    return f"{local.partition('+')[0]}@{domain}"


def own_mailboxes(user: User) -> set[str]:
    known = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return {mailbox(email) for email in (user.email, *known)}


def issue_invitation_token(invitation: Invitation) -> str:
    """The secret of the link, made when the mail is. Only its hash stays.

    Derived from the row and the server's key: a mail that is made again, because nobody knows whether the first
    arrived, carries the same link, so both work. A new invitation is a new row and so another link.
    """
    secret = salted_hmac("wor.accounts.invitation", str(invitation.reference), algorithm="sha256").digest()
    token = base64.urlsafe_b64encode(secret).decode().rstrip("=")
    Invitation.objects.filter(pk=invitation.pk).update(token_hash=_hash(token))
    return token


def open_invitation(token: str) -> Invitation | None:
    """The invitation of this link in the open region. Used, revoked, expired and unknown are the same: None."""
    found = Invitation.objects.select_related("region").filter(token_hash=_hash(token)).first()
    return found if found is not None and found.is_open else None


def has_account(invitation: Invitation) -> bool:
    """Only for who holds the link, and so reads this mailbox."""
    return User.objects.filter(email=invitation.email).exists()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def accept_invitation(
    invitation: Invitation, *, user: User | None = None, name: str = "", password: str = ""
) -> Membership:
    """Take the role: as ``user``, who is signed in and confirmed it, or as somebody new.

    An account that is there already is never changed silently.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not invitation.is_open:
        raise DomainError(_("Deze uitnodiging is al gebruikt of niet meer geldig."))
    if user is None:
        user = _new_user(invitation, name=name, password=password)
    elif _locked(user).email != invitation.email:
        raise DomainError(_("Deze uitnodiging is voor een ander e-mailadres. Meld u aan met dat adres."))
    membership = _take_role(invitation, user)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), membership
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record("invitation.accepted", invitation, by=membership)
    if membership.role in READS_CASES:
        notify(Notice.Kind.NEW_COLLEAGUE, membership, _who_would_notice(membership), by=membership)
    return membership


def _who_would_notice(newcomer: Membership) -> list[Membership]:
    """Who knows whether this is a colleague: their own organisation's contact point and coordinators, and the others
    who manage accounts. An administrator who lets themself in under another address is seen by somebody."""
    active = Membership.objects.active().filter(region_id=newcomer.region_id).select_related("region")
    colleagues = active.filter(organisation_id=newcomer.organisation_id, role__in=READS_CASES).exclude(pk=newcomer.pk)
    lead = [each for each in colleagues if each.is_contact_point or each.role == Role.COORDINATOR]
    return [*(lead or colleagues), *active.filter(role=Role.REGION_ADMIN)]


def _new_user(invitation: Invitation, *, name: str, password: str) -> User:
    if User.objects.filter(email=invitation.email).exists():
        raise DomainError(_("U heeft al een account. Meld u aan en bevestig daarna de uitnodiging."))
    user = User.objects.create_user(invitation.email, password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _locked(user: User) -> User:
    """As it is now, until the role is taken: somebody without a role left may be erased at this very moment."""
    return User.objects.select_for_update().get(pk=user.pk)


def _take_role(invitation: Invitation, user: User) -> Membership:
    role = {"user": user, "organisation_id": invitation.organisation_id, "role": invitation.role}
    if Membership.objects.active().filter(**role).exists():
        raise DomainError(_("U heeft deze rol al."))
    refuse_roles_that_clash(user, invitation.region_id, invitation.role)
    try:
        with transaction.atomic():
            return Membership.objects.create(
                region_id=invitation.region_id,
                **role,
                function=invitation.function,
                display_name=user.name,
                is_contact_point=invitation.is_contact_point,
                valid_until=invitation.valid_until,
            )
    except IntegrityError as refused:
        raise DomainError(CLASH) from refused


def refuse_roles_that_clash(user: User, region_id: int, role: str) -> None:
    """The database refuses it too; this says it in a sentence, before anything is tried."""
    mine = Membership.objects.filter(region_id=region_id, user=user, ended_at__isnull=True)
    if not goes_together({*mine.values_list("role", flat=True), role}):
        raise DomainError(CLASH)


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: Membership | None) -> None:
    """The link stops working. One that was accepted stays accepted."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at is not None:
        raise DomainError(_("Deze uitnodiging is al aangenomen. Beëindig de rol als die niet klopt."))
    if invitation.revoked_at is None:
        invitation.revoked_at, invitation.revoked_by = timezone.now(), by
        invitation.save(update_fields=["revoked_at", "revoked_by"])
        record("invitation.revoked", invitation, by=by)


# Roles


@transaction.atomic
def end_membership(membership: Membership, *, by: Membership) -> None:
    """The role ends now: at this person's next request it is gone."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.pk == by.pk:
        raise DomainError(_("U kunt uw eigen rol niet beëindigen. Vraag het een collega."))
    if membership.ended_at is not None:
        raise DomainError(_("Deze rol was al beëindigd."))
    membership.ended_at, membership.ended_by = timezone.now(), by
    membership.save(update_fields=["ended_at", "ended_by"])
    record("membership.ended", membership, by=by, role=membership.role)


@transaction.atomic
def change_membership(
    membership: Membership,
    *,
    display_name: str,
    role: str,
    function: str = "",
    is_contact_point: bool = False,
    valid_until: dt.date | None = None,
    by: Membership,
) -> Membership:
    """Change what somebody does here. Another role is another membership, so that what was done keeps its role."""
    membership = Membership.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=membership.pk)
    if not membership.is_active:
        raise DomainError(_("Deze rol is beëindigd."))
    if membership.organisation.kind not in ROLE_HOMES[role]:
        raise DomainError(_("Deze rol past niet bij deze organisatie."))
    fields = {
        "display_name": display_name,
        "function": function,
        "is_contact_point": is_contact_point,
        "valid_until": valid_until,
    }
    if role == membership.role:
        for name, value in fields.items():
            setattr(membership, name, value)
        membership.save(update_fields=list(fields))
        record("membership.changed", membership, by=by)
        return membership
    return _other_role(membership, role, fields, by=by)


def _other_role(membership: Membership, role: str, fields: dict, *, by: Membership) -> Membership:
    end_membership(membership, by=by)
    try:
        with transaction.atomic():
            other = Membership.objects.create(
                region_id=membership.region_id,
                user_id=membership.user_id,
                organisation_id=membership.organisation_id,
                role=role,
                phone=membership.phone,
                **fields,
            )
    except IntegrityError as refused:
        raise DomainError(CLASH) from refused
    record("membership.changed", other, by=by, role=role, before=membership.role)
    return other


# Accounts


def ask_new_password(email: str) -> None:
    """Queue the mail with the link, when somebody has this address. The worker makes the link (an hour, once)."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is not None:
        enqueue("password_forgotten", uuid.uuid4(), region_id=None, user_id=user.pk)


def new_password_address(user: User) -> str:
    """The link of that mail. It stops working once it was used, after an hour, and after the next sign-in."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=key)


@transaction.atomic
def deactivate_user(user: User) -> int:
    """Close an account: signed out everywhere, and no way back in. How many sessions it ended."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    _record_in_each_region(user, "user.deactivated")
    return end_sessions(user)


@transaction.atomic
def reset_second_factor(user: User, *, asked_by: User, confirmed_by: User) -> int:
    """Take away somebody's second factors, so that they set up new ones. Takes two people, and never oneself."""
    if len({user.pk, asked_by.pk, confirmed_by.pk}) < 3:
        raise DomainError(_("Hiervoor zijn twee mensen nodig, en niemand doet het voor zichzelf."))
    count, _models = Authenticator.objects.filter(user=user).delete()
    _record_in_each_region(user, "user.factor_reset", asked_by=asked_by.pk, confirmed_by=confirmed_by.pk)
    end_sessions(user)
    tell("sign_in_changed", user)
    return count


def _record_in_each_region(user: User, name: str, **data: Any) -> None:
    """What happens to an account is known in every region where this person works."""
    for region_id in Region.objects.values_list("pk", flat=True):
        with open_region(region_id):
            for membership in Membership.objects.active().filter(user=user):
                record(name, membership, **data)


# A region's own provider


@transaction.atomic
def set_identity_provider(
    region: Region, *, name: str, issuer: str, client_id: str, secret: str = "", is_active: bool = True, by: Membership
) -> IdentityProvider:
    """Signing in through the region's own OpenID Connect provider. An empty secret keeps the one that is there."""
    if urlsplit(issuer).scheme != "https" or not urlsplit(issuer).hostname:
        raise DomainError(_("Het adres van de aanbieder begint met https://."))
    provider = IdentityProvider.objects.select_for_update().filter(region=region).first()
    if provider is None and not secret:
        raise DomainError(_("Vul het geheim van de aanbieder in."))
    provider = provider or IdentityProvider(region=region)
    if provider.issuer and provider.issuer != issuer:
        _disconnect_everybody(region)
    provider.name, provider.issuer, provider.client_id, provider.is_active = name, issuer, client_id, is_active
    if secret:
        provider.secret_encrypted = box().encrypt(secret.encode()).decode()
    provider.save()
    record("identity_provider.changed", provider, by=by, active=is_active)
    return provider


def _disconnect_everybody(region: Region) -> None:
    """Another issuer may call anybody by any number: what was connected to the former one opens nothing any more.

    Otherwise who sets the provider up could sign in as everybody who had connected.
    """
    for linked in SocialAccount.objects.filter(provider=region.slug).select_related("user"):
        tell("sign_in_changed", linked.user)
        linked.delete()
