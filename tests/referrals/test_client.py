"""The patient: details, the page behind the leaflet, and who looked."""

import datetime as dt
import re
import uuid

import pytest
from django.core.cache import cache
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone

from referrals.fields import show_phone
from referrals.models import ClientLink, Referral, Status
from referrals.services import print_leaflet
from tests.factories import make_client, make_organisation, make_referral
from wor.audit.models import AccessLogEntry, Event
from wor.tenancy.context import set_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def gp(client, world):
    return client.sign_in(world.referrer)


def details(**changed) -> dict:
    data = {
        "version": "0",
        "given_name": "Johanna",
        "family_name": "de Vries",
        "birth_date": "12-3-1956",
        "phone": "06 1234 5678",
        "postcode": "4001",
        "reach_via": "phone",
        "language": "Nederlands",
        "feedback_level": "all",
    }
    return {**data, **changed}


def test_details_are_corrected(gp, world):
    person = make_referral(world).client

    answer = gp.send(reverse("client_edit", args=[person.reference]), details(phone="0344 612345", may_text="on"))
    person.refresh_from_db()

    assert answer.status_code == 302
    assert (person.phone, person.may_text, person.version) == ("0344612345", True, 1)
    assert Event.objects.filter(name="client.changed").exists()


def test_details_saved_by_a_colleague_first_are_shown_beside(gp, world):
    person = make_referral(world).client
    path = reverse("client_edit", args=[person.reference])
    gp.send(path, details(phone="0344 612345"))

    stale = gp.send(path, details(phone="0688888888"))
    person.refresh_from_db()

    assert stale.status_code == 409
    assert person.phone == "0344612345"
    assert show_phone("0344612345") in stale.content.decode()
    assert "0688888888" in stale.content.decode() or "06 88888888" in stale.content.decode()
    assert 'name="version" value="1"' in stale.content.decode()


def test_details_are_for_the_own_practice(client, world):
    path = reverse("client_edit", args=[make_referral(world).client.reference])

    assert client.sign_in(world.stranger_referrer).send(path, details()).status_code == 404
    assert client.sign_in(world.coach).send(path, details()).status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"phone": ""}, {"reach_via": "contact"}, {"may_email": "on"}, {"birth_date": ""}, {"postcode": "x"}]
)
def test_details_that_cannot_be_right_are_refused(gp, world, wrong):
    person = make_referral(world).client

    assert gp.send(reverse("client_edit", args=[person.reference]), details(**wrong)).status_code == 422


# The page behind the code on the leaflet


@pytest.fixture
def visitor():
    cache.clear()
    return Visitor()


def leaflet(world, **fields) -> tuple[Referral, str]:
    world.welfare.phone = "0344612345"
    world.welfare.save()
    referral = make_referral(world, **fields)
    return referral, print_leaflet(referral, by=world.referrer)


def test_own_page_tells_how_somebody_is_reached_and_nothing_more(visitor, world):
    referral, token = leaflet(world)

    answer = visitor.get(reverse("client_page", args=["rivierenland", token]))
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "eindigt op 78" in page
    assert show_phone("0344612345") in page
    for hidden in (referral.client.family_name, referral.client.given_name, world.welfare.name, referral.help_request):
        assert hidden not in page
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "welzijn" not in page.split("<main", 1)[1].split("</main", 1)[0].lower()


def test_own_page_changes_nothing_by_looking(visitor, world):
    referral, token = leaflet(world)
    path = reverse("client_page_stop", args=["rivierenland", token])

    for _ in range(3):
        visitor.get(path)
        visitor.head(path)

    referral.refresh_from_db()
    assert referral.status == "sent"


def test_own_page_stops_on_request(visitor, world):
    referral, token = leaflet(world, status="active")

    visitor.post(reverse("client_page_stop", args=["rivierenland", token]))
    set_region(world.region.pk)
    referral.refresh_from_db()
    page = visitor.get(reverse("client_page", args=["rivierenland", token])).content.decode()

    assert referral.status == "stopped"
    assert "Dit is gestopt" in page


def test_unknown_revoked_expired_and_foreign_look_the_same(visitor, world, elsewhere):
    make_organisation(world.region, "support", name="Steunpunt", phone="0344999999")
    _gone, revoked = leaflet(world)
    ClientLink.objects.update(revoked_at=timezone.now())
    closed, expired = leaflet(world, status="active")
    Referral.objects.filter(pk=closed.pk).update(
        status="completed",
        closed_at=timezone.now() - dt.timedelta(days=31),
        attention_at=None,
        closing_reason=make_referral(world, status=Status.COMPLETED).closing_reason,
    )
    bodies = set()
    for token in (revoked, expired, "iets", uuid.uuid4().hex):
        answer = visitor.get(reverse("client_page", args=["rivierenland", token]))
        assert answer.status_code == 404
        # The page carries a new CSRF token each time, and the address that the visitor typed.
        bodies.add(re.sub(r'value="[^"]*"', "", answer.content.decode()).replace(token, ""))

    assert len(bodies) == 1
    assert show_phone("0344999999") in bodies.pop()


def test_own_page_asked_too_often_waits(visitor, world):
    _referral, token = leaflet(world)
    path = reverse("client_page", args=["rivierenland", token])

    answers = [visitor.get(path).status_code for _ in range(62)]

    assert answers[0] == 200
    assert answers[-1] == 429


# Who looked


def test_overview_tells_role_and_organisation_per_day(gp, client, world):
    referral = make_referral(world)
    gp.get(reverse("referral", args=[referral.reference]))
    gp.get(reverse("referrals"))
    client.sign_in(world.coach).get(reverse("client_access", args=[referral.client.reference]))

    page = client.sign_in(world.referrer).get(reverse("client_access", args=[referral.client.reference]))
    text = page.content.decode()

    assert page.status_code == 200
    assert "in een lijst gezien" in text
    assert "dit overzicht bekeken" in text
    assert world.welfare.name in text
    assert world.coach.display_name not in text


def test_overview_tells_names_after_a_check_and_logs_that(gp, client, world):
    referral = make_referral(world)
    client.sign_in(world.coach).get(reverse("client_access", args=[referral.client.reference]))
    path = reverse("client_access", args=[referral.client.reference])

    gp = client.sign_in(world.referrer)
    refused = gp.send(path, {})
    shown = gp.send(path, {"identity_checked": "on"})

    assert refused.status_code == 422
    assert world.coach.display_name in shown.content.decode()
    assert AccessLogEntry.objects.filter(kind="log-access", purpose="with_names").exists()


def test_overview_is_for_those_with_a_relation(client, world):
    path = reverse("client_access", args=[make_client(world.practice).reference])

    assert client.sign_in(world.referrer).get(path).status_code == 200
    for person in (world.coach, world.stranger_referrer, world.stranger_coach):
        assert client.sign_in(person).get(path).status_code == 404
    for person in (world.core_team, world.funder, world.region_admin):
        assert client.sign_in(person).get(path).status_code == 403
