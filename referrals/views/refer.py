"""The screen on which somebody refers, and the small questions it asks while it is filled in."""

import uuid

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import TargetCell
from referrals import services
from referrals.capacity import CapacityLine, lines_for
from referrals.data import icpc
from referrals.fields import read_date, read_postcode
from referrals.forms.refer import ReferralForm, find_known, raw_text, sign_begun
from referrals.his import read_line
from referrals.models import Client, Referral, ReferralDraft
from referrals.services import Screen
from referrals.timeline import status_for_practice
from wor.accounts.models import Function, Membership
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.audit.services import log
from wor.errors import DomainError, StaleError
from wor.forms import CleanData, bound
from wor.outbox.services import mark_read
from wor.pages import get_visible

# The consent on the screen named no organisation: it fits none.
NO_ORGANISATION = uuid.UUID(int=0)
# Behind a fold; it opens when something in it has to be mended.
FOLDS = {
    "reach": (
        *("reach_via", "contact_name", "contact_relation", "contact_phone", "email", "best_time", "language"),
        *("care_note", "may_voicemail", "may_text", "may_email", "may_post"),
    ),
    "more": ("discussed", "second_cell", "third_cell", "target_group", "comes_with", "sex", "feedback_level"),
    "own": ("reason_code", "his_number"),
    "consent": ("given_by_kind", "given_by_name", "given_by_relation", "given_by_phone", "interpreter_service"),
}
# A draft begins with something of one's own, not with what the form filled in.
TYPED = ("given_name", "family_name", "birth_date", "phone", "postcode", "target_cell", "help_request", "discussed")


@allow(Permission.REFER)
def refer(request: MemberRequest) -> HttpResponse:
    form = bound(request, ReferralForm, initial=_first_values(request), **_choices(request))
    if not form.is_bound:
        return show(request, form)
    if not form.is_valid():
        # Sent a second time, the patient of the first time would be found as a known one.
        earlier = Referral.objects.visible_to(request.membership).filter(key=_key(request)).first()
        return redirect("referral_sent", earlier.reference) if earlier else show(request, form, status=422)
    try:
        referral = _send(form, _screen(request, "seen"), request.membership)
    except StaleError as refusal:
        return _show_both(request, form, refusal)
    except DomainError as refusal:
        form.add_error(None, refusal.sentence)
        return show(request, form, status=refusal.status)
    return redirect("referral_sent", referral.reference)


def _send(form: ReferralForm, screen: Screen, by: Membership) -> Referral:
    return services.send(
        form.cleaned_data["key"],
        person=form.person(),
        known=form.known_client,
        cells=form.chosen_cells(),
        target_group=form.chosen_group(),
        consent=form.consent_fields(),
        consent_for=form.cleaned_data.get("consent_for") or NO_ORGANISATION,
        begun_open=form.begun_open,
        screen=screen,
        bsn_overruled=form.overruled(),
        **form.content(),
        by=by,
    )


def _choices(request: MemberRequest) -> dict:
    """What the form may offer. GPs to choose from only for who refers in another's name."""
    by = request.membership
    senders = services.possible_senders(by.organisation) if by.function != Function.GP else []
    return {"by": by, "cells": list(TargetCell.objects.in_use()), "senders": senders}


def _first_values(request: MemberRequest) -> dict:
    """Filled in to correct: in whose name an assistant referred last."""
    by = request.membership
    if request.method != "GET" or by.function != Function.ASSISTANT:
        return {}
    last = Referral.objects.visible_to(by).filter(referrer=by, on_behalf_of__isnull=False).order_by("-id")
    sender = last.values_list("on_behalf_of__reference", flat=True).first()
    return {"on_behalf_of": str(sender)} if sender else {}


def show(request: MemberRequest, form: ReferralForm, *, status: int = 200, known=None, **context) -> HttpResponse:
    """The whole screen, with the capacity line of the organisation that serves the postcode."""
    lines, line, unknown = capacity(request.membership, str(form["postcode"].value() or ""))
    if not form.is_bound:
        form.initial.setdefault("sheet", uuid.uuid4())
    if not form.is_bound and not form.initial.get("begun"):
        key = form.initial.setdefault("key", uuid.uuid4())
        form.initial["begun"] = sign_begun(key, line is not None and not line.is_closed)
    form.name_organisation(line.organisation if line else "", line.organisation_reference if line else None)
    people = form.possibly_known if known is None else known
    context |= {
        "line": line,
        "lines": lines,
        "unknown_postcode": unknown,
        "codes": icpc.CODES,
        "known": describe(people, request.membership),
        "chosen_known": form["known"].value() or "",
    }
    context |= {f"{fold}_open": any(name in form.errors for name in names) for fold, names in FOLDS.items()}
    return render(request, "referrals/refer.html", {**context, "form": form}, status=status)


