"""Who is told of news in a referral."""

from django.db.models import Exists, Q, QuerySet

from referrals.models import Absence, PracticeIntake, Recusal, Referral
from wor.accounts.models import Membership, Role
from wor.calendar import today


def practice_side(referral: Referral) -> list[Membership]:
    """Who sent it, in whose name, and the practice's contact point; a shielded one stays with the first two."""
    told = Q(pk__in=[referral.referrer_id, referral.on_behalf_of_id])
    if not referral.is_shielded:
        told |= Q(is_contact_point=True, role=Role.REFERRER)
    return list(Membership.objects.active().filter(told, organisation=referral.practice_id))


def coach_side(referral: Referral, line: PracticeIntake | None = None) -> list[Membership]:
    """The coach who guides, and who stands in for an absent one; before one is named the practice's usual coach (or
    who covers) and the coordinators.

    ``line`` is the practice's capacity line with the organisation, when the caller has it already.
    """
    colleagues = Membership.objects.active().filter(organisation=referral.welfare_organisation_id)
    if referral.coach_id is not None:
        return _guides(referral, colleagues)
    line = (
        line
        or PracticeIntake.objects.filter(
            practice=referral.practice_id, welfare_organisation=referral.welfare_organisation_id
        ).first()
    )
    usual = (line.cover_id or line.default_coach_id) if line else None
    return list(colleagues.filter(Q(role=Role.COORDINATOR) | Q(pk=usual)))


def _guides(referral: Referral, colleagues: QuerySet[Membership]) -> list[Membership]:
    """The coach, and while they are away who covers. Coordinators where nobody does, or the cover may not read it."""
    absences = Absence.objects.filter(span__contains=today())
    away = absences.filter(coach=referral.coach_id)
    uncovered = away.filter(Q(cover=None) | Q(cover__in=absences.values("coach")))
    told = Q(pk=referral.coach_id)
    if referral.is_shielded:
        told |= Q(Exists(away), role=Role.COORDINATOR)
    else:
        told |= Q(pk__in=away.values("cover")) | Q(Exists(uncovered), role=Role.COORDINATOR)
    known = Recusal.objects.filter(referral=referral.pk)
    found = list(colleagues.filter(told).exclude(pk__in=known.values("membership")))
    return found or list(colleagues.filter(role=Role.COORDINATOR))


def other_side(referral: Referral, by: Membership | None) -> list[Membership]:
    """Those who did not do it; both sides when a client did."""
    if by is None:
        return practice_side(referral) + coach_side(referral)
    return coach_side(referral) if by.organisation_id == referral.practice_id else practice_side(referral)
