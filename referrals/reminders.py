"""What a referral reminds people of, and who hears it. The statements are run by ``wor.outbox.reminders``.

Nothing here is about a referral that is closed, whose consent was withdrawn or whose client died: those have
``closed_at``. Who is away is covered; who left is stood in for by the coordinators.
"""

import datetime as dt

from referrals import terms
from wor.accounts.memberships import ACTIVE_SQL
from wor.outbox.models import Notice
from wor.outbox.reminders import Kind, Sql, register
from wor.tenancy.models import Region
from wor.terms import Term, day_of

# What was asked long before was told long before; without it the search for open questions grows for ever.
QUESTION_DAYS = 120
RUNNING = "r.region_id = %(region)s AND r.closed_at IS NULL AND r.consent_withdrawn_at IS NULL"
# As ``Referral.arrived_at``.
ARRIVED = day_of("GREATEST(r.sent_at, r.transferred_at)")


def of_referrals(since: str, due_on: str, where: str, *, joins: str = "") -> str:
    """The SELECT of a kind that is about a referral: running ones, and the day by which they ask something."""
    return f"""
        SELECT * FROM (
            SELECT r.id AS subject_id, r.reference AS subject_ref, r.reference AS about_ref, {since} AS since,
                {due_on} AS due_on
            FROM referrals_referral r {joins}
            WHERE {RUNNING} AND {where}
        ) facts WHERE due_on <= %(by)s"""


# --- What is due ------------------------------------------------------------------------------------------------------


def unanswered(term: Term):
    def due(region: Region, by: dt.date) -> Sql:
        where = "r.status = 'sent' AND r.sent_at < %(cutoff)s"
        select = of_referrals(ARRIVED, term.sql(region, ARRIVED, by), where)
        return select, {"by": by, "cutoff": term.cutoff(region, by)}

    return due


def first_contact(region: Region, by: dt.date) -> Sql:
    where = "r.status IN ('accepted', 'waitlisted') AND r.first_contact_at IS NULL AND r.sent_at < %(cutoff)s"
    select = of_referrals(ARRIVED, terms.FIRST_CONTACT.sql(region, ARRIVED, by), where)
    return select, {"by": by, "cutoff": terms.FIRST_CONTACT.cutoff(region, by)}


def first_feedback(region: Region, by: dt.date) -> Sql:
    since = day_of("r.first_talk_at")
    # Sent before the talk, so the moment of sending narrows it down too, and has the index.
    where = """r.status IN ('active', 'follow_up') AND r.sent_at < %(cutoff)s AND r.first_talk_at < %(cutoff)s
        AND r.feedback_at IS NULL"""
    select = of_referrals(since, terms.FIRST_FEEDBACK.sql(region, since, by), where)
    return select, {"by": by, "cutoff": terms.FIRST_FEEDBACK.cutoff(region, by)}


def without_coach(region: Region, by: dt.date) -> Sql:
    since = day_of("r.accepted_at")
    where = "r.status = 'accepted' AND r.first_talk_at IS NULL AND r.accepted_at < %(cutoff)s"
    coordinator = "JOIN accounts_membership c ON c.id = r.coach_id AND c.role = 'coordinator'"
    select = of_referrals(since, terms.NAME_COACH.sql(region, since, by), where, joins=coordinator)
    return select, {"by": by, "cutoff": terms.NAME_COACH.cutoff(region, by)}


def pause_over(region: Region, by: dt.date) -> Sql:
    return of_referrals("r.paused_until", "r.paused_until", "r.status = 'paused'"), {"by": by}


def follow_up(region: Region, by: dt.date) -> Sql:
    return of_referrals("r.follow_up_on", "r.follow_up_on", "r.status = 'follow_up'"), {"by": by}


def question(region: Region, by: dt.date) -> Sql:
    since = day_of("q.created_at")
    select = f"""
        SELECT * FROM (
            SELECT q.id AS subject_id, q.reference AS subject_ref, r.reference AS about_ref, {since} AS since,
                {terms.QUESTION.sql(region, since, by)} AS due_on
            FROM referrals_message q JOIN referrals_referral r ON r.id = q.referral_id
            WHERE q.region_id = %(region)s AND q.kind = 'question' AND q.side = 'welfare'
              AND q.created_at < %(cutoff)s AND q.created_at >= %(oldest)s AND {RUNNING}
              AND NOT EXISTS (SELECT FROM referrals_message a WHERE a.answers_id = q.id)
        ) facts WHERE due_on <= %(by)s"""
    cutoff = terms.QUESTION.cutoff(region, by)
    return select, {"by": by, "cutoff": cutoff, "oldest": cutoff - dt.timedelta(days=QUESTION_DAYS)}


def draft(region: Region, by: dt.date) -> Sql:
    """Told once: who goes on writing knows of it."""
    since = day_of("d.changed_at")
    select = f"""
        SELECT * FROM (
            SELECT d.id AS subject_id, d.reference AS subject_ref, d.reference AS about_ref,
                {day_of("d.created_at")} AS since, {terms.DRAFT.sql(region, since, by)} AS due_on
            FROM referrals_referraldraft d
            WHERE d.region_id = %(region)s AND d.sent_referral_id IS NULL AND d.discarded_at IS NULL
              AND d.changed_at < %(cutoff)s
        ) facts WHERE due_on <= %(by)s"""
    return select, {"by": by, "cutoff": terms.DRAFT.cutoff(region, by)}


# --- Who hears it -----------------------------------------------------------------------------------------------------


