"""To a colleague, or to another welfare organisation."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coaches.capacity import refresh_intake
from coaches.models import Action
from coaches.services.case import KNOWS_CLIENT, locked, saved, unchanged
from referrals.models import Consent, Recusal, Referral, Status, Transfer
from referrals.people import coach_side
from referrals.services.sending import CONSENT_TEXT_VERSION
from wor.accounts.models import Membership, Role
from wor.audit.services import record
from wor.calendar import today
from wor.errors import DomainError
from wor.outbox.services import notify
from wor.tenancy.models import Organisation


@transaction.atomic
def name_coach(referral: Referral, *, coach: Membership, version: int | None = None, by: Membership) -> Referral:
    """Somebody else of the organisation guides from now on; what was still to do goes along. Both coaches hear it."""
    held = locked(referral, by=by)
    if held.coach == coach and held.is_open:
        return held  # sent twice
    unchanged(held, version)
    if not held.is_open:
        raise DomainError(_("Deze verwijzing is gesloten."))
    former = held.coach
    _hand_to(held, coach, by=by)
    saved(held, news=True)
    record("referral.handed_over", held, by=by)
    notify("referral_assigned", held, [coach], by=by)
    notify("referral_handed_over", held, [former] if former and former.is_active else [], by=by)
    return held


def _hand_to(held: Referral, coach: Membership, *, by: Membership) -> None:
    if coach.organisation_id != held.welfare_organisation_id or coach.role not in (Role.COACH, Role.COORDINATOR):
        raise DomainError(_("Kies een collega van je eigen organisatie."), status=422)
    if not coach.is_active:
        raise DomainError(_("Deze collega werkt hier niet meer. Kies een ander."), status=422)
    if Recusal.objects.filter(referral=held, membership=coach).exists():
        raise DomainError(KNOWS_CLIENT % {"name": coach.display_name}, status=422)
    Action.objects.to_do().filter(referral=held, owner=held.coach_id).update(owner=coach)
    held.coach = coach


@transaction.atomic
def recuse(
    referral: Referral, *, colleague: Membership | None = None, version: int | None = None, by: Membership
) -> Referral:
    """*Ik ken deze cliënt*: a colleague guides, and this person sees nothing of it any more.

    Without a colleague it goes to a coordinator, or to whoever else there is.
    """
    held = locked(referral, by=by, version=version)
    if held.coach_id == by.pk and held.is_open:
        colleague = colleague or _somebody_else(held, by)
        if colleague is None or colleague == by:
            raise DomainError(_("Er is geen collega die het kan overnemen. Bel je coördinator."), status=422)
        if held.status == Status.SENT:
            held.coach = None
        else:
            _hand_to(held, colleague, by=by)
    Recusal.objects.create(region_id=held.region_id, referral=held, membership=by)
    saved(held)
    record("referral.recused", held, by=by)
    notify("referral_assigned", held, [colleague] if colleague else [], by=by)
    return held


def _somebody_else(held: Referral, by: Membership) -> Membership | None:
    colleagues = (
        Membership.objects.active()
        .filter(organisation=held.welfare_organisation_id, role__in=[Role.COORDINATOR, Role.COACH])
        .exclude(pk__in=Recusal.objects.filter(referral=held).values("membership"))
        .exclude(user=by.user_id)
    )
    return min(colleagues, key=lambda person: (person.role != Role.COORDINATOR, person.pk), default=None)


@transaction.atomic
def transfer(
    referral: Referral,
    *,
    to: Organisation,
    given_on: dt.date,
    how: str,
    given_by_kind: str = Consent.GivenBy.PATIENT,
    given_by_name: str = "",
    given_by_relation: str = "",
    version: int | None = None,
    by: Membership,
) -> Referral:
    """Another welfare organisation goes on, with new consent. There it is *verzonden*; here a stub stays.

    The new organisation has a first contact and a first talk of its own, so these begin anew; what happened here is
    in the events and in this organisation's own file, which does not go along.
    """
    held = locked(referral, by=by, version=version)
    if to.kind != Organisation.Kind.WELFARE or to.pk == by.organisation_id or to.is_paused:
        raise DomainError(_("Kies een andere welzijnsorganisatie uit de lijst."), status=422)
    if given_on > today():
        raise DomainError(_("De datum van de toestemming ligt in de toekomst."), status=422)
    Consent.objects.create(
        region_id=held.region_id,
        client_id=held.client_id,
        referral=held,
        welfare_organisation=to,
        kind=Consent.Kind.SHARE,
        asked_by=by,
        given_by_kind=given_by_kind,
        given_by_name=given_by_name,
        given_by_relation=given_by_relation,
        given_on=given_on,
        how=how,
        text_version=CONSENT_TEXT_VERSION,
    )
    Transfer.objects.create(
        region_id=held.region_id, referral=held, from_organisation_id=by.organisation_id, to_organisation=to, by=by
    )
    held.become(Status.SENT)
    held.transferred_at = timezone.now()
    _begin_anew(held, to)
    saved(held, moved=True)
    refresh_intake(held.practice, by.organisation)
    record("referral.transferred", held, by=by)
    notify("referral_new", held, coach_side(held), by=by)
    return held


def _begin_anew(held: Referral, to: Organisation) -> None:
    held.welfare_organisation, held.coach = to, None
    held.accepted_at = held.accepted_by = None
    held.first_contact_at = held.first_talk_at = held.feedback_at = None
    held.planned_talk_at = held.expected_week = held.follow_up_on = None
    held.attempts = 0
