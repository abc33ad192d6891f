"""Berichten: what is new for somebody, newest first. The truth; an e-mail only says that it is there."""

import datetime as dt
import uuid

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
from wor.pages import page, parse_reference

PER_PAGE = 25
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# Where a notice leads, by who reads it. Most notices are about a referral.
CASE_PAGE: dict[str, str] = {Role.REFERRER: "referral", Role.COACH: "case", Role.COORDINATOR: "case"}

K = Notice.Kind
# One sentence and an icon a kind: what happened, never about whom.
WORDS: dict[str, tuple[str | Promise, str]] = {
    K.NEW_REFERRAL: (_l("Er is een nieuwe verwijzing"), "inbox"),
    K.ASSIGNED: (_l("Er is een verwijzing voor jou"), "user-round"),
    K.FEEDBACK: (_l("Er is een terugkoppeling"), "message-circle"),
    K.QUESTION: (_l("Er is een vraag over een verwijzing"), "circle-help"),
    K.ANSWER: (_l("Er is een antwoord op je vraag"), "message-circle"),
    K.DECLINED: (_l("Een verwijzing past niet bij Welzijn op Recept"), "undo-2"),
    K.WITHDRAWN: (_l("Een verwijzing is ingetrokken"), "circle-x"),
    K.SUPPLEMENTED: (_l("Een verwijzing is aangevuld"), "plus"),
    K.STOPPED: (_l("Toestemming is ingetrokken: neem geen contact meer op"), "octagon-alert"),
    K.DECEASED: (_l("Er is een overlijden doorgegeven"), "info"),
    K.HANDED_OVER: (_l("Een collega neemt een cliënt van je over"), "users-round"),
    K.COACH_ABSENT: (_l("Een collega is afwezig"), "calendar-days"),
    K.CAPACITY_OPEN: (_l("Er is weer plek"), "sprout"),
    K.NEW_COLLEAGUE: (_l("Een nieuwe collega kan bij de dossiers. Ken je die niet? Meld het meteen"), "user-round"),
    K.FAILED: (_l("Een e-mail is niet aangekomen"), "triangle-alert"),
    K.ACTIVITY_REPORTED: (_l("Er is een melding dat iets op de sociale kaart niet klopt"), "flag"),
    K.ACTIVITY_PROPOSED: (_l("Er is een voorstel voor de sociale kaart"), "lightbulb"),
    K.PROVIDER_ANSWERED: (_l("Een aanbieder heeft iets gewijzigd op de sociale kaart"), "inbox"),
    K.FILE_CHECKED: (_l("Een bestand voor de sociale kaart is nagekeken: bekijk wat eruit kwam"), "file-text"),
    K.FILE_APPLIED: (_l("Een bestand voor de sociale kaart is verwerkt"), "file-text"),
    K.UNANSWERED: (_l("Een verwijzing wacht op je antwoord"), "clock"),
    K.FIRST_CONTACT_DUE: (_l("Een cliënt wacht op het eerste contact"), "clock"),
    K.FEEDBACK_DUE: (_l("De verwijzer wacht op je eerste terugkoppeling"), "clock"),
    K.COACH_DUE: (_l("Een cliënt heeft nog geen coach"), "clock"),
    K.STILL_WANTED: (_l("Een cliënt op de wachtlijst: vraag of het nog gewenst is"), "clock"),
    K.PAUSE_OVER: (_l("Een pauze is voorbij: kijk opnieuw"), "clock"),
    K.FOLLOW_UP_DUE: (_l("Vraag een cliënt hoe het gaat"), "clock"),
    K.QUESTION_WAITS: (_l("Een vraag wacht op antwoord"), "clock"),
    K.DRAFT_WAITS: (_l("Uw concept wacht. Verstuur het op tijd, anders wissen we het"), "clock"),
    K.CONFIRM_BY_PHONE: (_l("Een aanbieder heeft geen e-mailadres: bel om te vragen of alles nog klopt"), "phone"),
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
    (K.CAPACITY_OPEN, Role.REFERRER): ("refer", False),
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


def _line(membership: Membership, kind: str, subject_ref: uuid.UUID, read_at, created_at) -> dict:
    title, icon_name = WORDS.get(kind, (Notice.Kind(kind).label, "bell"))
    if kind == Notice.Kind.FAILED:
        url = reverse("deliveries") if membership.role == Role.REGION_ADMIN else ""
    elif (kind, membership.role) in OTHER_PAGE:
        name, asks_subject = OTHER_PAGE[kind, membership.role]
        url = reverse(name, args=[subject_ref] if asks_subject else [])
    else:
        url = reverse(CASE_PAGE[membership.role], args=[subject_ref]) if membership.role in CASE_PAGE else ""
    when = timezone.localtime(created_at)
    return {
        "title": title if membership.role != Role.REFERRER else WORDS_FOR_PRACTICE.get(kind, title),
        "icon_name": icon_name,
        "url": url,
        "when": formats.date_format(when, "l j F, H.i"),
        "when_iso": when.isoformat(),
        "new": read_at is None,
    }


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
