"""Dividing referrals over coaches, beside what each has room for."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from activities.models import TargetCell
from coaches import capacity, rota, services
from coaches.capacity_forms import hours_text
from coaches.planning import absence_words, cover_words
from coaches.queries import days_late, short_practice
from referrals.models import Absence, Client, CoachHours, Recusal, Referral, Status
from wor.accounts.models import Membership, Role
from wor.calendar import add_working_days, local_day
from wor.errors import DomainError
from wor.pages import parse_reference
from wor.tenancy.models import Organisation, Region

PER_PAGE = 25
MOST_AT_ONCE = 100
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


# The lists


@dataclass(frozen=True)
class Row:
    """A referral as it stands in a list for dividing."""

    reference: uuid.UUID
    client_reference: uuid.UUID
    version: int
    name: str
    practice: str
    problem: str
    status: str
    status_label: str
    days: int
    late: int  # whole days after the day on which something was due
    is_warm: bool
    is_shielded: bool
    note: str
    usual: Membership | None
    phone: str = ""
    reach: str = ""

    @property
    def is_late(self) -> bool:
        return self.late > 0

    @property
    def waited(self) -> str:
        """ "vandaag", "1 dag", "6 dagen"."""
        return in_days(self.days)


@dataclass(frozen=True)
class Nameless:
    """A shielded referral that waits for a coach: no more than a coordinator needs to name one."""

    reference: uuid.UUID
    number: str
    practice: str
    why: str


@dataclass(frozen=True)
class Shown:
    """One page of a list; ``next_url`` walks on."""

    rows: list[Row]
    next_url: str = ""


@dataclass(frozen=True)
class Board:
    """What there is to divide: on top what waits too long for a coach, then what is new, the oldest first."""

    new: Shown
    kept: list[Row]  # too long in the coordinator's own name
    shielded: list[Nameless]

    @property
    def rows(self) -> list[Row]:
        """Everybody whose name is shown."""
        return [*self.kept, *self.new.rows]


def board(membership: Membership, all_loads: list[Load], *, today: dt.date, after: uuid.UUID | None = None) -> Board:
    """The page for dividing. A fixed number of queries."""
    new = Referral.objects.visible_to(membership).filter(status=Status.SENT)
    found = list(_after(new, "sent_at", after)[: PER_PAGE + 1])
    shown, more = found[:PER_PAGE], len(found) > PER_PAGE
    shut = _shielded(membership, today)
    own = (
        Referral.objects.visible_to(membership)
        .content_open()
        .filter(coach=membership.pk, status=Status.ACCEPTED, first_talk_at__isnull=True)
    )
    waits = Referral.objects.annotate(coach_works=_coach_works())
    waits = waits.filter(pk__in=shut.order_by().values("pk").union(own.order_by().values("pk")))
    waiting = list(_with_practice(waits).order_by("sent_at", "pk")[:MOST_AT_ONCE])
    kept = [each for each in waiting if each.coach_id == membership.pk and _is_kept_too_long(each, membership, today)]
    prefetch_related_objects([*shown, *kept], *NAMES)
    rows = [_row(each, all_loads) for each in shown]
    return Board(
        new=Shown(rows, f"?na={rows[-1].reference}" if more else ""),
        kept=[_row(each, []) for each in kept],
        shielded=[_nameless(each) for each in waiting if each.coach_id != membership.pk],
    )


def _is_kept_too_long(referral: Referral, membership: Membership, today: dt.date) -> bool:
    days = int(membership.region.setting("coach_named_working_days"))
    return referral.accepted_at is not None and add_working_days(local_day(referral.accepted_at), days) < today


def _shielded(membership: Membership, today: dt.date) -> QuerySet[Referral]:
    """Those that nobody guides any more, and those whose coach is away on a day that asks something."""
    return (
        Referral.objects.shielded_without_coach(membership)
        .annotate(coach_works=_coach_works())
        .filter(Q(coach_works=False) | rota.asks_on(today))
    )


def _coach_works() -> Exists:
    return Exists(Membership.objects.active().filter(pk=OuterRef("coach_id")))


def shielded_of(coach: Membership, membership: Membership, *, today: dt.date) -> list[Nameless]:
    """What asks something of an absent coach today and only that coach may read."""
    cases = _with_practice(_shielded(membership, today).filter(coach=coach.pk))
    return [_nameless(each) for each in cases.order_by("sent_at", "pk")[:MOST_AT_ONCE]]


def _nameless(referral) -> Nameless:
    return Nameless(referral.reference, referral.number, short_practice(referral.practice_name), _why(referral))


def _why(referral) -> str:
    if referral.coach_id is not None:
        return _("de coach is afwezig") if referral.coach_works else _("de coach werkt hier niet meer")
    if referral.days_waiting == 0:
        return _("vandaag verstuurd")
    return _("wacht %(days)s") % {"days": in_days(referral.days_waiting)}


def running_with(coach: Membership, membership: Membership, *, after: uuid.UUID | None = None) -> Shown:
    """A coach's open cases, what is due first on top."""
    cases = Referral.objects.visible_to(membership).filter(coach=coach.pk).open().exclude(status=Status.SENT)
    return _page(cases, "attention_at", after, [])


def _page(cases: QuerySet[Referral], column: str, after: uuid.UUID | None, all_loads: list[Load]) -> Shown:
    found = list(_after(cases, column, after).prefetch_related(*NAMES)[: PER_PAGE + 1])
    rows = [_row(each, all_loads) for each in found[:PER_PAGE]]
    return Shown(rows, f"?na={rows[-1].reference}" if len(found) > PER_PAGE else "")


