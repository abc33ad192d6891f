"""Who is told of news in a referral."""

from django.db.models import Q

from referrals.models import PracticeIntake, Referral
from wor.accounts.models import Membership, Role


def practice_side(referral: Referral) -> list[Membership]:
    """Who sent it, in whose name, and the practice's contact point; a shielded one stays with the first two."""
    told = Q(pk__in=[referral.referrer_id, referral.on_behalf_of_id])
    if not referral.is_shielded:
        told |= Q(is_contact_point=True, role=Role.REFERRER)
    return list(Membership.objects.active().filter(told, organisation=referral.practice_id))


def coach_side(referral: Referral, line: PracticeIntake | None = None) -> list[Membership]:
    """The coach who guides; before one is named the practice's usual coach (or who covers) and the coordinators.

    ``line`` is the practice's capacity line with the organisation, when the caller has it already.
    """
    colleagues = Membership.objects.active().filter(organisation=referral.welfare_organisation_id)
    if referral.coach_id is not None:
        coach = list(colleagues.filter(pk=referral.coach_id))
        return coach or list(colleagues.of_role(Role.COORDINATOR))
    line = (
        line
        or PracticeIntake.objects.filter(
            practice=referral.practice_id, welfare_organisation=referral.welfare_organisation_id
        ).first()
    )
    usual = (line.cover_id or line.default_coach_id) if line else None
    return list(colleagues.filter(Q(role=Role.COORDINATOR) | Q(pk=usual)))


def other_side(referral: Referral, by: Membership | None) -> list[Membership]:
    """Those who did not do it; both sides when a client did."""
    if by is None:
        return practice_side(referral) + coach_side(referral)
    return coach_side(referral) if by.organisation_id == referral.practice_id else practice_side(referral)
