"""The access log for the administrator: by reference, and itself logged."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from tests.counting import sql_at_most
from tests.factories import make_referral
from wor import texts
from wor.audit import services as audit
from wor.audit.models import AccessLogEntry
from wor.region.log_words import DEEDS, THINGS
from wor.tenancy.models import RegionModel


@pytest.fixture
def admin(client, world):
    return client.sign_in(world.region_admin)


@pytest.fixture
def referral(world):
    referral = make_referral(world)
    audit.log("read", referral, by=world.coach, referral=referral)
    audit.log("list", by=world.referrer, clients=[referral.client.reference], object_type="referral")
    return referral


def rows(page):
    return [(row["who"], row["what"]) for row in page.context["rows"]]


def test_access_log_shows_who_and_what_but_never_the_client(admin, world, referral):
    page = admin.get(reverse("access_log")).content.decode()

    assert world.coach.display_name in page
    assert str(referral.client.reference)[:8] in page
    assert referral.client.family_name not in page


def test_access_log_finds_a_client_in_rows_and_in_lists(admin, world, referral):
    other = make_referral(world)
    audit.log("read", other, by=world.coach, referral=other)

    page = admin.get(reverse("access_log"), {"client": str(referral.client.reference)})

    assert rows(page) == [
        (world.referrer.display_name, "in een lijst gezien"),
        (world.coach.display_name, "bekeken"),
    ]


def test_access_log_filters_by_kind_person_and_day(admin, world, referral):
    url, yesterday = reverse("access_log"), (timezone.localdate() - dt.timedelta(days=1)).strftime("%d-%m-%Y")

    assert rows(admin.get(url, {"soort": "list"})) == [(world.referrer.display_name, "in een lijst gezien")]
    assert rows(admin.get(url, {"wie": str(world.coach.reference)})) == [(world.coach.display_name, "bekeken")]
    assert rows(admin.get(url, {"dag": yesterday})) == []


def test_access_log_pages_by_key(admin, world, referral):
    for _each in range(40):
        audit.log("read", referral, by=world.coach, referral=referral)

    first = admin.get(reverse("access_log"), {"soort": "read"})
    second = admin.get(reverse("access_log") + first.context["next_url"])

    assert (len(first.context["rows"]), len(second.context["rows"])) == (25, 16)


def test_access_log_writes_down_that_it_was_looked_at(admin, world, referral):
    admin.get(reverse("access_log"), {"client": str(referral.client.reference)})

    entry = AccessLogEntry.objects.get(kind="log-access")
    assert entry.user_id == world.region_admin.user_id
    assert entry.filter == f"client={referral.client.reference}"


def test_access_log_keeps_another_region_out(admin, elsewhere, world):
    page = admin.get(reverse("access_log"), {"wie": str(elsewhere.coach.reference)})

    assert page.status_code == 200
    assert AccessLogEntry.objects.filter(kind="log-access").count() == 1


def test_access_log_names_a_refused_page_by_its_address(admin, world):
    admin.get(reverse("served_areas", args=[world.welfare.reference]))

    page = admin.get(reverse("access_log"), {"soort": "refused"}).content.decode()

    assert "pagina /beheer/organisaties/…/werkgebied/" in page
    assert "served_areas" not in page


def test_access_log_has_a_word_for_everything_that_is_written_in_it():
    calls = "".join(path.read_text() for app in texts.SOURCES for path in (Path(settings.BASE_DIR) / app).rglob("*.py"))
    deeds = {
        each for call in re.findall(r"\brecord\(([^)]*)", calls) for each in re.findall(r'"[a-z_]+\.([a-z_]+)"', call)
    }
    things = {model._meta.model_name for model in apps.get_models() if issubclass(model, RegionModel)}

    assert len(deeds) > 40
    assert deeds - set(DEEDS) == set()
    assert things - set(THINGS) == set()


@pytest.mark.parametrize("query", ["client=x", "dag=32-1-2026", "soort=alles", "na=1", "wie=%00"])
def test_access_log_survives_a_strange_filter(admin, query):
    assert admin.get(f"{reverse('access_log')}?{query}").status_code == 200


@pytest.mark.parametrize("who", ["referrer", "coach", "coordinator", "core_team", "funder"])
def test_access_log_is_for_the_administrator_only(client, world, who):
    assert client.sign_in(getattr(world, who)).get(reverse("access_log")).status_code == 403
    assert not AccessLogEntry.objects.visible_to(getattr(world, who)).exists()


def test_access_log_counts_its_queries(admin, referral):
    admin.get(reverse("access_log"))
    with sql_at_most(12):
        admin.get(reverse("access_log"), {"client": str(referral.client.reference)})
