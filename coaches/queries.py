"""What the coach's pages show. A page of the list is taken from one table; the people come along in one more query."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Subquery
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from referrals.capacity import guided_by, short_day
from referrals.models import Client, PracticeIntake, Referral, Status
from referrals.models.referral import BEFORE_FIRST_TALK, OPEN
from wor.accounts.models import Membership, Role
from wor.calendar import local_day, start_of, today
from wor.pages import address, parse_reference
from wor.rows import row
from wor.tenancy.models import Organisation

PAGE = 25
# Contact details leave lists and search so long after closing (schema.md 16).
NAME_DAYS = 30
TABS = {
    "te-doen": gettext_lazy("Te doen"),
    "nieuw": gettext_lazy("Nieuw"),
    "wacht-op-mij": gettext_lazy("Wacht op mij"),
    "wachtlijst": gettext_lazy("Wachtlijst"),
    "opvolging": gettext_lazy("Opvolging"),
    "afgesloten": gettext_lazy("Afgesloten"),
}


OPEN_TABS: dict[str, tuple[str, ...]] = {
    "nieuw": (Status.SENT,),
    "wacht-op-mij": (Status.ACCEPTED, Status.ACTIVE),
    "wachtlijst": (Status.WAITLISTED,),
    "opvolging": (Status.FOLLOW_UP, Status.PAUSED),
}


def in_tab(tab: str, now: dt.datetime) -> Q:
    """Which cases a tab holds. Each open case is in exactly one tab besides *te doen*."""
    if tab == "te-doen":
        tomorrow = start_of(local_day(now) + dt.timedelta(days=1))
        waits = Q(attention_at__lt=tomorrow) | Q(status=Status.SENT) | Q(question_at__isnull=False)
        return Q(status__in=OPEN) & waits
    return Q(closed_at__isnull=False) if tab == "afgesloten" else Q(status__in=OPEN_TABS[tab])


def worked_by(membership: Membership, *, coach: uuid.UUID | None = None, closed: bool = False):
    """The cases on somebody's list: a coach's own, those covered for a colleague, and new ones nobody took yet.

    A coordinator's is the organisation's, or one coach's. ``closed`` leaves out the new ones: with that OR, all that
    the organisation ever closed would be read.
    """
    cases = Referral.objects.visible_to(membership)
    if membership.role == Role.COORDINATOR:
        return cases.filter(coach__reference=coach) if coach else cases
    mine = Q(coach__any=guided_by(membership, today()))
    return cases.filter(mine if closed else mine | Q(coach__isnull=True, status=Status.SENT))


def counts(cases, now: dt.datetime) -> dict[str, int]:
    """How many each tab of open cases holds. One query over the open cases of one organisation or coach.

    Counted by status, because a condition for each tab takes longer to write out than to count.
    """
    begins, ends = start_of(local_day(now)), start_of(local_day(now) + dt.timedelta(days=1))
    found = cases.open().order_by().values_list("status")
    found = found.annotate(
        whole=Count("pk"),
        due=Count("pk", filter=Q(attention_at__lt=ends) | Q(question_at__isnull=False)),
        late=Count("pk", filter=Q(attention_at__lt=begins)),
    )
    by_status = {str(status): (whole, due, late) for status, whole, due, late in found}
    number = {str(status): by_status.get(status, (0, 0, 0)) for status in OPEN}
    whole = {tab: sum(number[status][0] for status in statuses) for tab, statuses in OPEN_TABS.items()}
    due = sum(number[status][1] for status in OPEN - {Status.SENT})
    return {
        "te_doen": number[Status.SENT][0] + due,
        "late": sum(late for _whole, _due, late in number.values()),
        **{tab.replace("-", "_"): count for tab, count in whole.items()},
    }


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the keys with which to walk on."""

    referrals: list[Referral]
    next_key: str = ""
    previous_key: str = ""


def page_of(cases, tab: str, now: dt.datetime, *, after: str = "", before: str = "") -> Page:
    """25 cases of a tab by (attention, id), or the closed ones newest first. Keys hold a moment and a reference."""
    column = "closed_at" if tab == "afgesloten" else "attention_at"
    backwards = bool(before)
    descending = (tab == "afgesloten") != backwards
    found = cases.filter(in_tab(tab, now))
    key = _parse_key(before or after)
    if key is not None:
        found = found.filter(_beyond(column, *key, descending=descending))
    sign = "-" if descending else ""
    ids = list(found.order_by(f"{sign}{column}", f"{sign}id").values_list("pk", flat=True)[: PAGE + 1])
    more, ids = len(ids) > PAGE, ids[:PAGE]
    if backwards:
        ids.reverse()
    rows = _with_people(ids)
    if not rows:
        return Page([])
    first, last = _key(rows[0], column), _key(rows[-1], column)
    return Page(
        rows,
        next_key=last if backwards or more else "",
        previous_key=first if (after and not backwards) or (backwards and more) else "",
    )


