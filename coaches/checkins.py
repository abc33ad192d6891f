"""When to ask how it goes: some weeks and some months after the start, as the region chose."""

import datetime as dt

from django.db.models import Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from coaches.models import Contact, Placement
from referrals import terms
from referrals.models import Referral, Status
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


def check_in_on(referral: Referral, began_at: dt.datetime | None, heard_at: dt.datetime | None) -> dt.date | None:
    """The first of the two days on which nobody asked yet, while the talks go on. Past days too: they still ask.

    The moments are those of ``began`` and ``heard``. The reminder's day is the same one
    (``coaches.reminders.check_in``). In *opvolging* the coach chose a day.
    """
    if referral.status != Status.ACTIVE or began_at is None:
        return None
    asked_until = local_day(heard_at) + dt.timedelta(days=ASKED_BEFORE_DAYS) if heard_at else dt.date.min
    days = (term.due_on(referral.region, local_day(began_at)) for term in terms.CHECK_INS)
    return next((day for day in days if day >= asked_until), None)


def began() -> QuerySet:
    """Inside a query over referrals: when the client began with the first activity that goes on, as this organisation
    wrote down."""
    mine = Placement.objects.filter(referral=OuterRef("pk"), welfare_organisation=OuterRef("welfare_organisation"))
    going_on = mine.filter(status__in=["started", "continuing"])
    return going_on.order_by().values("referral").values(at=Min("started_at"))


def heard() -> QuerySet:
    """Likewise: when somebody of this organisation last heard from the client how it goes."""
    mine = Contact.objects.valid().filter(
        referral=OuterRef("pk"), welfare_organisation=OuterRef("welfare_organisation")
    )
    spoken = mine.filter(kind=Contact.Kind.FOLLOW_UP, result=Contact.Result.SPOKEN)
    return spoken.order_by().values("referral").values(at=Max("at"))


def _started_on(referral: Referral) -> dt.date | None:
    """The day on which the client began with the first activity still going on, or else the follow-up began."""
    planned = (
        Event.objects.filter(
            region=referral.region_id, subject_ref=referral.reference, name="referral.follow_up_planned"
        )
        .order_by("at")
        .values("at")[:1]
    )
    moment = (
        Referral.objects.filter(pk=referral.pk)
        .values_list(Coalesce(Subquery(began()), Subquery(planned)), flat=True)
        .first()
    )
    return local_day(moment) if moment else None