def _after(cases: QuerySet[Referral], column: str, after: uuid.UUID | None) -> QuerySet[Referral]:
    """In the order of a column, beginning after a row."""
    if after is not None:
        last = Referral.objects.filter(reference=after)
        at, pk = Subquery(last.values(column)[:1]), Subquery(last.values("pk")[:1])
        cases = cases.filter(Q(**{f"{column}__gt": at}) | Q(**{column: at, "pk__gt": pk}))
    return _with_practice(cases).order_by(column, "pk")


def choosable(membership: Membership, texts: Iterable[str]) -> list[Row]:
    """The open referrals that were ticked, or without any the new ones: what a form for several can offer."""
    ticked = [reference for reference in map(parse_reference, texts) if reference]
    cases = Referral.objects.visible_to(membership).open()
    cases = cases.filter(reference__in=ticked[:MOST_AT_ONCE]) if ticked else cases.filter(status=Status.SENT)
    return [_row(each, []) for each in _with_names(cases).order_by("sent_at", "pk")[:MOST_AT_ONCE]]


def calls(cases: QuerySet[Referral]) -> list[Row]:
    """Who must be called: as a list row, with how to reach them."""
    found = _with_practice(cases).prefetch_related("client")[:MOST_AT_ONCE]
    return [_row(each, [], with_phone=True) for each in found]


NAMES = ("client", Prefetch("target_cell", queryset=TargetCell.objects.select_related("problem")))


def _with_names(cases: QuerySet[Referral]) -> QuerySet[Referral]:
    return _with_practice(cases).prefetch_related(*NAMES)


def _with_practice(cases: QuerySet[Referral]) -> QuerySet[Referral]:
    """The practice's name, looked up for the rows of the page only."""
    names = Organisation.objects.filter(pk=OuterRef("practice_id")).values("name")
    return cases.annotate(practice_name=Subquery(names[:1]))


def _row(referral, all_loads: list[Load], *, with_phone: bool = False) -> Row:
    client = referral.client
    usual = suggested(all_loads, referral.practice_id)
    return Row(
        reference=referral.reference,
        client_reference=client.reference,
        version=referral.version,
        name=client.short_name,
        practice=short_practice(referral.practice_name),
        problem="" if with_phone else referral.target_cell.problem.label,
        status=referral.status,
        status_label=str(referral.get_status_display()),
        days=referral.days_waiting,
        late=days_late(referral, timezone.now()),
        is_warm=referral.is_warm,
        is_shielded=referral.is_shielded,
        note=_note(referral) if with_phone else "",
        usual=usual.coach if usual else None,
        phone=_phone(client) if with_phone else "",
        reach=_reach(client) if with_phone else "",
    )


# What a case asks when its day has come.
ASKS = {
    Status.ACCEPTED: _l("Eerste gesprek plannen"),
    Status.WAITLISTED: _l("Nog gewenst?"),
    Status.ACTIVE: _l("Volgend contact"),
    Status.PAUSED: _l("Pauze loopt af"),
    Status.FOLLOW_UP: _l("Opvolging"),
}


def _note(referral: Referral) -> str:
    """What has to happen: the talk that stands in the diary, else the first contact or the next news."""
    if referral.planned_talk_at and local_day(referral.planned_talk_at) <= timezone.localdate():
        at = timezone.localtime(referral.planned_talk_at)
        return _("Gesprek vandaag om %(time)s uur: verzetten of overnemen") % {"time": f"{at:%-H.%M}"}
    if referral.first_contact_at is None:
        return _("Eerste contact")
    if referral.status == Status.ACTIVE and referral.feedback_at is None:
        return _("Eerste terugkoppeling")
    return str(ASKS.get(Status(referral.status), ""))


def _phone(client: Client) -> str:
    if client.reach_via == Client.ReachVia.CONTACT:
        return client.contact_phone
    return client.phone if client.reach_via == Client.ReachVia.PHONE else ""


def _reach(client: Client) -> str:
    if client.reach_via == Client.ReachVia.CONTACT:
        return _("via %(name)s (%(relation)s)") % {"name": client.contact_name, "relation": client.contact_relation}
    if client.reach_via == Client.ReachVia.PRACTICE:
        return _("via de praktijk")
    return _("Alleen direct met de cliënt zelf. Niets achterlaten.") if client.is_direct_only else ""


# Naming a coach


def assign(referral: Referral, *, coach: Membership, version: int | None = None, by: Membership) -> Referral:
    """Name a coach: a sent referral is taken on with that, a running one goes to a colleague. Both coaches hear it.

    A coach who said *ik ken deze cliënt* cannot be named. Naming the same coach again changes nothing.
    """
    if by.role != Role.COORDINATOR:
        raise DomainError(_("De coördinator verdeelt de verwijzingen."), status=403)
    if referral.coach_id == coach.pk and referral.status != Status.SENT:
        return referral
    if coach.role == Role.COORDINATOR and coach.pk != by.pk:
        raise DomainError(_("Kies een coach, of jezelf."), status=422)
    if referral.status == Status.SENT:
        return services.accept(referral, coach=coach, version=version, by=by)
    return services.name_coach(referral, coach=coach, version=version, by=by)


@transaction.atomic
def assign_several(references: Iterable[uuid.UUID], *, coach: Membership, by: Membership) -> tuple[int, int]:
    """Name one coach for several referrals. Tells how many were given, and how many could not be any more."""
    chosen = list(Referral.objects.visible_to(by).filter(reference__in=references).order_by("id"))
    if not chosen:
        raise DomainError(_("Vink eerst een of meer cliënten aan."), status=422)
    to_give = [each for each in chosen if each.is_open and each.coach_id != coach.pk]
    for referral in to_give:
        assign(referral, coach=coach, version=referral.version, by=by)
    return len(to_give), len(chosen) - len(to_give)
