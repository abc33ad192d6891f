"""Accounts begin with an invitation."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from tests.accounts.people import add_app, code, type_password
from tests.factories import PASSWORD, make_membership, make_user
from wor.accounts import services
from wor.accounts.mails import invitation_mail
from wor.accounts.models import Invitation, Membership, User
from wor.audit.models import Event
from wor.errors import DomainError
from wor.outbox.models import Effect
from wor.tenancy.context import open_region, set_region

NEW = {"name": "Anne van der Meer", "password": "een zin van woorden"}


def invite(world, email="nieuw@test.example", **fields):
    fields = {"name": "Anne", "role": "referrer", "function": "gp", **fields}
    return services.invite(world.practice, email=email, **fields, by=world.region_admin)


def link(invitation) -> str:
    return f"/r/rivierenland/uitnodiging/{services.issue_invitation_token(invitation)}/"


def test_invite_queues_a_mail_and_writes_it_down(world):
    invitation = invite(world, "Nieuw@Test.example ")

    assert invitation.email == "nieuw@test.example"
    assert invitation.expires_at - timezone.now() > dt.timedelta(days=6, hours=23)
    assert Effect.objects.get(kind="invitation").subject_ref == invitation.reference
    event = Event.objects.get(name="membership.invited")
    assert "nieuw" not in str(event.data)


def test_invite_keeps_only_a_hash_of_the_link(world):
    invitation = invite(world)

    token = services.issue_invitation_token(invitation)

    invitation.refresh_from_db()
    assert len(token) >= 43
    assert token not in str(Invitation.objects.values().get())
    assert str(invitation.reference) not in token


def test_a_mail_made_again_carries_the_same_link(world):
    invitation = invite(world)

    first, again = (invitation_mail([Effect(subject_ref=invitation.reference)]).body for _try in range(2))

    assert first == again
    assert services.open_invitation(re.search("/uitnodiging/([^/]+)/", first)[1]) == invitation


def test_the_link_cannot_be_made_without_the_servers_key(world, settings):
    token = services.issue_invitation_token(invite(world))

    settings.SECRET_KEY = "een heel andere sleutel van de server, even lang als nodig"

    assert services.issue_invitation_token(Invitation.objects.get()) != token


def test_invite_again_replaces_the_first(world):
    first = link(invite(world))
    second = link(invite(world))

    assert services.open_invitation(first.split("/")[-2]) is None
    assert services.open_invitation(second.split("/")[-2]) is not None


def test_invite_refuses_a_role_that_does_not_fit(world):
    with pytest.raises(DomainError, match="past niet"):
        invite(world, role="coach")


def test_invite_answers_the_same_for_known_and_unknown_addresses(world):
    known, unknown = invite(world, make_user().email), invite(world, "niemand@test.example")

    assert known.is_open == unknown.is_open
    assert Effect.objects.filter(kind="invitation").count() == 2


def test_accept_makes_the_account_and_signs_in(world, client):
    invitation = invite(world, valid_until=timezone.localdate() + dt.timedelta(days=30), is_contact_point=True)
    path = link(invitation)
    page = client.get(path).content.decode()
    assert world.practice.name in page
    assert 'value="Anne"' in page

    answer = client.post(path, NEW)

    assert answer["Location"] == "/"
    user = User.objects.get(email="nieuw@test.example")
    membership = Membership.objects.get(user=user)
    assert (membership.role, membership.function, membership.display_name) == ("referrer", "gp", "Anne van der Meer")
    assert membership.is_contact_point
    assert membership.valid_until == invitation.valid_until
    assert client.get(client.get("/")["Location"])["Location"] == "/account/tweede-stap-nodig/"
    assert client.get("/account/tweede-stap/app/").status_code == 200  # without typing the password again
    assert Event.objects.get(name="invitation.accepted").actor_membership_id == membership.pk


def test_accept_tells_what_is_wrong(world, client):
    answer = client.post(link(invite(world)), {"name": "", "password": "kort"})

    assert answer.status_code == 422
    assert "12" in answer.content.decode()
    assert not User.objects.filter(email="nieuw@test.example").exists()


def test_opening_the_link_changes_nothing(world, client):
    path = link(invite(world))
    for _scan in range(3):
        client.get(path)
        client.head(path)

    assert client.post(path, NEW).status_code == 302


def test_used_expired_revoked_and_unknown_links_look_the_same(world, client):
    used, expired, revoked = invite(world), invite(world, "b@test.example"), invite(world, "c@test.example")
    paths = [link(each) for each in (used, expired, revoked)]
    services.accept_invitation(used, name="A", password=PASSWORD)
    Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    services.revoke_invitation(revoked, by=world.region_admin)
    paths += ["/r/rivierenland/uitnodiging/onbekend/", "/r/nergens/uitnodiging/onbekend/"]

    answers = [client.get(path) for path in paths] + [client.post(path, NEW) for path in paths]

    assert {answer.status_code for answer in answers} == {404}
    assert len({plain(answer) for answer in answers if "/nergens/" not in answer.request["PATH_INFO"]}) == 1


def plain(answer) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return text.replace(answer.request["PATH_INFO"], "")


def test_the_link_of_another_region_is_unknown(world, elsewhere, client):
    path = link(invite(world))

    assert client.get(path.replace("rivierenland", "heideland")).status_code == 404
    assert client.get(path).status_code == 200


def test_the_page_does_not_pass_on_its_address(world, client):
    assert client.get(link(invite(world)))["Referrer-Policy"] == "strict-origin"


def test_an_existing_account_signs_in_and_confirms(world, elsewhere, client):
    user = elsewhere.coach.user
    before = user.password, user.name
    path = link(invite(world, user.email))
    page = client.get(path).content.decode()
    assert "U heeft al een account" in page
    assert client.post(path, NEW).status_code == 200
    assert not Membership.objects.filter(user=user, region=world.region).exists()

    add_app(user)
    type_password(client, user.email, next=path)
    assert client.post("/aanmelden/tweede-stap/", {"code": code()})["Location"] == path
    assert "Uitnodiging aannemen" in client.get(path).content.decode()
    assert client.post(path)["Location"] == "/"

    user.refresh_from_db()
    assert (user.password, user.name) == before
    assert client.session["membership"] == Membership.objects.get(user=user, region=world.region).pk


def test_somebody_else_cannot_take_the_invitation(world, client):
    path = link(invite(world))
    client.sign_in(world.funder)

    assert "ander e-mailadres" in client.post(path).content.decode()
    assert Invitation.objects.get().accepted_at is None


def test_accept_takes_an_invitation_once(world):
    invitation = invite(world)
    services.accept_invitation(invitation, name="A", password=PASSWORD)

    with pytest.raises(DomainError, match="al gebruikt"):
        services.accept_invitation(invitation, name="B", password=PASSWORD)


def test_accept_refuses_a_payer_who_would_guide(world):
    invitation = services.invite(
        world.welfare, email=world.funder.user.email, name="A", role="coach", by=world.region_admin
    )

    with pytest.raises(DomainError, match="Wie betaalt"):
        services.accept_invitation(invitation, user=world.funder.user)


def test_revoke_refuses_what_was_accepted(world):
    invitation = invite(world)
    services.accept_invitation(invitation, name="A", password=PASSWORD)

    with pytest.raises(DomainError, match="al aangenomen"):
        services.revoke_invitation(invitation, by=world.region_admin)


def test_end_membership_ends_at_the_next_request(world, client):
    client.sign_in(world.coach)
    assert client.get("/werkvoorraad/").status_code == 200

    services.end_membership(world.coach, by=world.region_admin)

    assert client.get("/werkvoorraad/")["Location"] == "/account/geen-rol/"
    assert "U heeft nu geen rol" in client.get("/account/geen-rol/").content.decode()


def test_end_membership_refuses_oneself(world):
    with pytest.raises(DomainError, match="eigen rol"):
        services.end_membership(world.region_admin, by=world.region_admin)


def test_change_of_role_keeps_the_former_as_it_was(world):
    other = services.change_membership(
        world.coach, display_name=world.coach.display_name, role="coordinator", by=world.region_admin
    )

    world.coach.refresh_from_db()
    assert (world.coach.role, world.coach.ended_by) == ("coach", world.region_admin)
    assert (other.role, other.user_id) == ("coordinator", world.coach.user_id)


def test_a_locum_stops_the_day_after_the_last(world, client):
    today = timezone.localdate()
    locum = make_membership(world.practice, "referrer", function="gp", valid_until=today)
    client.sign_in(locum)
    assert client.get("/verwijzingen/").status_code == 200

    Membership.objects.filter(pk=locum.pk).update(valid_until=today - dt.timedelta(days=1))

    assert client.get("/verwijzingen/")["Location"] == "/account/geen-rol/"


def test_invitations_stay_inside_their_region(world, elsewhere):
    invite(world)

    with open_region(elsewhere.region.pk):
        assert not Invitation.objects.exists()
    set_region(world.region.pk)
