"""Every pair of statuses: ``become`` allows what schema.md 9 says, and nothing else."""

import itertools
import re
from pathlib import Path

import pytest

from referrals.models import Status
from tests.factories import make_referral
from wor.errors import DomainError

ARROWS = {
    "sent": {"accepted", "declined", "not_started", "withdrawn"},
    "accepted": {"waitlisted", "active", "paused", "declined", "not_started", "withdrawn"},
    "waitlisted": {"accepted", "active", "paused", "declined", "not_started", "withdrawn"},
    "active": {"paused", "follow_up", "completed", "stopped"},
    "paused": {"active", "completed", "stopped"},  # the factory's pause began in active, after the first talk
    "follow_up": {"active", "completed", "stopped"},
    "completed": {"active"},
    "stopped": {"active"},
    "not_started": {"accepted"},
    "declined": {"sent"},
    "withdrawn": set(),
    "entered_in_error": set(),
}
OPEN = {"sent", "accepted", "waitlisted", "active", "paused", "follow_up"}
HANDED_OVER = OPEN - {"sent"}  # transfer: back to sent at another organisation


@pytest.mark.parametrize("status", Status.values)
def test_become_follows_the_table(world, status):
    referral = make_referral(world, status=status)

    allowed = {other for other in Status.values if referral.may_become(other)}

    mistakes = {"entered_in_error"} if status in OPEN else set()
    handed_over = {"sent"} if status in HANDED_OVER else set()
    assert allowed == ARROWS[status] | mistakes | handed_over


@pytest.mark.parametrize("before", ["accepted", "waitlisted", "active"])
def test_paused_goes_back_only_to_where_it_was(world, before):
    talked = {} if before == "active" else {"first_talk_at": None, "first_contact_at": None}
    referral = make_referral(world, status="paused", paused_from_status=before, expected_week="2026-12-07", **talked)

    back = {other for other in ("accepted", "waitlisted", "active", "follow_up") if referral.may_become(other)}

    assert back == {before}


def test_become_refuses_each_missing_arrow(world):
    for status, other in itertools.product(Status.values, repeat=2):
        referral = make_referral(world, status=status)
        if not referral.may_become(other):
            with pytest.raises(DomainError):
                referral.become(other)


def test_only_become_assigns_a_status():
    root = Path(__file__).resolve().parents[2]
    sources = [path for app in ("coaches", "referrals", "wor") for path in (root / app).rglob("*.py")]
    assigning = [
        path.name
        for path in sources
        if "migrations" not in path.parts and "demo" not in path.parts
        if re.search(r"(referral|held|current|fresh)\.status\s*=[^=]|update\([^)]*\bstatus\s*=", path.read_text())
    ]

    assert assigning == []
