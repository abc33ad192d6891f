"""The coach's pages: fetch, form, service, redirect. One file for each kind of deed."""

from coaches.views.case import agreed, case
from coaches.views.contacts import concern, contact_in_error, log_contact
from coaches.views.ending import close, follow_up, not_started, pause, reopen, resume
from coaches.views.gaps import gaps, handle_gap
from coaches.views.handing_over import name_coach, recuse, transfer
from coaches.views.placing import (
    check_in,
    introduce,
    keep_going,
    propose,
    report_gap,
    start,
    stop,
    suggestions,
    take_back,
    withdraw_introduction,
)
from coaches.views.stopping import consent_withdrawn, deceased, entered_in_error
from coaches.views.taking_on import accept, decline, plan_talk, waitlist
from coaches.views.talks import add_action, change_action, complete_action, first_talk
from coaches.views.worklist import worklist_page
from coaches.views.writing import answer, ask, feedback

__all__ = [
    "accept",
    "add_action",
    "agreed",
    "answer",
    "ask",
    "case",
    "change_action",
    "check_in",
    "close",
    "complete_action",
    "concern",
    "consent_withdrawn",
    "contact_in_error",
    "deceased",
    "decline",
    "entered_in_error",
    "feedback",
    "first_talk",
    "follow_up",
    "gaps",
    "handle_gap",
    "introduce",
    "keep_going",
    "log_contact",
    "name_coach",
    "not_started",
    "pause",
    "plan_talk",
    "propose",
    "recuse",
    "reopen",
    "report_gap",
    "resume",
    "start",
    "stop",
    "suggestions",
    "take_back",
    "transfer",
    "waitlist",
    "withdraw_introduction",
    "worklist_page",
]
