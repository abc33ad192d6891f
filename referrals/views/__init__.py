"""The practice's pages, and a client's own."""

from referrals.views.listing import referrals, referrals_search
from referrals.views.own_page import client_page, client_page_stop
from referrals.views.people import client_access, client_edit
from referrals.views.refer import (
    draft,
    draft_delete,
    draft_restore,
    draft_save,
    refer,
    refer_capacity,
    refer_fill,
    refer_known,
)
from referrals.views.referral import (
    feedback_read,
    question_answer,
    referral,
    referral_again,
    referral_ask,
    referral_consent,
    referral_deceased,
    referral_error,
    referral_leaflet,
    referral_sent,
    referral_supplement,
    referral_warm,
    referral_withdraw,
    referral_z68,
)

__all__ = [
    "client_access",
    "client_edit",
    "client_page",
    "client_page_stop",
    "draft",
    "draft_delete",
    "draft_restore",
    "draft_save",
    "feedback_read",
    "question_answer",
    "refer",
    "refer_capacity",
    "refer_fill",
    "refer_known",
    "referral",
    "referral_again",
    "referral_ask",
    "referral_consent",
    "referral_deceased",
    "referral_error",
    "referral_leaflet",
    "referral_sent",
    "referral_supplement",
    "referral_warm",
    "referral_withdraw",
    "referral_z68",
    "referrals",
    "referrals_search",
]
