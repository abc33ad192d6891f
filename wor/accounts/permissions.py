"""Who may open which page. One enum; roles are data; a view says which permission it asks."""

from collections.abc import Callable
from enum import StrEnum

from wor.accounts.models import Role


class Permission(StrEnum):
    REFER = "refer"  # write, send, withdraw and supplement referrals of the own practice
    GUIDE = "guide"  # take on, talk, log, give feedback, close
    ASSIGN = "assign"  # divide referrals, plan hours and presence
    READ_CASE = "read_case"  # open a referral or client with whom there is a relation
    FIGURES = "figures"  # see who takes part
    UNIT_FIGURES = "unit_figures"  # the own practice's or kernteam's figures
    REPORTS = "reports"  # closed periods of the own municipality, region or practice group, without people
    MANAGE_REGION = "manage_region"  # organisations, people, lists, access log by reference
    DIRECTORY = "directory"  # look something up in the sociale kaart, and say that an entry is not right
    PROPOSE = "propose"  # write a concept for the sociale kaart
    MODERATE = "moderate"  # keep the sociale kaart: change, publish, confirm, pause, retire
    INBOX = "inbox"  # the own notices
    OWN_ACCOUNT = "own_account"  # the own account and sessions: whoever is signed in


_EVERYONE = frozenset({Permission.INBOX, Permission.OWN_ACCOUNT, Permission.DIRECTORY})
# Who keeps the sociale kaart of a region up to date.
_KEEPS_DIRECTORY = frozenset({Permission.PROPOSE, Permission.MODERATE})

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.REFERRER: _EVERYONE | {Permission.REFER, Permission.READ_CASE, Permission.UNIT_FIGURES},
    Role.COACH: _EVERYONE | {Permission.GUIDE, Permission.READ_CASE, Permission.PROPOSE},
    Role.COORDINATOR: _EVERYONE | _KEEPS_DIRECTORY | {Permission.GUIDE, Permission.ASSIGN, Permission.READ_CASE},
    Role.CORE_TEAM: _EVERYONE | {Permission.FIGURES, Permission.UNIT_FIGURES, Permission.REPORTS},
    Role.FUNDER: _EVERYONE | {Permission.FIGURES, Permission.REPORTS},
    Role.REGION_ADMIN: _EVERYONE | _KEEPS_DIRECTORY | {Permission.MANAGE_REGION, Permission.REPORTS},
}


def allow(permission: Permission) -> Callable:
    """Mark a view: only roles with this permission get past the middleware, before any object is read."""

    def mark(view):
        view.wor_access = permission
        return view

    return mark


def public(view):
    """Mark a view that needs no sign-in. The exception, so it is said."""
    view.wor_access = "public"
    return view


def may(role: str, permission: Permission) -> bool:
    return permission in ROLE_PERMISSIONS.get(role, frozenset())
