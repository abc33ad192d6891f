"""One referral, as its practice reads it, and what the practice can do with it."""

import uuid

import segno
from django.conf import settings
from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models import TargetCell
from referrals import services
from referrals.capacity import CapacityLine, lines_for
from referrals.fields import show_phone
from referrals.forms import AgainForm, ErrorForm, MessageForm, TickForm, WithdrawForm
from referrals.models import Client, Consent, Feedback, Message, Referral
from referrals.timeline import moment, moments, status_for_practice
from wor.accounts.models import Membership, with_names
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.audit.models import Event
from wor.audit.services import log
from wor.forms import bound
from wor.outbox.services import mark_read
from wor.pages import get_visible, page

ORGANISATIONS = ("practice", "welfare_organisation")
PEOPLE = ("coach", "referrer", "on_behalf_of")
WITH = ("client", *ORGANISATIONS, *PEOPLE, "closing_reason")
# What the pages of a referral show. Each column more has its cost.
SHOWN = (
    *(each.name for each in Referral._meta.concrete_fields),
    *(f"client__{each.name}" for each in Client._meta.concrete_fields),
    *(f"{organisation}__{name}" for organisation in ORGANISATIONS for name in ("name", "phone")),
    *(f"{who}__{name}" for who in PEOPLE for name in Membership.SHOWN),
    "closing_reason__label",
)
CELLS = ("target_cell", "second_cell", "third_cell")


def _get(request: MemberRequest, reference: uuid.UUID) -> Referral:
    """The referral with whoever belongs to it, in one query."""
    found = Referral.objects.select_related(*WITH).only(*SHOWN).annotate(coach_photo=F("coach__photo__reference"))
    return get_visible(found, request, reference)


def _add_cells(shown: Referral) -> None:
    """What plays, in a query of its own: joined to the people, planning that query takes longer than both."""
    ids = {pk for name in CELLS if (pk := getattr(shown, f"{name}_id"))}
    cells = TargetCell.objects.select_related("problem", "target_group").in_bulk(ids)
    for name in CELLS:
        setattr(shown, name, cells.get(getattr(shown, f"{name}_id")))