def _show_both(request: MemberRequest, form: ReferralForm, refusal: StaleError) -> HttpResponse:
    """Both texts are kept: the other screen's in the draft, this one here, ready to be sent after all.

    Only sending goes over the other text once it was seen; keeping this one puts it beside.
    """
    draft = ReferralDraft.objects.visible_to(request.membership).filter(key=form.cleaned_data["key"]).first()
    form.add_error(None, refusal.sentence)
    if draft is not None:
        form.replace(seen=str(draft.version))
    return show(request, form, status=409, other_draft=draft)


def capacity(by: Membership, postcode: str) -> tuple[list[CapacityLine], CapacityLine | None, bool]:
    """The practice's lines, the one of the organisation that serves this postcode, and is the postcode unknown here?"""
    lines, read = lines_for(by.organisation), read_postcode(postcode) or ""
    area = services.destination(by.organisation, read)
    line = next((each for each in lines if area.welfare and each.organisation_id == area.welfare.pk), None)
    return lines, line, bool(read) and not area.is_known


@allow(Permission.REFER)
def refer_capacity(request: MemberRequest) -> HttpResponse:
    """The line and the consent text for the postcode just typed; nothing when they stay the same."""
    if request.method != "POST":
        return refer(request)
    if not request.htmx:
        return _with_typed(request)
    lines, line, unknown = capacity(request.membership, request.POST.get("postcode", ""))
    switched = request.POST.get("consent_for", "") != (str(line.organisation_reference) if line else "")
    if not switched and unknown == bool(request.POST.get("unknown_postcode")):
        return HttpResponse(status=204)
    form = _typed_form(request, drop=("consent",) if switched else ())
    form.name_organisation(line.organisation if line else "", line.organisation_reference if line else None)
    context = {"line": line, "lines": lines, "form": form, "switched": switched, "unknown_postcode": unknown}
    return render(request, "referrals/parts/capacity_switch.html", context)


@allow(Permission.REFER)
def refer_known(request: MemberRequest) -> HttpResponse:
    """Is somebody with this name and birth date known to the practice?"""
    if request.method != "POST":
        return refer(request)
    if not request.htmx:
        return _with_typed(request)
    people = _known(request)
    context = {"known": describe(people, request.membership), "chosen_known": request.POST.get("known", "")}
    return render(request, "referrals/parts/known.html", context)


@allow(Permission.REFER)
def refer_fill(request: MemberRequest) -> HttpResponse:
    """Without a script: read the pasted line on the server and fill in what it holds."""
    if request.method != "POST":
        return refer(request)
    found = read_line(CleanData(request.POST).get("his_line") or "")
    return _with_typed(request, found, filled=bool(found), nothing_found=not found)


def _typed_form(request: MemberRequest, found: dict | None = None, drop: tuple = ()) -> ReferralForm:
    """The form as it stands on the screen, not judged yet."""
    data = CleanData(request.POST)
    typed = {name: data.get(name) for name in ReferralForm.base_fields if data.get(name) and name not in drop}
    key = _key(request)
    return ReferralForm(initial={**typed, "key": key, **(found or {})}, **_choices(request))


def _with_typed(request: MemberRequest, found: dict | None = None, **context) -> HttpResponse:
    form = _typed_form(request, found)
    people = _known(request, found)
    return show(request, form, known=people, **context)


def _known(request: MemberRequest, found: dict | None = None) -> list[Client]:
    data, found = CleanData(request.POST), found or {}
    birth_date = read_date(found.get("birth_date") or data.get("birth_date") or "")
    people = find_known(request.membership, found.get("family_name") or data.get("family_name") or "", birth_date)
    log(
        "search",
        by=request.membership,
        clients=[each.reference for each in people],
        object_type="client",
        filter_codes="name,birth_date",
    )
    return people