# What a row shows of a case and of whom it is about; a column more is a cost of every row.
SHOWN = (
    *("region", "reference", "number", "status", "help_request", "coach", "consent_withdrawn_at", "attention_at"),
    *("attempts", "planned_talk_at", "first_contact_at", "first_talk_at", "feedback_at", "expected_week"),
    *("paused_until", "follow_up_on", "question_at", "closed_at"),
    *(f"client__{name}" for name in ("reference", "given_name", "prefix", "family_name")),
    *("practice__name", "coach__display_name", "coach__role", "target_cell__problem__label"),
)


def _with_people(ids: list[int]) -> list[Referral]:
    """By primary key, so the join is 25 look-ups and no sort of the region."""
    rows = (
        Referral.objects.filter(pk__in=ids)
        .select_related("client", "practice", "coach", "target_cell__problem")
        .only(*SHOWN)
    )
    by_id = {row.pk: row for row in rows}
    return [by_id[pk] for pk in ids if pk in by_id]


def _key(referral: Referral, column: str) -> str:
    return f"{int(getattr(referral, column).timestamp() * 1_000_000)}.{referral.reference}"


def _parse_key(text: str) -> tuple[dt.datetime, uuid.UUID] | None:
    moment, _dot, reference = text.partition(".")
    parsed = parse_reference(reference)
    if parsed is None or not moment.isdecimal() or len(moment) > 17:
        return None
    return dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=int(moment)), parsed


def _beyond(column: str, moment: dt.datetime, reference: uuid.UUID, *, descending: bool) -> Q:
    side = "lt" if descending else "gt"
    last_id = Subquery(Referral.objects.filter(reference=reference).values("pk")[:1])
    return Q(**{f"{column}__{side}": moment}) | Q(**{column: moment, f"id__{side}": last_id})


def search(membership: Membership, name: str, now: dt.datetime) -> list[Referral]:
    """Cases whose client's family name begins so; closed ones for thirty days."""
    clients = Client.objects.visible_to(membership).named_like(name)
    ids = (
        Referral.objects.visible_to(membership)
        .filter(Q(status__in=OPEN) | Q(closed_at__gte=now - dt.timedelta(days=NAME_DAYS)), client__in=clients)
        .filter(consent_withdrawn_at__isnull=True)
        .exclude(status=Status.ENTERED_IN_ERROR)
        .order_by(F("closed_at").desc(nulls_first=True), "-id")
        .values_list("pk", flat=True)[:PAGE]
    )
    return _with_people(list(ids))


def practices_of(membership: Membership) -> list[Organisation]:
    """The practices with whom this organisation works."""
    lines = PracticeIntake.objects.filter(welfare_organisation=membership.organisation_id)
    return list(Organisation.objects.filter(pk__in=lines.values("practice")).order_by("name"))


# One next step


@dataclass(frozen=True)
class Step:
    """The one thing to do next with a case."""

    name: str
    label: str
    url: str
    icon: str = ""
    is_post: bool = False
    why: str = ""

    @property
    def on_row(self) -> dict[str, Any]:
        """As the action of a line in a list."""
        return {
            "action_url": self.url,
            "action_label": self.label,
            "action_icon": self.icon,
            "action_post": self.is_post,
        }


def next_step(referral: Referral, membership: Membership) -> Step | None:
    """What the case asks now. None when it is closed for good."""
    status = referral.status
    if status == Status.SENT:
        return _answer(referral, membership)
    if status in BEFORE_FIRST_TALK:
        return _towards_first_talk(referral, membership)
    if status in (Status.ACTIVE, Status.FOLLOW_UP) and referral.feedback_at is None:
        return _step(referral, "feedback", _("Terugkoppeling schrijven"), "send", _("Eerste terugkoppeling"))
    if status == Status.ACTIVE:
        return _step(referral, "log_contact", _("Contact vastleggen"), "message-circle", _("Volgend contact"))
    if status == Status.PAUSED:
        return _step(referral, "resume", _("Weer oppakken"), "undo-2")
    if status == Status.FOLLOW_UP:
        return _step(referral, "check_in", _("Opvolging vastleggen"), "message-circle")
    return None


def _step(referral: Referral, name: str, label: str, icon: str = "", why: str = "", *, is_post=False) -> Step:
    return Step(name, label, address(f"case_{name}", referral.reference), icon, is_post, why)


def _answer(referral: Referral, membership: Membership) -> Step:
    is_coach = membership.role == Role.COACH
    label = _("Aannemen") if is_coach else _("Coach kiezen")
    return _step(referral, "accept", label, "check", is_post=is_coach)


