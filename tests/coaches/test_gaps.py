"""*Gat in het aanbod*: named in one tap, without a person, and dealt with by who keeps the sociale kaart."""

import uuid

import pytest
from django.urls import reverse

from coaches import services
from coaches.models import Gap
from referrals.models import Status
from tests.coaches.parts import events, form, statements, url
from tests.counting import sql_at_most
from tests.factories import make_referral
from wor.audit.models import AccessLogEntry, Event
from wor.errors import DomainError


@pytest.fixture
def case(world):
    return make_referral(world, status=Status.ACTIVE)


def make_gap(world, case, note="Avonden voor mantelzorgers", **fields) -> Gap:
    return services.report_gap(case, kind="wrong_time", note=note, key=uuid.uuid4(), by=world.coach, **fields)


def test_gap_is_one_tap_and_knows_nobody(world, client, case):
    client.sign_in(world.coach).send(url("report_gap", case), form(kind="too_far"))

    gap = Gap.objects.get()
    assert (gap.kind, gap.by, gap.practice, gap.target_cell) == ("too_far", world.coach, world.practice, world.cell)
    assert events(case) == []  # nothing in the client's own story
    assert Event.objects.get(name="gap.created").referral_id is None
    assert AccessLogEntry.objects.get(purpose="gap.created").client_ref is None


def test_gap_with_a_bsn_is_refused(world, client, case):
    answer = client.sign_in(world.coach).send(url("report_gap", case), form(kind="full", note="Voor 111222333"))

    assert answer.status_code == 422
    assert not Gap.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"kind": "zomaar"}, {"kind": "full", "note": "x" * 141}])
def test_gap_filled_in_wrongly_is_asked_again(world, client, case, fields):
    assert client.sign_in(world.coach).send(url("report_gap", case), form(**fields)).status_code == 422


def test_gap_with_the_same_key_is_one(world, client, case):
    sent = form(kind="full")

    for _time in range(3):
        assert client.sign_in(world.coach).send(url("report_gap", case), sent).status_code == 302

    assert Gap.objects.count() == 1


@pytest.mark.parametrize(("person", "status"), [("referrer", 403), ("region_admin", 403), ("stranger_coach", 404)])
def test_gap_by_others_is_refused(world, client, case, person, status):
    assert client.sign_in(getattr(world, person)).send(url("report_gap", case), form(kind="full")).status_code == status


@pytest.mark.parametrize("person", ["coordinator", "region_admin"])
def test_list_shows_what_is_missing_and_where(world, client, case, person):
    make_gap(world, case)

    page = client.sign_in(getattr(world, person)).get(reverse("gaps")).content.decode()

    assert "Avonden voor mantelzorgers" in page
    assert "Rouw en leegte" in page
    assert case.client.family_name not in page
    assert case.number not in page


def test_list_is_each_organisations_own(world, client, case):
    make_gap(world, case)
    world.coordinator.organisation = world.other_welfare
    world.coordinator.save()

    assert "Avonden" not in client.sign_in(world.coordinator).get(reverse("gaps")).content.decode()


@pytest.mark.parametrize("person", ["coach", "referrer", "core_team", "funder"])
def test_list_is_for_who_keeps_the_map(world, client, person):
    assert client.sign_in(getattr(world, person)).get(reverse("gaps")).status_code == 403


def test_handled_leaves_the_list(world, client, case):
    gap = make_gap(world, case)
    address = reverse("handle_gap", args=[gap.reference])

    assert client.sign_in(world.region_admin).send(address, form()).status_code == 302

    gap.refresh_from_db()
    assert gap.handled_by == world.region_admin
    assert "Avonden" not in client.get(reverse("gaps")).content.decode()
    assert client.send(address, form()).status_code == 409  # a colleague did


def test_handled_by_a_stranger_finds_nothing(world, client, case):
    gap = make_gap(world, case)
    world.coordinator.organisation = world.other_welfare
    world.coordinator.save()

    address = reverse("handle_gap", args=[gap.reference])

    assert client.sign_in(world.coordinator).send(address, form()).status_code == 404
    with pytest.raises(DomainError):
        services.handle_gap(services.handle_gap(gap, by=world.region_admin), by=world.region_admin)


@pytest.mark.parametrize("number", [1, 30])
def test_list_costs_the_same_however_long(world, client, case, number):
    for _each in range(number):
        make_gap(world, case)
    client.sign_in(world.coordinator).get(reverse("gaps"))

    with sql_at_most(9):
        client.get(reverse("gaps"))


def test_gap_costs_few_statements(world, client, case):
    client.sign_in(world.coach)

    assert statements(lambda: client.send(url("report_gap", case), form(kind="full"))) <= 18
