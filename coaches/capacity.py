"""The capacity line: one rule from hours, presence, absence and caseload; a coordinator's own word goes before it.

The rule. A coach's minutes a week for a practice, divided by what a running case takes, are its *places*. Cases that
are sent, accepted or active take a place; who waits takes one first. A place left: *plek vrij*, and the first talk is
the next day on which the coach, or who covers, is at the practice. None left: *wachtlijst*, for as many weeks as it
takes until places come free. No hours: *even dicht*.
"""

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import PostcodeArea
from referrals.models import Absence, CoachHours, PracticeIntake, Presence, Referral, ReferralDraft, Status
from wor.accounts.models import Membership, Role
from wor.audit.services import record
from wor.calendar import add_working_days, public_holidays
from wor.errors import DomainError, StaleError
from wor.outbox.models import Effect, Notice
from wor.outbox.services import notify
from wor.tenancy.models import Organisation, ServedArea

State = PracticeIntake.State
# Which cases take a place. Paused and follow-up cases ask hardly any time.
TAKES_A_PLACE = (Status.SENT, Status.ACCEPTED, Status.ACTIVE)
WAITS_FOR_A_PLACE = (Status.WAITLISTED,)
LONGEST_WAIT_WEEKS = 52
# How far ahead the rota is read for a first talk.
LOOK_AHEAD_DAYS = 120
MOST_ASKED = 500


