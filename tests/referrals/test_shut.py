"""What is shut stays shut by every way in: a filter, an address that was kept, a draft, the access page."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from coaches.models import Contact
from referrals import services
from referrals.models import Client, Consent, Feedback, ReferralDraft, Status
from referrals.services.sending import _client
from tests.factories import make_client, make_membership, make_referral

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", [Status.PAUSED, Status.FOLLOW_UP, Status.STOPPED, Status.NOT_STARTED])
def test_filter_does_not_tell_what_the_label_hides(client, world, status):
    quiet = make_client(world.practice, family_name="Stilstra", feedback_level="status")
    make_referral(world, client=quiet, status=status)
    client.sign_in(world.referrer)
    shown = "active" if status in (Status.PAUSED, Status.FOLLOW_UP) else "completed"

    assert b"Stilstra" not in client.get(reverse("referrals"), {"status": status}).content
    assert b"Stilstra" in client.get(reverse("referrals"), {"status": shown}).content


def test_filter_finds_who_may_be_heard_of(client, world):
    make_referral(world, client=make_client(world.practice, family_name="Openstra"), status=Status.PAUSED)
    client.sign_in(world.referrer)

    assert b"Openstra" in client.get(reverse("referrals"), {"status": "paused"}).content
    assert b"Openstra" not in client.get(reverse("referrals"), {"status": "active"}).content


@pytest.fixture
def shielded_draft(world):
    payload = {"family_name": "Collegastra", "is_shielded": "on", "on_behalf_of": str(world.referrer.reference)}
    return ReferralDraft.objects.create(
        region=world.region, practice=world.practice, written_by=world.assistant, payload=payload
    )


def test_draft_to_be_shielded_is_not_the_whole_practices(client, world, shielded_draft):
    client.sign_in(make_membership(world.practice, "referrer", function="gp"))

    assert b"Collegastra" not in client.get(reverse("referrals")).content
    assert client.get(reverse("draft", args=[shielded_draft.reference])).status_code == 404
    assert client.send(reverse("draft_delete", args=[shielded_draft.reference])).status_code == 404


@pytest.mark.parametrize("person", ["assistant", "referrer"])
def test_draft_to_be_shielded_is_of_who_writes_and_who_sends(client, world, shielded_draft, person):
    client.sign_in(getattr(world, person))

    assert b"Collegastra" in client.get(reverse("draft", args=[shielded_draft.reference])).content


def test_feedback_cannot_be_opened_after_consent_was_withdrawn(client, world):
    referral = make_referral(world, status=Status.ACTIVE)
    feedback = Feedback.objects.create(
        region=world.region, referral=referral, practice=world.practice, moment="intake", body="Mist het zingen.",
        level="all", key=uuid.uuid4(), sent_at=timezone.now(), sent_by=world.coach,
    )  # fmt: skip
    services.withdraw_consent(referral, said_to=Consent.WithdrawnBy.PATIENT, by=world.referrer)
    client.sign_in(world.referrer)

    answer = client.send(reverse("feedback_read", args=[referral.reference, feedback.reference]))

    assert answer.status_code == 404
    assert b"zingen" not in answer.content


@pytest.mark.parametrize("person", ["coach", "coordinator"])
@pytest.mark.parametrize("how", ["withdrawn", "mistake"])
def test_shut_case_leaves_the_coach_side_no_name(client, world, person, how):
    referral = make_referral(world, status=Status.ACTIVE)
    Contact.objects.create(
        region=world.region, referral=referral, welfare_organisation=world.welfare, by=world.coach, kind="talk",
        way="phone", at=timezone.now(), key=uuid.uuid4(),
    )  # fmt: skip
    if how == "withdrawn":
        services.withdraw_consent(referral, said_to=Consent.WithdrawnBy.PATIENT, by=world.referrer)
    else:
        services.entered_in_error(referral, by=world.referrer)
    membership = client.sign_in(getattr(world, person)).membership

    assert client.get(reverse("client_access", args=[referral.client.reference])).status_code == 404
    assert not Contact.objects.visible_to(membership).exists()


def test_known_client_keeps_what_a_colleague_just_noted(world):
    person = make_client(world.practice)
    stale = Client.objects.get(pk=person.pk)
    services.deceased(person, by=world.coach)

    _client({"phone": "0612345679"}, stale, world.referrer)

    fresh = Client.objects.get(pk=person.pk)
    assert (fresh.phone, fresh.deceased_at is not None) == ("0612345679", True)


def test_withdrawn_shows_the_practice_what_it_wrote_itself(client, world):
    """Feedback and the coach's questions are shared no more; the practice's own words stay its record."""
    referral = make_referral(world, status=Status.ACTIVE)
    question = services.ask(referral, body="Coachvraag hier", key=uuid.uuid4(), by=world.coach)
    services.answer(question, body="Eigen antwoord", key=uuid.uuid4(), by=world.referrer)
    services.ask(referral, body="Eigen vraag", key=uuid.uuid4(), by=world.referrer)
    services.withdraw_consent(referral, said_to=Consent.WithdrawnBy.CLIENT, by=world.coach)

    page = client.sign_in(world.referrer).get(reverse("referral", args=[referral.reference])).content.decode()

    assert "Coachvraag hier" not in page
    assert "Eigen antwoord" in page
    assert "Eigen vraag" in page
