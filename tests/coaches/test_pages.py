"""Every page of a case opens, for coach and coordinator."""

import datetime as dt

import pytest
from django.urls import reverse

from coaches import queries
from referrals.capacity import short_day
from referrals.models import Status
from tests.factories import make_referral
from wor.calendar import today

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


def in_days(days: int) -> dt.date:
    return today() + dt.timedelta(days=days)


def plan_talk(client, referral, time: str, *, day: dt.date | None = None):
    data = {"day": f"{day or in_days(9):%d-%m-%Y}", "time": time, "version": referral.version}
    return client.send(reverse("case_plan_talk", args=[referral.reference]), data)


@pytest.mark.parametrize(("typed", "planned"), [("9", "9.00"), ("13.30", "13.30"), ("14:15", "14.15")])
def test_talk_is_planned_at_a_time_as_people_type_it(world, client, typed, planned):
    referral = make_referral(world, status=Status.ACCEPTED)
    client.sign_in(world.coach)

    plan_talk(client, referral, typed)

    page = client.get(reverse("case", args=[referral.reference])).content.decode()
    assert f"gesprek {short_day(in_days(9))}, {planned} uur" in page


def test_talk_after_more_than_a_year_asks_whether_the_year_is_right(world, client):
    referral = make_referral(world, status=Status.ACCEPTED)
    client.sign_in(world.coach)

    answer = plan_talk(client, referral, "9", day=in_days(400))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["day"])


@pytest.mark.parametrize("typed", ["25:00", "half elf", "9.75"])
def test_talk_at_no_time_is_explained(world, client, typed):
    referral = make_referral(world, status=Status.ACCEPTED)
    client.sign_in(world.coach)

    answer = plan_talk(client, referral, typed)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["time"]
