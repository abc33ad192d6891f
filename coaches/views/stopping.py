"""What shuts a case at once: consent withdrawn, deceased, a mistake."""

import uuid

from django.http import HttpResponse
from django.utils.translation import gettext as _

from coaches import forms
from coaches.views.shared import deed, done, open_case, sent
from referrals import services as exchange
from referrals.models import Consent
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.forms import bound, goes_well


@allow(Permission.GUIDE)
def consent_withdrawn(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.WorForm)
    if sent(form) and goes_well(
        form, lambda: exchange.withdraw_consent(referral, said_to=Consent.WithdrawnBy.CLIENT, by=request.membership)
    ):
        return done(request, referral, _("Vastgelegd. We hebben alles gestopt."))
    lead = _(
        "Zegt de cliënt dat het stopt? Dan stoppen berichten en delen meteen en gaat de inhoud dicht. De praktijk "
        "houdt het eigen dossier; jullie aantekeningen blijven dicht tot de bewaartijd voorbij is of de cliënt vraagt "
        "ze te wissen."
    )
    title = _("Toestemming ingetrokken")
    return deed(request, referral, form, title=title, submit=_("Vastleggen en stoppen"), lead=lead, is_final=True)


@allow(Permission.GUIDE)
def deceased(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.WorForm)
    if sent(form) and goes_well(form, lambda: exchange.deceased(referral.client, by=request.membership)):
        return done(
            request, referral, _("We hebben alle berichten gestopt. De verwijzer en de coach zien dit in de tijdlijn.")
        )
    lead = _("Alle berichten en afspraken stoppen meteen. De praktijk krijgt een neutraal bericht.")
    title = _("De cliënt is overleden")
    return deed(request, referral, form, title=title, submit=_("Overlijden vastleggen"), lead=lead, is_final=True)


@allow(Permission.ASSIGN)
def entered_in_error(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.WorForm)
    if sent(form) and goes_well(form, lambda: exchange.entered_in_error(referral, by=request.membership)):
        return done(request, referral, _("Als vergissing gemarkeerd. De inhoud is afgesloten."))
    lead = _(
        "Had deze verwijzing niet mogen bestaan? De inhoud gaat meteen dicht. Mogelijk is dit een datalek: meld het "
        "bij je FG."
    )
    title = _("Deze verwijzing is een vergissing")
    return deed(request, referral, form, title=title, submit=_("Als vergissing markeren"), lead=lead, is_final=True)
