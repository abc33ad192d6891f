"""Drafts: kept while typing, for the whole practice, never with a BSN."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.models import PracticeIntake, ReferralDraft
from referrals.tasks import delete_expired_drafts
from tests.referrals.screen import Inputs, typed
from wor.outbox.models import Notice
from wor.outbox.services import notify
from wor.tenancy.context import set_region

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def gp(client, world):
    return client.sign_in(world.referrer)


def save(person, data, **changed):
    return person.send(reverse("draft_save"), {**data, **changed}, headers=JSON)


def test_draft_keeps_a_reference_whose_digits_look_like_a_bsn(gp, world):
    reference = "12345678-2000-4000-8000-123456782000"

    assert save(gp, typed(world, target_cell=reference), version="0").json()["refused"] == []
    assert ReferralDraft.objects.get().payload["target_cell"] == reference


def test_draft_is_kept_while_typing(gp, world):
    answer = save(gp, typed(world), version="0")

    kept = ReferralDraft.objects.get()
    assert answer.json()["version"] == 1
    assert answer.json()["refused"] == []
    assert len(answer.json()["saved_at"]) == 5
    assert kept.payload["family_name"] == "de Vries"
    assert "consent" not in kept.payload


def test_draft_that_comes_in_after_sending_is_not_kept(gp, world):
    """On a slow line the last save while typing arrives when the referral is already there."""
    data = typed(world)
    assert gp.send(reverse("refer"), data).status_code == 302

    answer = save(gp, data, version="0")

    assert answer.status_code == 409
    assert not ReferralDraft.objects.visible_to(world.referrer).exists()


def test_draft_without_own_text_is_not_kept(gp, world):
    save(gp, {"key": str(uuid.uuid4()), "reach_via": "phone", "language": "Nederlands"})

    assert not ReferralDraft.objects.exists()


@pytest.mark.parametrize("field", ["help_request", "discussed", "phone", "his_number", "birth_date"])
def test_draft_does_not_keep_a_bsn(gp, world, field):
    answer = save(gp, typed(world, **{field: "123456782" if field == "birth_date" else "123 456 782"}))

    assert answer.json()["refused"] == [field]
    assert field not in ReferralDraft.objects.get().payload
    assert "123456782" not in str(ReferralDraft.objects.get().payload)


def test_draft_is_not_overwritten_by_a_colleague(gp, world):
    data = typed(world)
    save(gp, data)
    save(gp, data, version="1", help_request="De eerste tekst.")

    stale = save(gp, data, version="1", help_request="De tweede tekst.")

    assert stale.status_code == 409
    assert ReferralDraft.objects.get().payload["help_request"] == "De eerste tekst."


def test_draft_button_keeps_both_texts(gp, world):
    data = typed(world)
    save(gp, data)
    save(gp, data, version="1", help_request="De eerste tekst.")

    answer = gp.send(reverse("draft_save"), {**data, "version": "1", "help_request": "De tweede tekst."}, follow=True)

    texts = {draft.payload["help_request"] for draft in ReferralDraft.objects.all()}
    assert texts == {"De eerste tekst.", "De tweede tekst."}
    assert "bewaarden beide versies" in answer.content.decode()


def test_draft_whose_answer_got_lost_is_no_conflict(gp, world):
    """The first save arrived, its answer did not: the screen still knows version 0."""
    data = typed(world, sheet=str(uuid.uuid4()), version="0")
    save(gp, data, turn="1", help_request="De eerste tekst.")

    assert save(gp, data, turn="2", help_request="De tweede tekst.").json()["version"] == 2
    assert gp.send(reverse("refer"), data).status_code == 302


def test_draft_is_not_overwritten_by_an_earlier_save_of_the_same_screen(gp, world):
    data = typed(world, sheet=str(uuid.uuid4()), version="0")
    save(gp, data, turn="2", help_request="De tweede tekst.")

    late = save(gp, data, turn="1", help_request="De eerste tekst.")

    assert late.status_code == 200
    assert ReferralDraft.objects.get().payload["help_request"] == "De tweede tekst."


def test_draft_on_another_screen_is_a_screen_of_its_own(gp, world):
    save(gp, typed(world, sheet=str(uuid.uuid4())))
    path = reverse("draft", args=[ReferralDraft.objects.get().reference])

    sheets = {Inputs(gp.get(path).content.decode()).found["sheet"][0]["value"] for _ in range(2)}

    assert len(sheets | {str(ReferralDraft.objects.get().sheet)}) == 3


def test_draft_is_continued_by_a_colleague(gp, client, world):
    save(gp, typed(world, help_request="Zong in een koor."))
    kept = ReferralDraft.objects.get()

    assistant = client.sign_in(world.assistant)
    listed = assistant.get(reverse("referrals")).content.decode()
    page = assistant.get(reverse("draft", args=[kept.reference])).content.decode()

    assert reverse("draft", args=[kept.reference]) in listed
    assert "Zong in een koor." in page
    assert str(kept.key) in page


def test_draft_is_where_the_signal_leads(gp, world):
    save(gp, typed(world))
    kept = ReferralDraft.objects.get()
    notify(Notice.Kind.CAPACITY_OPEN, kept, [world.referrer])
    path = reverse("draft", args=[kept.reference])

    assert path in gp.get(reverse("notices")).content.decode()
    gp.get(path)
    assert Notice.objects.get().read_at is not None


def test_draft_is_unknown_to_another_practice_and_closed_to_coaches(gp, client, world):
    save(gp, typed(world))
    path = reverse("draft", args=[ReferralDraft.objects.get().reference])

    assert client.sign_in(world.stranger_referrer).get(path).status_code == 404
    assert client.sign_in(world.coach).get(path).status_code == 403


def test_draft_thrown_away_can_be_put_back(gp, world):
    save(gp, typed(world))
    kept = ReferralDraft.objects.get()

    gone = gp.send(reverse("draft_delete", args=[kept.reference]), follow=True).content.decode()
    assert reverse("draft_restore", args=[kept.reference]) in gone
    assert gp.get(reverse("draft", args=[kept.reference])).status_code == 404
    gp.send(reverse("draft_restore", args=[kept.reference]))

    assert gp.get(reverse("draft", args=[kept.reference])).status_code == 200


def test_draft_asks_for_a_signal_when_closed(gp, world):
    gp.send(reverse("draft_save"), {**typed(world), "signal": "1"})

    assert ReferralDraft.objects.get().signal_when_open


def test_draft_of_what_was_sent_goes_and_stays_away(gp, world):
    data = typed(world)
    gp.send(reverse("refer"), data)
    ReferralDraft.objects.update(changed_at=timezone.now() - dt.timedelta(hours=2))

    delete_expired_drafts()
    set_region(world.region.pk)

    assert not ReferralDraft.objects.exists()
    assert save(gp, data).status_code == 409
    assert not ReferralDraft.objects.exists()


def test_drafts_go_after_their_term(gp, world):
    now = timezone.now()
    for days, thrown_away_hours in ((15, None), (13, None), (1, 2)):
        draft = ReferralDraft.objects.create(region=world.region, practice=world.practice, written_by=world.referrer)
        thrown_away = now - dt.timedelta(hours=thrown_away_hours) if thrown_away_hours else None
        ReferralDraft.objects.filter(pk=draft.pk).update(
            changed_at=now - dt.timedelta(days=days), discarded_at=thrown_away
        )

    delete_expired_drafts()

    set_region(world.region.pk)
    assert (now - ReferralDraft.objects.get().changed_at).days == 13


def test_draft_with_a_signal_says_that_one_will_hear(client, world):
    PracticeIntake.objects.update(state="closed")
    client.sign_in(world.referrer)

    assert "Bewaren en mij seinen als het weer kan" in client.get(reverse("refer")).content.decode()
    page = client.send(reverse("draft_save"), typed(world, signal="1"), follow=True)

    assert "Wij seinen u als het weer kan" in page.content.decode()


def test_draft_says_at_what_time_it_was_kept_today(gp, world):
    save(gp, typed(world))
    kept = ReferralDraft.objects.get()

    today = gp.get(reverse("referrals")).content.decode()
    ReferralDraft.objects.update(changed_at=timezone.now() - dt.timedelta(hours=20))

    assert f"bewaard vandaag om {timezone.localtime(kept.changed_at):%H.%M} uur" in today
    assert "bewaard gisteren" in gp.get(reverse("referrals")).content.decode()
