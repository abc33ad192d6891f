"""What a case reminds its coach of that only this app knows: who waits, and who began with an activity."""

import datetime as dt

from coaches.checkins import ASKED_BEFORE_DAYS
from referrals import terms
from referrals.reminders import coach_or_cover, of_referrals
from wor.outbox.models import Notice
from wor.outbox.reminders import Kind, Sql, register
from wor.tenancy.models import Region
from wor.terms import Term, day_of


def still_wanted(region: Region, by: dt.date) -> Sql:
    """A waiting client who was spoken to: on the day the worklist says, and again each term that nobody asked.

    The worklist's day is an action's when somebody promised to do something before; then that comes first.
    """
    attention = day_of("r.attention_at")
    again = terms.STILL_WANTED.sql(region, day_of("told.at"), by)
    due_on = f"CASE WHEN {day_of('told.at')} >= {attention} THEN {again} ELSE {attention} END"
    where = f"""r.status = 'waitlisted' AND r.first_contact_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM coaches_action a
            WHERE a.referral_id = r.id AND a.welfare_organisation_id = r.welfare_organisation_id
              AND a.done_at IS NULL AND a.due_on <= {attention})"""
    told = """LEFT JOIN LATERAL (SELECT max(done_at) AS at FROM outbox_reminder
        WHERE region_id = %(region)s AND kind = 'still_wanted' AND subject_ref = r.reference) told ON true"""
    return of_referrals(due_on, due_on, where, joins=told), {"by": by}


def check_in(term: Term):
    """Somebody began with an activity while the talks go on. In *opvolging* the day is the one the coach chose.

    The worklist's day is the same one (``coaches.checkins.check_in_on``).
    """

    def due(region: Region, by: dt.date) -> Sql:
        since = day_of("began.at")
        due_on = term.sql(region, since, by)
        joins = """JOIN LATERAL (SELECT min(p.started_at) AS at FROM coaches_placement p
            WHERE p.referral_id = r.id AND p.welfare_organisation_id = r.welfare_organisation_id
              AND p.status IN ('started', 'continuing')) began ON began.at < %(cutoff)s"""
        where = f"""r.status = 'active' AND r.sent_at < %(cutoff)s
            AND NOT EXISTS (SELECT FROM coaches_contact c
                WHERE c.referral_id = r.id AND c.welfare_organisation_id = r.welfare_organisation_id
                  AND c.kind = 'follow_up' AND c.result = 'spoken' AND c.entered_in_error_at IS NULL
                  AND {day_of("c.at")} > {due_on} - {ASKED_BEFORE_DAYS})"""
        return of_referrals(since, due_on, where, joins=joins), {"by": by, "cutoff": term.cutoff(region, by)}

    return due


def register_reminders() -> None:
    told = Notice.Kind
    register(Kind("still_wanted", "referral", told.STILL_WANTED, still_wanted, coach_or_cover))
    for number, term in enumerate(terms.CHECK_INS, start=1):
        register(Kind(f"check_in_{number}", "referral", told.FOLLOW_UP_DUE, check_in(term), coach_or_cover))
