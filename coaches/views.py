"""The coach's pages: fetch, form, service, redirect."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coaches import forms, queries, services, worklist
from coaches.casefile import Call, CaseFile, call_of, closed_page, responsible_gp
from coaches.drafting import draft, fixed_sentence, not_reached_draft
from coaches.models import Action, Contact
from coaches.services.case import WITHDRAWN_SENTENCE
from referrals import services as exchange
from referrals.models import Client, Consent, Feedback, Message, Referral, Status, Transfer
from referrals.models.referral import TAKEN_ON
from wor.accounts.models import Role
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.audit import services as audit
from wor.calendar import today
from wor.errors import DomainError
from wor.forms import bound
from wor.outbox.services import mark_read
from wor.pages import page

WITH = (
    *("client", "practice", "coach", "referrer", "on_behalf_of"),
    *(
        f"{cell}__{part}"
        for cell in ("target_cell", "second_cell", "third_cell")
        for part in ("problem", "target_group")
    ),
)
# The practice's own never reaches a coach's page.
WITHOUT = ("reason_code", "his_number")


def find_case(request: MemberRequest, reference: uuid.UUID) -> Referral | None:
    return (
        Referral.objects.visible_to(request.membership)
        .filter(reference=reference)
        .select_related(*WITH)
        .defer(*WITHOUT)
        .first()
    )


def open_case(request: MemberRequest, reference: uuid.UUID) -> Referral:
    """The case behind an address: 404 for who has no relation with it, 403 when its content is shut."""
    referral = find_case(request, reference)
    if referral is None:
        raise Http404
    if not referral.content_open_to(request.membership):
        raise DomainError(WITHDRAWN_SENTENCE, status=403)
    referral.region = request.region
    audit.log("read", referral, referral=referral)
    return referral


def deed(request: MemberRequest, referral: Referral, form, *, title: str, submit: str, **context) -> HttpResponse:
    """The page of one deed: what it is about, the form, one button."""
    template = context.pop("template", "coaches/deed.html")
    return page(request, template, {"referral": referral, "title": title, "submit": submit, **context}, form=form)


def done(request: MemberRequest, referral: Referral, sentence: str, *, undo: str = "") -> HttpResponse:
    messages.success(request, sentence, extra_tags=f"undo={undo}" if undo else "")
    return redirect("case", referral.reference)


def sent(form) -> bool:
    return form.is_bound and form.is_valid()


def version_of(referral: Referral) -> dict:
    return {"version": referral.version}


# The list


@allow(Permission.GUIDE)
def worklist_page(request: MemberRequest) -> HttpResponse:
    """What there is to do, most urgent first. A search on a name comes by POST."""
    now = timezone.now()
    form = bound(request, forms.SearchForm)
    if sent(form):
        found = queries.search(request.membership, form.cleaned_data["name"], now)
        audit.log(
            "search", by=request.membership, clients=[each.client.reference for each in found], object_type="referral"
        )
        rows = [queries.row_of(each, request.membership, now) for each in found]
        return page(request, "coaches/found.html", {"rows": rows}, form=form)
    shown = worklist.read(request.membership, request.GET, now)
    audit.log(
        "list",
        by=request.membership,
        clients=[row.referral.client.reference for row in shown.rows],
        object_type="referral",
        filter_codes=shown.tab,
    )
    return page(request, "coaches/worklist.html", {"list": shown}, form=form)


# The case


@allow(Permission.GUIDE)
def case(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """The client page: what was told already, how to reach, what happened, what is next."""
    referral = find_case(request, reference)
    if referral is None:
        return _handed_over(request, reference)
    referral.region = request.region
    audit.log("read", referral, referral=referral)
    mark_read(request.membership, subject_ref=referral.reference)
    if not referral.content_open_to(request.membership):
        return page(request, "coaches/closed.html", closed_page(referral))
    return page(request, "coaches/case.html", {"case": CaseFile.read(referral, request.membership)})


def _handed_over(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """What an organisation that handed a case over keeps: that it did."""
    stub = (
        Transfer.objects.visible_to(request.membership)
        .filter(referral__reference=reference)
        .select_related("to_organisation", "referral__client")
        .order_by("-id")
        .first()
    )
    if stub is None:
        raise Http404
    audit.log("read", stub, referral=stub.referral)
    return page(request, "coaches/transferred.html", {"transfer": stub, "number": stub.referral.number})


@allow(Permission.GUIDE)
def agreed(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """*Wat we hebben afgesproken*: on paper, for the client, after the first talk."""
    referral = open_case(request, reference)
    if referral.before_first_talk:
        raise DomainError(_("Dit papier is er na het eerste gesprek."))
    audit.log("print", referral, referral=referral)
    file = CaseFile.read(referral, request.membership)
    return page(request, "coaches/agreed.html", {"case": file, "today": today()})


# Taking on


@allow(Permission.GUIDE)
def accept(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    me = request.membership
    coaches = forms.colleagues_of(me) if me.role == Role.COORDINATOR else None
    form = bound(request, forms.AcceptForm, initial=version_of(referral), coaches=coaches)
    if sent(form):
        services.accept(referral, **form.values(), by=me)
        return done(request, referral, _("Aangenomen. De praktijk ziet dat."))
    return deed(request, referral, form, title=_("Verwijzing aannemen"), submit=_("Aannemen"))


@allow(Permission.GUIDE)
def decline(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.DeclineForm, initial=version_of(referral))
    if sent(form):
        services.decline(referral, **form.values(), by=request.membership)
        return done(request, referral, _("Niet passend. De verwijzer leest je advies."))
    lead = _("Is het spoed? Bel eerst de praktijk en leg dat vast bij Zorgen.")
    return deed(request, referral, form, title=_("Dit past niet"), submit=_("Terugsturen met advies"), lead=lead)


@allow(Permission.GUIDE)
def waitlist(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.WaitlistForm, initial=version_of(referral))
    if sent(form):
        services.waitlist(referral, **form.values(), by=request.membership)
        return done(request, referral, _("Op de wachtlijst gezet. De praktijk ziet de week."))
    return deed(request, referral, form, title=_("Wachtlijst"), submit=_("Op de wachtlijst zetten"))


@allow(Permission.GUIDE)
def plan_talk(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.PlanTalkForm, initial=version_of(referral))
    if sent(form):
        services.plan_talk(referral, **form.values(without=("day", "time")), by=request.membership)
        return done(request, referral, _("Gesprek gepland."))
    return deed(request, referral, form, title=_("Gesprek plannen"), submit=_("Gesprek plannen"))


@allow(Permission.GUIDE)
def name_coach(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    colleagues = forms.colleagues_of(request.membership).exclude(pk=referral.coach_id)
    form = bound(request, forms.HandOverForm, initial=version_of(referral), colleagues=colleagues)
    if sent(form):
        services.name_coach(referral, **form.values(), by=request.membership)
        return done(request, referral, _("Overgedragen. Je collega ziet het meteen."))
    return deed(request, referral, form, title=_("Overdragen aan een collega"), submit=_("Overdragen"))


# Talking


@allow(Permission.GUIDE)
def log_contact(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    me = request.membership
    to_do = list(Action.objects.visible_to(me).to_do().filter(referral=referral))
    initial = {"kind": usual_kind(referral), "way": Contact.Way.PHONE}
    log_minutes = request.region.setting("log_minutes")
    form = bound(request, forms.ContactForm, initial=initial, to_do=to_do, log_minutes=log_minutes)
    if sent(form):
        contact = services.log_contact(
            referral, **form.values(without=("held_on",)), at=moment_on(form.cleaned_data["held_on"]), by=me
        )
        undo = reverse("case_contact_in_error", args=[referral.reference, contact.reference])
        return done(
            request, referral, _("Vastgelegd: %(result)s.") % {"result": contact.get_result_display()}, undo=undo
        )
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
    """What is filled in already, on the fold: "Afspraak maken · telefoon · vandaag"."""
    kind, way = (form[name].value() for name in ("kind", "way"))
    labels = dict(Contact.Kind.choices) | dict(Contact.Way.choices)
    words = (labels.get(kind), labels.get(way), form["held_on"].value() or _("vandaag"))
    return " · ".join(str(word) for word in words if word)


def moment_on(day: dt.date | None) -> dt.datetime | None:
    """Noon in Amsterdam on an earlier day; None for today, which is now."""
    if day is None or day == today():
        return None
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


@allow(Permission.GUIDE)
def contact_in_error(request: MemberRequest, reference: uuid.UUID, contact: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    entry = get_object_or_404(Contact.objects.visible_to(request.membership), referral=referral, reference=contact)
    entry.referral = referral
    form = bound(request, forms.WorForm)
    if sent(form):
        services.mark_contact_in_error(entry, by=request.membership)
        return done(request, referral, _("Als vergissing gemarkeerd. Het blijft doorgestreept staan."))
    lead = _("Het contact blijft doorgestreept in de tijdlijn staan en telt niet meer mee.")
    return deed(
        request, referral, form, title=_("Dit was een vergissing"), submit=_("Als vergissing markeren"), lead=lead
    )


@allow(Permission.GUIDE)
def first_talk(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """The first talk, and later what was noted of it."""
    referral = open_case(request, reference)
    me = request.membership
    intake = CaseFile.intake_of(referral, me)
    is_first = referral.before_first_talk
    form = bound(request, forms.IntakeForm, initial=_intake_initial(intake), is_first=is_first)
    if sent(form):
        values = form.values(without=("held_on",))
        services.hold_first_talk(referral, **values, at=moment_on(form.cleaned_data.get("held_on")), by=me)
        return done(request, referral, _("Vastgelegd.") if not is_first else _("Eerste gesprek vastgelegd."))
    title = _("Eerste gesprek vastleggen") if is_first else _("Aantekeningen van het eerste gesprek")
    lead = _("Alles hieronder is niet verplicht. Het staat in jullie eigen dossier; de verwijzer leest het niet.")
    return deed(request, referral, form, title=title, submit=_("Vastleggen"), lead=lead)


def _intake_initial(intake) -> dict:
    if intake is None:
        return {"version": 0, "way": Contact.Way.PRACTICE}
    names = ("wish", "strengths", "obstacles", "prior_needs", "wellbeing_t0", "version")
    return {name: getattr(intake, name) for name in names} | {"theme": intake.theme and intake.theme.reference}


@allow(Permission.GUIDE)
def add_action(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.ActionForm, initial={"due_on": today() + dt.timedelta(days=7)})
    if sent(form):
        services.add_action(referral, **form.values(), by=request.membership)
        return done(request, referral, _("Toegevoegd aan wat er te doen is."))
    return deed(request, referral, form, title=_("Taak toevoegen"), submit=_("Taak toevoegen"))


@allow(Permission.GUIDE)
def complete_action(request: MemberRequest, reference: uuid.UUID, action: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    entry = get_object_or_404(Action.objects.visible_to(request.membership), referral=referral, reference=action)
    entry.referral = referral
    form = bound(request, forms.WorForm)
    if sent(form):
        services.complete_action(entry, by=request.membership)
        return done(request, referral, _("Gedaan."))
    return deed(request, referral, form, title=entry.text, submit=_("Afvinken"))


@allow(Permission.GUIDE)
def concern(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.ConcernForm)
    if sent(form):
        services.log_concern(referral, **form.values(), by=request.membership)
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


# Writing


@allow(Permission.GUIDE)
def feedback(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Drafted from the log: read, change, send."""
    referral = open_case(request, reference)
    me = request.membership
    moment = Feedback.Moment.INTAKE if referral.feedback_at is None else Feedback.Moment.INTERIM
    fixed = is_fixed(referral)
    body = "" if fixed or request.method == "POST" else drafted(referral, me, moment)
    form = bound(request, forms.FeedbackForm, initial={"moment": moment, "body": body}, is_fixed=fixed)
    if sent(form):
        services.send_feedback(referral, **form.values(), by=me)
        return done(request, referral, _("Verstuurd. De verwijzer krijgt bericht."))
    return deed(
        request,
        referral,
        form,
        title=_("Terugkoppeling"),
        submit=_("Versturen"),
        template="coaches/feedback.html",
        fixed=fixed_sentence(referral) if fixed else "",
        note=level_note(referral),
    )


