"""To a colleague, or to another welfare organisation."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from coaches import forms, services
from coaches.views.shared import deed, done, open_case, sent, version_of
from referrals.models.referral import TAKEN_ON
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.calendar import today
from wor.forms import bound, goes_well


def _gone(request: MemberRequest) -> HttpResponse:
    """Handed over by somebody who may not read it any more."""
    messages.success(request, _("Overgedragen. Jij ziet deze verwijzing niet meer."))
    return redirect("worklist")


@allow(Permission.GUIDE)
def name_coach(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    colleagues = forms.colleagues_of(request.membership).exclude(pk=referral.coach_id)
    form = bound(request, forms.HandOverForm, initial=version_of(referral), colleagues=colleagues)
    if sent(form) and goes_well(form, lambda: services.name_coach(referral, **form.values(), by=request.membership)):
        if referral.is_shielded:  # for its coach alone
            return _gone(request)
        return done(request, referral, _("Overgedragen. Je collega ziet het meteen."))
    return deed(request, referral, form, title=_("Overdragen aan een collega"), submit=_("Overdragen"))


@allow(Permission.GUIDE)
def transfer(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    initial = version_of(referral) | {"given_on": today(), "given_by_kind": "patient", "how": "phone"}
    form = bound(request, forms.TransferForm, initial=initial, membership=request.membership)
    if sent(form) and goes_well(
        form, lambda: services.transfer(referral, **form.values(without=("agreed",)), by=request.membership)
    ):
        return done(request, referral, _("Overgedragen aan de andere organisatie."))
    title = _("Overdragen aan een andere organisatie")
    lead = _(
        "Je aantekeningen gaan niet mee. De andere organisatie ziet de verwijzing, de terugkoppeling en de vragen."
    )
    return deed(request, referral, form, title=title, submit=_("Overdragen"), lead=lead)


@allow(Permission.GUIDE)
def recuse(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    me = request.membership
    is_mine = referral.coach_id == me.pk and referral.status in TAKEN_ON and referral.is_open
    colleagues = forms.colleagues_of(me).exclude(user=me.user_id) if is_mine else None
    form = bound(request, forms.RecuseForm, initial=version_of(referral), colleagues=colleagues)
    if sent(form) and goes_well(form, lambda: services.recuse(referral, **form.values(), by=me)):
        return _gone(request)
    lead = _("Ken je deze cliënt privé? Dan geven we de verwijzing aan een collega en zie jij haar niet meer.")
    return deed(
        request, referral, form, title=_("Ik ken deze cliënt"), submit=_("Overdragen en niet meer zien"), lead=lead
    )
