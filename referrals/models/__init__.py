"""Clients, their consent, and the referral with its life."""

from referrals.models.capacity import Absence, CoachHours, PracticeIntake, Presence
from referrals.models.client import Client, ClientLink, Consent
from referrals.models.exchange import Feedback, Message, Recusal, Transfer
from referrals.models.referral import ClosingReason, Referral, ReferralDraft, Status

__all__ = [
    "Absence",
    "Client",
    "ClientLink",
    "ClosingReason",
    "CoachHours",
    "Consent",
    "Feedback",
    "Message",
    "PracticeIntake",
    "Presence",
    "Recusal",
    "Referral",
    "ReferralDraft",
    "Status",
    "Transfer",
]
