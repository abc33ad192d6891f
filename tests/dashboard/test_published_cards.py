"""The cards about people on the dashboard of a practice and its group."""

import datetime as dt

import pytest
from django.urls import reverse

from dashboard.models import Reflection
from tests.counting import sql_at_most
from tests.dashboard.years import close_all, make_years
from tests.factories import make_membership
from wor.accounts.models import Role


@pytest.fixture
def years(world):
    made = make_years(world, seed=1, number=500, first=dt.date(2025, 1, 1))
    close_all(world, dt.date(2026, 2, 15))
    return made


def page(unit, **query) -> str:
    return reverse("unit_people", args=[unit.reference], query=query)


def test_dashboard_shows_the_last_closed_half_year_in_few_statements(client, world, years):
    make_membership(world.practice, Role.CORE_TEAM, user=world.funder.user)
    client.sign_in(world.core_team)
    client.get(page(years.group))  # "last seen" is written once a minute

    with sql_at_most(12):
        body = client.get(page(years.group)).content.decode()

    assert "2e half jaar van 2025</p>" in body
    assert body.count('class="card figure-card"') == 5


def test_dashboard_shows_a_former_half_year(client, world, years):
    client.sign_in(world.core_team)

    body = client.get(page(years.group, half="2025-h1")).content.decode()

    assert "1e half jaar van 2025</p>" in body


def test_dashboard_says_less_than_five_where_it_hides(client, world, years):
    client.sign_in(world.referrer)

    body = client.get(page(world.practice)).content.decode()

    assert "minder dan 5" in body
    assert "zodat niemand te herkennen is" in body


def test_dashboard_keeps_the_funders_threshold_when_one_is_in_the_kernteam(client, world, years):
    make_membership(world.practice, Role.CORE_TEAM, user=world.funder.user)
    client.sign_in(world.core_team)

    body = client.get(page(years.group)).content.decode()

    assert "minder dan 10" in body


def test_figure_about_people_keeps_the_kernteams_answer_with_its_half_year(client, world, years):
    client.sign_in(world.core_team)
    url = reverse("figure", args=[years.group.reference, "leeftijd"], query={"half": "2025-h1"})
    key = client.get(url).context["form"]["key"].value()

    answer = client.send(url, {"body": "Jongeren zien we weinig.", "key": str(key)})

    assert answer.status_code == 302
    kept = Reflection.objects.get()
    assert (kept.figure, kept.starts_on, kept.ends_on) == ("leeftijd", dt.date(2025, 1, 1), dt.date(2025, 6, 30))


def test_figure_about_people_does_not_exist_before_a_half_year_is_closed(client, world):
    client.sign_in(world.core_team)

    assert client.get(reverse("figure", args=[world.practice.reference, "leeftijd"])).status_code == 404
