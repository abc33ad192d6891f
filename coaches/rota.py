"""Hours, presence and absence: what the coordinator plans, and what a coach says about their own days."""

import datetime as dt
import hashlib

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from psycopg2.extras import DateRange

from coaches import capacity
from referrals.capacity import presence_text
from referrals.models import Absence, CoachHours, Presence, Referral
from wor.accounts.models import Membership, Role
from wor.audit.models import Event
from wor.audit.services import record
from wor.calendar import start_of
from wor.errors import DomainError, StaleError
from wor.outbox.models import Notice
from wor.outbox.services import notify
from wor.tenancy.models import Organisation

NOT_YOURS = _l("Dit kun je alleen voor jezelf doen. De coördinator kan het voor iedereen.")


def may_plan_for(coach: Membership, by: Membership) -> bool:
    """Own presence and absence, or as coordinator those of every coach of the organisation."""
    return coach.organisation_id == by.organisation_id and (coach.pk == by.pk or by.role == Role.COORDINATOR)


def _held(coach: Membership, by: Membership) -> Membership:
    """One change of a coach's rota at a time."""
    if not may_plan_for(coach, by):
        raise DomainError(NOT_YOURS, status=403)
    return Membership.objects.select_for_update(no_key=True).get(pk=coach.pk)


def _stamp(*parts: object) -> str:
    """What a form was made from, in short. Takes the place of a version on rows that have none."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


# Hours


def hours_seen(coach: Membership, practice: Organisation) -> str:
    """A form is stale when these rows are not the same any more."""
    rows = CoachHours.objects.filter(coach=coach, practice=practice).order_by("id")
    return _stamp(*((row.pk, row.minutes_per_week, row.valid.lower, row.valid.upper) for row in rows))


@transaction.atomic
def change_hours(
    coach: Membership, *, practice: Organisation, minutes: int, valid_from: dt.date, seen: str, by: Membership
) -> None:
    """From a day on a coach works so many minutes a week for a practice. What was before ends on that day.

    Raises StaleError when a colleague planned in the meantime, DomainError when later hours are already planned.
    """
    if by.role != Role.COORDINATOR:
        raise DomainError(_("De coördinator plant de uren."), status=403)
    _held(coach, by)
    if hours_seen(coach, practice) != seen:
        raise StaleError
    current = CoachHours.objects.filter(coach=coach, practice=practice, valid__contains=valid_from).first()
    if current is not None and current.valid.lower == valid_from:
        current.minutes_per_week = minutes
        current.save()
    else:
        if current is not None:
            current.valid = DateRange(current.valid.lower, valid_from)
            current.save()
        _begin_hours(coach, practice, minutes, valid_from)
    record(
        "hours.changed", coach, by=by, practice=str(practice.reference), minutes=minutes, since=valid_from.isoformat()
    )
    capacity.refresh_organisation(by.organisation)


def _begin_hours(coach: Membership, practice: Organisation, minutes: int, valid_from: dt.date) -> None:
    try:
        with transaction.atomic():
            CoachHours.objects.create(
                region_id=coach.region_id,
                coach=coach,
                practice=practice,
                minutes_per_week=minutes,
                valid=DateRange(valid_from, None),
            )
    except IntegrityError as error:
        later = (
            CoachHours.objects.filter(coach=coach, practice=practice, valid__startswith__gt=valid_from)
            .order_by("valid__startswith")
            .first()
        )
        if later is None:
            raise
        day = {"day": formats.date_format(later.valid.lower, "j F Y")}
        raise DomainError(
            _("Vanaf %(day)s staan al andere uren klaar. Kies die dag of een latere.") % day, status=422
        ) from error


# Presence


def presence_seen(presence: Presence) -> str:
    """What a form was made from."""
    return _stamp(presence.practice_id, presence.weekday, presence.starts, presence.ends, presence.room)


@transaction.atomic
def add_presence(
    coach: Membership,
    *,
    practice: Organisation,
    weekday: int,
    starts: dt.time,
    ends: dt.time,
    room: str = "",
    by: Membership,
) -> Presence:
    """Every week at this practice. The same once more changes nothing."""
    _held(coach, by)
    times = {"practice": practice, "weekday": weekday, "starts": starts, "ends": ends, "room": room}
    same = Presence.objects.filter(coach=coach, **times).first()
    if same is not None:
        return same
    _refuse_two_places(coach, weekday=weekday, starts=starts, ends=ends)
    presence = Presence.objects.create(region_id=coach.region_id, coach=coach, **times)
    record("presence.created", presence, by=by)
    capacity.refresh_organisation(by.organisation)
    return presence


@transaction.atomic
def change_presence(
    presence: Presence,
    *,
    practice: Organisation,
    weekday: int,
    starts: dt.time,
    ends: dt.time,
    room: str = "",
    seen: str,
    by: Membership,
) -> Presence:
    """Another day, time or room."""
    _held(presence.coach, by)
    held = Presence.objects.select_for_update().filter(pk=presence.pk).first()
    if held is None or presence_seen(held) != seen:
        raise StaleError
    _refuse_two_places(held.coach, weekday=weekday, starts=starts, ends=ends, but=held)
    held.practice, held.weekday, held.starts, held.ends, held.room = practice, weekday, starts, ends, room
    held.save()
    record("presence.changed", held, by=by)
    capacity.refresh_organisation(by.organisation)
    return held


def _refuse_two_places(
    coach: Membership, *, weekday: int, starts: dt.time, ends: dt.time, but: Presence | None = None
) -> None:
    at_once = Presence.objects.filter(coach=coach, weekday=weekday, starts__lt=ends, ends__gt=starts)
    others = at_once.exclude(pk=but.pk) if but else at_once
    other = others.select_related("practice").first()
    if other is not None:
        there = {"weekday": other.weekday, "starts": other.starts, "ends": other.ends, "room": ""}
        raise DomainError(
            _("Dit valt samen met het spreekuur bij %(practice)s (%(times)s). Kies een andere tijd.")
            % {"practice": other.practice.name, "times": presence_text([there])},
            status=422,
        )


@transaction.atomic
def remove_presence(presence: Presence, *, by: Membership) -> None:
    """No longer there every week."""
    _held(presence.coach, by)
    record("presence.removed", presence, by=by)
    Presence.objects.filter(pk=presence.pk).delete()
    capacity.refresh_organisation(by.organisation)


# Absence


@transaction.atomic
def report_absence(
    coach: Membership, *, starts: dt.date, ends: dt.date | None = None, cover: Membership | None = None, by: Membership
) -> Absence:
    """A coach is away from ``starts`` up to and including ``ends`` (None: until further notice). No reason is kept.

    The coordinators and who covers are told, each practice where the coach works hears it once.
    """
    _held(coach, by)
    span = _span(starts, ends)
    _check_cover(coach, cover, starts)
    same = Absence.objects.filter(coach=coach, span=span, cover=cover).first()
    if same is not None:
        return same
    try:
        with transaction.atomic():
            absence = Absence.objects.create(
                region_id=coach.region_id, coach=coach, span=span, cover=cover, reported_by=by
            )
    except IntegrityError as error:
        raise _already_away(coach, span) from error
    record("absence.created", absence, by=by)
    notify(Notice.Kind.COACH_ABSENT, absence, _who_should_know(absence), by=by)
    capacity.refresh_organisation(by.organisation)
    return absence


def _span(starts: dt.date, ends: dt.date | None) -> DateRange:
    """People name the last day away; the range ends on the first day back."""
    return DateRange(starts, ends + dt.timedelta(days=1) if ends else None)


def _check_cover(coach: Membership, cover: Membership | None, starts: dt.date) -> None:
    """Raises DomainError for who cannot cover. Who is away some time later can: somebody else covers then."""
    if cover is None:
        return
    if cover.pk == coach.pk:
        raise DomainError(_("Iemand die afwezig is, kan niet voor zichzelf waarnemen. Kies een collega."), status=422)
    if cover.organisation_id != coach.organisation_id or not cover.is_active:
        raise DomainError(_("Kies een collega van je eigen organisatie."), status=422)
    if Absence.objects.filter(coach=cover, span__contains=max(starts, timezone.localdate())).exists():
        raise DomainError(_("%(name)s is dan zelf afwezig. Kies een ander.") % {"name": cover.display_name}, status=422)


def _already_away(coach: Membership, span: DateRange) -> DomainError:
    earlier = Absence.objects.filter(coach=coach, span__overlap=span).order_by("span").first()
    name = coach.display_name
    if earlier is None:
        return DomainError(_("%(name)s staat in die tijd al op afwezig.") % {"name": name}, status=422)
    since = formats.date_format(earlier.span.lower, "j F")
    if earlier.span.upper is None:
        words = _("%(name)s staat al op afwezig vanaf %(since)s. Pas die afwezigheid aan.")
        return DomainError(words % {"name": name, "since": since}, status=422)
    until = formats.date_format(earlier.span.upper - dt.timedelta(days=1), "j F")
    words = _("%(name)s staat al op afwezig van %(since)s tot en met %(until)s. Pas die afwezigheid aan.")
    return DomainError(words % {"name": name, "since": since, "until": until}, status=422)


def _who_should_know(absence: Absence) -> list[Membership]:
    """Coordinators, who covers, and the contact point of every practice for which the coach has hours then."""
    practices = CoachHours.objects.filter(
        coach=absence.coach_id, minutes_per_week__gt=0, valid__overlap=(absence.span.lower, absence.span.upper)
    ).values("practice")
    return list(
        Membership.objects.active()
        .filter(
            Q(role=Role.COORDINATOR, organisation=absence.coach.organisation_id)
            | Q(pk=absence.cover_id)
            | Q(role=Role.REFERRER, is_contact_point=True, organisation__in=practices)
        )
        .exclude(pk=absence.coach_id)
        .select_related("region")
    )


def absence_seen(absence: Absence) -> str:
    """What a form was made from."""
    return _stamp(absence.span.lower, absence.span.upper, absence.cover_id)


@transaction.atomic
def change_absence(
    absence: Absence, *, starts: dt.date, ends: dt.date | None, cover: Membership | None, seen: str, by: Membership
) -> Absence:
    """Longer, shorter, or somebody else covers. Only who newly covers is told: the practices heard it already."""
    _held(absence.coach, by)
    held = Absence.objects.select_for_update().get(pk=absence.pk)
    if absence_seen(held) != seen:
        raise StaleError
    is_new_cover = cover is not None and cover.pk != held.cover_id
    if is_new_cover:
        _check_cover(held.coach, cover, starts)
    span = _span(starts, ends)
    held.span, held.cover = span, cover
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError as error:
        raise _already_away(held.coach, span) from error
    record("absence.changed", held, by=by)
    if is_new_cover:
        notify(Notice.Kind.COACH_ABSENT, held, [cover], by=by)
    capacity.refresh_organisation(by.organisation)
    return held


@transaction.atomic
def end_absence(absence: Absence, *, today: dt.date | None = None, by: Membership) -> Absence:
    """*Weer aanwezig*, from today on. One that had not begun, or began today, becomes empty."""
    _held(absence.coach, by)
    held = Absence.objects.select_for_update().get(pk=absence.pk)
    day = today or timezone.localdate()
    if held.span.isempty or (held.span.upper is not None and held.span.upper <= day):
        return held
    former = {"since": held.span.lower.isoformat(), "until": held.span.upper.isoformat() if held.span.upper else ""}
    held.span = DateRange(held.span.lower, max(day, held.span.lower))
    held.save()
    record("absence.ended", held, by=by, **former)
    capacity.refresh_organisation(by.organisation)
    return held


@transaction.atomic
def resume_absence(absence: Absence, *, by: Membership) -> Absence:
    """Take *weer aanwezig* back: the absence is as it was. The event of its ending remembers how."""
    _held(absence.coach, by)
    held = Absence.objects.select_for_update().get(pk=absence.pk)
    last = Event.objects.filter(subject_ref=held.reference).order_by("-at", "-id").first()
    if last is None or last.name != "absence.ended":
        raise StaleError
    until = last.data["until"]
    span = DateRange(dt.date.fromisoformat(last.data["since"]), dt.date.fromisoformat(until) if until else None)
    held.span = span
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError as error:
        raise _already_away(held.coach, span) from error
    record("absence.resumed", held, by=by)
    capacity.refresh_organisation(by.organisation)
    return held


def asks_on(day: dt.date) -> Q:
    """Cases that ask something on a day: due, overdue, or with a talk in the diary."""
    end = start_of(day + dt.timedelta(days=1))
    return Q(attention_at__lt=end) | Q(planned_talk_at__gte=start_of(day), planned_talk_at__lt=end)


def calls_today(absence: Absence, *, day: dt.date, by: Membership):
    """The absent coach's open cases that ask something today."""
    return (
        Referral.objects.visible_to(by)
        .filter(asks_on(day), coach=absence.coach_id)
        .open()
        .order_by("attention_at", "id")
    )
