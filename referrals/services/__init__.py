"""What can be done with a referral by the practice, by both sides, and by the client."""

from referrals.services.drafts import Screen, delete_expired, discard, put_back, save_beside, save_draft
from referrals.services.ending import (
    deceased,
    entered_in_error,
    own_reason,
    withdraw,
    withdraw_consent,
    withdrawal_reasons,
)
from referrals.services.exchange import (
    answer,
    ask,
    may_exchange,
    read_feedback,
    side_of,
    supplement,
    thread_of_practice,
)
from referrals.services.links import find_link, print_leaflet
from referrals.services.own import change_client, note_warm, note_z68
from referrals.services.sending import check_age, destination, possible_senders, send, send_again

__all__ = [
    "Screen",
    "answer",
    "ask",
    "change_client",
    "check_age",
    "deceased",
    "delete_expired",
    "destination",
    "discard",
    "entered_in_error",
    "find_link",
    "may_exchange",
    "note_warm",
    "note_z68",
    "own_reason",
    "possible_senders",
    "print_leaflet",
    "put_back",
    "read_feedback",
    "save_beside",
    "save_draft",
    "send",
    "send_again",
    "side_of",
    "supplement",
    "thread_of_practice",
    "withdraw",
    "withdraw_consent",
    "withdrawal_reasons",
]
