"""What each coach works on, beside the hours there are for it, and who would usually take the next client."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaches import capacity
from coaches.capacity_forms import hours_text
from coaches.planning import absence_words, cover_words
from referrals.models import Absence, CoachHours, Recusal, Referral, Status
from wor.accounts.models import Membership, Role
from wor.calendar import add_working_days, local_day
from wor.tenancy.models import Region

TAKES_TIME = (Status.ACCEPTED, Status.ACTIVE)
WAITS = (Status.WAITLISTED,)
LATER = (Status.PAUSED, Status.FOLLOW_UP)


@dataclass(frozen=True)
class Away:
    """A coach's absence as the page tells it."""

    reference: str
    words: str
    cover: str
    cover_id: int | None
    cover_is_away: bool = False

    @property
    def is_covered(self) -> bool:
        return bool(self.cover) and not self.cover_is_away

    @property
    def cover_words(self) -> str:
        return cover_words(self.cover, is_covered=self.is_covered)


@dataclass(frozen=True)
class Load:
    """What a coach works on, beside the hours there are for it."""

    coach: Membership
    minutes: int
    practices: dict[int, int]  # practice id → minutes a week
    running: int
    waiting: int
    later: int
    places: int
    away: Away | None
    longest_since: dt.date | None  # the day on which the oldest running case was taken on
    must_name_by: dt.date | None = None  # until when a coordinator may keep it in their own name
    is_overdue: bool = False

    @property
    def free(self) -> int:
        """Places left; negative when there is more work than time."""
        return self.places - self.running - self.waiting

    @property
    def too_many(self) -> int:
        return max(0, -self.free)

    @property
    def is_coordinator(self) -> bool:
        """A coordinator keeps a case for a few working days at most."""
        return self.coach.role == Role.COORDINATOR

    @property
    def words(self) -> str:
        """Without the room: in the list that stands in a badge."""
        return in_words(self, with_room=False)


def loads(membership: Membership, *, today: dt.date | None = None, referral: Referral | None = None) -> list[Load]:
    """Every coach of the organisation, and the coordinator who asks; for a referral not who knows the client
    privately. One query."""
    day = today or timezone.localdate()
    cases = Referral.objects.filter(coach=OuterRef("pk"), welfare_organisation=membership.organisation_id)
    hours = CoachHours.objects.filter(coach=OuterRef("pk"), valid__contains=day, minutes_per_week__gt=0)
    away = Absence.objects.filter(coach=OuterRef("pk"), span__contains=day)
    oldest = cases.filter(status__in=TAKES_TIME).order_by().values("coach").annotate(at=Min("accepted_at"))
    known = Recusal.objects.filter(referral=referral) if referral else Recusal.objects.none()
    people = (
        Membership.objects.active()
        .in_organisation(membership.organisation_id)
        .filter(Q(role=Role.COACH) | Q(pk=membership.pk, role=Role.COORDINATOR))
        .exclude(pk__in=known.values("membership"))
        .annotate(
            planned=ArraySubquery(hours.values(json=JSONObject(practice="practice_id", minutes="minutes_per_week"))),
            running=_count(cases, TAKES_TIME),
            waiting=_count(cases, WAITS),
            later=_count(cases, LATER),
            absent=ArraySubquery(
                away.values(
                    json=JSONObject(
                        reference="reference",
                        cover="cover__display_name",
                        cover_id="cover_id",
                        since=F("span__startswith"),
                        until=F("span__endswith"),
                    )
                )
            ),
            oldest_at=Subquery(oldest.values("at")),
        )
        .order_by("-role", "display_name", "id")
    )
    region = membership.region
    gone = {person.pk for person in people if person.absent}
    return sorted((_load(person, region, day, gone) for person in people), key=lambda load: load.is_coordinator)


def _count(cases: QuerySet[Referral], statuses: Iterable[str]) -> Coalesce:
    counted = cases.filter(status__in=statuses).order_by().values("coach").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _away(absence: dict, today: dt.date, gone: set[int]) -> Away:
    until = dt.date.fromisoformat(absence["until"]) if absence["until"] else None
    words = absence_words(dt.date.fromisoformat(absence["since"]), until, today)
    cover, cover_id = absence["cover"] or "", absence["cover_id"]
    return Away(absence["reference"], words, cover, cover_id, cover_is_away=cover_id in gone)


def _load(person, region: Region, today: dt.date, gone: set[int]) -> Load:
    case_minutes = int(region.setting("case_minutes_per_week"))
    longest_since = local_day(person.oldest_at) if person.oldest_at else None
    must_name_by = None
    if person.role == Role.COORDINATOR and longest_since:
        must_name_by = add_working_days(longest_since, int(region.setting("coach_named_working_days")))
    return Load(
        coach=person,
        minutes=sum(each["minutes"] for each in person.planned),
        practices={each["practice"]: each["minutes"] for each in person.planned},
        running=person.running,
        waiting=person.waiting,
        later=person.later,
        places=sum(capacity.places_for(each["minutes"], case_minutes) for each in person.planned),
        away=next((_away(each, today, gone) for each in person.absent), None),
        longest_since=longest_since,
        must_name_by=must_name_by,
        is_overdue=must_name_by is not None and must_name_by < today,
    )


def suggested(all_loads: list[Load], practice_id: int) -> Load | None:
    """Who would usually take a practice's next client: most hours there, then most room; or who covers for them."""
    by_coach = {load.coach.pk: load for load in all_loads}
    usual = sorted(
        (load for load in all_loads if practice_id in load.practices),
        key=lambda load: (load.practices[practice_id], load.free),
        reverse=True,
    )
    for load in usual:
        stand_in = by_coach.get(load.away.cover_id or 0) if load.away else load
        if stand_in is not None and stand_in.away is None:
            return stand_in
    return None


def in_words(load: Load, *, practice_id: int | None = None, with_room: bool = True) -> str:
    """ "8 uur per week, 3 uur voor deze praktijk · 6 lopend · 2 wachten · ruimte voor 4"."""
    parts = []
    if load.is_coordinator:
        parts.append(_("Jezelf, voor hoogstens een paar werkdagen"))
    if load.away:
        words = _("Afwezig, %(name)s neemt waar") if load.away.is_covered else _("Afwezig")
        parts.append(words % {"name": load.away.cover})
    if load.minutes:
        hours = _("%(hours)s uur per week") % {"hours": hours_text(load.minutes)}
        here = load.practices.get(practice_id) if practice_id else None
        parts.append(
            hours + (", " + _("%(hours)s uur voor deze praktijk") % {"hours": hours_text(here)} if here else "")
        )
    if load.running or not load.is_coordinator:
        parts.append(_("%(count)d lopend") % {"count": load.running})
    if load.waiting:
        parts.append(ngettext("%(count)d wacht", "%(count)d wachten", load.waiting) % {"count": load.waiting})
    if load.later:
        parts.append(_("%(count)d later") % {"count": load.later})
    if load.away or not with_room:
        return " · ".join(parts)
    if load.free > 0:
        parts.append(_("ruimte voor %(count)d") % {"count": load.free})
    elif load.minutes:
        parts.append(_("vol") if not load.too_many else _("%(count)d boven de uren") % {"count": load.too_many})
    return " · ".join(parts)


def in_days(days: int) -> str:
    """ "vandaag", "1 dag", "6 dagen"."""
    if days <= 0:
        return _("vandaag")
    return ngettext("%(count)d dag", "%(count)d dagen", days) % {"count": days}