def _answer_first(referral: Referral, step: Step | None) -> Step:
    """The practice waits for an answer, which stands on top of the case. Who is new is taken on all the same."""
    why = _("Vraag van de praktijk")
    if step is not None and referral.status == Status.SENT:
        return Step(step.name, step.label, step.url, step.icon, step.is_post, why)
    return Step("answer", _("Vraag beantwoorden"), address("case", referral.reference), "circle-help", why=why)


def _towards_first_talk(referral: Referral, membership: Membership) -> Step:
    if referral.coach.role == Role.COORDINATOR and membership.role == Role.COORDINATOR:
        return _step(referral, "name_coach", _("Coach kiezen"), "user-round", _("Nog geen coach"))
    if referral.planned_talk_at is not None:
        return _step(referral, "first_talk", _("Gesprek vastleggen"), "message-circle", _("Eerste gesprek"))
    if referral.first_contact_at is None:
        return _step(referral, "log_contact", _("Bellen"), "phone", _("Eerste contact"))
    if referral.attempts >= membership.region.setting("attempts_on_days"):
        return _step(referral, "log_contact", _("Nog eens bellen"), "phone", _("Nog niet bereikt"))
    if referral.status == Status.WAITLISTED:
        return _step(referral, "log_contact", _("Nog gewenst?"), "phone")
    return _step(referral, "plan_talk", _("Gesprek plannen"), "calendar-plus", _("Eerste gesprek plannen"))


# How a case reads in a list


def row_of(referral: Referral, membership: Membership, now: dt.datetime) -> dict[str, Any]:
    step = next_step(referral, membership)
    names = [short_practice(referral.practice.name), str(referral.target_cell.problem)]
    if referral.coach_id not in (None, membership.pk):
        names.append(referral.coach.display_name)
    is_shut = not referral.content_open_to(membership)
    if referral.question_at is not None and not is_shut:
        step = _answer_first(referral, step)
    why = step.why if step else ""
    named = not is_shut and not name_is_gone(referral, now)
    return row(
        referral.client.short_name if named else referral.number,
        url=address("case", referral.reference),
        meta=" · ".join(part for part in (why, *(names if not is_shut else names[:1])) if part),
        text=referral.help_request if referral.status == Status.SENT else "",
        overdue_days=days_late(referral, now),
        status=referral.status,
        status_label=status_label(referral),
        when=sub_label(referral),
        **step.on_row if step else {},
    )


def short_practice(name: str) -> str:
    """ "De Linde – Okafor": in a list the word that all of them begin with says nothing."""
    return name.removeprefix("Huisartsenpraktijk ")


def name_is_gone(referral: Referral, now: dt.datetime) -> bool:
    """Closed more than thirty days ago: the list shows the number, no longer the person."""
    return referral.closed_at is not None and now - referral.closed_at > dt.timedelta(days=NAME_DAYS)


def days_late(referral: Referral, now: dt.datetime) -> int:
    """Whole days since the day on which something was due; 0 on that day itself."""
    if referral.attention_at is None:
        return 0
    return max(0, (local_day(now) - local_day(referral.attention_at)).days)


def _day(day: dt.date) -> str:
    """ "1 december", and of another year that year too."""
    return date_format(day, "j F" if day.year == today().year else "j F Y")


def status_label(referral: Referral) -> str:
    """What was sent is new to whom it was sent."""
    return _("Nieuw") if referral.status == Status.SENT else str(referral.get_status_display())


def sub_label(referral: Referral) -> str:
    """What the status means now: *gesprek gepland di 1 dec*, *wachtlijst, rond week 3*."""
    if referral.planned_talk_at is not None:
        moment = timezone.localtime(referral.planned_talk_at)
        return _("gesprek %(day)s, %(time)s uur") % {
            "day": short_day(moment.date()),
            "time": time_format(moment.time(), "G.i"),
        }
    if referral.status == Status.WAITLISTED and referral.expected_week:
        return _("rond week %(week)s") % {"week": referral.expected_week.isocalendar().week}
    if referral.status == Status.PAUSED and referral.paused_until:
        return _("opnieuw kijken op %(day)s") % {"day": _day(referral.paused_until)}
    if referral.status == Status.FOLLOW_UP and referral.follow_up_on:
        return _("vragen hoe het gaat op %(day)s") % {"day": _day(referral.follow_up_on)}
    if referral.is_open and referral.attempts and referral.before_first_talk:
        return ngettext(
            "nog niet bereikt (%(count)s dag geprobeerd)",
            "nog niet bereikt (%(count)s dagen geprobeerd)",
            referral.attempts,
        ) % {"count": referral.attempts}
    if referral.closed_at:
        return _("sinds %(day)s") % {"day": _day(local_day(referral.closed_at))}
    return ""
