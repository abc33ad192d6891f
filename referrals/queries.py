"""The practice's list: one page from one table, the people beside it in queries of their own."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from referrals.models import Client, Feedback, Message, Referral, ReferralDraft, Status
from referrals.models.referral import BEFORE_FIRST_TALK
from referrals.services.exchange import may_exchange
from referrals.timeline import READS_AS_ONE, Shown, day, days_ago, status_for_practice
from wor.accounts.models import Membership
from wor.pages import address

PAGE = 25


@dataclass(frozen=True)
class Row:
    """One referral in the list, formatted once."""

    title: str
    url: str
    status: Shown
    meta: str
    waiting: str
    is_asked: bool


@dataclass(frozen=True)
class Unread:
    """A terugkoppeling that nobody whose reading counts has opened."""

    title: str
    meta: str
    read_url: str


@dataclass
class Page:
    rows: list[Row]
    next_cursor: str
    client_refs: list[uuid.UUID]


def filtered(by: Membership, *, status: str = "", whose: str = ""):
    """The practice's referrals, of which the visitor may narrow two things; nothing of the request goes further."""
    found = Referral.objects.visible_to(by)
    if status in Status.values:
        found = found.filter(_reads_as(Status(status), by))
    mine = Q(referrer=by.pk) | Q(on_behalf_of=by.pk)
    if whose == "own":
        return found.filter(mine)
    return found.exclude(mine) if whose == "colleague" else found


def _reads_as(status: Status, by: Membership) -> Q:
    """Referrals that are shown with this status: a filter may not tell what a label keeps to itself."""
    quiet = Client.objects.filter(practice=by.organisation_id, feedback_level=Client.FeedbackLevel.STATUS).values("pk")
    said, reads_as = Q(status=status) & ~Q(client__in=quiet), {status} - {Status.PAUSED}
    for shown, statuses in READS_AS_ONE.items():
        if status in statuses:
            reads_as = set(statuses) if status == shown else set()
    return said | (Q(status__in=reads_as) | Q(paused_from_status__in=reads_as)) & Q(client__in=quiet)


