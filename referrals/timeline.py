"""What happened to a referral, in plain Dutch for the practice."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referrals.models import Client, Referral, Status
from wor.accounts.models import role_words
from wor.audit.models import Event
from wor.calendar import AMSTERDAM

# Event -> icon and sentence. What is not here is the coach's own affair and is not shown to the practice.
SENTENCES = {
    "referral.sent": ("send", gettext_lazy("Verwijzing verstuurd")),
    "referral.accepted": ("check", gettext_lazy("Aangenomen")),
    "referral.waitlisted": ("hourglass", gettext_lazy("Op de wachtlijst gezet")),
    "talk.planned": ("calendar-days", gettext_lazy("Gesprek gepland")),
    "referral.paused": ("circle-pause", gettext_lazy("Gepauzeerd")),
    "referral.resumed": ("sprout", gettext_lazy("Weer verdergegaan")),
    "referral.follow_up_planned": ("sprout", gettext_lazy("Opvolging gepland")),
    "referral.completed": ("circle-check", gettext_lazy("Afgerond")),
    "referral.stopped": ("circle-minus", gettext_lazy("Tussentijds gestopt")),
    "referral.not_started": ("circle-dot", gettext_lazy("Niet gestart")),
    "referral.declined": ("undo-2", gettext_lazy("Niet passend")),
    "referral.reopened": ("undo-2", gettext_lazy("Heropend")),
    "referral.handed_over": ("user-round", gettext_lazy("Een andere coach neemt het over")),
    "referral.transferred": ("arrow-right", gettext_lazy("Naar een andere welzijnsorganisatie")),
    "referral.withdrawn": ("circle-x", gettext_lazy("Ingetrokken")),
    "referral.entered_in_error": ("octagon-alert", gettext_lazy("Als vergissing aangemerkt")),
    "consent.withdrawn": ("circle-x", gettext_lazy("Gestopt op verzoek van de patiënt")),
    "client.deceased": ("circle-dot", gettext_lazy("Overlijden doorgegeven. Alle berichten zijn gestopt.")),
    "z68.noted": ("check", gettext_lazy("Z68 in het HIS gezet")),
    "z68.taken_back": ("undo-2", gettext_lazy("Z68 staat nog niet in het HIS")),
    "leaflet.printed": ("printer", gettext_lazy("Folder geprint")),
    "handover.noted": ("heart-handshake", gettext_lazy("Warme overdracht genoteerd")),
}
# What somebody who agreed only to "in begeleiding of niet" keeps from the referrer.
HIDDEN_BELOW_ALL = frozenset(
    {"talk.planned", "referral.paused", "referral.resumed", "referral.follow_up_planned", "referral.handed_over"}
)
_IN_GUIDANCE = frozenset({Status.ACTIVE, Status.FOLLOW_UP})
_ENDED = frozenset({Status.COMPLETED, Status.STOPPED, Status.NOT_STARTED})
# At that level these statuses read as one: which one is shown, and what it stands for. A pause reads as what it began
# in: it may not tell of itself.
READS_AS_ONE = {Status.ACTIVE: _IN_GUIDANCE, Status.COMPLETED: _ENDED}


@dataclass(frozen=True)
class Moment:
    """One line of the timeline."""

    icon: str
    title: str
    when: str
    when_iso: str
    who: str


def moments(events: Iterable[Event], level: str, first_talk_at: dt.datetime | None = None) -> list[Moment]:
    """The events a practice may read at this level of feedback, newest first.

    The first talk is an event of the coach's own file; the referral only knows when it was.
    """
    shown = []
    if first_talk_at is not None:
        when = first_talk_at.isoformat()
        shown.append(Moment("message-circle", _("Eerste gesprek gehouden"), moment(first_talk_at), when, ""))
    for event in events:
        if event.name not in SENTENCES or (level != Client.FeedbackLevel.ALL and event.name in HIDDEN_BELOW_ALL):
            continue
        icon, title = SENTENCES[event.name]
        if level == Client.FeedbackLevel.STATUS and event.name.removeprefix("referral.") in _ENDED:
            icon, title = "circle-check", gettext_lazy("Afgesloten")
        if event.name == "referral.sent" and event.data.get("again"):
            title = gettext_lazy("Opnieuw verstuurd")
        shown.append(Moment(icon, str(title), moment(event.at), event.at.isoformat(), role_words(event.actor_label)))
    return sorted(shown, key=lambda each: each.when_iso, reverse=True)


def moment(at: dt.datetime) -> str:
    """ "di 1 december 2026, 10.00"."""
    local = timezone.localtime(at, AMSTERDAM)
    return f"{day(local.date())} {local.year}, {local:%H.%M}"


def day(on: dt.date) -> str:
    """ "di 1 december"."""
    return f"{date_format(on, 'D')} {date_format(on, 'j F')}"


def days_ago(days: int) -> str:
    """ "vandaag", "gisteren", "3 dagen geleden"."""
    if days <= 0:
        return _("vandaag")
    return _("gisteren") if days == 1 else _("%(days)s dagen geleden") % {"days": days}


@dataclass(frozen=True)
class Shown:
    """A status as the practice may see it."""

    code: str
    label: str
    detail: str = ""


def status_for_practice(referral: Referral) -> Shown:
    """The status with its sub-label, no more than the client agreed that the referrer hears."""
    status, level = Status(referral.status), referral.client.feedback_level
    if referral.consent_withdrawn_at is not None:
        return Shown(referral.status, _("Gestopt op verzoek"))
    if level == Client.FeedbackLevel.STATUS:
        status = Status(referral.paused_from_status or status)
        if status in _IN_GUIDANCE:
            return Shown(Status.ACTIVE, _("In traject"))
        if status in _ENDED:
            return Shown(Status.COMPLETED, _("Afgesloten"))
    return Shown(status, str(status.label), _detail(referral, status, level))


def _detail(referral: Referral, status: Status, level: str) -> str:
    if status == Status.WAITLISTED and referral.expected_week:
        return _("rond week %(week)s") % {"week": referral.expected_week.isocalendar().week}
    if status in (Status.ACCEPTED, Status.SENT, Status.WAITLISTED):
        if referral.planned_talk_at and level == Client.FeedbackLevel.ALL:
            return _("gesprek gepland %(day)s") % {"day": day(timezone.localdate(referral.planned_talk_at))}
        if referral.attempts and referral.first_contact_at is None:
            return _("nog niet bereikt (%(count)s keer geprobeerd)") % {"count": referral.attempts}
    if status == Status.PAUSED and referral.paused_until and level == Client.FeedbackLevel.ALL:
        return _("kijken op %(day)s") % {"day": day(referral.paused_until)}
    return ""
