"""The capacity line as the referrer reads it, and who covers for whom. Reads only this app's own tables."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Func, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from referrals.models import Absence, PracticeIntake, Presence, Referral
from wor.accounts.models import Membership
from wor.outbox.models import Effect
from wor.tenancy.models import Organisation

State = PracticeIntake.State


@dataclass(frozen=True)
class CapacityLine:
    """What a practice may expect of one welfare organisation now. Filled for ``components/capacity_line.html``."""

    reference: uuid.UUID
    organisation_id: int
    organisation_reference: uuid.UUID
    organisation: str
    phone: str
    coach_id: int | None
    name: str  # the coach's, or the organisation's when no coach is known
    photo_reference: uuid.UUID | None
    presence: str  # "di 9–12, kamer 3"
    state: str  # PracticeIntake.State
    look: str  # the component's word for it
    state_label: str
    when: str  # "eerste gesprek rond di 1 december"
    when_note: str  # "(ongeveer 7 weken)"
    note: str  # what there is to say besides: closed, assess first
    cover_sentence: str  # "Samira is afwezig. Karin Postma neemt waar: donderdag 9–12 uur."
    next_free_on: dt.date | None
    expected_weeks: int | None
    closed_until: dt.date | None

    @property
    def is_closed(self) -> bool:
        """Nothing new may be sent; a draft begun before may, onto the waiting list."""
        return self.state == State.CLOSED

    @property
    def organisation_below(self) -> str:
        """The organisation under the coach's name; nothing when that name is the organisation's own."""
        return self.organisation if self.coach_id else ""

    @property
    def sentence(self) -> str:
        """The line in one sentence: "Plek vrij · eerste gesprek rond di 1 december"."""
        if self.is_closed:
            return self.note
        return " · ".join(part for part in (self.state_label, f"{self.when} {self.when_note}".strip()) if part)

    @property
    def notes(self) -> str:
        """The sentences under the line."""
        return " ".join(part for part in (self.cover_sentence, self.note) if part)


LOOK = {State.ASSESS: "assessment"}


PRESENCE_FIELDS = ("weekday", "starts", "ends", "room")


def lines_for(practice: Organisation, *, today: dt.date | None = None) -> list[CapacityLine]:
    """A practice's capacity lines, one for each welfare organisation it works with. One query."""
    open_lines = PracticeIntake.objects.filter(practice=practice, welfare_organisation__is_paused=False)
    return [line for _intake, line in lines_of(open_lines, today=today)]


def lines_of(
    intakes: "QuerySet[PracticeIntake]", *, today: dt.date | None = None
) -> list[tuple[PracticeIntake, CapacityLine]]:
    """These rows with the line that stands for each. One query."""
    day = today or timezone.localdate()
    at_practice = Presence.objects.filter(practice=OuterRef("practice")).order_by("weekday", "starts")
    hours_of = at_practice.filter(coach=Coalesce(OuterRef("cover"), OuterRef("default_coach")))
    away = Absence.objects.filter(coach=OuterRef("default_coach"), span__contains=day)
    rows = (
        intakes.select_related("welfare_organisation", "default_coach", "cover")
        .annotate(
            there=ArraySubquery(hours_of.values(json=JSONObject(**{name: name for name in PRESENCE_FIELDS}))),
            is_away=Exists(away),
            coach_photo=F("default_coach__photo__reference"),
            cover_photo=F("cover__photo__reference"),
        )
        .order_by("welfare_organisation__name", "id")
    )
    return [(row, _line(row, day)) for row in rows]


def _line(row, day: dt.date) -> CapacityLine:
    who = row.cover or row.default_coach
    organisation = row.welfare_organisation
    when, when_note = _when(row, day)
    return CapacityLine(
        reference=row.reference,
        organisation_id=organisation.pk,
        organisation_reference=organisation.reference,
        organisation=organisation.name,
        phone=organisation.phone,
        coach_id=who.pk if who else None,
        name=who.display_name if who else organisation.name,
        photo_reference=row.cover_photo if row.cover else row.coach_photo,
        presence=presence_text(row.there),
        state=row.state,
        look=LOOK.get(row.state, row.state),
        state_label=str(State(row.state).label),
        when=when,
        when_note=when_note,
        note=_note(row),
        cover_sentence=cover_sentence(row.default_coach, row.cover, row.there) if row.is_away else "",
        next_free_on=row.next_free_on,
        expected_weeks=row.expected_weeks,
        closed_until=row.closed_until,
    )


