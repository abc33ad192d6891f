"""When the coach side has to look at a referral again. One rule, used wherever a referral changes."""

import datetime as dt

from referrals import terms
from referrals.models import Referral, Status
from referrals.models.referral import CLOSED
from wor.calendar import local_day, start_of

# How long a case in guidance may be quiet before the coach looks again.
QUIET_FOR = dt.timedelta(weeks=6)


def next_attention(referral: Referral, now: dt.datetime) -> dt.datetime | None:
    """The start of the day (Amsterdam) on which something is due; None when it is closed.

    Terms are the region's. Late means: that day is over.
    """
    if referral.status in CLOSED:
        return None
    day = {
        Status.SENT: _answer_due,
        Status.ACCEPTED: _first_talk_due,
        Status.WAITLISTED: _first_talk_due,
        Status.ACTIVE: _news_due,
        Status.PAUSED: lambda referral, now: referral.paused_until,
        Status.FOLLOW_UP: _follow_up_due,
    }[Status(referral.status)](referral, now)
    return start_of(day)


def _answer_due(referral: Referral, now: dt.datetime) -> dt.date:
    return terms.ANSWER["coach"].due_on(referral.region, local_day(referral.arrived_at))


def _first_talk_due(referral: Referral, now: dt.datetime) -> dt.date:
    """First somebody speaks to the client; then the talk is held, or a waiting client is asked *nog gewenst?*"""
    region = referral.region
    if referral.first_contact_at is None:
        return terms.FIRST_CONTACT.due_on(region, local_day(referral.arrived_at))
    if referral.planned_talk_at is not None:
        return local_day(referral.planned_talk_at)
    if referral.status == Status.WAITLISTED and referral.expected_week is not None:
        return min(referral.expected_week, terms.STILL_WANTED.due_on(region, local_day(now)))
    return terms.FIRST_CONTACT.due_on(region, local_day(referral.first_contact_at))


def _news_due(referral: Referral, now: dt.datetime) -> dt.date:
    """After the first talk the referrer hears; later the coach looks again six weeks after the last news.

    What only the coach's side knows of, a talk or a pause, counts there too (``coaches.services.case``).
    """
    return feedback_due(referral) or local_day(referral.last_news_at) + QUIET_FOR


def feedback_due(referral: Referral) -> dt.date | None:
    """By when the referrer hears for the first time; None when they have, or no talk was held yet."""
    if referral.feedback_at is not None or referral.first_talk_at is None:
        return None
    return terms.FIRST_FEEDBACK.due_on(referral.region, local_day(referral.first_talk_at))


def question_due(referral: Referral) -> dt.date | None:
    """By when the practice hears the answer to its question; None when nothing was asked."""
    if referral.question_at is None:
        return None
    return terms.QUESTION.due_on(referral.region, local_day(referral.question_at))


def _follow_up_due(referral: Referral, now: dt.datetime) -> dt.date:
    ask_again = referral.follow_up_on or terms.CHECK_INS[0].due_on(referral.region, local_day(now))
    return min(ask_again, feedback_due(referral) or ask_again)
