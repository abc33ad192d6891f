"""The lists for dividing referrals over coaches, and naming one."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from activities.models import TargetCell
from coaches import rota, services
from coaches.caseload import Load, in_days, suggested
from coaches.queries import days_late, short_practice
from referrals.models import Client, Referral, Status
from wor.accounts.models import Membership, Role
from wor.calendar import add_working_days, local_day
from wor.errors import DomainError
from wor.pages import parse_reference
from wor.tenancy.models import Organisation

PER_PAGE = 25
MOST_AT_ONCE = 100


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