def _person_or_desk(person: str, joins: str = "") -> str:
    """Somebody of the organisation who may open the case; its coordinators where there is nobody.

    A shielded referral is opened by its coach only. Where no coach works on it today the coordinators hear its number,
    to name one (``shielded_without_coach``).
    """
    return f"""
        SELECT due.reminder_id, due.about_ref, COALESCE(m.id, desk.id) AS membership_id, true AS mailed
        FROM due JOIN referrals_referral r ON r.id = due.subject_id
        {joins}
        LEFT JOIN accounts_membership m ON m.id = {person} AND m.organisation_id = r.welfare_organisation_id
            AND {ACTIVE_SQL.format("m")}
            AND NOT EXISTS (SELECT FROM referrals_recusal known
                WHERE known.referral_id = r.id AND known.membership_id = m.id)
            AND NOT EXISTS (SELECT FROM referrals_absence gone
                WHERE gone.region_id = r.region_id AND gone.coach_id = m.id AND gone.span @> %(today)s)
        LEFT JOIN accounts_membership desk ON m.id IS NULL AND desk.organisation_id = r.welfare_organisation_id
            AND desk.role = 'coordinator' AND {ACTIVE_SQL.format("desk")}
            AND NOT (r.is_shielded AND desk.id IS DISTINCT FROM r.coach_id
                AND EXISTS (SELECT FROM accounts_membership coach
                    WHERE coach.id = r.coach_id AND {ACTIVE_SQL.format("coach")})
                AND NOT EXISTS (SELECT FROM referrals_absence gone
                    WHERE gone.region_id = r.region_id AND gone.coach_id = r.coach_id AND gone.span @> %(today)s))
        WHERE COALESCE(m.id, desk.id) IS NOT NULL"""


COVER = """LEFT JOIN referrals_absence away ON away.region_id = r.region_id AND away.coach_id = r.coach_id
    AND away.span @> %(today)s"""
STAND_IN = "WHEN away.id IS NULL THEN r.coach_id WHEN r.is_shielded THEN NULL ELSE away.cover_id END"


def coach_or_cover(region: Region, today: dt.date) -> Sql:
    """The coach; who covers while the coach is away."""
    return _person_or_desk(f"CASE {STAND_IN}", COVER), {"today": today}


def usual_coach(region: Region, today: dt.date) -> Sql:
    """Of a new referral: its coach, or the practice's usual one (or who covers), as ``people.coach_side`` has it."""
    line = """LEFT JOIN referrals_practiceintake line ON line.practice_id = r.practice_id
        AND line.welfare_organisation_id = r.welfare_organisation_id AND NOT r.is_shielded"""
    person = f"CASE WHEN r.coach_id IS NULL THEN COALESCE(line.cover_id, line.default_coach_id) {STAND_IN}"
    return _person_or_desk(person, f"{COVER} {line}"), {"today": today}


def coordinators(region: Region, today: dt.date) -> Sql:
    return _person_or_desk("NULL::bigint"), {"today": today}


def _practice(told: str, subject: str = "referrals_referral r ON r.id = due.subject_id") -> str:
    """People of the practice. By mail its contact point hears for all, when that is one of them (decision 0007)."""
    return f"""
        SELECT due.reminder_id, due.about_ref, m.id AS membership_id,
            m.is_contact_point OR NOT bool_or(m.is_contact_point) OVER (PARTITION BY due.reminder_id) AS mailed
        FROM due JOIN {subject}
        JOIN accounts_membership m ON m.organisation_id = r.practice_id AND m.role = 'referrer'
            AND {ACTIVE_SQL.format("m")} AND ({told})"""


def practice_side(region: Region, today: dt.date) -> Sql:
    """As ``people.practice_side``: who sent it, in whose name, and the contact point unless it is shielded."""
    told = "m.id IN (r.referrer_id, r.on_behalf_of_id) OR m.is_contact_point AND NOT r.is_shielded"
    return _practice(told), {"today": today}


def contact_point(region: Region, today: dt.date) -> Sql:
    """Of the practice that was asked something; where there is none, or the referral is shielded, who sent it."""
    there = f"""NOT r.is_shielded AND EXISTS (SELECT FROM accounts_membership point
        WHERE point.organisation_id = r.practice_id AND point.role = 'referrer' AND point.is_contact_point
          AND {ACTIVE_SQL.format("point")})"""
    told = f"CASE WHEN {there} THEN m.is_contact_point ELSE m.id IN (r.referrer_id, r.on_behalf_of_id) END"
    subject = "referrals_message q ON q.id = due.subject_id JOIN referrals_referral r ON r.id = q.referral_id"
    return _practice(told, subject), {"today": today}


def writer(region: Region, today: dt.date) -> Sql:
    return _practice("m.id = r.written_by_id", "referrals_referraldraft r ON r.id = due.subject_id"), {"today": today}


def register_reminders() -> None:
    """Tell the engine what there is. Called when the app is ready."""
    told = Notice.Kind
    rungs = {"coach": usual_coach, "coordinator": coordinators, "referrer": practice_side}
    for who, people in rungs.items():
        register(Kind(f"unanswered_{who}", "referral", told.UNANSWERED, unanswered(terms.ANSWER[who]), people))
    register(Kind("first_contact", "referral", told.FIRST_CONTACT_DUE, first_contact, coach_or_cover))
    register(Kind("first_feedback", "referral", told.FEEDBACK_DUE, first_feedback, coach_or_cover))
    register(Kind("without_coach", "referral", told.COACH_DUE, without_coach, coordinators))
    register(Kind("pause_over", "referral", told.PAUSE_OVER, pause_over, coach_or_cover))
    register(Kind("follow_up", "referral", told.FOLLOW_UP_DUE, follow_up, coach_or_cover))
    register(Kind("question", "message", told.QUESTION_WAITS, question, contact_point))
    register(Kind("draft", "referraldraft", told.DRAFT_WAITS, draft, writer))
