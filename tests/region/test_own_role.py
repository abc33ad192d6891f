"""Who manages the accounts cannot open records: not by giving themself a role either."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_membership
from wor.accounts.models import Invitation

pytestmark = pytest.mark.django_db


def test_administrator_cannot_invite_themself(client, world):
    client.sign_in(world.region_admin)
    values = {"name": "Ik", "email": world.region_admin.user.email.upper(), "role": "coach"}

    answer = client.send(reverse("invite"), {**values, "organisation": str(world.welfare.reference)})

    assert answer.status_code == 409
    assert not Invitation.objects.exists()


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
