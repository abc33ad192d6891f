"""From the practice's question to a first talk in the diary."""

import uuid

from django.http import HttpResponse
from django.utils.translation import gettext as _

from coaches import forms, services
from coaches.services.taking_on import practice_was_called
from coaches.views.shared import deed, done, open_case, sent, version_of
from wor.accounts.models import Role
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.forms import bound, goes_well


@allow(Permission.GUIDE)
def accept(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    me = request.membership
    coaches = forms.colleagues_of(me) if me.role == Role.COORDINATOR else None
    form = bound(request, forms.AcceptForm, initial=version_of(referral), coaches=coaches)
    if sent(form) and goes_well(form, lambda: services.accept(referral, **form.values(), by=me)):
        return done(request, referral, _("Aangenomen. De praktijk ziet dat."))
    return deed(request, referral, form, title=_("Verwijzing aannemen"), submit=_("Aannemen"))


@allow(Permission.GUIDE)
def decline(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.DeclineForm, initial=version_of(referral))
    if sent(form) and goes_well(form, lambda: services.decline(referral, **form.values(), by=request.membership)):
        return done(request, referral, _("Niet passend. De verwijzer leest je advies."))
    return deed(
        request,
        referral,
        form,
        title=_("Dit past niet"),
        submit=_("Terugsturen met advies"),
        call_first=not practice_was_called(referral),
    )


@allow(Permission.GUIDE)
def waitlist(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.WaitlistForm, initial=version_of(referral))
    if sent(form) and goes_well(form, lambda: services.waitlist(referral, **form.values(), by=request.membership)):
        return done(request, referral, _("Op de wachtlijst gezet. De praktijk ziet de week."))
    return deed(request, referral, form, title=_("Wachtlijst"), submit=_("Op de wachtlijst zetten"))


@allow(Permission.GUIDE)
def plan_talk(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.PlanTalkForm, initial=version_of(referral))
    if sent(form) and goes_well(
        form, lambda: services.plan_talk(referral, **form.values(without=("day", "time")), by=request.membership)
    ):
        return done(request, referral, _("Gesprek gepland."))
    return deed(request, referral, form, title=_("Gesprek plannen"), submit=_("Gesprek plannen"))
