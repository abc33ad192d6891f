"""What is counted, as SQL over one referral ``r``: the one definition that live figures and rollups share.

A *cohort* is the referrals sent in a month, in Europe/Amsterdam. A referral that was a mistake (``entered_in_error``)
is in no figure. Somebody who died is counted apart, and in no drop-out figure.
"""

from coaches.models import Contact
from dashboard.models import COUNTS, LONGEST_DAYS
from wor.tenancy.models import Region

COUNTED = "r.status <> 'entered_in_error'"

# A talk is a contact in which the client was spoken to, other than to make an appointment. As the index contact_talks.
_IS_TALK = f"""c.entered_in_error_at IS NULL AND c.result = 'spoken'
    AND c.kind IN ({", ".join(f"'{kind}'" for kind in Contact.TALKS)})"""

# Each figure of COUNTS: which referrals of a cohort it counts. Terms are parameters, in days.
WHICH = {
    "sent": "true",
    "taken_on": "r.accepted_at IS NOT NULL",
    "contacted": "r.first_contact_at IS NOT NULL",
    "contacted_in_time": "r.days_to_contact <= %(first_contact_days)s",
    # Nobody could be late here: it ended before anybody spoke to the client.
    "ended_before_contact": "r.closed_at IS NOT NULL AND r.first_contact_at IS NULL",
    "talked": "r.first_talk_at IS NOT NULL",
    "feedback_given": "r.first_talk_at IS NOT NULL AND r.feedback_at IS NOT NULL",
    "feedback_in_time": "r.days_to_feedback <= %(first_feedback_days)s",
    "still_open": "r.closed_at IS NULL",
    **{
        status: f"r.status = '{status}' AND NOT r.died"
        for status in ("completed", "stopped", "not_started", "declined", "withdrawn")
    },
    "deceased": "r.died",
    "started_activity": "r.started_activity",
    "z68_noted": "r.z68_noted_at IS NOT NULL",
}
AGGREGATES = {name: f"count(*) FILTER (WHERE {condition})" for name, condition in WHICH.items()} | {
    "talks": "coalesce(sum(r.talks), 0)"
}
assert set(AGGREGATES) == set(COUNTS)

COUNT_COLUMNS = ", ".join(f"{AGGREGATES[name]} AS {name}" for name in COUNTS)
# Each one's days, in order, so that the same days are the same list.
CONTACT_DAYS, TALK_DAYS = (
    f"coalesce(array_agg(least(greatest({days}, 0), {LONGEST_DAYS})::smallint ORDER BY {days})"
    f" FILTER (WHERE {days} IS NOT NULL), '{{}}')"
    for days in ("r.days_to_contact", "r.days_to_talk")
)

# One by one: an index alone answers each. All at once where a whole region is counted.
_TALKS_OF_ONE = f"""(SELECT count(*)::int FROM coaches_contact c
    WHERE c.region_id = %(region)s AND c.referral_id = r.id AND {_IS_TALK})"""
_TALKS_OF_ALL = f"""LEFT JOIN (
    SELECT c.referral_id, count(*)::int AS number FROM coaches_contact c
    WHERE c.region_id = %(region)s AND {_IS_TALK} GROUP BY c.referral_id
) talk ON talk.referral_id = r.id"""


def counted(where: str, *, of_all: bool = False) -> str:
    """The counted referrals of the region for which ``where`` holds, to select from: a row ``r`` for each.

    OFFSET 0 keeps PostgreSQL from working out a day again for every figure it is in: it looks the time zone up each
    time, which took more than all counting. What is read of a referral stands in the index referral_figures.
    """
    return f"""(
    SELECT s.*, s.contact_on - s.sent_on AS days_to_contact, s.talk_on - s.sent_on AS days_to_talk,
        s.feedback_on - s.talk_on AS days_to_feedback
    FROM (
        SELECT r.practice_id, r.municipality_code, r.status, r.accepted_at, r.first_contact_at, r.first_talk_at,
            r.feedback_at, r.closed_at, r.z68_noted_at, {_day("r.sent_at")} AS sent_on,
            {_day("r.first_contact_at")} AS contact_on, {_day("r.first_talk_at")} AS talk_on,
            {_day("r.feedback_at")} AS feedback_on, {"talk.number" if of_all else _TALKS_OF_ONE} AS talks,
            coalesce(r.closing_reason_id IN (
                SELECT reason.id FROM referrals_closingreason reason
                WHERE reason.region_id = %(region)s AND reason.code = 'deceased'), false) AS died,
            EXISTS (SELECT FROM coaches_placement p WHERE p.region_id = %(region)s
                AND p.referral_id = r.id AND p.started_at IS NOT NULL) AS started_activity
        FROM referrals_referral r {_TALKS_OF_ALL if of_all else ""}
        WHERE r.region_id = %(region)s AND {where} AND {COUNTED} OFFSET 0
    ) s
) r"""


def _day(moment: str) -> str:
    """A moment's day in Amsterdam."""
    return f"({moment} AT TIME ZONE 'Europe/Amsterdam')::date"


MONTH = "date_trunc('month', r.sent_on)::date"


def terms(region: Region) -> dict[str, int]:
    """What the conditions ask for: the region, and its terms in days."""
    days = {name: int(region.setting(name)) for name in ("first_contact_days", "first_feedback_days")}
    return {"region": region.pk, **days}
