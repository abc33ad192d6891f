"""Terugkoppeling in three or four lines, drafted from the log. The coach reads, changes and sends."""

import datetime as dt
from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaches.models import Action, Contact, Intake, Placement
from referrals.models import Client, ClosingReason, Feedback, Referral, Status
from wor.calendar import local_day

PAUSED_ON_REQUEST = gettext_lazy("Gepauzeerd op verzoek.")
LONGEST = 1000

# At the level "alleen de afloop": what may be said of an outcome. Every outcome is an equal.
OUTCOMES = {
    "joined_activity": gettext_lazy("Uw patiënt is gestart met een activiteit."),
    "volunteering": gettext_lazy("Uw patiënt doet vrijwilligerswerk."),
    "talks_enough": gettext_lazy("De gesprekken waren genoeg."),
    "own_network": gettext_lazy("Uw patiënt heeft het eigen netwerk weer opgepakt."),
    "found_self": gettext_lazy("Uw patiënt vond zelf iets dat past."),
    "buddy": gettext_lazy("Uw patiënt is gekoppeld aan een maatje."),
    "onward": gettext_lazy("Uw patiënt gaat verder met andere ondersteuning."),
    "no_change": gettext_lazy("We hebben afgesproken om te stoppen."),
}
ENDED = {
    Status.COMPLETED: gettext_lazy("Deze begeleiding is afgerond."),
    Status.STOPPED: gettext_lazy("Deze begeleiding is tussentijds gestopt."),
    Status.NOT_STARTED: gettext_lazy("Er is geen begeleiding begonnen."),
}


def day_in_words(day: dt.date | dt.datetime) -> str:
    """ "1 december", of a moment its day in Amsterdam."""
    return date_format(local_day(day) if isinstance(day, dt.datetime) else day, "j F")


def fixed_sentence(referral: Referral, *, reason: ClosingReason | None = None, status: str = "") -> str:
    """What the referrer reads when the client agreed to the outcome or the status only.

    ``status`` and ``reason`` say how it would be when it is about to be closed.
    """
    status = status or referral.status
    if status not in ENDED:
        since = referral.first_talk_at or referral.accepted_at
        return _("In begeleiding sinds %(day)s.") % {"day": day_in_words(since)} if since else _("Aangenomen.")
    if referral.client.feedback_level == Client.FeedbackLevel.STATUS:
        closed_at = referral.closed_at or dt.datetime.now(dt.UTC)
        return _("Afgesloten op %(day)s.") % {"day": day_in_words(closed_at)}
    reason = reason or referral.closing_reason
    outcome = OUTCOMES.get(reason.code, "") if reason is not None and status == Status.COMPLETED else ""
    return f"{ENDED[Status(status)]} {outcome}".strip()


def draft(
    referral: Referral,
    *,
    moment: str,
    intake: Intake | None,
    contacts: Sequence[Contact],
    to_do: Sequence[Action],
    placements: Sequence[Placement] = (),
) -> str:
    """What was explored, what matters to the client, how it stands, and what is agreed next. Contacts newest first."""
    talks = [each for each in contacts if each.is_with_client and each.result == Contact.Result.SPOKEN]
    lines = [_how_often(referral, talks, moment), _what_matters(intake) if moment == Feedback.Moment.INTAKE else ""]
    # What was said to make an appointment tells the referrer nothing.
    held = [each for each in talks if each.kind != Contact.Kind.ARRANGE]
    lines += [
        _last_line(held),
        _where_to(placements, moment),
        "" if moment == Feedback.Moment.CLOSING else _what_next(referral, to_do),
    ]
    return "\n".join(line for line in lines if line)[:LONGEST]


def not_reached_draft(referral: Referral) -> str:
    """For *niet bereikt*: what was tried, and the way back."""
    tried = _("Op %(days)s verschillende dagen geprobeerd. Geen reactie.") % {"days": referral.attempts}
    return tried + " " + _("Wilt u het bij het volgende consult noemen? Opnieuw verwijzen kan altijd.")


def _how_often(referral: Referral, talks: Sequence[Contact], moment: str) -> str:
    if moment == Feedback.Moment.INTAKE and referral.first_talk_at:
        return _("Kennisgemaakt op %(day)s.") % {"day": day_in_words(referral.first_talk_at)}
    held = [each for each in talks if each.kind != Contact.Kind.ARRANGE]
    if not held:
        return ""
    if moment == Feedback.Moment.CLOSING:
        return _("Eén gesprek.") if len(held) == 1 else _("%(count)s gesprekken.") % {"count": len(held)}
    return _("Laatst gesproken op %(day)s.") % {"day": day_in_words(held[0].at)}


def _what_matters(intake: Intake | None) -> str:
    if intake is None or not intake.wish:
        return ""
    return _sentence(intake.wish)


def _last_line(talks: Sequence[Contact]) -> str:
    return next((_sentence(each.line) for each in talks if each.line), "")


def _where_to(placements: Sequence[Placement], moment: str) -> str:
    """ "Gaat sinds 3 november naar Koor De Waalzangers." What runs, else what was looked at, else what stopped last."""
    running = [each for each in placements if each.status in ("started", "continuing") and each.started_at]
    if running:
        return " ".join(
            _("Gaat sinds %(day)s naar %(activity)s.")
            % {"day": day_in_words(each.started_at), "activity": each.activity.title}
            for each in sorted(running, key=lambda each: each.started_at)[:2]
        )
    thought_of = [each for each in placements if each.status in ("proposed", "introduced")]
    if thought_of and moment != Feedback.Moment.CLOSING:
        titles = _(" en ").join(each.activity.title for each in thought_of[:2])
        return _("Denkt na over %(activity)s.") % {"activity": titles}
    ended = [each for each in placements if each.stopped_at and each.has_started and not each.is_taken_back]
    if not ended:
        return ""
    last = max(ended, key=lambda each: each.stopped_at)
    reason = last.stop_reason.label
    return _("Is gestopt met %(activity)s: %(reason)s.") % {
        "activity": last.activity.title,
        "reason": reason[:1].lower() + reason[1:],
    }


def _what_next(referral: Referral, to_do: Sequence[Action]) -> str:
    agreed = "; ".join(each.text.rstrip(".") for each in to_do[:2])
    parts = [_("Afgesproken: %(what)s.") % {"what": agreed}] if agreed else []
    if referral.planned_talk_at:
        parts.append(_("Volgend gesprek op %(day)s.") % {"day": day_in_words(referral.planned_talk_at)})
    if referral.follow_up_on:
        parts.append(_("Op %(day)s vraag ik hoe het gaat.") % {"day": day_in_words(referral.follow_up_on)})
    return " ".join(parts)


def _sentence(text: str) -> str:
    """Begins with a capital and ends with a stop."""
    text = " ".join(text.split())
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "”", '"')) else f"{text}."
