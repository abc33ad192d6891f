"""The region's administrator invites, changes and ends; sees no case content."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests.counting import sql_at_most
from tests.factories import make_membership, make_referral
from wor.accounts.memberships import membership_version
from wor.accounts.models import FORMER, Invitation, Membership, Role
from wor.audit.models import AccessLogEntry, Event
from wor.outbox import relay

CASE_WORDS = ("Wil weer onder de mensen komen", "Vries-", "0612345678")


@pytest.fixture
def admin(client, world):
    return client.sign_in(world.region_admin)


def invitation_form(world, **changes):
    form = {
        "name": "Nieuwe Collega",
        "email": "Nieuw@Test.example",
        "organisation": str(world.practice.reference),
        "role": "referrer",
        "function": "gp",
    }
    return {**form, **changes}


def test_people_lists_everybody_of_the_region_by_name(admin, world, elsewhere):
    page = admin.get(reverse("people")).content.decode()

    assert world.coach.display_name in page
    assert world.practice.name in page
    assert elsewhere.coach.display_name not in page
    assert world.coach.user.email not in page


def test_people_filters_by_role_organisation_and_name(admin, world):
    found = admin.get(reverse("people"), {"rol": "coordinator"}).context["people"]
    assert [each["title"] for each in found] == [world.coordinator.display_name]

    found = admin.get(reverse("people"), {"organisatie": world.practice.reference}).context["people"]
    assert len(found) == 3

    found = admin.get(reverse("people"), {"zoek": world.funder.display_name.upper()}).context["people"]
    assert [each["title"] for each in found] == [world.funder.display_name]


def test_people_pages_by_key_and_keeps_the_filter(admin, world):
    for number in range(30):
        make_membership(world.other_practice, Role.CORE_TEAM, display_name=f"Zoë {number % 3}")

    first = admin.get(reverse("people"), {"rol": "core_team"})
    second = admin.get(reverse("people") + first.context["next_url"])

    names = [each["title"] for page in (first, second) for each in page.context["people"]]
    assert len(names) == 31
    assert names == sorted(names, key=str.lower)
    assert second.context["next_url"] == ""


@pytest.mark.parametrize("query", ["na=iets", "rol=koning", "organisatie=1", "zoek=%00%00", "zoek=" + "x" * 200])
def test_people_survives_a_strange_filter(admin, query):
    assert admin.get(f"{reverse('people')}?{query}").status_code == 200


def test_people_counts_its_queries(admin, world):
    admin.get(reverse("people"))
    with sql_at_most(12):
        admin.get(reverse("people"))


def test_invite_sends_a_mail_with_a_link(admin, world):
    done = admin.send(reverse("invite"), invitation_form(world))
    relay.dispatch()

    assert done.status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.invited_by) == ("nieuw@test.example", world.region_admin)
    assert mail.outbox[0].to == ["nieuw@test.example"]
    assert Event.objects.filter(name="membership.invited", subject_ref=invitation.reference).exists()


def test_invite_twice_leaves_one_link_and_one_mail(admin, world):
    admin.send(reverse("invite"), invitation_form(world))
    admin.send(reverse("invite"), invitation_form(world))
    relay.dispatch()

    assert Invitation.objects.waiting().count() == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("role", {"role": "coach"}),
        ("role", {"role": "funder"}),
        ("function", {"function": ""}),
        ("email", {"email": "geen adres"}),
        ("organisation", {"organisation": "00000000-0000-4000-8000-000000000000"}),
        ("organisation", {"organisation": "1"}),
        ("valid_until", {"valid_until": "1-1-2020"}),
        ("name", {"name": ""}),
        ("name", {"name": "Jan 111222333"}),
    ],
)
def test_invite_says_what_is_wrong(admin, world, field, changes):
    answer = admin.send(reverse("invite"), invitation_form(world, **changes))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Invitation.objects.exists()


def test_invite_refuses_an_organisation_of_another_region(admin, world, elsewhere):
    answer = admin.send(reverse("invite"), invitation_form(world, organisation=str(elsewhere.practice.reference)))

    assert answer.status_code == 422


@pytest.fixture
def invitation(admin, world):
    admin.send(reverse("invite"), invitation_form(world))
    return Invitation.objects.get()


def test_resend_makes_the_former_link_void(admin, invitation):
    admin.send(reverse("resend_invitation", args=[invitation.reference]))

    invitation.refresh_from_db()
    assert invitation.revoked_at
    assert Invitation.objects.waiting().count() == 1


def test_resend_works_for_one_that_ran_out(admin, invitation):
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(days=1))

    admin.send(reverse("resend_invitation", args=[invitation.reference]))

    assert Invitation.objects.waiting().get().is_open


def test_revoke_ends_the_invitation_once(admin, invitation):
    assert admin.send(reverse("revoke_invitation", args=[invitation.reference])).status_code == 302

    invitation.refresh_from_db()
    assert not invitation.is_open
    assert admin.send(reverse("resend_invitation", args=[invitation.reference])).status_code == 409


def test_change_person_moves_the_contact_point(admin, world):
    for person in (world.coach, world.second_coach):
        form = {"display_name": person.display_name, "is_contact_point": "on", "version": membership_version(person)}
        assert admin.send(reverse("change_person", args=[person.reference]), form).status_code == 302

    points = Membership.objects.filter(organisation=world.welfare, is_contact_point=True)
    assert [each.pk for each in points] == [world.second_coach.pk]


def test_change_person_gives_a_locum_a_last_day(admin, world):
    form = {
        "display_name": "Mens Waarnemer",
        "function": "practice_nurse",
        "valid_until": (timezone.localdate() + dt.timedelta(days=3)).strftime("%d-%m-%Y"),
        "version": membership_version(world.referrer),
    }
    admin.send(reverse("change_person", args=[world.referrer.reference]), form)

    world.referrer.refresh_from_db()
    assert world.referrer.valid_until == timezone.localdate() + dt.timedelta(days=3)
    assert (world.referrer.function, world.referrer.display_name) == ("practice_nurse", "Mens Waarnemer")


def test_change_person_refuses_what_a_colleague_changed_meanwhile(admin, world):
    version = membership_version(world.coach)
    Membership.objects.filter(pk=world.coach.pk).update(is_contact_point=True)

    answer = admin.send(
        reverse("change_person", args=[world.coach.reference]), {"display_name": "Anders", "version": version}
    )

    assert answer.status_code == 409
    assert "Anders" in answer.content.decode()


def test_change_role_ends_the_old_and_begins_a_new_one(admin, world):
    form = {"role": "coordinator", "version": membership_version(world.coach)}
    admin.send(reverse("change_role", args=[world.coach.reference]), form)

    world.coach.refresh_from_db()
    new = Membership.objects.active().get(user=world.coach.user)
    assert (new.role, world.coach.ended_by) == ("coordinator", world.region_admin)


def test_change_role_offers_only_what_fits_the_organisation(admin, world):
    page = admin.get(reverse("change_role", args=[world.coach.reference]))

    assert [code for code, _label in page.context["form"].fields["role"].choices] == ["", "coordinator", "core_team"]
    form = {"role": "funder", "version": membership_version(world.coach)}
    assert admin.send(reverse("change_role", args=[world.coach.reference]), form).status_code == 422


def test_end_person_shuts_the_door_at_the_next_request(admin, world, client):
    done = admin.send(reverse("end_person", args=[world.coach.reference]), follow=True)
    assert "Ongedaan maken" in done.content.decode()

    refused = type(client)().sign_in(world.coach).get(reverse("worklist"))
    assert refused.status_code == 302


def test_end_person_can_be_taken_back(admin, world):
    admin.send(reverse("end_person", args=[world.coach.reference]))
    admin.send(reverse("reopen_person", args=[world.coach.reference]))

    world.coach.refresh_from_db()
    assert world.coach.is_active
    assert admin.send(reverse("reopen_person", args=[world.coach.reference])).status_code == 409


def test_reopen_person_refuses_a_role_that_clashes(admin, world):
    admin.send(reverse("end_person", args=[world.coach.reference]))
    make_membership(world.funder.organisation, Role.FUNDER, user=world.coach.user)

    assert admin.send(reverse("reopen_person", args=[world.coach.reference])).status_code == 409


def test_end_person_refuses_oneself_and_twice(admin, world):
    assert admin.send(reverse("end_person", args=[world.region_admin.reference])).status_code == 409

    admin.send(reverse("end_person", args=[world.coach.reference]))
    assert admin.send(reverse("end_person", args=[world.coach.reference])).status_code == 409


@pytest.mark.parametrize("name", ["person", "change_person", "change_role", "end_person", "reopen_person", "invited"])
def test_person_of_another_region_is_not_there(admin, elsewhere, name):
    assert admin.get(reverse(name, args=[elsewhere.coach.reference])).status_code == 404
    assert admin.send(reverse(name, args=[uuid.uuid4()])).status_code in (404, 405)


@pytest.mark.parametrize("who", ["referrer", "coach", "coordinator", "core_team", "funder"])
def test_people_is_for_the_administrator_only(client, world, who):
    client.sign_in(getattr(world, who))

    assert client.get(reverse("people")).status_code == 403
    assert client.send(reverse("end_person", args=[world.coach.reference])).status_code == 403


def test_administrator_sees_no_case_anywhere(admin, world):
    referral = make_referral(world)
    names = ("people", "organisations", "region_settings", "access_log", "deliveries", "notices")
    pages = [admin.get(reverse(name)).content.decode() for name in names]

    for page in pages:
        for words in (*CASE_WORDS, referral.number, referral.client.given_name):
            assert words not in page


def nameless(membership, **fields):
    """As the keeper leaves who left long ago."""
    ended = {"ended_at": timezone.now() - dt.timedelta(days=800), **fields}
    Membership.objects.filter(pk=membership.pk).update(display_name="", phone="", photo=None, **ended)
    return membership


def test_person_without_a_name_is_shown_by_role_and_does_not_come_back(admin, world):
    gone = nameless(world.coach)

    page = admin.get(reverse("person", args=[gone.reference])).content.decode()

    assert "<h1>Oud-medewerker</h1>" in page
    assert "welzijnscoach" in page
    assert "Weer toegang geven" not in page
    assert admin.send(reverse("reopen_person", args=[gone.reference])).status_code == 409


def test_people_leaves_out_a_locum_without_a_name(admin, world):
    until = timezone.localdate() - dt.timedelta(days=800)
    nameless(world.coach, ended_at=None, valid_until=until)

    page = admin.get(reverse("people")).content.decode()

    assert str(FORMER) not in page
    assert world.second_coach.display_name in page


def test_log_of_who_has_no_name_says_the_role(admin, world):
    gone = nameless(world.coach)

    page = admin.get(reverse("access_log"), {"wie": gone.reference}).content.decode()

    assert f"Alleen wat {FORMER} (welzijnscoach) deed" in page


def test_person_leaves_a_row_in_the_log(admin, world):
    admin.get(reverse("person", args=[world.coach.reference]))

    entry = AccessLogEntry.objects.get(kind="read")
    assert (entry.object_ref, entry.actor_name) == (world.coach.reference, world.region_admin.display_name)
