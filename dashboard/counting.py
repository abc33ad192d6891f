"""What is counted, as SQL over one referral ``r``: the one definition that live figures and rollups share.

A *cohort* is the referrals sent in a month, in Europe/Amsterdam. A referral that was a mistake (``entered_in_error``)
is in no figure. Somebody who died is counted apart, and in no drop-out figure.
"""

from dashboard.models import COUNTS, LONGEST_DAYS
from wor.tenancy.models import Region

# A moment's day in Amsterdam.
_DAY = "({0} AT TIME ZONE 'Europe/Amsterdam')::date"
SENT_ON = _DAY.format("r.sent_at")
MONTH = f"date_trunc('month', {SENT_ON})::date"
DAYS_TO_CONTACT = f"({_DAY.format('r.first_contact_at')} - {SENT_ON})"
DAYS_TO_TALK = f"({_DAY.format('r.first_talk_at')} - {SENT_ON})"
DAYS_TO_FEEDBACK = f"({_DAY.format('r.feedback_at')} - {_DAY.format('r.first_talk_at')})"

COUNTED = "r.status <> 'entered_in_error'"
_DIED = "coalesce(reason.code, '') = 'deceased'"

# Each figure of COUNTS: which referrals of a cohort it counts. Terms are parameters, in days.
WHICH = {
    "sent": "true",
    "taken_on": "r.accepted_at IS NOT NULL",
    "contacted": "r.first_contact_at IS NOT NULL",
    "contacted_in_time": f"{DAYS_TO_CONTACT} <= %(first_contact_days)s",
    # Nobody could be late here: it ended before anybody spoke to the client.
    "ended_before_contact": "r.closed_at IS NOT NULL AND r.first_contact_at IS NULL",
    "talked": "r.first_talk_at IS NOT NULL",
    "feedback_given": "r.first_talk_at IS NOT NULL AND r.feedback_at IS NOT NULL",
    "feedback_in_time": f"{DAYS_TO_FEEDBACK} <= %(first_feedback_days)s",
    "still_open": "r.closed_at IS NULL",
    **{
        status: f"r.status = '{status}' AND NOT {_DIED}"
        for status in ("completed", "stopped", "not_started", "declined", "withdrawn")
    },
    "deceased": _DIED,
    "started_activity": "placed.started",
    "z68_noted": "r.z68_noted_at IS NOT NULL",
}
AGGREGATES = {name: f"count(*) FILTER (WHERE {condition})" for name, condition in WHICH.items()} | {
    "talks": "coalesce(sum(talk.number), 0)"
}
assert set(AGGREGATES) == set(COUNTS)

# A talk is a contact in which the client was spoken to, other than to make an appointment.
JOINS = """
LEFT JOIN referrals_closingreason reason ON reason.id = r.closing_reason_id
LEFT JOIN LATERAL (
    SELECT count(*) AS number FROM coaches_contact c
    WHERE c.referral_id = r.id AND c.entered_in_error_at IS NULL AND c.result = 'spoken'
      AND c.kind IN ('introduction', 'talk', 'accompany', 'follow_up')
) talk ON true
LEFT JOIN LATERAL (
    SELECT count(*) > 0 AS started FROM coaches_placement p WHERE p.referral_id = r.id AND p.started_at IS NOT NULL
) placed ON true
"""

COUNT_COLUMNS = ", ".join(f"{AGGREGATES[name]} AS {name}" for name in COUNTS)


def at_most(days: str) -> str:
    """Days as the rollups keep them: not below 0 (a clock may be off), one last place for 90 or more."""
    return f"least(greatest({days}, 0), {LONGEST_DAYS})"


def terms(region: Region) -> dict[str, int]:
    """The region's terms that the conditions ask for, in days."""
    return {name: int(region.setting(name)) for name in ("first_contact_days", "first_feedback_days")}
