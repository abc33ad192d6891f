"""Berichten: what is new for somebody, newest first. The truth; an e-mail only says that it is there."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from wor.accounts.context import other_memberships
from wor.accounts.models import Membership, Role
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.outbox import services
from wor.outbox.models import Notice
from wor.pages import address, page, parse_reference
from wor.rows import row

PER_PAGE = 25
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# Where a notice leads, by who reads it. Most notices are about a referral.
CASE_PAGE: dict[str, str] = {Role.REFERRER: "referral", Role.COACH: "case", Role.COORDINATOR: "case"}

K = Notice.Kind
# One sentence a kind: what happened, never about whom.
WORDS: dict[str, str | Promise] = {
    K.NEW_REFERRAL: _l("Er is een nieuwe verwijzing"),
    K.ASSIGNED: _l("Er is een verwijzing voor jou"),
    K.FEEDBACK: _l("Er is een terugkoppeling"),
    K.QUESTION: _l("Er is een vraag over een verwijzing"),
    K.ANSWER: _l("Er is een antwoord op je vraag"),
    K.DECLINED: _l("Een verwijzing past niet bij Welzijn op Recept"),
    K.WITHDRAWN: _l("Een verwijzing is ingetrokken"),
    K.SUPPLEMENTED: _l("Een verwijzing is aangevuld"),
    K.STOPPED: _l("Toestemming is ingetrokken: neem geen contact meer op"),
    K.DECEASED: _l("Er is een overlijden doorgegeven"),
    K.HANDED_OVER: _l("Een collega neemt een cliënt van je over"),
    K.COACH_ABSENT: _l("Een collega is afwezig"),
    K.CAPACITY_OPEN: _l("Er is weer plek"),
    K.NEW_COLLEAGUE: _l("Een nieuwe collega kan bij de dossiers. Ken je die niet? Meld het meteen"),
    K.FAILED: _l("Een e-mail is niet aangekomen"),
    K.ACTIVITY_REPORTED: _l("Er is een melding dat iets op de sociale kaart niet klopt"),
    K.ACTIVITY_PROPOSED: _l("Er is een voorstel voor de sociale kaart"),
    K.PROVIDER_ANSWERED: _l("Een aanbieder heeft iets gewijzigd op de sociale kaart"),
    K.FILE_CHECKED: _l("Een bestand voor de sociale kaart is nagekeken: bekijk wat eruit kwam"),
    K.FILE_APPLIED: _l("Een bestand voor de sociale kaart is verwerkt"),
    K.UNANSWERED: _l("Een verwijzing wacht op je antwoord"),
    K.FIRST_CONTACT_DUE: _l("Een cliënt wacht op het eerste contact"),
    K.FEEDBACK_DUE: _l("De verwijzer wacht op je eerste terugkoppeling"),
    K.COACH_DUE: _l("Een cliënt heeft nog geen coach"),
    K.STILL_WANTED: _l("Een cliënt op de wachtlijst: vraag of het nog gewenst is"),
    K.PAUSE_OVER: _l("Een pauze is voorbij: kijk opnieuw"),
    K.FOLLOW_UP_DUE: _l("Vraag een cliënt hoe het gaat"),
    K.QUESTION_WAITS: _l("Een vraag wacht op antwoord"),
    K.DRAFT_WAITS: _l("Uw concept wacht. Verstuur het op tijd, anders wissen we het"),
    K.CONFIRM_BY_PHONE: _l("Een aanbieder heeft geen e-mailadres: bel om te vragen of alles nog klopt"),
}
# Where the practice is told the same in other words.
WORDS_FOR_PRACTICE: dict[str, str | Promise] = {
    K.ANSWER: _l("Er is een antwoord op uw vraag"),
    K.QUESTION: _l("De coach heeft een vraag aan u"),
    K.FEEDBACK: _l("Er is een terugkoppeling voor u"),
    K.STOPPED: _l("Een begeleiding is gestopt op verzoek"),
    K.COACH_ABSENT: _l("Uw welzijnscoach is afwezig. Op de verwijspagina staat wie waarneemt"),
    K.CAPACITY_OPEN: _l("Er is weer plek. Uw concept staat klaar"),
    K.NEW_COLLEAGUE: _l("Een nieuwe collega kan bij de dossiers. Kent u die niet? Meld het meteen"),
    K.UNANSWERED: _l("Uw verwijzing is nog niet aangenomen. De coördinator weet het"),
    K.QUESTION_WAITS: _l("Een vraag van de coach wacht op uw antwoord"),
}
# Who is told the same in other words: an administrator reads "u" too.
WORDS_FOR: dict[str, dict[str, str | Promise]] = {
    Role.REFERRER: WORDS_FOR_PRACTICE,
    Role.REGION_ADMIN: {K.NEW_COLLEAGUE: WORDS_FOR_PRACTICE[K.NEW_COLLEAGUE]},
}
# Where what waits on the sociale kaart leads, and whether that page asks for the subject.
MODERATOR_PAGE: dict[str, tuple[str, bool]] = {
    K.ACTIVITY_REPORTED: ("handle_report", True),
    K.ACTIVITY_PROPOSED: ("keep_activity", True),
    K.PROVIDER_ANSWERED: ("provider_answers", False),
    K.FILE_CHECKED: ("import_file", True),
    K.FILE_APPLIED: ("import_file", True),
}
# Notices that are not about a referral: the page they lead to, and whether it asks for the subject.
OTHER_PAGE: dict[tuple[str, str], tuple[str, bool]] = {
    (K.COACH_ABSENT, Role.REFERRER): ("refer", False),
    (K.COACH_ABSENT, Role.COACH): ("worklist", False),
    (K.COACH_ABSENT, Role.COORDINATOR): ("absence", True),
    (K.CAPACITY_OPEN, Role.REFERRER): ("draft", True),
    (K.DRAFT_WAITS, Role.REFERRER): ("draft", True),
    (K.CONFIRM_BY_PHONE, Role.REGION_ADMIN): ("provider", True),
    **{(K.NEW_COLLEAGUE, role): ("help", False) for role in (Role.REFERRER, Role.COACH, Role.COORDINATOR)},
    (K.NEW_COLLEAGUE, Role.REGION_ADMIN): ("person", True),
    **{(kind, Role.COORDINATOR): place for kind, place in MODERATOR_PAGE.items()},
    **{(kind, Role.REGION_ADMIN): place for kind, place in MODERATOR_PAGE.items()},
}


@allow(Permission.INBOX)
@require_safe
def notices(request: MemberRequest) -> HttpResponse:
    """My notices, newest first, paged by key: the address names the last one seen."""
    mine = Notice.objects.filter(membership=request.membership).order_by("-id")
    last_seen = parse_reference(request.GET.get("na"))
    rows = mine
    if last_seen is not None:
        rows = mine.filter(id__lt=mine.filter(reference=last_seen).values("id")[:1])
    found = list(rows.values_list("reference", "kind", "subject_ref", "read_at", "created_at")[: PER_PAGE + 1])
    shown = [_line(request.membership, *each[1:]) for each in found[:PER_PAGE]]
    return render(
        request,
        "inbox/notices.html",
        {
            "lines": shown,
            "some_unread": any(each["new"] for each in shown),
            "older_url": f"?na={found[PER_PAGE - 1][0]}" if len(found) > PER_PAGE else "",
            "newest_url": reverse("notices") if last_seen is not None else "",
            # The day's one mail about what waits leads here for all roles. The header shows the same list.
            "memberships": (others := other_memberships(request.membership, count_new=True)),
            "elsewhere": [each for each in others if each.new],
        },
    )


def _line(membership: Membership, kind: str, subject_ref: uuid.UUID, read_at, created_at) -> dict[str, Any]:
    title = WORDS.get(kind) or Notice.Kind(kind).label
    if kind == Notice.Kind.FAILED:
        url = reverse("deliveries") if membership.role == Role.REGION_ADMIN else ""
    elif (kind, membership.role) in OTHER_PAGE:
        name, asks_subject = OTHER_PAGE[kind, membership.role]
        url = address(name, subject_ref) if asks_subject else address(name)
    else:
        url = address(CASE_PAGE[membership.role], subject_ref) if membership.role in CASE_PAGE else ""
    title = WORDS_FOR.get(membership.role, {}).get(kind, title)
    when = formats.date_format(timezone.localtime(created_at), "l j F, H.i")
    return row(title, url=url, when=when, new=read_at is None)


@allow(Permission.INBOX)
def read_all(request: MemberRequest) -> HttpResponse:
    """Mark everything read; can be taken back."""
    if request.method != "POST":
        return page(request, "inbox/read_all.html")
    now = timezone.now()
    count = services.mark_all_read(request.membership, at=now)
    if count:
        text = ngettext("%(count)d bericht staat op gelezen.", "%(count)d berichten staan op gelezen.", count)
        undo = reverse("notices_unread_again", args=[(now - EPOCH) // dt.timedelta(microseconds=1)])
        messages.success(request, text % {"count": count}, extra_tags=f"undo={undo}")
    return redirect("notices")


@allow(Permission.INBOX)
def unread_again(request: MemberRequest, stamp: int) -> HttpResponse:
    """Take back "alles gelezen": what was marked at that moment is new again."""
    if request.method == "POST":
        services.mark_unread(request.membership, read_at=_moment(stamp))
        messages.info(request, _("De berichten staan weer op nieuw."))
    return redirect("notices")


def _moment(stamp: int) -> dt.datetime:
    """Microseconds since 1970, as ``read_all`` put them in the address."""
    try:
        return EPOCH + dt.timedelta(microseconds=stamp)
    except OverflowError as error:
        raise Http404 from error
