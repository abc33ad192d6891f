"""Every page of a case opens, for coach and coordinator."""

import pytest
from django.urls import reverse

from coaches import queries
from referrals.models import Status
from tests.factories import make_referral

PAGES = [
    *("accept", "decline", "waitlist", "plan_talk", "name_coach", "log_contact", "first_talk", "add_action", "concern"),
    *("feedback", "ask", "pause", "resume", "follow_up", "close", "not_started", "reopen", "transfer", "recuse"),
    *("consent_withdrawn", "deceased"),
]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("status", [Status.SENT, Status.ACTIVE])
def test_page_opens(world, client, name, status):
    referral = make_referral(world, status=status)

    for membership in (world.coach, world.coordinator):
        answer = client.sign_in(membership).get(reverse(f"case_{name}", args=[referral.reference]))

        assert answer.status_code == 200
        assert referral.client.name in answer.content.decode()


@pytest.mark.parametrize("status", list(Status))
def test_case_opens_in_every_status(world, client, status):
    referral = make_referral(world, status=status)

    for membership in (world.coach, world.coordinator):
        answer = client.sign_in(membership).get(reverse("case", args=[referral.reference]))

        assert answer.status_code == 200


@pytest.mark.parametrize("tab", queries.TABS)
def test_worklist_opens_on_every_tab(world, client, tab):
    for status in Status:
        make_referral(world, status=status)

    for membership in (world.coach, world.coordinator):
        answer = client.sign_in(membership).get(reverse("worklist"), {"lijst": tab})

        assert answer.status_code == 200
