"""The region's administrator sees how long what is kept, and may choose within reason."""

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from wor.region import services
from wor.retention.terms import TERMS, chosen
from wor.tenancy.models import Region
from wor.tenancy.versions import version_of


@pytest.fixture
def admin(client, world):
    return client.sign_in(world.region_admin)


def form(world, **changes):
    usual = {name: term.usual for name, term in TERMS.items()}
    return {**usual, "ground": "", "version": version_of(world.region, services.RETENTION_FIELDS), **changes}


def kept(world) -> dict:
    world.region.refresh_from_db()
    return world.region.settings.get("keep")


def test_retention_shows_the_terms_and_that_nothing_ran_yet(admin):
    page = admin.get(reverse("region_settings")).content.decode()

    assert "Bewaartermijnen" in page
    assert "Verwijzing en begeleiding, na afsluiten" in page
    assert "Dat is nog niet gebeurd." in page


def test_retention_keeps_only_what_differs(admin, world):
    admin.send(reverse("region_retention"), form(world, case_text=6))

    assert kept(world) == {"case_text": 6}
    assert chosen(world.region)["case"] == 24


def test_retention_that_is_longer_asks_why(admin, world):
    answer = admin.send(reverse("region_retention"), form(world, case=36))
    assert answer.status_code == 422
    assert "Schrijf op waarom dat nodig is." in answer.content.decode()

    admin.send(reverse("region_retention"), form(world, case=36, ground="Besluit 12: onderzoek tot 2030."))
    assert kept(world) == {"case": 36, "ground": "Besluit 12: onderzoek tot 2030."}


@pytest.mark.parametrize(
    "changes",
    [
        {"log": 59},
        {"case": 0},
        {"case_text": 20, "case": 12, "ground": "Omdat."},
        {"staff": 11},
        {"staff": 61, "ground": "Omdat."},
        {"staff": -24},
        {"staff": ""},
        {"staff": "24,5"},
        {"staff": "twee jaar"},
        {"staff": "9" * 40},
    ],
)
def test_retention_stays_within_bounds(admin, world, changes):
    assert admin.send(reverse("region_retention"), form(world, **changes)).status_code == 422
    assert kept(world) is None


def test_retention_chooses_when_the_name_of_who_left_goes(admin, world):
    page = admin.get(reverse("region_retention")).content.decode()
    assert "wie hier werkte" in page
    assert "12 tot en met 60, gewoon is 24. Rol en organisatie blijven staan" in page

    admin.send(reverse("region_retention"), form(world, staff=12))
    assert kept(world) == {"staff": 12}


def test_retention_refuses_what_a_colleague_changed(admin, world):
    sent = form(world, case_text=6)
    Region.objects.filter(pk=world.region.pk).update(settings={"draft_days": 10})

    assert admin.send(reverse("region_retention"), sent).status_code == 409


def test_other_terms_leave_the_retention_as_it_is(admin, world):
    from tests.region.test_settings import care_form

    Region.objects.filter(pk=world.region.pk).update(settings={"keep": {"case_text": 6}})
    world.region.refresh_from_db()
    admin.send(reverse("region_care"), care_form(world, first_contact_days=10))

    world.region.refresh_from_db()
    assert world.region.settings == {"first_contact_days": 10, "keep": {"case_text": 6}}


def test_retention_is_for_the_administrator_only(client, world):
    assert client.sign_in(world.coach).get(reverse("region_retention")).status_code == 403


def test_settings_show_what_the_last_round_took(admin, world, monkeypatch):
    from wor.region.views import settings as views
    from wor.retention.models import RetentionRun

    ran = RetentionRun(
        region=world.region, on=timezone.localdate(), counts={"words": 12, "staff": 3}, finished_at=timezone.now()
    )
    monkeypatch.setattr(views, "last_run", lambda region: ran)

    page = admin.get(reverse("region_settings")).content.decode()

    assert "De laatste keer was op" in page
    assert "Vrije tekst van begeleidingen" in page
    assert "Namen van wie hier niet meer werkt" in page
    assert connections["default"].settings_dict["USER"] == "wor_app"
