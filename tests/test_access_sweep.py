"""Every address × every role × objects of another region and another organisation.

The next page is covered unasked: it must say who may open it, and it gets every foreign reference there is.
"""

import re
import uuid

import pytest
from django.utils import timezone

from activities.models import ActivityReport, Import, ProviderAnswer
from coaches.models import Action, Contact, Gap, Intake
from referrals.models import ClientLink, Feedback, Message, ReferralDraft, Status
from tests.activities.build import make_activity
from tests.coaches.placing import make_placement
from tests.factories import make_client, make_referral
from tests.urls import own
from wor.accounts.models import Invitation, Role
from wor.accounts.permissions import ROLE_PERMISSIONS, Permission
from wor.outbox.models import Notice
from wor.tenancy.context import open_region
from wor.tenancy.models import StoredFile

# Everything that may be opened without signing in. A new public page has to be added here, on purpose.
PUBLIC = {
    *("home", "healthz", "readyz", "set_language", "help", "accessibility", "privacy", "region_page", "region_css"),
    *("public_directory", "public_directory_print", "public_target_map", "public_activity", "public_activity_print"),
    *("public_report_activity", "public_report_sent", "public_sitemap", "robots"),
    *("provider_page", "provider_thanks"),
    *("invitation", "client_page", "client_page_stop", "security_txt"),
    *("account_logout", "mfa_authenticate", "openid_connect_login", "openid_connect_callback", "keepalive"),
}
PEOPLE = {
    "referrer": Role.REFERRER,
    "coach": Role.COACH,
    "coordinator": Role.COORDINATOR,
    "core_team": Role.CORE_TEAM,
    "funder": Role.FUNDER,
    "region_admin": Role.REGION_ADMIN,
}
PROTECTED = [each for each in own() if each.access != "public"]
WITH_REFERENCE = [each for each in PROTECTED if each.takes_reference]


def reachable(person: str) -> list:
    """The addresses with a reference that this role gets as far as looking up; the others are refused before."""
    role = PEOPLE[person.removeprefix("stranger_")]
    return [each for each in WITH_REFERENCE if each.access in ROLE_PERMISSIONS[role]]


def name_of(address) -> str:
    return address.name or address.route


@pytest.mark.parametrize("address", own(), ids=name_of)
def test_each_view_says_who_may_open_it(address):
    assert address.access == "public" or isinstance(address.access, Permission), address.route
    assert (address.name in PUBLIC) is (address.access == "public"), address.route


@pytest.mark.django_db
@pytest.mark.parametrize("address", PROTECTED, ids=name_of)
def test_each_protected_page_asks_to_sign_in(client, address):
    path = address.path()

    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/aanmelden/?next=")
    assert client.get(path, headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize("person", PEOPLE)
def test_each_role_is_refused_what_it_may_not_open(world, client, person):
    client.sign_in(getattr(world, person))

    for address in PROTECTED:
        if address.access not in ROLE_PERMISSIONS[PEOPLE[person]]:
            assert client.get(address.path()).status_code == 403, address.route
            assert client.send(address.path()).status_code == 403, address.route


def make_one_of_everything(world, reference: uuid.UUID, *, of_the_region: bool = True) -> None:
    """All that a stranger could ask for, under one reference: whoever asks for it asks for each of them at once.

    Without ``of_the_region`` only what is about a client.
    """
    named = {"reference": reference, "region": world.region}
    key, now = {"key": uuid.uuid4()}, timezone.now()
    client = make_client(world.practice, reference=reference)
    referral = make_referral(world, status=Status.ACTIVE, client=client, reference=reference)
    mine = {**named, **key, "welfare_organisation": world.welfare}
    inside = {**named, **key, "referral": referral}
    Contact.objects.create(**mine, referral=referral, by=world.coach, at=now, kind="talk", way="phone")
    held = {"held_at": now, "held_by": world.coach}
    Intake.objects.create(**named, **held, welfare_organisation=world.welfare, referral=referral)
    Action.objects.create(**mine, referral=referral, owner=world.coach, due_on=now.date(), text="Bellen")
    Message.objects.create(**inside, side="welfare", kind="question", by=world.coach, body="Mag ik bellen?")
    told = {"moment": "intake", "body": "Goed.", "level": "all", "sent_at": now, "sent_by": world.coach}
    Feedback.objects.create(**inside, **told, practice=world.practice)
    ReferralDraft.objects.create(**named, practice=world.practice, written_by=world.referrer)
    Notice.objects.create(**named, membership=world.coach, kind="question_asked", subject_ref=reference)
    link = {"kind": "leaflet_page", "token_hash": key["key"].hex}
    ClientLink.objects.create(**named, **link, client=client, referral=referral)
    activity = make_activity(world.region, "Koor van hier", **({"reference": reference} if of_the_region else {}))
    make_placement(world, referral, activity=activity, reference=reference)
    Gap.objects.create(**mine, kind="full", practice=world.practice, by=world.coach)
    ActivityReport.objects.create(**named, **key, activity=activity, body="Klopt niet.")
    ProviderAnswer.objects.create(**named, activity=activity, kind="changed")
    file = StoredFile.objects.create(**named, kind="import", sha256="", size=1, content=b"x")
    Import.objects.create(**named, **key, kind="activities", file=file)
    if of_the_region:
        asked = {"email": "a@b.example", "name": "A", "role": "referrer", "expires_at": now}
        Invitation.objects.create(**named, **asked, organisation=world.practice)
        for row in (activity.provider, world.practice, world.coach):
            assert type(row).objects.filter(pk=row.pk).update(reference=reference) == 1


def normal(body: bytes) -> str:
    """A page without what differs between any two answers."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body.decode())
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "REF", text)


@pytest.mark.parametrize("person", PEOPLE)
def test_what_is_elsewhere_does_not_exist(world, elsewhere, client, person):
    """Another region's reference answers exactly as one that nobody has, for reading and for changing."""
    foreign, nobodys = uuid.uuid4(), uuid.uuid4()
    with open_region(elsewhere.region.pk):
        make_one_of_everything(elsewhere, foreign)
    client.sign_in(getattr(world, person))

    for address in reachable(person):
        for ask in (client.get, client.send):
            asked, missing = ask(address.path(foreign)), ask(address.path(nobodys))
            assert asked.status_code == missing.status_code in (403, 404, 405), address.route
            assert normal(asked.content) == normal(missing.content), address.route


@pytest.mark.parametrize("person", ["stranger_referrer", "stranger_coach"])
def test_another_organisations_cases_do_not_exist(world, client, person):
    """Inside the region: what is about a client of others is not there, whatever the address."""
    others = uuid.uuid4()
    make_one_of_everything(world, others, of_the_region=False)
    client.sign_in(getattr(world, person))

    for address in reachable(person):
        for ask in (client.get, client.send):
            assert ask(address.path(others)).status_code in (403, 404, 405), address.route


@pytest.mark.parametrize("person", ["core_team", "funder", "region_admin"])
def test_no_path_to_a_person_for_who_only_counts_or_manages(world, client, person):
    for permission in (Permission.REFER, Permission.GUIDE, Permission.ASSIGN, Permission.READ_CASE):
        assert permission not in ROLE_PERMISSIONS[PEOPLE[person]]
