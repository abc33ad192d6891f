"""The coordinator's pages: dividing referrals, hours and presence; the coach's own hours."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from coaches import capacity, caseload, dividing, planning, rota
from coaches.capacity_forms import (
    AbsenceForm,
    AssignForm,
    HoursForm,
    LineForm,
    PresenceForm,
    SeveralForm,
    TakeBackForm,
    hours_text,
)
from referrals.models import Absence, PracticeIntake, Presence, Referral, Status
from wor.accounts.models import Membership, Role
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.audit import services as audit
from wor.calendar import today
from wor.errors import DomainError
from wor.forms import bound, goes_well
from wor.outbox.services import mark_read
from wor.pages import get_visible, page, parse_reference

COACHES = Membership.objects.of_role(Role.COACH)


# Dividing


@allow(Permission.ASSIGN)
@require_safe
def assign_list(request: MemberRequest) -> HttpResponse:
    """New referrals, oldest first, beside what each coach has room for. On top what goes too long without a coach."""
    loads = caseload.loads(request.membership, today=today())
    after = parse_reference(request.GET.get("na"))
    board = dividing.board(request.membership, loads, today=today(), after=after)
    audit.log(
        "list", clients=[row.client_reference for row in board.rows], by=request.membership, object_type="referral"
    )
    context = {
        "loads": loads,
        "board": board,
        "shown": board.new,
        "several": SeveralForm(people=[load.coach for load in loads]),
    }
    return page(request, "capacity/assign.html", {**context, "has_hours": any(load.minutes for load in loads)})


@allow(Permission.ASSIGN)
def assign_one(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Name a coach for one referral: new, or running and going to a colleague."""
    referral, is_shut = _to_assign(request, reference)
    audit.log("read", referral, by=request.membership, referral=referral)
    loads = caseload.loads(request.membership, today=today(), referral=referral)
    helps = {load.coach.pk: caseload.in_words(load, practice_id=referral.practice_id) for load in loads}
    usual = caseload.suggested(loads, referral.practice_id) if referral.status == Status.SENT else None
    if request.method != "POST":  # sent twice, the same coach once more is no error
        loads = [load for load in loads if load.coach.pk != referral.coach_id]
    form = bound(
        request,
        AssignForm,
        people=[load.coach for load in loads],
        helps=helps,
        initial={"version": referral.version, "coach": usual.coach.reference if usual else None},
    )
    if form.is_bound and form.is_valid():
        values = form.values()
        if goes_well(form, lambda: dividing.assign(referral, **values, by=request.membership)):
            _say_assigned(request, 1, values["coach"])
            return redirect("assign")
    return page(request, "capacity/assign_one.html", {"referral": referral, "is_shut": is_shut}, form=form)


def _to_assign(request: MemberRequest, reference: uuid.UUID) -> tuple[Referral, bool]:
    """The referral to name a coach for, and whether it is a shielded one that shows its number and practice only."""
    shut = Referral.objects.shielded_without_coach(request.membership).filter(reference=reference)
    with_people = ("client", "practice", "coach", "target_cell__problem")
    found = Referral.objects.select_related(*with_people).content_open().visible_to(request.membership)
    referral = found.filter(reference=reference).first()
    if referral is not None:
        return referral, False
    referral = shut.select_related("client", "practice").first()
    if referral is None:
        raise Http404
    return referral, True


@allow(Permission.ASSIGN)
def assign_several(request: MemberRequest) -> HttpResponse:
    """Name one coach for all ticked clients."""
    loads = caseload.loads(request.membership, today=today())
    rows = dividing.choosable(request.membership, request.POST.getlist("referrals"))
    audit.log("list", clients=[row.client_reference for row in rows], by=request.membership, object_type="referral")
    form = bound(
        request,
        SeveralForm,
        people=[load.coach for load in loads],
        choices=[(str(row.reference), f"{row.name} · {row.practice} · {row.problem}") for row in rows],
    )
    if form.is_bound and form.is_valid():
        values = form.values()
        result: list[int] = []

        def give() -> None:
            result[:] = dividing.assign_several(values["referrals"], coach=values["coach"], by=request.membership)

        if goes_well(form, give):
            _say_assigned(request, result[0], values["coach"])
            if result[1]:
                words = ngettext("%(count)d was al verdeeld.", "%(count)d waren al verdeeld.", result[1])
                messages.info(request, words % {"count": result[1]})
            return redirect("assign")
    return page(request, "capacity/assign_several.html", form=form)


