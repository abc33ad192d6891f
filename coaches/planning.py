"""What the pages for hours and presence show. A fixed number of queries, however many coaches and practices."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from coaches.capacity_forms import hours_text
from referrals.capacity import CapacityLine, clock, lines_of
from referrals.models import Absence, CoachHours, PracticeIntake, Presence
from wor.accounts.models import Membership, Role
from wor.tenancy.models import Organisation, ServedArea


@dataclass
class Cell:
    """A coach's hours for a practice: now, and what is planned."""

    coach: Membership
    practice: Organisation
    minutes: int = 0
    later: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return hours_text(self.minutes)


@dataclass
class PracticeRow:
    practice: Organisation
    cells: list[Cell]
    line: CapacityLine | None = None
    by_hand: bool = False

    @property
    def seen_by_referrers(self) -> str:
        """The line without what only a referrer can do with it."""
        if self.line is None:
            return ""
        if self.line.closed_until:
            return _("tot %(day)s") % {"day": formats.date_format(self.line.closed_until, "j F Y")}
        if self.line.is_closed and not self.by_hand:
            return _("Er zijn nu geen uren waarvan iemand kan komen.")
        return f"{self.line.when} {self.line.when_note}".strip()

    @property
    def total(self) -> str:
        return hours_text(sum(cell.minutes for cell in self.cells))


@dataclass
class CoachWeek:
    """One coach: hours in all, presence, and absence now or to come."""

    coach: Membership
    minutes: int = 0
    presence: list["PresenceLine"] = field(default_factory=list)
    absences: list["AbsenceLine"] = field(default_factory=list)

    @property
    def total(self) -> str:
        return hours_text(self.minutes)

    @property
    def away(self) -> "AbsenceLine | None":
        return next((each for each in self.absences if each.is_now), None)


@dataclass(frozen=True)
class PresenceLine:
    """Somewhere every week."""

    reference: uuid.UUID
    day: str
    times: str
    room: str
    practice: str


@dataclass(frozen=True)
class AbsenceLine:
    absence: Absence
    is_now: bool
    is_over: bool
    words: str  # "sinds 20 november, tot en met 4 december"
    cover: str
    is_covered: bool = False  # by somebody who is there today

    @property
    def cover_words(self) -> str:
        return cover_words(self.cover, is_covered=self.is_covered)


@dataclass
class Plan:
    rows: list[PracticeRow]
    weeks: list[CoachWeek]

    @property
    def total(self) -> str:
        return hours_text(sum(week.minutes for week in self.weeks))

    @property
    def is_empty(self) -> bool:
        return not any(week.minutes or week.presence for week in self.weeks)


def practices_of(membership: Membership) -> list[Organisation]:
    """The practices a welfare organisation works with: served, or with hours of its coaches."""
    served = ServedArea.objects.filter(welfare_organisation=membership.organisation_id, practice=OuterRef("pk"))
    worked = CoachHours.objects.visible_to(membership).filter(practice=OuterRef("pk"))
    return list(
        Organisation.objects.filter(Q(Exists(served)) | Q(Exists(worked)), kind=Organisation.Kind.PRACTICE).order_by(
            "name"
        )
    )


def plan_of(membership: Membership, *, today: dt.date, coach: Membership | None = None) -> Plan:
    """The whole organisation's plan, or one coach's part of it."""
    practices = practices_of(membership)
    coaches = [coach] if coach else coaches_of(membership)
    weeks = {each.pk: CoachWeek(each) for each in coaches}
    cells = {(each.pk, practice.pk): Cell(coach=each, practice=practice) for practice in practices for each in coaches}
    _fill_hours(cells, weeks, today)
    rota = Presence.objects.filter(coach__in=list(weeks)).select_related("practice").order_by("weekday", "starts")
    for presence in rota:
        weeks[presence.coach_id].presence.append(_presence_line(presence))
    for line in absence_lines(membership, today=today, coaches=list(weeks)):
        weeks[line.absence.coach_id].absences.append(line)
    rows = [PracticeRow(practice, [cells[each.pk, practice.pk] for each in coaches]) for practice in practices]
    if coach is None:
        _add_lines(membership, rows, today)
    return Plan(rows=rows, weeks=list(weeks.values()))


def _presence_line(presence: Presence) -> PresenceLine:
    return PresenceLine(
        reference=presence.reference,
        day=str(presence.get_weekday_display()),
        times=_("%(starts)s–%(ends)s uur") % {"starts": clock(presence.starts), "ends": clock(presence.ends)},
        room=presence.room,
        practice=presence.practice.name,
    )


