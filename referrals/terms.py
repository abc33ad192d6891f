"""When a referral asks for something. The page's *te laat* and the reminder's day both come from here."""

from wor.terms import Term, Unit

# From sending, or the transfer (``Referral.arrived_at``): the coach, the coordinator and the referrer are told in turn.
ANSWER = {
    who: Term(f"unanswered_{who}_working_days", Unit.WORKING_DAYS) for who in ("coach", "coordinator", "referrer")
}
FIRST_CONTACT = Term("first_contact_days", Unit.DAYS)  # the same, also on the waiting list
FIRST_FEEDBACK = Term("first_feedback_days", Unit.DAYS)  # from the first talk
NAME_COACH = Term("coach_named_working_days", Unit.WORKING_DAYS)  # from accepting, by a coordinator
STILL_WANTED = Term("waitlist_still_wanted_weeks", Unit.WEEKS)  # from when the coach's side last did something
QUESTION = Term("question_working_days", Unit.WORKING_DAYS)  # from when the coach, or the practice, asked
DRAFT = Term("draft_reminder_days", Unit.DAYS)  # from the last change
# From the start of an activity, or of the follow-up.
CHECK_INS = (Term("follow_up_first_weeks", Unit.WEEKS), Term("follow_up_second_months", Unit.MONTHS))
