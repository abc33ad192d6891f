"""What the practice fills in."""

from referrals.forms.refer import ReferralForm
from referrals.forms.small import (
    AgainForm,
    ClientForm,
    ErrorForm,
    FilterForm,
    MessageForm,
    NamesForm,
    SearchForm,
    TickForm,
    WithdrawForm,
)

__all__ = [
    "AgainForm",
    "ClientForm",
    "ErrorForm",
    "FilterForm",
    "MessageForm",
    "NamesForm",
    "ReferralForm",
    "SearchForm",
    "TickForm",
    "WithdrawForm",
]
