"""The database itself refuses what crosses a region."""

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction

from referrals.models import Client, Referral, Status
from tests.factories import make_client, make_referral
from wor.audit.models import Event
from wor.tenancy.context import open_region, set_region


def test_without_region_no_rows(world):
    make_client(world.practice)

    with open_region(None):
        assert Client.objects.count() == 0

    assert Client.objects.count() == 1


def test_other_region_sees_nothing(world, elsewhere):
    make_client(world.practice)

    with open_region(elsewhere.region.pk):
        assert Client.objects.count() == 0


def test_row_for_another_region_is_refused(world, elsewhere):
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        make_client(elsewhere.practice)


def test_reference_into_another_region_is_refused(world, elsewhere):
    with pytest.raises(IntegrityError, match="same_region"), transaction.atomic():
        Client.objects.create(
            region=world.region,
            practice_id=elsewhere.practice.pk,
            given_name="A",
            family_name="B",
            birth_date="1950-01-01",
            phone="0612345678",
            postcode="4001",
        )


def test_events_cannot_be_changed(world):
    event = Event.objects.create(
        region=world.region,
        at="2026-01-01T00:00Z",
        name="x.y",
        subject_type="x",
        subject_ref=world.region_admin.reference,
    )

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(name="z")


def test_every_status_fits_the_constraints(world):
    for status in Status:
        make_referral(world, status=status)

    assert Referral.objects.count() == len(Status)


def test_app_role_owns_nothing_and_bypasses_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        )
        assert cursor.fetchone() == (0,)


def test_history_keeps_the_former_values(world):
    client = make_client(world.practice, given_name="Oud")
    client.given_name = "Nieuw"
    client.save()

    ClientEvent = apps.get_model("referrals", "ClientEvent")  # made by pghistory
    assert [event.given_name for event in ClientEvent.objects.all()] == ["Oud"]
    set_region(None)
    assert ClientEvent.objects.count() == 0