def drafted(referral: Referral, membership, moment: str) -> str:
    """The draft of this case, out of its own file."""
    file = CaseFile.of_own(referral, membership)
    return draft(referral, moment=moment, intake=file.intake, contacts=file.valid_contacts, to_do=file.to_do)


@allow(Permission.GUIDE)
def ask(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.MessageForm)
    if sent(form):
        exchange.ask(referral, **form.values(), by=request.membership)
        return done(request, referral, _("Vraag gesteld. De praktijk krijgt bericht."))
    return deed(request, referral, form, title=_("Vraag aan de praktijk"), submit=_("Vraag versturen"))


@allow(Permission.GUIDE)
def answer(request: MemberRequest, reference: uuid.UUID, question: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    asked = get_object_or_404(
        Message, referral=referral, reference=question, kind=Message.Kind.QUESTION, side=Message.Side.PRACTICE
    )
    asked.referral = referral
    form = bound(request, forms.MessageForm)
    form.fields["body"].label = _("Je antwoord")
    if sent(form):
        exchange.answer(asked, **form.values(), by=request.membership)
        return done(request, referral, _("Antwoord verstuurd."))
    return deed(
        request, referral, form, title=_("Vraag beantwoorden"), submit=_("Antwoord versturen"), quote=asked.body
    )


# Waiting and ending


@allow(Permission.GUIDE)
def pause(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    weeks = request.region.setting("pause_default_weeks")
    initial = version_of(referral) | {"until": today() + dt.timedelta(weeks=weeks)}
    form = bound(request, forms.PauseForm, initial=initial, is_fixed=is_fixed(referral))
    if sent(form):
        services.pause(referral, **form.values(), by=request.membership)
        return done(request, referral, _("Gepauzeerd."))
    return deed(request, referral, form, title=_("Pauzeren"), submit=_("Pauzeren"), note=level_note(referral))


def is_fixed(referral: Referral) -> bool:
    return referral.client.feedback_level != Client.FeedbackLevel.ALL


def level_note(referral: Referral) -> str:
    """Why there is no sentence to write."""
    if referral.client.feedback_level == Client.FeedbackLevel.OUTCOME:
        return _("De verwijzer hoort alleen de afloop, in een vaste zin. Dat wil de cliënt zo.")
    if referral.client.feedback_level == Client.FeedbackLevel.STATUS:
        return _("De verwijzer hoort alleen of de cliënt in begeleiding is. Dat wil de cliënt zo.")
    return ""


@allow(Permission.GUIDE)
def resume(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.VersionOptional, initial=version_of(referral))
    if sent(form):
        services.resume(referral, **form.values(), by=request.membership)
        return done(request, referral, _("Weer opgepakt."))
    return deed(request, referral, form, title=_("Weer oppakken"), submit=_("Weer oppakken"))


@allow(Permission.GUIDE)
def follow_up(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    initial = version_of(referral) | {"on": today() + dt.timedelta(weeks=6)}
    form = bound(request, forms.FollowUpForm, initial=initial)
    if sent(form):
        services.follow_up(referral, **form.values(), by=request.membership)
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
    if sent(form):
        services.close(referral, **form.values(), by=request.membership)
        return done(request, referral, _("Afgesloten. De verwijzer krijgt je slotzin."))
    return deed(request, referral, form, title=_("Afsluiten"), submit=_("Afsluiten"), note=level_note(referral))


@allow(Permission.GUIDE)
def not_started(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    tried = referral.attempts >= request.region.setting("attempts_on_days")
    initial = version_of(referral) | {"sentence": not_reached_draft(referral) if tried else ""}
    form = bound(request, forms.NotStartedForm, initial=initial, is_fixed=is_fixed(referral))
    if sent(form):
        services.not_started(referral, **form.values(), by=request.membership)
        return done(request, referral, _("Afgesloten als niet gestart. De verwijzer krijgt bericht."))
    note = level_note(referral)
    return deed(request, referral, form, title=_("Er komt geen eerste gesprek"), submit=_("Afsluiten"), note=note)


@allow(Permission.GUIDE)
def reopen(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.VersionOptional, initial=version_of(referral))
    if sent(form):
        services.reopen(referral, **form.values(), by=request.membership)
        return done(request, referral, _("Heropend."))
    return deed(request, referral, form, title=_("Heropenen"), submit=_("Heropenen"))


@allow(Permission.GUIDE)
def transfer(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    initial = version_of(referral) | {"given_on": today(), "given_by_kind": "patient", "how": "phone"}
    form = bound(request, forms.TransferForm, initial=initial, membership=request.membership)
    if sent(form):
        services.transfer(referral, **form.values(without=("agreed",)), by=request.membership)
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
    if sent(form):
        services.recuse(referral, **form.values(), by=me)
        messages.success(request, _("Overgedragen. Jij ziet deze verwijzing niet meer."))
        return redirect("worklist")
    lead = _("Ken je deze cliënt privé? Dan geven we de verwijzing aan een collega en zie jij haar niet meer.")
    return deed(
        request, referral, form, title=_("Ik ken deze cliënt"), submit=_("Overdragen en niet meer zien"), lead=lead
    )


@allow(Permission.GUIDE)
def consent_withdrawn(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    referral = open_case(request, reference)
    form = bound(request, forms.WorForm)
    if sent(form):
        exchange.withdraw_consent(referral, said_to=Consent.WithdrawnBy.CLIENT, by=request.membership)
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
    if sent(form):
        exchange.deceased(referral.client, by=request.membership)
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
    if sent(form):
        exchange.entered_in_error(referral, by=request.membership)
        return done(request, referral, _("Als vergissing gemarkeerd. De inhoud is afgesloten."))
    lead = _(
        "Had deze verwijzing niet mogen bestaan? De inhoud gaat meteen dicht. Mogelijk is dit een datalek: meld het "
        "bij je FG."
    )
    title = _("Deze verwijzing is een vergissing")
    return deed(request, referral, form, title=title, submit=_("Als vergissing markeren"), lead=lead, is_final=True)
