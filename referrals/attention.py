"""When the coach side has to look at a referral again. One rule, used wherever a referral changes."""

import datetime as dt

from referrals.models import Referral, Status
from referrals.models.referral import CLOSED
from wor.calendar import add_working_days, local_day, start_of


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


def _term(referral: Referral, name: str) -> int:
    return int(referral.region.setting(name))


def _answer_due(referral: Referral, now: dt.datetime) -> dt.date:
    return add_working_days(local_day(referral.sent_at), _term(referral, "unanswered_coach_working_days"))


def _first_talk_due(referral: Referral, now: dt.datetime) -> dt.date:
    """First somebody speaks to the client; then the talk is held, or a waiting client is asked *nog gewenst?*"""
    if referral.first_contact_at is None:
        return local_day(referral.sent_at) + dt.timedelta(days=_term(referral, "first_contact_days"))
    if referral.planned_talk_at is not None:
        return local_day(referral.planned_talk_at)
    still_wanted = local_day(now) + dt.timedelta(weeks=_term(referral, "waitlist_still_wanted_weeks"))
    if referral.status == Status.WAITLISTED and referral.expected_week is not None:
        return min(referral.expected_week, still_wanted)
    return local_day(referral.first_contact_at) + dt.timedelta(days=_term(referral, "first_contact_days"))


def _news_due(referral: Referral, now: dt.datetime) -> dt.date:
    """After the first talk the referrer hears; later the coach looks again six weeks after the last news."""
    if referral.feedback_at is None and referral.first_talk_at is not None:
        return local_day(referral.first_talk_at) + dt.timedelta(days=_term(referral, "first_feedback_days"))
    return local_day(referral.last_news_at) + dt.timedelta(weeks=6)


def _follow_up_due(referral: Referral, now: dt.datetime) -> dt.date:
    return referral.follow_up_on or local_day(now) + dt.timedelta(weeks=6)
