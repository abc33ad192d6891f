"""Logging what was done, in seconds; *zorgen: bel de praktijk*."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from coaches import forms, services
from coaches.casefile import Call, call_of, responsible_gp
from coaches.models import Action, Contact
from coaches.views.shared import deed, done, moment_on, open_case, sent, sent_on
from referrals.models import Referral, Status
from wor.accounts.models import Membership
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.forms import bound, goes_well


@allow(Permission.GUIDE)
def log_contact(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    me = request.membership
    to_do = list(Action.objects.visible_to(me).to_do().filter(referral=referral))
    initial = {"kind": usual_kind(referral), "way": Contact.Way.PHONE}
    log_minutes = request.region.setting("log_minutes")
    form = bound(
        request, forms.ContactForm, initial=initial, to_do=to_do, log_minutes=log_minutes, sent_on=sent_on(referral)
    )
    made: list[Contact] = []
    if sent(form) and goes_well(form, lambda: made.append(_log(referral, form, me))):
        undo = reverse("case_contact_in_error", args=[referral.reference, made[0].reference])
        sentence = _("Vastgelegd: %(result)s.") % {"result": _small(str(made[0].get_result_display()))}
        return done(request, referral, sentence, undo=undo)
    return deed(
        request,
        referral,
        form,
        title=_("Contact vastleggen"),
        submit="",
        template="coaches/contact.html",
        call=call_of(referral),
        usual=usual_in_words(form),
        results=results_for(referral),
        other_results=[each for each in Contact.Result if each not in results_for(referral)],
    )


def _log(referral: Referral, form, me: Membership) -> Contact:
    values = form.values(without=("held_on",))
    return services.log_contact(referral, **values, at=moment_on(form.cleaned_data["held_on"]), by=me)


def usual_kind(referral: Referral) -> str:
    """What a contact most likely is, given where the case stands."""
    if referral.status == Status.SENT or not referral.is_open:
        return Contact.Kind.REFERRER
    if referral.status == Status.FOLLOW_UP:
        return Contact.Kind.FOLLOW_UP
    return Contact.Kind.ARRANGE if referral.before_first_talk else Contact.Kind.TALK


def results_for(referral: Referral) -> list[Contact.Result]:
    """The results under the thumb. Voicemail only when the client said yes to it."""
    Result = Contact.Result
    usual = [Result.SPOKEN, Result.NO_ANSWER]
    if referral.client.may_voicemail:
        usual.append(Result.VOICEMAIL)
    return [*usual, Result.NO_SHOW]


def usual_in_words(form) -> str:
    """What is filled in already, on the fold: "afspraak maken · telefoon · vandaag"."""
    kind, way = (form[name].value() for name in ("kind", "way"))
    labels = dict(Contact.Kind.choices) | dict(Contact.Way.choices)
    words = (labels.get(kind), labels.get(way), form["held_on"].value() or _("vandaag"))
    return " · ".join(_small(str(word)) for word in words if word)


def _small(words: str) -> str:
    """Without its capital, but for what is an abbreviation: MDO."""
    return words if words.isupper() else words[:1].lower() + words[1:]


@allow(Permission.GUIDE)
def contact_in_error(request: MemberRequest, reference: uuid.UUID, contact: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    entry = get_object_or_404(Contact.objects.visible_to(request.membership), referral=referral, reference=contact)
    entry.referral = referral
    form = bound(request, forms.WorForm)
    if sent(form) and goes_well(form, lambda: services.mark_contact_in_error(entry, by=request.membership)):
        return done(request, referral, _("Als vergissing gemarkeerd. Het blijft doorgestreept staan."))
    lead = _("Het contact blijft doorgestreept in de tijdlijn staan en telt niet meer mee.")
    return deed(
        request, referral, form, title=_("Dit was een vergissing"), submit=_("Als vergissing markeren"), lead=lead
    )


@allow(Permission.GUIDE)
def concern(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.ConcernForm)
    if sent(form) and goes_well(form, lambda: services.log_concern(referral, **form.values(), by=request.membership)):
        return done(request, referral, _("Vastgelegd dat je de praktijk hebt gebeld."))
    return deed(
        request,
        referral,
        form,
        title=_("Zorgen: bel de praktijk"),
        submit=_("Vastleggen dat ik belde"),
        template="coaches/concern.html",
        call=Call(referral.practice.phone),
        gp=responsible_gp(referral),
    )
