"""Who manages the accounts cannot open records: not by giving themself a role either."""

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests.factories import PASSWORD, make_membership
from wor.accounts.models import Invitation, Membership
from wor.accounts.services import accept_invitation, invite, issue_invitation_token
from wor.audit.models import Event
from wor.outbox.models import Effect, Notice
from wor.tenancy.context import open_region

pytestmark = pytest.mark.django_db


def test_administrator_cannot_invite_themself(client, world):
    client.sign_in(world.region_admin)
    values = {"name": "Ik", "email": world.region_admin.user.email.upper(), "role": "coach"}

    answer = client.send(reverse("invite"), {**values, "organisation": str(world.welfare.reference)})

    assert answer.status_code == 409
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("known", ["{}+coach@{}", "tweede@test.example"])
def test_administrator_cannot_invite_another_address_of_their_own(client, world, known):
    user = world.region_admin.user
    EmailAddress.objects.create(user=user, email="tweede@test.example", verified=True)
    client.sign_in(world.region_admin)
    values = {"name": "Ik", "email": known.format(*user.email.split("@")), "role": "coach"}

    answer = client.send(reverse("invite"), {**values, "organisation": str(world.welfare.reference)})

    assert answer.status_code == 409
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", ["referrer", "coach", "coordinator"])
def test_administrator_cannot_take_a_role_with_records_that_a_colleague_offers(client, world, role):
    home = world.practice if role == "referrer" else world.welfare
    colleague = make_membership(world.region_admin.organisation, "region_admin")
    offered = invite(home, email=world.region_admin.user.email, name="A", role=role, by=colleague)
    client.sign_in(world.region_admin)

    answer = client.post(reverse("invitation", args=["rivierenland", issue_invitation_token(offered)]))

    assert answer.status_code == 409
    assert "wie accounts beheert, ziet geen dossiers" in answer.content.decode()
    assert Membership.objects.filter(user=world.region_admin.user).count() == 1
    assert Event.objects.filter(name="invitation.refused", subject_ref=offered.reference).exists()


def test_database_refuses_an_administrator_with_records(world, elsewhere):
    with pytest.raises(IntegrityError, match="administrator_reads_no_cases"), transaction.atomic():
        make_membership(world.welfare, "coach", user=world.region_admin.user)
    make_membership(world.practice, "core_team", user=world.region_admin.user)
    with open_region(elsewhere.region.pk):
        make_membership(elsewhere.welfare, "coach", user=world.region_admin.user)


def test_who_gets_at_records_is_seen_by_who_would_know_them(client, world):
    """An administrator who invites themself under an address that nobody knew does not stay unseen."""
    other_admin = make_membership(world.region_admin.organisation, "region_admin")
    offered = invite(world.welfare, email="postbus@test.example", name="Ik", role="coach", by=world.region_admin)

    accept_invitation(offered, name="Ik", password=PASSWORD)

    told = Notice.objects.filter(kind="colleague_new")
    assert {each.membership for each in told} == {world.coordinator, world.region_admin, other_admin}
    assert Effect.objects.filter(kind="notice", recipient_membership_id=world.coordinator.pk).exists()
    for person, words in ((world.coordinator, "Ken je die niet"), (other_admin, "Kent u die niet")):
        assert words in client.sign_in(person).get("/berichten/").content.decode()


def test_who_only_counts_gets_in_without_a_warning(world):
    offered = invite(world.practice, email="postbus@test.example", name="Ik", role="core_team", by=world.region_admin)

    accept_invitation(offered, name="Ik", password=PASSWORD)

    assert not Notice.objects.exists()


def test_administrator_cannot_reopen_their_own_role(client, world):
    mine = make_membership(world.welfare, "coach", user=world.region_admin.user, ended_at=timezone.now())
    client.sign_in(world.region_admin)

    answer = client.send(reverse("reopen_person", args=[mine.reference]))

    mine.refresh_from_db()
    assert answer.status_code == 409
    assert mine.ended_at is not None


def test_refused_form_does_not_read_out_the_secret(client, world):
    client.sign_in(world.region_admin)
    values = {"name": "Zorgkring", "issuer": "https://id.example", "client_id": "wor", "secret": "zeer-geheim"}

    answer = client.send(reverse("region_provider"), {**values, "version": "5"})

    assert answer.status_code == 409
    assert b"zeer-geheim" not in answer.content