def page_of(found, cursor: str = "") -> Page:
    """25 rows after the cursor, newest news first. The cursor is a moment and a reference, no row number."""
    found = with_names(found).order_by("-last_news_at", "reference")
    if after := _read_cursor(cursor):
        at, reference = after
        found = found.filter(Q(last_news_at__lt=at) | Q(last_news_at=at, reference__gt=reference), last_news_at__lte=at)
    rows = list(found[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    shown = rows_of(rows)
    last = rows[-1] if more else None
    return Page(
        rows=shown,
        next_cursor=f"{_micros(last.last_news_at)}~{last.reference}" if last else "",
        client_refs=[each.client.reference for each in rows],
    )


# What a row shows of a referral and of whom it is about; a column more is a cost of every row.
SHOWN = (
    *("region", "reference", "client", "status", "sent_at", "last_news_at", "consent_withdrawn_at", "attempts"),
    *("expected_week", "planned_talk_at", "first_contact_at", "paused_until", "paused_from_status"),
)
OF_CLIENT = ("reference", "given_name", "prefix", "family_name", "feedback_level")


def with_names(found):
    """Add the names of coach and sender, and whether a question of the coach waits.

    Looked up for the rows of the page only, where a join would sort them all.
    """
    # By key, so without the usual order: with it the policy is asked before the index.
    name = Membership.objects.order_by().values("display_name")
    asked = Message.objects.filter(
        ~Exists(Message.objects.filter(answers=OuterRef("pk"))),
        referral=OuterRef("pk"),
        kind=Message.Kind.QUESTION,
        side=Message.Side.WELFARE,
    )
    return found.only(*SHOWN).annotate(
        is_asked=Exists(asked),
        coach_name=Subquery(name.filter(pk=OuterRef("coach_id"))[:1]),
        sender_name=Subquery(name.filter(pk=Coalesce(OuterRef("on_behalf_of_id"), OuterRef("referrer_id")))[:1]),
    )


def rows_of(referrals: list[Referral]) -> list[Row]:
    """Referrals ``with_names`` as rows of a list."""
    _add_clients(referrals)
    return [_row(each) for each in referrals]


def _micros(at: dt.datetime) -> int:
    return int(at.timestamp()) * 1_000_000 + at.microsecond


def _read_cursor(cursor: str) -> tuple[dt.datetime, uuid.UUID] | None:
    try:
        micros, _sign, reference = cursor.partition("~")
        at = dt.datetime.fromtimestamp(int(micros) // 1_000_000, dt.UTC).replace(microsecond=int(micros) % 1_000_000)
        return at, uuid.UUID(reference)
    except (ValueError, OverflowError, OSError):
        return None


def _add_clients(rows: list[Referral]) -> None:
    clients = Client.objects.only(*OF_CLIENT).in_bulk(
        {each.client_id for each in rows if not Referral.client.is_cached(each)}
    )
    for each in rows:
        if not Referral.client.is_cached(each):
            each.client = clients[each.client_id]


def _row(referral) -> Row:
    today = timezone.localdate()
    news = day(timezone.localdate(referral.last_news_at))
    parts = [_("nieuws %(day)s") % {"day": news}]
    if referral.coach_name:
        parts.insert(0, referral.coach_name)
    if referral.sender_name:
        parts.append(_("verwezen door %(name)s") % {"name": referral.sender_name})
    waiting = ""
    if referral.status in BEFORE_FIRST_TALK:
        days = (today - timezone.localdate(referral.sent_at)).days
        waiting = ngettext("wacht %(days)s dag", "wacht %(days)s dagen", days) % {"days": days} if days else ""
    return Row(
        title=referral.client.short_name,
        url=address("referral", referral.reference),
        status=status_for_practice(referral),
        meta=" · ".join(parts),
        waiting=waiting,
        is_asked=referral.is_asked and may_exchange(referral),
    )


def unread_feedback(by: Membership) -> tuple[list[Unread], list[uuid.UUID]]:
    """What the coaches wrote and nobody has read, oldest first, with the clients it is about."""
    found = list(
        Feedback.objects.unread_by_practice(by)
        .filter(referral__consent_withdrawn_at__isnull=True)
        .select_related("referral", "referral__client")
        .order_by("id")[:PAGE]
    )
    today = timezone.localdate()
    rows = [
        Unread(
            title=each.referral.client.short_name,
            meta=f"{each.get_moment_display()} · {days_ago((today - timezone.localdate(each.sent_at)).days)}",
            read_url=address("feedback_read", each.referral.reference, each.reference),
        )
        for each in found
    ]
    return rows, [each.referral.client.reference for each in found]


@dataclass(frozen=True)
class DraftRow:
    title: str
    url: str
    delete_url: str
    meta: str


def drafts_of(by: Membership) -> list[DraftRow]:
    """The practice's drafts, newest first."""
    now = timezone.now()
    rows = []
    for each in ReferralDraft.objects.visible_to(by).kept().select_related("written_by").order_by("-changed_at")[:PAGE]:
        name = " ".join(filter(None, (each.payload.get("given_name", ""), each.payload.get("family_name", ""))))
        left = by.region.setting("draft_days") - (now - each.changed_at).days
        writer = each.written_by.display_name if each.written_by else ""
        kept_on = timezone.localtime(each.changed_at)
        when = days_ago((timezone.localdate(now) - kept_on.date()).days)
        if kept_on.date() == timezone.localdate(now):
            # Of two versions of one draft the time tells which is which.
            when = _("%(day)s om %(time)s uur") % {"day": when, "time": f"{kept_on:%H.%M}"}
        parts = [writer, _("bewaard %(when)s") % {"when": when}]
        parts.append(
            ngettext("wordt over %(days)s dag gewist", "wordt over %(days)s dagen gewist", left) % {"days": left}
        )
        if each.signal_when_open:
            parts.append(_("wij seinen u als het weer kan"))
        rows.append(
            DraftRow(
                title=name or _("Nog zonder naam"),
                url=address("draft", each.reference),
                delete_url=address("draft_delete", each.reference),
                meta=" · ".join(filter(None, parts)),
            )
        )
    return rows
