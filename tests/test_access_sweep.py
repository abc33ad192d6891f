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
from tests.factories import make_referral
from tests.urls import own
from wor.accounts.models import Invitation, Role
from wor.accounts.permissions import ROLE_PERMISSIONS, Permission
from wor.audit.services import record
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


def references_of(world) -> dict[str, uuid.UUID]:
    """One of everything a stranger could ask for."""
    referral = make_referral(world, status=Status.ACTIVE)
    mine = {"region": world.region, "welfare_organisation": world.welfare, "referral": referral}
    now, key = timezone.now(), {"key": uuid.uuid4()}
    contact = Contact.objects.create(**mine, **key, by=world.coach, at=now, kind="talk", way="phone")
    intake = Intake.objects.create(**mine, held_at=now, held_by=world.coach)
    action = Action.objects.create(**mine, **key, owner=world.coach, due_on=now.date(), text="Bellen")
    inside = {"region": world.region, "referral": referral, **key}
    question = Message.objects.create(**inside, side="welfare", kind="question", by=world.coach, body="Mag ik bellen?")
    feedback = Feedback.objects.create(
        **inside, practice=world.practice, moment="intake", body="Goed.", level="all", sent_at=now, sent_by=world.coach
    )
    draft = ReferralDraft.objects.create(region=world.region, practice=world.practice, written_by=world.referrer)
    invitation = Invitation.objects.create(
        region=world.region, email="a@b.example", name="A", organisation=world.practice, role="referrer", expires_at=now
    )
    notice = Notice.objects.create(
        region=world.region, membership=world.coach, kind="question_asked", subject_ref=referral.reference
    )
    link = ClientLink.objects.create(
        region=world.region, client=referral.client, referral=referral, kind="leaflet_page", token_hash=key["key"].hex
    )
    activity = make_activity(world.region, "Koor van hier")
    report = ActivityReport.objects.create(region=world.region, activity=activity, body="Klopt niet.", **key)
    answer = ProviderAnswer.objects.create(region=world.region, activity=activity, kind="changed")
    file = StoredFile.objects.create(region=world.region, kind="import", sha256="", size=1, content=b"x")
    brought = Import.objects.create(region=world.region, kind="activities", file=file, **key)
    placement = make_placement(world, referral, activity=activity)
    gap = Gap.objects.create(
        region=world.region, kind="full", welfare_organisation=world.welfare, practice=world.practice, by=world.coach,
        **key,
    )  # fmt: skip
    event = record("referral.sent", referral, by=world.referrer)
    rows = (referral, referral.client, contact, intake, action, question, feedback, draft, invitation, notice, link)
    rows += (event, world.practice, world.coach, activity, activity.provider, report, answer, brought)
    rows += (placement, gap)
    return {row._meta.model_name: row.reference for row in rows}


def normal(body: bytes) -> str:
    """A page without what differs between any two answers."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body.decode())
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "REF", text)


@pytest.mark.parametrize("person", PEOPLE)
def test_what_is_elsewhere_does_not_exist(world, elsewhere, client, person):
    """Another region's reference answers exactly as one that nobody has, for reading and for changing."""
    with open_region(elsewhere.region.pk):
        foreign = references_of(elsewhere)
    client.sign_in(getattr(world, person))

    for address in reachable(person):
        unknown = client.get(address.path(uuid.uuid4())), client.send(address.path(uuid.uuid4()))
        for kind, reference in foreign.items():
            for asked, missing in zip(
                (client.get(address.path(reference)), client.send(address.path(reference))), unknown, strict=True
            ):
                assert asked.status_code == missing.status_code in (403, 404, 405), f"{address.route} {kind}"
                assert normal(asked.content) == normal(missing.content), f"{address.route} {kind}"


@pytest.mark.parametrize("person", ["stranger_referrer", "stranger_coach"])
def test_another_organisations_cases_do_not_exist(world, client, person):
    """Inside the region: what is about a client of others is not there, whatever the address."""
    mine = references_of(world)
    of_the_region = ("organisation", "membership", "invitation", "activity")
    of_cases = {kind: reference for kind, reference in mine.items() if kind not in of_the_region}
    client.sign_in(getattr(world, person))

    for address in reachable(person):
        for kind, reference in of_cases.items():
            for answer in (client.get(address.path(reference)), client.send(address.path(reference))):
                assert answer.status_code in (403, 404, 405), f"{address.route} {kind}"


@pytest.mark.parametrize("person", ["core_team", "funder", "region_admin"])
def test_no_path_to_a_person_for_who_only_counts_or_manages(world, client, person):
    for permission in (Permission.REFER, Permission.GUIDE, Permission.ASSIGN, Permission.READ_CASE):
        assert permission not in ROLE_PERMISSIONS[PEOPLE[person]]
