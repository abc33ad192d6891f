"""Support works through commands that are written down."""

import io

import pytest
from django.core.management import CommandError, call_command

from tests.accounts.people import add_app, type_password
from tests.factories import make_user
from wor.accounts.models import Invitation
from wor.audit.models import Event
from wor.outbox.models import Effect
from wor.tenancy.context import open_region
from wor.tenancy.models import Organisation, Region


def run(name, *args, **options) -> str:
    out = io.StringIO()
    call_command(name, *args, stdout=out, **options)
    return out.getvalue()


def test_reset_second_factor_takes_two_people(world, client):
    user, one, other = world.coach.user, world.coordinator.user, world.region_admin.user
    add_app(user)

    run("reset_second_factor", user.email, asked_by=one.email, confirmed_by=other.email)

    assert type_password(client, user.email)["Location"] == "/"
    event = Event.objects.get(name="user.factor_reset")
    assert event.data == {"asked_by": one.pk, "confirmed_by": other.pk}
    assert Effect.objects.filter(kind="sign_in_changed", recipient_user_id=user.pk).exists()


@pytest.mark.parametrize(("asked", "confirmed"), [("coach", "coordinator"), ("coordinator", "coordinator")])
def test_reset_second_factor_refuses_one_person(world, asked, confirmed):
    add_app(world.coach.user)

    with pytest.raises(CommandError, match="twee mensen"):
        run(
            "reset_second_factor",
            world.coach.user.email,
            asked_by=getattr(world, asked).user.email,
            confirmed_by=getattr(world, confirmed).user.email,
        )


def test_reset_second_factor_refuses_unknown_people(world):
    with pytest.raises(CommandError, match="geen actief account"):
        run(
            "reset_second_factor",
            world.coach.user.email,
            asked_by=world.referrer.user.email,
            confirmed_by="x@test.example",
        )


def test_deactivate_user_ends_everything(world, client):
    type_password(client, world.funder.user.email)

    assert "Beëindigde aanmeldingen: 1" in run("deactivate_user", world.funder.user.email)

    assert client.get("/account/").status_code == 302
    assert Event.objects.filter(name="user.deactivated", subject_ref=world.funder.reference).exists()
    with pytest.raises(CommandError):
        run("deactivate_user", world.funder.user.email)


@pytest.mark.django_db(databases=["default", "owner"], transaction=False)
def test_create_region_makes_region_organisation_and_invitation(world, monkeypatch):
    made = {}
    monkeypatch.setattr(
        "wor.accounts.management.commands.create_region.Command._region",
        lambda self, slug, options: made.setdefault(slug, world.region),
    )

    run("create_region", "waterland", "Waterland", organisation="Waterland Samen", email="b@test.example", person="Bo")

    assert list(made) == ["waterland"]
    with open_region(world.region.pk):
        organisation = Organisation.objects.get(name="Waterland Samen")
        invitation = Invitation.objects.get(email="b@test.example")
    assert (organisation.kind, invitation.role) == ("support", "region_admin")
    assert Event.objects.filter(name="membership.invited", subject_ref=invitation.reference).exists()


@pytest.mark.django_db(databases=["default", "owner"])
def test_create_region_is_the_work_of_the_owner(monkeypatch):
    from wor.accounts.management.commands.create_region import Command

    monkeypatch.setattr(Region.objects, "get", lambda **which: Region.objects.using("owner").filter(**which).first())
    region = Command()._region("waterland", {"name": "Waterland", "variant": "gericht"})

    assert (region.slug, region.variant, region.is_fictional) == ("waterland", "gericht", False)
    assert not region.is_open


@pytest.mark.parametrize("slug", ["Met Hoofdletter", "r/x", "é"])
def test_create_region_refuses_an_odd_slug(db, slug):
    with pytest.raises(CommandError, match="kleine letters"):
        run("create_region", slug, "X", organisation="Y", email="a@test.example", person="Z")


def test_reset_command_refuses_a_closed_account(world):
    closed = make_user(is_active=False)

    with pytest.raises(CommandError, match="geen actief account"):
        run("deactivate_user", closed.email)
