"""Finding something nearby, and how it goes there: proposed, introduced, begun, going on, stopped."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.models import Activity
from activities.search import catalogue
from coaches import placing, placing_forms, services
from coaches.casefile import CaseFile, call_of
from coaches.models import Measurement, Placement
from coaches.services.placing import consent_for
from coaches.views.shared import deed, done, is_fixed, open_case, sent
from referrals import terms
from referrals.models import Referral, Status
from referrals.models.referral import TAKEN_ON
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.calendar import today
from wor.errors import DomainError
from wor.forms import bound, goes_well
from wor.pages import page


@allow(Permission.GUIDE)
@require_safe
def suggestions(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """*Iets vinden in de buurt*: what fits best, and why."""
    referral: Any = open_case(request, reference, theme_id=placing.talked_about(request.membership))
    if not _may_place(referral):
        raise DomainError(_("Neem de verwijzing eerst aan. Daarna kun je activiteiten voorstellen."))
    lists = catalogue(request.region.pk)
    asked = placing.read_asked(request.GET, lists)
    wish = placing.wish_of(referral, referral.theme_id, asked, lists)
    chosen = [
        each for each in placing.own_placements(referral, request.membership) if each.status != Placement.Status.STOPPED
    ]
    more = "meer" in request.GET
    found = placing.offers(
        request.region,
        referral,
        wish,
        lists,
        without=[each.activity_id for each in chosen],
        most=placing.MOST if more else placing.SOME,
    )
    context = {
        "referral": referral,
        "asked": asked,
        "query": placing.address_of(asked, more=more),
        "filters": placing.filters(asked, lists),
        "distances": placing.distances(),
        "chips": placing.chips(asked, lists),
        "is_filtered": any(asked.chosen.values()),
        "found": found,
        "more_url": f"?{placing.address_of(asked, more=True)}" if found.has_more and not more else "",
        "suggestion_url": f"?{placing.with_text(asked, found.suggestion)}" if found.suggestion else "",
        "chosen": [placing.shown(each, referral) for each in chosen],
        "propose": placing_forms.ProposeForm(),
        "gap": placing_forms.GapForm(),
    }
    return page(request, "coaches/suggestions.html", context)


def _may_place(referral: Referral) -> bool:
    return referral.is_open and referral.status in TAKEN_ON


@allow(Permission.GUIDE)
def propose(request: MemberRequest, reference: uuid.UUID, activity: uuid.UUID) -> HttpResponse:
    """One tap on a suggestion; the list with its filters comes back, for the next one."""
    referral = open_case(request, reference)
    chosen = get_object_or_404(Activity.objects.visible_to(request.membership), reference=activity)
    form = bound(request, placing_forms.ProposeForm)
    made: list[Placement] = []
    me = request.membership
    if sent(form) and goes_well(
        form, lambda: made.append(services.propose(referral, activity=chosen, **form.values(), by=me))
    ):
        undo = reverse("case_take_back", args=[referral.reference, made[0].reference])
        sentence = _("Voorgesteld: %(activity)s.") % {"activity": chosen.title}
        messages.success(request, sentence, extra_tags=f"undo={undo}")
        query = placing.address_of(placing.read_asked(request.GET, catalogue(request.region.pk)))
        address = reverse("case_suggestions", args=[referral.reference])
        return redirect(f"{address}?{query}" if query else address)
    return deed(request, referral, form, title=_("Voorstellen"), submit=_("Voorstellen"), lead=chosen.title)


def _placement(request: MemberRequest, reference: uuid.UUID, placement: uuid.UUID) -> Placement:
    referral = open_case(request, reference)
    found = get_object_or_404(
        Placement.objects.visible_to(request.membership).select_related("activity__provider", "stop_reason"),
        referral=referral,
        reference=placement,
    )
    found.referral = referral
    return found


@allow(Permission.GUIDE)
def introduce(request: MemberRequest, reference: uuid.UUID, placement: uuid.UUID) -> HttpResponse:
    """Client and provider meet; the name goes along only with a yes for this provider."""
    found = _placement(request, reference, placement)
    consent, provider = consent_for(found), found.activity.provider
    initial = {"version": found.version, "given_by_kind": "patient", "how": "spoken", "given_on": today()}
    form = bound(request, placing_forms.IntroduceForm, initial=initial, provider=provider.name, consent=consent)
    if sent(form) and goes_well(form, lambda: services.introduce(found, **form.values(), by=request.membership)):
        return done(request, found.referral, _("Vastgelegd: kennisgemaakt."))
    return deed(
        request,
        found.referral,
        form,
        title=_("Kennis laten maken"),
        submit=_("Vastleggen"),
        template="coaches/introduce.html",
        placement=found,
        provider=provider,
        phone=placing.phone_of(found.activity),
        contact=found.activity.contact_name or provider.contact_name,
        consent=consent,
    )


@allow(Permission.GUIDE)
def withdraw_introduction(request: MemberRequest, reference: uuid.UUID, placement: uuid.UUID) -> HttpResponse:
    """The client no longer wants this provider to hear their name."""
    found = _placement(request, reference, placement)
    deed_of = services.withdraw_introduction
    lead = _("Vanaf nu noem je deze cliënt niet meer bij %(provider)s. Heb je de naam al genoemd? Bel de aanbieder.")
    return _tap(
        request,
        found,
        lambda version: deed_of(found, by=request.membership),
        title=_("Toestemming intrekken"),
        submit=_("Toestemming intrekken"),
        said=_("Toestemming ingetrokken. Noem de naam niet meer bij deze aanbieder."),
        lead=lead % {"provider": found.activity.provider.name},
    )


@allow(Permission.GUIDE)
def start(request: MemberRequest, reference: uuid.UUID, placement: uuid.UUID) -> HttpResponse:
    """The client goes there now; the case may go on to *opvolging* in the same act."""
    found = _placement(request, reference, placement)
    referral = found.referral
    form = bound(
        request, placing_forms.StartForm, initial={"version": found.version}, follow_up=_follow_up_words(referral)
    )
    if sent(form) and goes_well(form, lambda: services.start(found, **form.values(), by=request.membership)):
        return done(request, referral, _("Vastgelegd: begonnen met %(activity)s.") % {"activity": found.activity.title})
    return deed(request, referral, form, title=_("Begonnen"), submit=_("Begin vastleggen"), lead=found.activity.title)


def _follow_up_words(referral: Referral) -> str:
    """The two days on which to ask, as the region chose them; empty when the case cannot go there now."""
    if not referral.may_become(Status.FOLLOW_UP) or referral.status == Status.PAUSED:
        return ""
    first, second = (placing.day_in_words(term.due_on(referral.region, today())) for term in terms.CHECK_INS)
    return _("Naar opvolging: vragen hoe het gaat op %(first)s, en weer op %(second)s") % {
        "first": first,
        "second": second,
    }


@allow(Permission.GUIDE)
def keep_going(request: MemberRequest, reference: uuid.UUID, placement: uuid.UUID) -> HttpResponse:
    found = _placement(request, reference, placement)
    me = request.membership
    return _tap(
        request,
        found,
        lambda version: services.keep_going(found, version=version, by=me),
        title=_("Doet nog mee"),
        submit=_("Vastleggen"),
        said=_("Vastgelegd: doet nog mee."),
        lead=found.activity.title,
    )


@allow(Permission.GUIDE)
def stop(request: MemberRequest, reference: uuid.UUID, placement: uuid.UUID) -> HttpResponse:
    """It ended, or will not happen; with the reason."""
    found = _placement(request, reference, placement)
    form = bound(request, placing_forms.StopForm, initial={"version": found.version})
    if sent(form) and goes_well(form, lambda: services.stop(found, **form.values(), by=request.membership)):
        return done(request, found.referral, _("Vastgelegd met de reden."))
    title = _("Gestopt met %(activity)s") if found.has_started else _("%(activity)s gaat niet door")
    title = title % {"activity": found.activity.title}
    return deed(request, found.referral, form, title=title, submit=_("Vastleggen"))


@allow(Permission.GUIDE)
def take_back(request: MemberRequest, reference: uuid.UUID, placement: uuid.UUID) -> HttpResponse:
    found = _placement(request, reference, placement)
    me = request.membership
    return _tap(
        request,
        found,
        lambda version: services.take_back(found, version=version, by=me),
        title=_("%(activity)s terugnemen") % {"activity": found.activity.title},
        submit=_("Terugnemen"),
        said=_("Teruggenomen. Het telt nergens mee."),
        lead=_("Was dit een vergissing, of is er toch niet over gepraat? Dan telt het nergens als gestopt."),
    )


def _tap(
    request: MemberRequest, found: Placement, act: Callable[[int | None], object], *, said: str, **words: str
) -> HttpResponse:
    """A deed of one button."""
    form = bound(request, placing_forms.TapForm, initial={"version": found.version})
    if sent(form) and goes_well(form, lambda: act(form.cleaned_data["version"])):
        return done(request, found.referral, said)
    return deed(request, found.referral, form, **words)


# --- Following up ----------------------------------------------------------------------------------------------------


@allow(Permission.GUIDE)
def check_in(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """*Hoe gaat het?* One form for the telephone, with the draft for the referrer behind its second button."""
    referral = open_case(request, reference)
    if not _may_place(referral):
        raise DomainError(_("Opvolgen kan zolang de begeleiding loopt."))
    me = request.membership
    running = [each for each in placing.own_placements(referral, me) if each.status != Placement.Status.STOPPED]
    intake = CaseFile.intake_of(referral, me)
    figure = intake.wellbeing_t0 if intake else None
    before = Measurement.objects.filter(referral=referral, welfare_organisation=me.organisation_id).first()
    initial = {"wellbeing_t1": before.value} if before else {}
    form = bound(request, placing_forms.CheckInForm, initial=initial, placements=running, figure=figure)
    if sent(form) and goes_well(form, lambda: _check_in(request, referral, form)):
        result = form.cleaned_data["result"]
        if result == placing_forms.TELL:
            messages.success(request, _("Vastgelegd. Lees het concept na en verstuur het."))
            return redirect("case_feedback", referral.reference)
        said = _("Vastgelegd: niet bereikt.") if result == placing_forms.NOT_REACHED else _("Vastgelegd.")
        return done(request, referral, said)
    return deed(
        request,
        referral,
        form,
        title=_("Opvolging vastleggen"),
        submit="",
        template="coaches/check_in.html",
        call=call_of(referral),
        tells=not is_fixed(referral),
    )


def _check_in(request: MemberRequest, referral: Referral, form) -> None:
    values = form.cleaned_data
    services.check_in(
        referral,
        is_reached=values["result"] != placing_forms.NOT_REACHED,
        answers=form.answers,
        value=values["wellbeing_t1"],
        line=values["line"],
        key=values["key"],
        by=request.membership,
    )


# --- Gat in het aanbod -----------------------------------------------------------------------------------------------


@allow(Permission.GUIDE)
def report_gap(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Nothing fitted: one tap on why. Not written in the client's own file."""
    referral = open_case(request, reference)
    form = bound(request, placing_forms.GapForm)
    if sent(form) and goes_well(form, lambda: services.report_gap(referral, **form.values(), by=request.membership)):
        return done(request, referral, _("Dank je. Het gat staat op de lijst; wie de cliënt is staat er niet bij."))
    return deed(
        request,
        referral,
        form,
        title=_("Gat in het aanbod melden"),
        submit="",
        template="coaches/gap.html",
    )
