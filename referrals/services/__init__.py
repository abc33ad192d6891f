"""What can be done with a referral by the practice, by both sides, and by the client."""

from referrals.services.ending import deceased, entered_in_error, own_reason, withdraw, withdraw_consent
from referrals.services.exchange import answer, ask, may_exchange, read_feedback, side_of, supplement
from referrals.services.sending import check_age, destination, send, send_again

__all__ = [
    "answer",
    "ask",
    "check_age",
    "deceased",
    "destination",
    "entered_in_error",
    "may_exchange",
    "own_reason",
    "read_feedback",
    "send",
    "send_again",
    "side_of",
    "supplement",
    "withdraw",
    "withdraw_consent",
]