def coaches_of(membership: Membership) -> list[Membership]:
    return list(Membership.objects.active().in_organisation(membership.organisation_id).of_role(Role.COACH))


def _fill_hours(cells: dict[tuple[int, int], Cell], weeks: dict[int, CoachWeek], today: dt.date) -> None:
    planned = CoachHours.objects.filter(coach__in=list(weeks), valid__overlap=(today, None)).order_by("valid")
    for hours in planned:
        cell = cells.get((hours.coach_id, hours.practice_id))
        if cell is None:
            continue
        if hours.valid.lower is not None and hours.valid.lower > today:
            cell.later.append(_later_words(hours))
            continue
        cell.minutes = hours.minutes_per_week
        weeks[hours.coach_id].minutes += hours.minutes_per_week
        if hours.valid.upper is not None and hours.minutes_per_week:
            cell.later.append(_("tot %(day)s") % {"day": formats.date_format(hours.valid.upper, "j F Y")})


def _later_words(hours: CoachHours) -> str:
    since = formats.date_format(hours.valid.lower, "j F Y")
    return _("vanaf %(day)s: %(hours)s uur") % {"day": since, "hours": hours_text(hours.minutes_per_week)}


def cell_of(coach: Membership, practice: Organisation, *, today: dt.date) -> Cell:
    """One coach's hours for one practice."""
    cell = Cell(coach=coach, practice=practice)
    _fill_hours({(coach.pk, practice.pk): cell}, {coach.pk: CoachWeek(coach)}, today)
    return cell


def _add_lines(membership: Membership, rows: list[PracticeRow], today: dt.date) -> None:
    found: dict[int, tuple[CapacityLine, bool]] = {}
    for intake, line in lines_of(PracticeIntake.objects.visible_to(membership), today=today):
        found[intake.practice_id] = (line, intake.is_set_by_hand)
    for row in rows:
        row.line, row.by_hand = found.get(row.practice.pk, (None, False))


def absence_lines(membership: Membership, *, today: dt.date, coaches: list[int] | None = None) -> list[AbsenceLine]:
    """Who is away now or later, soonest first."""
    absences = with_cover(Absence.objects.visible_to(membership).filter(span__overlap=(today, None)), today)
    if coaches is not None:
        absences = absences.filter(coach__in=coaches)
    return [absence_line(each, today) for each in absences.order_by("span")]


def with_cover(absences: QuerySet[Absence], today: dt.date) -> QuerySet[Absence]:
    """With coach and cover, and whether the cover is away today as well."""
    also = Absence.objects.filter(coach=OuterRef("cover"), span__contains=today)
    return absences.select_related("coach", "cover").annotate(cover_is_away=Exists(also))


def cover_words(name: str, *, is_covered: bool) -> str:
    """Who covers, in a sentence."""
    if not name:
        return _("Er neemt nog niemand waar.")
    words = _("%(name)s neemt waar.") if is_covered else _("%(name)s zou waarnemen, maar is zelf ook afwezig.")
    return words % {"name": name}


def absence_line(absence, today: dt.date) -> AbsenceLine:
    """A row of ``with_cover`` as the pages tell it."""
    is_over = absence.span.isempty or (absence.span.upper is not None and absence.span.upper <= today)
    return AbsenceLine(
        absence=absence,
        is_now=today in absence.span,
        is_over=is_over,
        words="" if is_over else absence_words(absence.span.lower, absence.span.upper, today),
        cover=absence.cover.display_name if absence.cover else "",
        is_covered=absence.cover is not None and not absence.cover_is_away,
    )


def absence_words(since: dt.date, until: dt.date | None, today: dt.date) -> str:
    """ "sinds 20 november, tot en met 4 december"; ``until`` is the first day back."""
    first = {"day": formats.date_format(since, "j F")}
    words = _("sinds %(day)s") % first if since <= today else _("vanaf %(day)s") % first
    if until is None:
        return words
    last = {"day": formats.date_format(until - dt.timedelta(days=1), "j F")}
    return f"{words}, {_('tot en met %(day)s') % last}"


def last_day(absence: Absence) -> dt.date | None:
    """The last day away; the range itself ends before its upper bound."""
    return absence.span.upper - dt.timedelta(days=1) if absence.span.upper else None
