"""Nothing personal in a mail: every template is made with data that must not come out (trust.md 20)."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from tests.factories import make_client, make_referral
from wor.accounts import mails
from wor.accounts.models import Invitation, Role
from wor.outbox import relay
from wor.outbox.models import Notice
from wor.outbox.services import enqueue, notify

CANARY = "Kanarievogel"
NEXT_WEEK = timezone.now() + dt.timedelta(days=7)  # after the digest, however many holidays lie before it
TEMPLATES = sorted(path.stem for path in (settings.BASE_DIR / "templates/mail").glob("*.txt"))


@pytest.fixture
def referral(world):
    for person in (world.referrer, world.coach, world.coordinator, world.region_admin):
        person.display_name = f"{CANARY} {person.role}"
        person.save()
    client = make_client(world.practice, given_name=CANARY, family_name=CANARY, phone="0687654321", postcode="4007SA")
    return make_referral(world, client=client, help_request=CANARY, his_number=CANARY)


def whole(message) -> str:
    return message.message().as_string() + message.subject + message.body


@pytest.mark.parametrize("kind", Notice.Kind.values)
@pytest.mark.parametrize("who", ["referrer", "coach", "coordinator", "region_admin"])
def test_mail_about_a_referral_holds_nothing_personal(world, referral, kind, who):
    notify(kind, referral, [getattr(world, who)])
    relay.dispatch(now=NEXT_WEEK)

    (sent,) = mail.outbox
    for canary in (CANARY, referral.number, str(referral.reference), "0687654321", "4007SA", world.practice.name):
        assert canary not in whole(sent)
    assert sent.attachments == []
    assert f"{settings.SITE_URL}/ga/" in sent.body


def test_mail_for_the_coach_says_je_and_for_the_practice_u(world, referral):
    notify(Notice.Kind.NEW_REFERRAL, referral, [world.coach])
    notify(Notice.Kind.FEEDBACK, referral, [world.referrer])
    relay.dispatch(now=NEXT_WEEK)

    coach, practice = mail.outbox
    assert coach.subject == "Er staat iets voor je klaar"
    assert "Er staat iets nieuws in je lijst." in coach.body
    assert practice.subject == "Er staat iets voor u klaar"
    assert "Er is nieuws over een verwijzing van uw praktijk." in practice.body


def test_mail_invites_with_a_link_and_no_name(world):
    invitation = Invitation.objects.create(
        region=world.region,
        email="nieuw@test.example",
        name=CANARY,
        organisation=world.practice,
        role=Role.REFERRER,
        invited_by=world.region_admin,
        expires_at=timezone.now() + dt.timedelta(days=7),
    )
    enqueue("invitation", invitation.reference, region_id=world.region.pk)
    relay.dispatch()

    (sent,) = mail.outbox
    assert sent.to == ["nieuw@test.example"]
    assert f"{settings.SITE_URL}/r/rivierenland/uitnodiging/" in sent.body
    assert CANARY not in whole(sent)
    assert world.practice.name not in whole(sent)


@pytest.mark.parametrize("template", TEMPLATES)
def test_mail_template_takes_nothing_but_the_address(template):
    source = Path(settings.BASE_DIR / f"templates/mail/{template}.txt").read_text()
    made = mails.write("x@test.example", template, address="https://adres.example/")

    assert source.count("{{") == 1
    assert "{{ address }}" in source
    assert "https://adres.example/" in made.body
    assert made.subject
    assert "\n" not in made.subject