@allow(Permission.REFER)
def referral(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    shown = _get(request, reference)
    _add_cells(shown)
    log("read", shown, by=request.membership, referral=shown)
    mark_read(request.membership, subject_ref=shown.reference)
    level = shown.client.feedback_level
    events = Event.objects.filter(subject_ref=shown.reference).order_by("-at", "-id")
    thread, may_write = _thread(shown), services.may_exchange(shown)
    context = {
        "referral": shown,
        "client": shown.client,
        "status": status_for_practice(shown),
        "moments": moments(events, level, shown.first_talk_at),
        "feedback": _feedback(shown),
        "thread": thread,
        "waiting": next((each for each in thread if each["answer_url"] and may_write), None),
        "consents": list(Consent.objects.filter(referral=shown).order_by("id")),
        "phone": show_phone(shown.client.phone),
        "may_write": may_write,
        "may_withdraw": shown.may_become("withdrawn"),
        "may_mark_error": shown.may_become("entered_in_error"),
        "may_send_again": _may_send_again(shown),
        "consent_stands": _consent_stands(shown),
    }
    return render(request, "referrals/referral.html", context)


def _may_send_again(shown: Referral) -> bool:
    return shown.status == "declined" and shown.consent_withdrawn_at is None


def _consent_stands(shown: Referral) -> bool:
    return shown.consent_withdrawn_at is None and shown.status not in ("entered_in_error", "withdrawn")


def _feedback(shown: Referral) -> list[dict]:
    """What the coach wrote; the text of what nobody has read waits behind a button."""
    found = with_names(Feedback.objects.filter(referral=shown).order_by("-id"), "sent_by", "read_by")
    return [
        {
            "feedback": each,
            "when": moment(each.sent_at),
            "read_url": reverse("feedback_read", args=[shown.reference, each.reference]),
            "is_unread": each.read_at is None,
        }
        for each in found
    ]


def _thread(shown: Referral) -> list[dict]:
    """Questions with their answers, and supplements, oldest first."""
    found = services.thread_of_practice(shown)
    there = {each.pk for each in found}
    answers = {each.answers_id: each for each in found if each.answers_id}
    return [
        {
            "message": each,
            "when": moment(each.created_at),
            "answer": answers.get(each.pk),
            "answered_when": moment(answers[each.pk].created_at) if each.pk in answers else "",
            "answer_url": reverse("question_answer", args=[shown.reference, each.reference])
            if each.kind == Message.Kind.QUESTION and each.side == Message.Side.WELFARE and each.pk not in answers
            else "",
        }
        for each in found
        if each.answers_id not in there
    ]


# Sent: what to take along


@allow(Permission.REFER)
def referral_sent(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    shown = _get(request, reference)
    log("read", shown, by=request.membership, referral=shown)
    consent = Consent.objects.filter(referral=shown, kind=Consent.Kind.SHARE).order_by("-id").first()
    context = {
        "referral": shown,
        "line": _line_of(shown),
        "his_line": his_line(shown, consent),
        "short_line": _("Zie verwijzing %(number)s.") % {"number": shown.number},
    }
    return render(request, "referrals/sent.html", context)


def his_line(shown: Referral, consent: Consent | None) -> str:
    """The line for the HIS. Z68 stands in it by itself."""
    how = {
        Consent.How.SPOKEN: _("mondeling"),
        Consent.How.PHONE: _("telefonisch"),
        Consent.How.PAPER: _("op papier"),
        Consent.How.INTERPRETER: _("via een tolk"),
    }.get(Consent.How(consent.how) if consent else Consent.How.SPOKEN, "")
    return _("Z68 Welzijn op Recept: verwezen naar %(name)s op %(day)s, toestemming %(how)s. Nr. %(number)s.") % {
        "name": shown.welfare_organisation.name,
        "day": date_format(timezone.localdate(shown.sent_at), "d-m-Y"),
        "how": how,
        "number": shown.number,
    }


def _line_of(shown: Referral) -> CapacityLine | None:
    lines = lines_for(shown.practice)
    return next((each for each in lines if each.organisation_id == shown.welfare_organisation_id), None)


@allow(Permission.REFER)
def referral_z68(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    return _tick(request, reference, services.note_z68, "noted", _("Z68 staat in het HIS"))


@allow(Permission.REFER)
def referral_warm(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    return _tick(request, reference, services.note_warm, "warm", _("De coach was erbij (warme overdracht)"))


def _tick(request: MemberRequest, reference: uuid.UUID, service, name: str, title: str) -> HttpResponse:
    shown = _get(request, reference)
    form = bound(request, TickForm)
    if form.is_bound and form.is_valid():
        service(shown, **{name: form.cleaned_data["ticked"]}, by=request.membership)
        messages.success(request, _("Genoteerd."))
        return redirect("referral_sent", shown.reference)
    return page(request, "referrals/tick.html", {"referral": shown, "title": title}, form=form)


@allow(Permission.REFER)
def referral_leaflet(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """The leaflet to print. Each one carries a link of its own, so making it is a POST."""
    shown = _get(request, reference)
    if request.method != "POST":
        return render(request, "referrals/leaflet_ask.html", {"referral": shown})
    token = services.print_leaflet(shown, by=request.membership)
    address = settings.SITE_URL + reverse("client_page", args=[request.region.slug, token])
    line, coach = _line_of(shown), shown.coach
    shown_photo = shown.coach_photo if coach else getattr(line, "photo_reference", None)  # type: ignore[attr-defined]
    context = {
        "referral": shown,
        "line": line,
        "coach": coach,
        "photo_reference": shown_photo,
        "address": address,
        "qr": segno.make(address, error="m").png_data_uri(scale=6, border=2),
        "phone": show_phone(shown.welfare_organisation.phone),
    }
    return render(request, "referrals/leaflet.html", context)


# Reading and writing


@allow(Permission.REFER)
def feedback_read(request: MemberRequest, reference: uuid.UUID, feedback: uuid.UUID) -> HttpResponse:
    """Opening is reading: a POST, because it clears the terugkoppeling for the whole practice."""
    shown = _get(request, reference)
    found = Feedback.objects.filter(referral=shown, reference=feedback).first()
    if found is None or shown.consent_withdrawn_at is not None:
        raise Http404
    found.referral = shown
    if request.method == "POST":
        services.read_feedback(found, by=request.membership)
    context = {"referral": shown, "feedback": found, "when": moment(found.sent_at), "is_open": request.method == "POST"}
    context["clears"] = found.clears_when_read_by(request.membership)
    return render(request, "referrals/feedback.html", context)


@allow(Permission.REFER)
def referral_ask(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    if _only_looks(request) and not services.may_exchange(_get(request, reference)):
        messages.info(request, _("Deze verwijzing is gesloten. U kunt er niet meer over schrijven."))
        return redirect("referral", reference)
    return _write(request, reference, services.ask, _("Vraag stellen aan de coach"), _("Vraag versturen"))


@allow(Permission.REFER)
def referral_supplement(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    if _only_looks(request) and not _get(request, reference).is_open:
        messages.info(request, _("Deze verwijzing is afgesloten. Aanvullen kan niet meer."))
        return redirect("referral", reference)
    return _write(request, reference, services.supplement, _("Verwijzing aanvullen"), _("Aanvulling versturen"))


def _only_looks(request: MemberRequest) -> bool:
    """Nothing was typed yet: who comes too late hears so on the page of the referral, not after writing."""
    return request.method != "POST" and not request.restored


def _write(
    request: MemberRequest, reference: uuid.UUID, service, title: str, button: str, question=None
) -> HttpResponse:
    shown = _get(request, reference)
    help_text = _("De coach leest dit op werkdagen. Geen diagnose, medicatie of BSN.")
    form = bound(request, MessageForm, help_text=help_text)
    if form.is_bound and form.is_valid():
        service(question or shown, **form.values(), by=request.membership)
        messages.success(request, _("Verstuurd. De coach ziet het bij deze verwijzing."))
        return redirect("referral", shown.reference)
    context = {"referral": shown, "title": title, "button": button, "question": question}
    return page(request, "referrals/write.html", context, form=form)


@allow(Permission.REFER)
def question_answer(request: MemberRequest, reference: uuid.UUID, question: uuid.UUID) -> HttpResponse:
    shown = _get(request, reference)
    asked = Message.objects.filter(referral=shown, reference=question, side=Message.Side.WELFARE).first()
    if asked is None:
        raise Http404
    asked.referral = shown
    if _only_looks(request) and Message.objects.filter(answers=asked).exists():
        messages.info(request, _("Deze vraag is al beantwoord."))
        return redirect("referral", reference)
    return _write(request, reference, services.answer, _("Vraag beantwoorden"), _("Antwoord versturen"), asked)


# Ending


def _too_late(request: MemberRequest, shown: Referral) -> HttpResponse:
    messages.info(request, _("Dit is al gebeurd, of het kan bij deze verwijzing niet meer."))
    return redirect("referral", shown.reference)


@allow(Permission.REFER)
def referral_withdraw(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    shown = _get(request, reference)
    if _only_looks(request) and not shown.may_become("withdrawn"):
        return _too_late(request, shown)
    form = bound(request, WithdrawForm, reasons=services.withdrawal_reasons())
    if form.is_bound and form.is_valid():
        services.withdraw(shown, **form.values(), by=request.membership)
        messages.success(request, _("Verwijzing ingetrokken. De coach is op de hoogte."))
        return redirect("referral", shown.reference)
    return page(request, "referrals/withdraw.html", {"referral": shown}, form=form)


@allow(Permission.REFER)
def referral_error(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    shown = _get(request, reference)
    if _only_looks(request) and not shown.may_become("entered_in_error"):
        return _too_late(request, shown)
    form = bound(request, ErrorForm)
    if form.is_bound and form.is_valid():
        services.entered_in_error(shown, by=request.membership)
        messages.warning(
            request,
            _("Als vergissing aangemerkt; de coach kan de inhoud niet meer lezen. Mogelijk datalek: meld bij uw FG."),
        )
        return redirect("referral", shown.reference)
    return page(request, "referrals/error.html", {"referral": shown}, form=form)


@allow(Permission.REFER)
def referral_consent(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    shown = _get(request, reference)
    if _only_looks(request) and not _consent_stands(shown):
        return _too_late(request, shown)
    form = bound(request, ErrorForm)
    if form.is_bound and form.is_valid():
        services.withdraw_consent(shown, said_to=Consent.WithdrawnBy.PATIENT, by=request.membership)
        messages.success(request, _("Gestopt op verzoek. De coach neemt geen contact meer op."))
        return redirect("referral", shown.reference)
    return page(request, "referrals/consent.html", {"referral": shown}, form=form)


@allow(Permission.REFER)
def referral_deceased(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """The patient died: everything stops, from every status."""
    shown = _get(request, reference)
    if _only_looks(request) and shown.client.deceased_at is not None:
        return _too_late(request, shown)
    form = bound(request, ErrorForm)
    if form.is_bound and form.is_valid():
        services.deceased(shown.client, by=request.membership)
        messages.success(
            request, _("We hebben alle berichten gestopt. De verwijzer en de coach zien dit in de tijdlijn.")
        )
        return redirect("referral", shown.reference)
    return page(request, "referrals/deceased.html", {"referral": shown}, form=form)


@allow(Permission.REFER)
def referral_again(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    shown = _get(request, reference)
    if _only_looks(request) and not _may_send_again(shown):
        return _too_late(request, shown)
    form = bound(request, AgainForm)
    if form.is_bound and form.is_valid():
        services.send_again(shown, **form.values(), by=request.membership)
        messages.success(request, _("Opnieuw verstuurd."))
        return redirect("referral_sent", shown.reference)
    return page(request, "referrals/again.html", {"referral": shown}, form=form)