def _when(row, day: dt.date) -> tuple[str, str]:
    """The first talk as it may be promised: around a day, or around a week."""
    if row.state == State.OPEN:
        if row.next_free_on and row.next_free_on >= day:
            return _("eerste gesprek rond %(day)s") % {"day": short_day(row.next_free_on)}, ""
        return _("eerste gesprek in overleg met de coach"), ""
    if row.state == State.WAITING_LIST and row.expected_weeks:
        weeks = row.expected_weeks
        week = (day + dt.timedelta(weeks=weeks)).isocalendar().week
        about = ngettext("(ongeveer %(weeks)d week)", "(ongeveer %(weeks)d weken)", weeks) % {"weeks": weeks}
        return _("eerste gesprek rond week %(week)d") % {"week": week}, about
    return "", ""


def _note(row) -> str:
    if row.state == State.ASSESS:
        return _("U kunt versturen. De coach bekijkt eerst of er plek is en belt u als dat nodig is.")
    if row.state != State.CLOSED:
        return ""
    later = _("U kunt dit bewaren; wij seinen u als het weer kan. Of bekijk wat zonder coach kan.")
    if row.closed_until:
        until = {"day": formats.date_format(row.closed_until, "j F")}
        return _("Even geen nieuwe verwijzingen tot %(day)s.") % until + " " + later
    return _("Even geen nieuwe verwijzingen.") + " " + later


def cover_sentence(coach: Membership | None, cover: Membership | None, there: Iterable[dict] = ()) -> str:
    """ "Samira is afwezig. Karin Postma neemt waar: donderdag 9–12 uur." """
    if coach is None:
        return ""
    away = _("%(name)s is afwezig.") % {"name": first_name(coach.display_name)}
    if cover is None:
        return away
    times = presence_text(there, long=True)
    words = _("%(name)s neemt waar: %(times)s.") if times else _("%(name)s neemt waar.")
    return away + " " + words % {"name": cover.display_name, "times": times}


def presence_text(there: Iterable[dict], *, long: bool = False) -> str:
    """A rota in words: "di 9–12, kamer 3 · do 13–16.30", or long "dinsdag 9–12 uur, kamer 3 en donderdag …"."""
    parts = []
    for each in there:
        times = f"{clock(each['starts'])}–{clock(each['ends'])}"
        if long:
            day = str(Presence.Weekday(each["weekday"]).label)
            times = _("%(times)s uur") % {"times": times}
        else:
            day = weekday_short(each["weekday"])
        parts.append(f"{day} {times}" + (f", {each['room']}" if each["room"] else ""))
    return (f" {_('en')} " if long else " · ").join(parts)


def clock(time: dt.time | str) -> str:
    """A time as it is said: "9", "13.30"."""
    value = dt.time.fromisoformat(time) if isinstance(time, str) else time
    return str(value.hour) if value.minute == 0 else f"{value.hour}.{value.minute:02d}"


def weekday_short(number: int) -> str:
    """ "ma" … "zo", 1 … 7."""
    monday = dt.date(2026, 1, 5)
    return formats.date_format(monday + dt.timedelta(days=number - 1), "D")


def short_day(day: dt.date) -> str:
    """ "di 1 december"."""
    return f"{formats.date_format(day, 'D')} {formats.date_format(day, 'j F')}"


def first_name(display_name: str) -> str:
    """How a colleague is called: "Samira" of "Samira Bouzid"; the whole name when it begins with initials."""
    first = display_name.split(" ", 1)[0]
    return display_name if first.endswith(".") or len(first) < 2 else first


# An effect of this kind asks for a line to be decided anew; the coach's side, which knows the rule, does so within
# seconds (coaches.tasks). Its subject is the referral that was sent or ended.
REFRESH = "capacity_refresh"


def ask_refresh(referral: Referral) -> None:
    """A referral was sent or ended here: the line that it takes a place of may change. One statement."""
    Effect.objects.bulk_create(
        [Effect(kind=REFRESH, region_id=referral.region_id, subject_ref=referral.reference)],
        update_conflicts=True,
        unique_fields=["kind", "subject_ref", "recipient_membership_id", "recipient_user_id"],
        update_fields=["done_at", "not_before"],
    )


def guided_by(membership: Membership, today: dt.date) -> Func:
    """An array: this membership, and the coaches for whom it covers on this day. Worklists take their cases along."""
    covered = ArraySubquery(Absence.objects.filter(cover=membership.pk, span__contains=today).values("coach_id"))
    return Func(covered, Value(membership.pk), function="array_append", output_field=covered.output_field)