@dataclass(frozen=True)
class Away:
    """A coach's absence: from ``since`` up to but not including ``until`` (None: nobody knows yet)."""

    coach: int
    since: dt.date
    until: dt.date | None
    cover: int | None

    def on(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Situation:
    """What the rule looks at, for one practice and one welfare organisation."""

    today: dt.date
    hours: tuple[tuple[int, int], ...]  # (coach, minutes a week), most first
    presence: tuple[tuple[int, int], ...] = ()  # (coach, weekday 1..7)
    absences: tuple[Away, ...] = ()
    running: int = 0
    waiting: int = 0
    case_minutes: int = 40
    case_weeks: int = 12
    working_days_ahead: int = 2

    def absence_of(self, coach: int, day: dt.date) -> Away | None:
        return next((away for away in self.absences if away.coach == coach and away.on(day)), None)

    def stands_in(self, coach: int, day: dt.date) -> int | None:
        """Who is there for this coach's clients on a day: the coach, who covers, or nobody."""
        away = self.absence_of(coach, day)
        if away is None:
            return coach
        return away.cover if away.cover and self.absence_of(away.cover, day) is None else None

    def counts(self, coach: int) -> bool:
        """Hours count, unless the coach is away, nobody covers and nobody knows until when."""
        away = self.absence_of(coach, self.today)
        return away is None or away.until is not None or self.stands_in(coach, self.today) is not None


@dataclass(frozen=True)
class Line:
    """What the rule decides."""

    state: str
    expected_weeks: int | None = None
    next_free_on: dt.date | None = None
    default_coach: int | None = None
    cover: int | None = None
    places: int = field(default=0, compare=False)


def decide(now: Situation) -> Line:
    """The rule of this module, and nothing but the rule."""
    who, cover = _who(now)
    minutes = sum(each for coach, each in now.hours if now.counts(coach))
    if minutes == 0:
        return Line(State.CLOSED, default_coach=who, cover=cover)
    places = places_for(minutes, now.case_minutes)
    free = places - now.running - now.waiting
    if free > 0:
        return Line(State.OPEN, None, next_day_present(now), who, cover, places)
    weeks = math.ceil((1 - free) * now.case_weeks / places)
    return Line(State.WAITING_LIST, min(weeks, LONGEST_WAIT_WEEKS), None, who, cover, places)


def places_for(minutes: int, case_minutes: int) -> int:
    """How many cases can run at once in so many minutes a week; with any time at all, one."""
    return max(1, minutes // case_minutes) if minutes else 0


def _who(now: Situation) -> tuple[int | None, int | None]:
    """The coach with most hours and who covers today; a colleague of this practice when nobody does."""
    for coach, _minutes in now.hours:
        stand_in = now.stands_in(coach, now.today)
        if stand_in is not None:
            return coach, (stand_in if stand_in != coach else None)
    return (now.hours[0][0] if now.hours else None), None


def next_day_present(now: Situation) -> dt.date | None:
    """The first day on which somebody is at the practice, some working days ahead; None when no rota says so."""
    day = add_working_days(now.today, now.working_days_ahead)
    for _ahead in range(LOOK_AHEAD_DAYS):
        if day not in public_holidays(day.year) and any(_there(now, coach, day) for coach, _minutes in now.hours):
            return day
        day += dt.timedelta(days=1)
    return None


def _there(now: Situation, coach: int, day: dt.date) -> bool:
    """Is the coach at the practice, or who covers? A cover without a rota of their own here takes the coach's."""
    stand_in = now.stands_in(coach, day)
    if stand_in is None:
        return False
    here = stand_in if any(person == stand_in for person, _weekday in now.presence) else coach
    return (here, day.isoweekday()) in now.presence


# Writing it down


def refresh_for(referral: Referral, *, today: dt.date | None = None) -> None:
    """A case was taken on, moved or closed: its practice's line may change. At most three queries."""
    _refresh(
        PracticeIntake.objects.filter(
            practice=referral.practice_id, welfare_organisation=referral.welfare_organisation_id
        ),
        today=today,
    )


def refresh_asked(effects: QuerySet[Effect]) -> None:
    """What ``referrals.capacity.ask_refresh`` asked for in the open region. Done with the lines, in one transaction."""
    taken = list(effects.select_for_update(skip_locked=True).order_by("pk")[:MOST_ASKED])
    asked = Referral.objects.filter(
        reference__in=[each.subject_ref for each in taken],
        practice=OuterRef("practice"),
        welfare_organisation=OuterRef("welfare_organisation"),
    )
    _refresh(PracticeIntake.objects.filter(Exists(asked)))
    Effect.objects.filter(pk__in=[each.pk for each in taken]).update(done_at=timezone.now())


def refresh_intake(practice: Organisation, welfare_organisation: Organisation, *, today: dt.date | None = None) -> None:
    """Bring one line up to date, and make it when it is not there yet."""
    mine = PracticeIntake.objects.filter(practice=practice, welfare_organisation=welfare_organisation)
    if not mine.exists():
        _make_line(practice.region_id, practice.pk, welfare_organisation.pk)
    _refresh(mine, today=today)


def refresh_organisation(organisation: Organisation, *, today: dt.date | None = None) -> None:
    """Hours, presence or absence changed: bring all lines of a welfare organisation up to date."""
    served = ServedArea.objects.filter(welfare_organisation=organisation)
    _make_missing_lines(served)
    _refresh(PracticeIntake.objects.filter(welfare_organisation=organisation), today=today)


def refresh_region(*, today: dt.date | None = None) -> None:
    """Bring all lines of the open region up to date."""
    _make_missing_lines(ServedArea.objects.all())
    _refresh(PracticeIntake.objects.all(), today=today)


def _make_missing_lines(served: QuerySet[ServedArea]) -> None:
    line = PracticeIntake.objects.filter(
        practice=OuterRef("practice"), welfare_organisation=OuterRef("welfare_organisation")
    )
    missing = served.annotate(line=Subquery(line.values("pk")[:1])).filter(line__isnull=True)
    for region, practice, organisation in missing.values_list("region", "practice", "welfare_organisation").distinct():
        _make_line(region, practice, organisation)


def _make_line(region_id: int, practice_id: int, organisation_id: int) -> None:
    try:
        with transaction.atomic():
            PracticeIntake.objects.create(
                region_id=region_id, practice_id=practice_id, welfare_organisation_id=organisation_id
            )
    except IntegrityError:
        return  # somebody else made it just now


def _refresh(lines: QuerySet[PracticeIntake], *, today: dt.date | None = None) -> None:
    """Lock, look, write what changed. Locked first: what is counted is then the latest."""
    day = today or timezone.localdate()
    with transaction.atomic(savepoint=False):
        before = {line.pk: line for line in lines.order_by("pk").select_for_update()}
        if not before:
            return
        changed, reopened = [], []
        for line in _with_situation(PracticeIntake.objects.filter(pk__in=list(before)), day):
            was_closed = before[line.pk].state == State.CLOSED
            if _apply(line, situation_of(line, day), day):
                changed.append(line)
            if line.state != before[line.pk].state:
                record("capacity.changed", line, state=line.state)
            if was_closed and line.state != State.CLOSED:
                reopened.append(line)
        PracticeIntake.objects.bulk_update(changed, [*WRITTEN, "refreshed_at"])
        if reopened:
            _signal(reopened)


WRITTEN = (
    *("state", "is_set_by_hand", "closed_until", "expected_weeks", "next_free_on"),
    *("default_coach_id", "cover_id"),
)


def _with_situation(lines: QuerySet[PracticeIntake], today: dt.date) -> QuerySet:
    """Everything the rule needs of these lines, in one query."""
    here = {"practice": OuterRef("practice"), "coach__organisation": OuterRef("welfare_organisation")}
    hours = CoachHours.objects.filter(still_coach(today), **here, valid__contains=today, minutes_per_week__gt=0)
    presence = Presence.objects.filter(**here).order_by("weekday", "starts")
    absences = Absence.objects.filter(
        coach__organisation=OuterRef("welfare_organisation"), span__overlap=(today, None)
    ).order_by("pk")
    cases = Referral.objects.filter(
        practice=OuterRef("practice"), welfare_organisation=OuterRef("welfare_organisation")
    )
    return lines.select_related("region").annotate(
        hours=ArraySubquery(
            hours.order_by("-minutes_per_week", "coach_id").values(
                json=JSONObject(coach="coach_id", minutes="minutes_per_week")
            )
        ),
        presence=ArraySubquery(presence.values(json=JSONObject(coach="coach_id", weekday="weekday"))),
        absences=ArraySubquery(
            absences.values(
                json=JSONObject(
                    coach="coach_id", cover="cover_id", since=F("span__startswith"), until=F("span__endswith")
                )
            )
        ),
        running=_count(cases, TAKES_A_PLACE),
        waiting=_count(cases, WAITS_FOR_A_PLACE),
    )


def still_coach(today: dt.date) -> Q:
    """Hours of somebody who left do not count."""
    return Q(coach__ended_at__isnull=True) & (Q(coach__valid_until__isnull=True) | Q(coach__valid_until__gte=today))


def _count(cases: QuerySet[Referral], statuses: Iterable[str]) -> Coalesce:
    counted = cases.filter(status__in=statuses).order_by().values("practice").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def situation_of(line, today: dt.date) -> Situation:
    """The rule's view of a row of ``_with_situation``."""
    region = line.region
    return Situation(
        today=today,
        hours=tuple((each["coach"], each["minutes"]) for each in line.hours),
        presence=tuple((each["coach"], each["weekday"]) for each in line.presence),
        absences=tuple(
            Away(
                each["coach"],
                dt.date.fromisoformat(each["since"]),
                dt.date.fromisoformat(each["until"]) if each["until"] else None,
                each["cover"],
            )
            for each in line.absences
        ),
        running=line.running,
        waiting=line.waiting,
        case_minutes=int(region.setting("case_minutes_per_week")),
        case_weeks=int(region.setting("case_weeks")),
        working_days_ahead=int(region.setting("first_talk_working_days")),
    )


def _apply(line, now: Situation, today: dt.date) -> bool:
    """Put the decision on the row; tells whether anything changed. A coordinator's own word stays until its day."""
    former = [getattr(line, name) for name in WRITTEN]
    decided = decide(now)
    if line.is_set_by_hand and line.closed_until and line.closed_until <= today:
        line.is_set_by_hand = False
    if not line.is_set_by_hand:
        line.state, line.expected_weeks, line.closed_until = decided.state, decided.expected_weeks, None
    line.next_free_on = next_day_present(now) if line.state == State.OPEN else None
    line.default_coach_id, line.cover_id = decided.default_coach, decided.cover
    line.refreshed_at = timezone.now()
    return former != [getattr(line, name) for name in WRITTEN]


def _signal(reopened: list[PracticeIntake]) -> None:
    """*Sein mij als het weer kan*: tell who kept a draft, once."""
    lines = {(line.practice_id, line.welfare_organisation_id) for line in reopened}
    drafts = (
        ReferralDraft.objects.filter(
            practice__in={practice for practice, _organisation in lines},
            signal_when_open=True,
            sent_referral__isnull=True,
            discarded_at__isnull=True,
        )
        .select_related("written_by__region")
        .order_by("pk")
        .select_for_update(of=("self",), skip_locked=True)
    )
    for draft in drafts:
        organisation = _organisation_for(draft)
        if organisation is None or (draft.practice_id, organisation) in lines:
            notify(Notice.Kind.CAPACITY_OPEN, draft, [draft.written_by])
            ReferralDraft.objects.filter(pk=draft.pk).update(signal_when_open=False)


def _organisation_for(draft: ReferralDraft) -> int | None:
    """Where the draft will go, as far as its postcode tells."""
    area = PostcodeArea.objects.filter(pc4=str(draft.payload.get("postcode") or "").strip()[:4])
    return (
        ServedArea.objects.filter(practice=draft.practice_id, municipality_code__in=area.values("municipality_code"))
        .values_list("welfare_organisation", flat=True)
        .first()
    )


# The coordinator's own word


@transaction.atomic
def set_line(
    line: PracticeIntake,
    *,
    state: str,
    closed_until: dt.date | None = None,
    expected_weeks: int | None = None,
    version: int,
    by: Membership,
) -> PracticeIntake:
    """A coordinator says themself how it stands; this holds until it is taken back or its day comes."""
    held = _held(line, version=version, by=by)
    if state == State.CLOSED and closed_until and closed_until <= timezone.localdate():
        raise DomainError(_("Kies een dag die nog komt."), status=422)
    was_closed = held.state == State.CLOSED
    held.is_set_by_hand, held.state = True, state
    held.closed_until = closed_until if state == State.CLOSED else None
    held.expected_weeks = expected_weeks if state == State.WAITING_LIST else None
    held.version += 1
    held.save()
    record("capacity.set", held, by=by, state=state)
    if was_closed and state != State.CLOSED:
        _signal([held])
    _refresh(PracticeIntake.objects.filter(pk=held.pk))
    return held


@transaction.atomic
def take_back_line(line: PracticeIntake, *, version: int, by: Membership) -> PracticeIntake:
    """Let hours and caseload decide again."""
    held = _held(line, version=version, by=by)
    held.is_set_by_hand, held.closed_until = False, None
    held.version += 1
    held.save()
    record("capacity.taken_back", held, by=by)
    _refresh(PracticeIntake.objects.filter(pk=held.pk))
    return held


def _held(line: PracticeIntake, *, version: int, by: Membership) -> PracticeIntake:
    if by.role != Role.COORDINATOR or line.welfare_organisation_id != by.organisation_id:
        raise DomainError(_("Alleen de coördinator bepaalt dit."), status=403)
    held = PracticeIntake.objects.select_for_update().get(pk=line.pk)
    if held.version != version:
        raise StaleError
    return held
