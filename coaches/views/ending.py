"""Waiting, stopping, finishing, and beginning again."""

import datetime as dt
import uuid

from django.http import HttpResponse
from django.utils.translation import gettext as _

from coaches import forms, services
from coaches.checkins import next_check_in
from coaches.drafting import not_reached_draft
from coaches.views.shared import deed, done, drafted, is_fixed, level_note, open_case, sent, version_of
from referrals.models import ClosingReason
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.calendar import today
from wor.forms import bound, goes_well


@allow(Permission.GUIDE)
def pause(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    weeks = request.region.setting("pause_default_weeks")
    months = request.region.setting("pause_maximum_months")
    initial = version_of(referral) | {"until": today() + dt.timedelta(weeks=weeks)}
    form = bound(request, forms.PauseForm, initial=initial, is_fixed=is_fixed(referral), months=months)
    if sent(form) and goes_well(
        form, lambda: services.pause(referral, **form.values(), by=request.membership), field="until"
    ):
        return done(request, referral, _("Gepauzeerd."))
    return deed(request, referral, form, title=_("Pauzeren"), submit=_("Pauzeren"), note=level_note(referral))


@allow(Permission.GUIDE)
def resume(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.VersionOptional, initial=version_of(referral))
    if sent(form) and goes_well(form, lambda: services.resume(referral, **form.values(), by=request.membership)):
        return done(request, referral, _("Weer opgepakt."))
    return deed(request, referral, form, title=_("Weer oppakken"), submit=_("Weer oppakken"))


@allow(Permission.GUIDE)
def follow_up(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    initial = version_of(referral) | {"on": next_check_in(referral, asked_now=False)}
    form = bound(request, forms.FollowUpForm, initial=initial)
    if sent(form) and goes_well(
        form, lambda: services.follow_up(referral, **form.values(), by=request.membership), field="on"
    ):
        return done(request, referral, _("Opvolging gepland."))
    return deed(request, referral, form, title=_("Opvolging plannen"), submit=_("Opvolging plannen"))


@allow(Permission.GUIDE)
def close(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    sentence = (
        "" if is_fixed(referral) or request.method == "POST" else drafted(referral, request.membership, "closing")
    )
    initial = version_of(referral) | {"sentence": sentence}
    form = bound(request, forms.CloseForm, initial=initial, is_fixed=is_fixed(referral))
    if sent(form) and goes_well(form, lambda: services.close(referral, **form.values(), by=request.membership)):
        return done(request, referral, _("Afgesloten. De verwijzer krijgt je slotzin."))
    return deed(request, referral, form, title=_("Afsluiten"), submit=_("Afsluiten"), note=level_note(referral))


@allow(Permission.GUIDE)
def not_started(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    tried = referral.attempts >= request.region.setting("attempts_on_days")
    initial = version_of(referral)
    if tried and request.method != "POST":
        reason = forms.reasons(ClosingReason.Kind.NOT_STARTED).filter(code="not_reached").first()
        initial |= {"sentence": not_reached_draft(referral), "reason": reason and reason.reference}
    form = bound(request, forms.NotStartedForm, initial=initial, is_fixed=is_fixed(referral))
    if sent(form) and goes_well(form, lambda: services.not_started(referral, **form.values(), by=request.membership)):
        return done(request, referral, _("Afgesloten als niet gestart. De verwijzer krijgt bericht."))
    note = level_note(referral)
    return deed(request, referral, form, title=_("Er komt geen eerste gesprek"), submit=_("Afsluiten"), note=note)


@allow(Permission.GUIDE)
def reopen(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.VersionOptional, initial=version_of(referral))
    if sent(form) and goes_well(form, lambda: services.reopen(referral, **form.values(), by=request.membership)):
        return done(request, referral, _("Heropend."))
    return deed(request, referral, form, title=_("Heropenen"), submit=_("Heropenen"))
