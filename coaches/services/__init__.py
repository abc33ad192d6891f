"""What a coach or coordinator does. Each deed is one transaction: lock the row, decide, write, record, tell."""

from coaches.services.contacts import log_concern, log_contact, mark_contact_in_error
from coaches.services.ending import close, follow_up, not_started, pause, reopen, resume
from coaches.services.feedback import answer, send_feedback
from coaches.services.handing_over import name_coach, recuse, transfer
from coaches.services.placing import (
    check_in,
    handle_gap,
    introduce,
    keep_going,
    propose,
    report_gap,
    start,
    stop,
    take_back,
    withdraw_introduction,
)
from coaches.services.taking_on import accept, decline, plan_talk, waitlist
from coaches.services.talks import add_action, change_action, complete_action, hold_first_talk

__all__ = [
    "accept",
    "add_action",
    "answer",
    "change_action",
    "check_in",
    "close",
    "complete_action",
    "decline",
    "follow_up",
    "handle_gap",
    "hold_first_talk",
    "introduce",
    "keep_going",
    "log_concern",
    "log_contact",
    "mark_contact_in_error",
    "name_coach",
    "not_started",
    "pause",
    "plan_talk",
    "propose",
    "recuse",
    "reopen",
    "report_gap",
    "resume",
    "send_feedback",
    "start",
    "stop",
    "take_back",
    "transfer",
    "waitlist",
    "withdraw_introduction",
]
