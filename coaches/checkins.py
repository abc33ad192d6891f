"""When to ask how it goes: some weeks and some months after the start, as the region chose."""

import datetime as dt

from django.db.models import Min, OuterRef, Subquery
from django.db.models.functions import Coalesce

from coaches.models import Placement
from referrals import terms
from referrals.models import Referral
from wor.audit.models import Event
from wor.calendar import local_day, today

# Who was asked so shortly before a day need not be asked again on it. In calendar days.
ASKED_BEFORE_DAYS = 14


def next_check_in(referral: Referral, *, asked_now: bool) -> dt.date:
    """The next of the two days after the start; when both are past, the first term from now."""
    day, region, start = today(), referral.region, _started_on(referral)
    after = day + dt.timedelta(days=ASKED_BEFORE_DAYS if asked_now else 0)
    days = [term.due_on(region, start) for term in terms.CHECK_INS] if start else []
    return next((each for each in days if each > after), terms.CHECK_INS[0].due_on(region, day))


def _started_on(referral: Referral) -> dt.date | None:
    """The day on which the client began with the first activity still going on, or else the follow-up began."""
    began = (
        Placement.objects.filter(referral=OuterRef("pk"), status__in=["started", "continuing"])
        .order_by()
        .values("referral")
        .values(at=Min("started_at"))
    )
    planned = (
        Event.objects.filter(
            region=referral.region_id, subject_ref=referral.reference, name="referral.follow_up_planned"
        )
        .order_by("at")
        .values("at")[:1]
    )
    moment = (
        Referral.objects.filter(pk=referral.pk)
        .values_list(Coalesce(Subquery(began), Subquery(planned)), flat=True)
        .first()
    )
    return local_day(moment) if moment else None