def describe(people: list[Client], by: Membership) -> list[dict]:
    """Enough to recognise somebody, and when they were last referred."""
    if not people:
        return []
    last: dict[int, Referral] = {}
    for referral in Referral.objects.visible_to(by).filter(client__in=people).order_by("-sent_at", "-id"):
        last.setdefault(referral.client_id, referral)
    rows = []
    for person in people:
        latest = last.get(person.pk)
        if latest is not None:
            latest.client = person
        rows.append({"person": person, "last": latest, "status": latest and status_for_practice(latest)})
    return rows


# Drafts


@allow(Permission.REFER)
def draft(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """Go on where somebody stopped; it is sent from the ordinary address."""
    kept = get_visible(ReferralDraft.objects.filter(discarded_at__isnull=True), request, reference)
    log("read", kept, by=request.membership)
    mark_read(request.membership, subject_ref=kept.reference)
    initial = {**kept.payload, "key": kept.key, "version": kept.version}
    form = ReferralForm(initial=initial, **_choices(request))
    return show(request, form, draft=kept)


@allow(Permission.REFER)
def draft_save(request: MemberRequest) -> HttpResponse:
    """Keeps what is typed: answers the autosave in JSON, and the button *Concept bewaren* with the list."""
    if request.method != "POST":
        return refer(request)
    wants_json = request.headers.get("Accept") == "application/json"
    typed, screen, signal = raw_text(CleanData(request.POST)), _screen(request), bool(request.POST.get("signal"))
    if not any(typed.get(name) for name in TYPED):
        if wants_json:
            return JsonResponse({"version": screen.version, "refused": []})
        messages.info(request, _("Er was nog niets om te bewaren."))
        return redirect("refer")
    try:
        kept, refused = services.save_draft(
            _key(request), typed=typed, screen=screen, signal=signal or None, by=request.membership
        )
    except StaleError as refusal:
        if wants_json:
            return JsonResponse({"error": str(refusal.sentence)}, status=409)
        services.save_beside(typed=typed, by=request.membership)
        messages.warning(
            request,
            _("Ook op een ander scherm werd aan dit concept geschreven. We bewaarden beide versies, naast elkaar."),
        )
        return redirect("referrals")
    if wants_json:
        saved_at = f"{timezone.localtime(kept.changed_at):%H:%M}"
        return JsonResponse({"saved_at": saved_at, "version": kept.version, "refused": refused})
    if refused:
        messages.warning(request, _("Bewaard, behalve het veld waarin een burgerservicenummer (BSN) lijkt te staan."))
    elif signal:
        messages.success(request, _("Concept bewaard bij Mijn verwijzingen. Wij seinen u als het weer kan."))
    else:
        messages.success(request, _("Concept bewaard. Uw praktijk vindt het bij Mijn verwijzingen."))
    return redirect("referrals")


def _key(request: MemberRequest) -> uuid.UUID:
    return _uuid(request, "key") or uuid.uuid4()


def _screen(request: MemberRequest, seen: str = "") -> Screen:
    """What the hidden fields say of the screen; what is no number or mark counts as not said.

    ``seen`` names the field with a later version, which somebody saw and wants to go over.
    """

    def count(name: str) -> int:
        text = request.POST.get(name, "")
        return int(text) if text.isdecimal() and len(text) < 9 else 0

    return Screen(count(seen) or count("version"), _uuid(request, "sheet"), count("turn"))


def _uuid(request: MemberRequest, name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get(name, ""))
    except ValueError:
        return None


@allow(Permission.REFER)
def draft_delete(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    kept = get_visible(ReferralDraft, request, reference)
    if request.method != "POST":
        return render(request, "referrals/draft_delete.html", {"draft": kept})
    services.discard(kept, by=request.membership)
    undo = reverse("draft_restore", args=[kept.reference])
    messages.success(request, _("Concept gewist."), extra_tags=f"undo={undo}")
    return redirect("referrals")


@allow(Permission.REFER)
def draft_restore(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    kept = get_visible(ReferralDraft, request, reference)
    if request.method != "POST":
        return render(request, "referrals/draft_delete.html", {"draft": kept, "restore": True})
    services.put_back(kept, by=request.membership)
    messages.success(request, _("Het concept staat er weer."))
    return redirect("referrals")
