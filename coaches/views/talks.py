"""The first talk, and the things to do that come out of it."""

import datetime as dt
import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from coaches import forms, services
from coaches.casefile import CaseFile
from coaches.models import Action, Contact
from coaches.views.shared import deed, done, moment_on, open_case, sent, sent_on
from referrals.models import Referral
from wor.accounts.models import Membership
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.calendar import today
from wor.forms import bound, goes_well


@allow(Permission.GUIDE)
def first_talk(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """The first talk, and later what was noted of it."""
    referral = open_case(request, reference)
    me = request.membership
    intake = CaseFile.intake_of(referral, me)
    is_first = referral.before_first_talk
    form = bound(
        request, forms.IntakeForm, initial=_intake_initial(intake), is_first=is_first, sent_on=sent_on(referral)
    )
    if sent(form) and goes_well(form, lambda: _hold(referral, form, me)):
        return done(request, referral, _("Vastgelegd.") if not is_first else _("Eerste gesprek vastgelegd."))
    title = _("Eerste gesprek vastleggen") if is_first else _("Aantekeningen van het eerste gesprek")
    lead = _("Alles hieronder is niet verplicht. Het staat in jullie eigen dossier; de verwijzer leest het niet.")
    return deed(request, referral, form, title=title, submit=_("Vastleggen"), lead=lead)


def _hold(referral: Referral, form, me: Membership) -> None:
    values = form.values(without=("held_on",))
    services.hold_first_talk(referral, **values, at=moment_on(form.cleaned_data.get("held_on")), by=me)


def _intake_initial(intake) -> dict:
    if intake is None:
        return {"version": 0, "way": Contact.Way.PRACTICE}
    names = ("wish", "strengths", "obstacles", "prior_needs", "wellbeing_t0", "version")
    return {name: getattr(intake, name) for name in names} | {"theme": intake.theme and intake.theme.reference}


@allow(Permission.GUIDE)
def add_action(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.ActionForm, initial={"due_on": today() + dt.timedelta(days=7)})
    if sent(form) and goes_well(form, lambda: services.add_action(referral, **form.values(), by=request.membership)):
        return done(request, referral, _("Toegevoegd aan wat er te doen is."))
    return deed(request, referral, form, title=_("Taak toevoegen"), submit=_("Taak toevoegen"))


@allow(Permission.GUIDE)
def change_action(request: MemberRequest, reference: uuid.UUID, action: uuid.UUID) -> HttpResponse:
    """Another day, other words, or a colleague does it."""
    referral = open_case(request, reference)
    me = request.membership
    entry = get_object_or_404(
        Action.objects.visible_to(me).select_related("owner"), referral=referral, reference=action
    )
    entry.referral = referral
    initial = {"text": entry.text, "due_on": entry.due_on, "owner": entry.owner.reference, "version": entry.version}
    form = bound(request, forms.ChangeActionForm, initial=initial, colleagues=forms.colleagues_of(me))
    if sent(form) and goes_well(form, lambda: services.change_action(entry, **form.values(), by=me)):
        return done(request, referral, _("Taak gewijzigd."))
    return deed(request, referral, form, title=_("Taak wijzigen"), submit=_("Taak opslaan"))


@allow(Permission.GUIDE)
def complete_action(request: MemberRequest, reference: uuid.UUID, action: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    entry = get_object_or_404(Action.objects.visible_to(request.membership), referral=referral, reference=action)
    entry.referral = referral
    form = bound(request, forms.WorForm)
    if sent(form) and goes_well(form, lambda: services.complete_action(entry, by=request.membership)):
        return done(request, referral, _("Gedaan."))
    return deed(request, referral, form, title=entry.text, submit=_("Afvinken"))