def _say_assigned(request: MemberRequest, count: int, coach: Membership) -> None:
    if count:
        words = ngettext(
            "%(count)d cliënt toegewezen aan %(name)s.", "%(count)d cliënten toegewezen aan %(name)s.", count
        )
        messages.success(request, words % {"count": count, "name": coach.display_name})


@allow(Permission.ASSIGN)
@require_safe
def coach_cases(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """What runs with one coach, to give some of it to a colleague."""
    loads = caseload.loads(request.membership, today=today())
    mine = next((load for load in loads if load.coach.reference == reference), None)
    # Somebody who left may still have cases.
    guides = Membership.objects.of_role(Role.COACH, Role.COORDINATOR)
    coach = mine.coach if mine else get_visible(guides, request, reference)
    shown = dividing.running_with(coach, request.membership, after=parse_reference(request.GET.get("na")))
    audit.log(
        "list", clients=[row.client_reference for row in shown.rows], by=request.membership, object_type="referral"
    )
    form = SeveralForm(people=[load.coach for load in loads if load.coach.pk != coach.pk])
    return page(request, "capacity/coach_cases.html", {"coach": coach, "load": mine, "shown": shown, "several": form})


# Hours and the line


@allow(Permission.ASSIGN)
@require_safe
def hours(request: MemberRequest) -> HttpResponse:
    """Hours per practice per week, presence and absence of the whole organisation."""
    return page(request, "capacity/hours.html", {"plan": planning.plan_of(request.membership, today=today())})


@allow(Permission.ASSIGN)
def change_hours(request: MemberRequest, coach: uuid.UUID, practice: uuid.UUID) -> HttpResponse:
    """A coach's hours for a practice, from a day on."""
    person = get_visible(COACHES, request, coach)
    place = next((each for each in planning.practices_of(request.membership) if each.reference == practice), None)
    if place is None:
        raise Http404
    cell = planning.cell_of(person, place, today=today())
    form = bound(
        request,
        HoursForm,
        initial={
            "minutes": hours_text(cell.minutes) if cell.minutes else "",
            "valid_from": today(),
            "seen": rota.hours_seen(person, place),
        },
    )
    if form.is_bound and form.is_valid():
        values = form.values()
        if goes_well(form, lambda: rota.change_hours(person, practice=place, **values, by=request.membership)):
            messages.success(
                request,
                _("%(name)s: %(hours)s uur per week voor %(practice)s.")
                % {"name": person.display_name, "hours": hours_text(values["minutes"]), "practice": place.name},
            )
            return redirect("hours")
    return page(request, "capacity/change_hours.html", {"coach": person, "practice": place, "cell": cell}, form=form)


@allow(Permission.ASSIGN)
def set_line(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Say oneself what referrers of a practice see, instead of hours and caseload."""
    line = get_visible(PracticeIntake.objects.select_related("practice"), request, reference)
    initial = {"state": line.state, "expected_weeks": line.expected_weeks, "closed_until": line.closed_until}
    form = bound(request, LineForm, initial={**initial, "version": line.version})
    if form.is_bound and form.is_valid():
        capacity.set_line(line, **form.values(), by=request.membership)
        messages.success(request, _("Verwijzers van %(practice)s zien dit nu.") % {"practice": line.practice.name})
        return redirect("hours")
    return page(request, "capacity/set_line.html", {"line": line}, form=form)


@allow(Permission.ASSIGN)
def take_back_line(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Let hours and caseload decide again."""
    line = get_visible(PracticeIntake.objects.select_related("practice"), request, reference)
    form = bound(request, TakeBackForm, initial={"version": line.version})
    if form.is_bound and form.is_valid():
        capacity.take_back_line(line, version=form.cleaned_data["version"], by=request.membership)
        messages.success(request, _("De app rekent weer zelf voor %(practice)s.") % {"practice": line.practice.name})
        return redirect("hours")
    return page(request, "capacity/take_back_line.html", {"line": line}, form=form)


# Presence


@allow(Permission.GUIDE)
@require_safe
def own_hours(request: MemberRequest) -> HttpResponse:
    """A coach's own hours, presence and absence. Coordinators have the whole organisation's page."""
    if request.membership.role == Role.COORDINATOR:
        return redirect("hours")
    plan = planning.plan_of(request.membership, today=today(), coach=request.membership)
    return page(request, "capacity/own_hours.html", {"plan": plan, "week": plan.weeks[0]})


def _back(request: MemberRequest) -> HttpResponse:
    return redirect("hours" if request.membership.role == Role.COORDINATOR else "own_hours")


def _coach_to_plan(request: MemberRequest, reference: uuid.UUID) -> Membership:
    """A colleague whom this membership may plan for; 403 for the others."""
    coach = get_visible(COACHES, request, reference)
    if not rota.may_plan_for(coach, request.membership):
        raise DomainError(rota.NOT_YOURS, status=403)
    return coach


@allow(Permission.GUIDE)
def add_presence(request: MemberRequest, coach: uuid.UUID) -> HttpResponse:
    """Somewhere every week at the same time."""
    person = _coach_to_plan(request, coach)
    form = bound(request, PresenceForm, practices=planning.practices_of(request.membership))
    if form.is_bound and form.is_valid():
        values = form.values(without=("seen",))
        if goes_well(form, lambda: rota.add_presence(person, **values, by=request.membership)):
            messages.success(request, _("Spreekuur toegevoegd. Verwijzers van deze praktijk zien het."))
            return _back(request)
    return page(request, "capacity/presence.html", {"coach": person}, form=form)


@allow(Permission.GUIDE)
def change_presence(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Another day, time or room."""
    presence = get_visible(Presence.objects.select_related("coach", "practice"), request, reference)
    person = _coach_to_plan(request, presence.coach.reference)
    form = bound(
        request,
        PresenceForm,
        practices=planning.practices_of(request.membership),
        initial={
            "practice": presence.practice.reference,
            "weekday": presence.weekday,
            "starts": presence.starts,
            "ends": presence.ends,
            "room": presence.room,
            "seen": rota.presence_seen(presence),
        },
    )
    if form.is_bound and form.is_valid():
        values = form.values()
        if goes_well(form, lambda: rota.change_presence(presence, **values, by=request.membership)):
            messages.success(request, _("Spreekuur gewijzigd."))
            return _back(request)
    return page(request, "capacity/presence.html", {"coach": person, "presence": presence}, form=form)


@allow(Permission.GUIDE)
def remove_presence(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """No longer there; can be taken back."""
    presence = get_visible(Presence.objects.select_related("coach", "practice"), request, reference)
    _coach_to_plan(request, presence.coach.reference)
    if request.method != "POST":
        return page(request, "capacity/remove_presence.html", {"presence": presence})
    rota.remove_presence(presence, by=request.membership)
    was = {
        "practice": presence.practice.reference,
        "weekday": presence.weekday,
        "starts": f"{presence.starts:%H:%M}",
        "ends": f"{presence.ends:%H:%M}",
        "room": presence.room,
    }
    undo = f"{reverse('restore_presence', args=[presence.coach.reference])}?{urlencode(was)}"
    messages.success(request, _("Spreekuur weggehaald."), extra_tags=f"undo={undo}")
    return _back(request)


@allow(Permission.GUIDE)
def restore_presence(request: MemberRequest, coach: uuid.UUID) -> HttpResponse:
    """Take the removal back. What it was stands in the address: a place and a time, nothing about a person."""
    person = _coach_to_plan(request, coach)
    form = PresenceForm(request.GET, practices=planning.practices_of(request.membership))
    if request.method == "POST" and form.is_valid():
        values = form.values(without=("seen",))
        if goes_well(form, lambda: rota.add_presence(person, **values, by=request.membership)):
            messages.success(request, _("Het spreekuur staat er weer."))
            return _back(request)
    return redirect("add_presence", person.reference)


# Absence


def _colleagues(request: MemberRequest, coach: Membership) -> list[Membership]:
    return list(
        Membership.objects.active()
        .in_organisation(request.membership.organisation_id)
        .of_role(Role.COACH, Role.COORDINATOR)
        .exclude(user=coach.user_id)
    )


@allow(Permission.GUIDE)
def report_absence(request: MemberRequest, coach: uuid.UUID) -> HttpResponse:
    """*Afwezig vanaf nu*. No reason is asked."""
    person = _coach_to_plan(request, coach)
    form = bound(request, AbsenceForm, colleagues=_colleagues(request, person))
    if form.is_bound and form.is_valid():
        values = form.values(without=("seen",))
        made: list[Absence] = []
        if goes_well(form, lambda: made.append(rota.report_absence(person, **values, by=request.membership))):
            messages.success(request, _("Doorgegeven. De praktijken en collega's krijgen bericht."))
            if request.membership.role == Role.COORDINATOR:
                return redirect("absence", made[0].reference)
            return redirect("own_hours")
    return page(request, "capacity/report_absence.html", {"coach": person}, form=form)


@allow(Permission.GUIDE)
def change_absence(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Longer, shorter, or somebody else covers."""
    absence, person = _absence_to_change(request, reference)
    form = bound(
        request,
        AbsenceForm,
        colleagues=_colleagues(request, person),
        initial={
            "starts": absence.span.lower,
            "ends": planning.last_day(absence),
            "cover": absence.cover.reference if absence.cover else "",
            "seen": rota.absence_seen(absence),
        },
    )
    if form.is_bound and form.is_valid():
        values = form.values()
        if goes_well(form, lambda: rota.change_absence(absence, **values, by=request.membership)):
            messages.success(request, _("Afwezigheid gewijzigd."))
            return _back(request)
    return page(request, "capacity/report_absence.html", {"coach": person, "absence": absence}, form=form)


def _absence_to_change(request: MemberRequest, reference: uuid.UUID) -> tuple[Absence, Membership]:
    absence = get_visible(Absence.objects.select_related("coach", "cover"), request, reference)
    if not rota.may_plan_for(absence.coach, request.membership):
        raise DomainError(rota.NOT_YOURS, status=403)
    return absence, absence.coach


@allow(Permission.GUIDE)
def end_absence(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """*Weer aanwezig*, from today on."""
    absence, person = _absence_to_change(request, reference)
    if request.method != "POST":
        return page(request, "capacity/end_absence.html", {"coach": person, "absence": absence})
    rota.end_absence(absence, by=request.membership)
    undo = reverse("resume_absence", args=[absence.reference])
    messages.success(
        request, _("%(name)s is weer aanwezig.") % {"name": person.display_name}, extra_tags=f"undo={undo}"
    )
    return _back(request)


@allow(Permission.GUIDE)
def resume_absence(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Take *weer aanwezig* back."""
    absence, person = _absence_to_change(request, reference)
    if request.method == "POST":
        rota.resume_absence(absence, by=request.membership)
        messages.info(request, _("%(name)s staat weer op afwezig.") % {"name": person.display_name})
    return _back(request)


@allow(Permission.ASSIGN)
@require_safe
def absence(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Who must be called today for an absent colleague."""
    found = get_visible(planning.with_cover(Absence.objects.all(), today()), request, reference)
    mark_read(request.membership, subject_ref=found.reference)
    line = planning.absence_line(found, today())
    due = rota.calls_today(found, day=today(), by=request.membership)
    calls = [] if line.is_over else dividing.calls(due)
    shielded = dividing.shielded_of(found.coach, request.membership, today=today()) if line.is_now else []
    audit.log("list", clients=[row.client_reference for row in calls], by=request.membership, object_type="referral")
    context = {"line": line, "coach": found.coach, "calls": calls, "shielded": shielded}
    return page(request, "capacity/absence.html", context)
