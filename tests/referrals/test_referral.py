"""One referral as its practice reads it, and what the practice does with it."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.models import ClientLink, Consent, Message, Status
from referrals.services import answer, ask, withdraw_consent
from tests.counting import sql_at_most
from tests.factories import make_reason, make_referral
from tests.referrals.test_list import make_feedback
from wor.accounts.models import FORMER, Membership
from wor.audit.models import AccessLogEntry, Event
from wor.audit.services import record
from wor.errors import DomainError
from wor.outbox.models import Notice

pytestmark = pytest.mark.django_db
STEPS = (
    *("referral", "referral_sent", "referral_z68", "referral_warm", "referral_leaflet", "referral_ask"),
    *("referral_supplement", "referral_withdraw", "referral_error", "referral_consent", "referral_deceased"),
    "referral_again",
)


@pytest.fixture
def gp(client, world):
    return client.sign_in(world.referrer)


def address(name, referral, *more):
    return reverse(name, args=[referral.reference, *more])


@pytest.mark.parametrize("step", STEPS)
def test_each_step_has_a_page_and_is_closed_to_others(gp, client, world, step):
    referral = make_referral(world, status=Status.DECLINED if step == "referral_again" else Status.SENT)

    assert gp.get(address(step, referral)).status_code == 200
    assert client.sign_in(world.coach).get(address(step, referral)).status_code == 403
    assert client.sign_in(world.stranger_referrer).get(address(step, referral)).status_code == 404
    assert client.send(address(step, referral)).status_code == 404


def test_referral_page_needs_few_statements(gp, world):
    referral = make_referral(world, status=Status.ACTIVE)
    for _ in range(3):
        make_feedback(referral, world.coach)
        ask(referral, body="Mag ik bellen?", key=uuid.uuid4(), by=world.coach)
        record("referral.accepted", referral, by=world.coach)

    with sql_at_most(16):
        page = gp.get(address("referral", referral))
    assert "Mag ik bellen?" in page.content.decode()


def test_referral_page_keeps_to_what_the_patient_agreed(gp, world):
    referral = make_referral(world, status=Status.COMPLETED)
    referral.client.feedback_level = "status"
    referral.client.save()
    record("referral.completed", referral, by=world.coach)

    page = gp.get(address("referral", referral)).content.decode()

    assert "Afgesloten" in page
    assert "Afgerond" not in page
    assert referral.closing_reason.label not in page


def test_referral_says_the_role_of_who_left_long_ago(gp, world):
    referral = make_referral(world, status=Status.ACTIVE, coach=world.second_coach, referrer=world.assistant)
    make_feedback(referral, world.second_coach)
    ask(referral, body="Mag ik bellen?", key=uuid.uuid4(), by=world.second_coach)
    people = [world.second_coach.pk, world.assistant.pk]
    Membership.objects.filter(pk__in=people).update(display_name="", ended_at=timezone.now())

    with sql_at_most(16):
        page = gp.get(address("referral", referral)).content.decode()

    assert f"verwezen door {FORMER} (doktersassistent)" in page
    assert page.count(f"{FORMER} (welzijnscoach)") == 3
    assert str(FORMER) in gp.get(reverse("referrals")).content.decode()


def test_reading_is_logged(gp, world):
    referral = make_referral(world)

    gp.get(address("referral", referral))

    entry = AccessLogEntry.objects.get(kind="read")
    assert (entry.client_ref, entry.relation) == (referral.client.reference, "practice")


def test_his_line_holds_z68_and_can_be_ticked(gp, world):
    referral = make_referral(world)

    page = gp.get(address("referral_sent", referral)).content.decode()
    gp.send(address("referral_z68", referral), {"ticked": "on"})
    referral.refresh_from_db()
    ticked = referral.z68_noted_at
    gp.send(address("referral_z68", referral), {})
    referral.refresh_from_db()

    assert f"Z68 Welzijn op Recept: verwezen naar {world.welfare.name} op" in page
    assert f"toestemming mondeling. Nr. {referral.number}." in page
    assert ticked is not None
    assert referral.z68_noted_at is None


def test_leaflet_has_a_link_of_its_own_and_no_name(gp, world):
    referral = make_referral(world)

    first = gp.send(address("referral_leaflet", referral))
    gp.send(address("referral_leaflet", referral))

    assert first.status_code == 200
    assert referral.client.family_name not in first.content.decode()
    assert "data:image/png" in first.content.decode()
    assert ClientLink.objects.filter(referral=referral, kind="leaflet_page").count() == 2
    assert AccessLogEntry.objects.filter(kind="print", client_ref=referral.client.reference).exists()


def test_feedback_is_read_by_opening_it(gp, world):
    feedback = make_feedback(make_referral(world, status=Status.ACTIVE), world.coach)
    path = address("feedback_read", feedback.referral, feedback.reference)

    asked = gp.get(path)
    opened = gp.send(path)
    feedback.refresh_from_db()

    assert "Mist het zingen" not in asked.content.decode()
    assert "Mist het zingen" in opened.content.decode()
    assert feedback.read_by == world.referrer
    assert Event.objects.filter(name="feedback.read").count() == 1


def test_feedback_read_by_an_assistant_stays_new_and_is_logged(client, world):
    feedback = make_feedback(make_referral(world, status=Status.ACTIVE), world.coach)

    client.sign_in(world.assistant).send(address("feedback_read", feedback.referral, feedback.reference))
    feedback.refresh_from_db()

    assert feedback.read_at is None
    assert AccessLogEntry.objects.filter(object_type="feedback", membership_id=world.assistant.pk).exists()


def test_question_to_the_coach_is_told_and_asked_once(gp, world):
    referral = make_referral(world, status=Status.ACTIVE)
    data = {"key": str(uuid.uuid4()), "body": "Is het gelukt?"}

    for _ in range(3):
        gp.send(address("referral_ask", referral), data)

    assert Message.objects.get().side == "practice"
    assert Notice.objects.get(kind="question_asked").membership == world.coach


def test_question_of_the_coach_is_answered(gp, world):
    referral = make_referral(world, status=Status.ACTIVE)
    question = ask(referral, body="Mag ik bellen?", key=uuid.uuid4(), by=world.coach)

    page = gp.get(address("referral", referral)).content.decode()
    gp.send(address("question_answer", referral, question.reference), {"key": str(uuid.uuid4()), "body": "Ja, graag."})

    assert address("question_answer", referral, question.reference) in page
    assert Message.objects.get(answers=question).body == "Ja, graag."
    assert Notice.objects.get(kind="question_answered").membership == world.coach


def test_second_answer_is_refused(gp, world):
    question = ask(make_referral(world), body="Mag ik bellen?", key=uuid.uuid4(), by=world.coach)
    answer(question, body="Ja.", key=uuid.uuid4(), by=world.referrer)

    path = address("question_answer", question.referral, question.reference)
    refused = gp.send(path, {"key": str(uuid.uuid4()), "body": "Nee, liever niet."})

    assert refused.status_code == 409
    assert "Nee, liever niet." in refused.content.decode()


def test_own_question_cannot_be_answered_by_oneself(world):
    question = ask(make_referral(world), body="Lukt het?", key=uuid.uuid4(), by=world.referrer)

    with pytest.raises(DomainError):
        answer(question, body="Ja.", key=uuid.uuid4(), by=world.referrer)


def test_supplement_reaches_the_coach_until_it_is_closed(gp, world):
    referral, closed = make_referral(world, status=Status.ACTIVE), make_referral(world, status=Status.COMPLETED)
    data = {"key": str(uuid.uuid4()), "body": "Komt met haar dochter."}

    gp.send(address("referral_supplement", referral), data)
    refused = gp.send(address("referral_supplement", closed), data)

    assert Message.objects.get().kind == "supplement"
    assert Notice.objects.filter(kind="referral_supplemented", membership=world.coach).exists()
    assert refused.status_code == 409


def test_supplement_to_a_closed_referral_says_so_before_anything_is_typed(gp, world):
    closed = make_referral(world, status=Status.COMPLETED)

    answer = gp.get(address("referral_supplement", closed), follow=True)

    assert answer.redirect_chain == [(address("referral", closed), 302)]
    assert "Deze verwijzing is afgesloten. Aanvullen kan niet meer." in answer.content.decode()


def test_answered_question_says_so_before_anything_is_typed(gp, world):
    question = ask(make_referral(world), body="Mag ik bellen?", key=uuid.uuid4(), by=world.coach)
    path = address("question_answer", question.referral, question.reference)
    assert gp.get(path).status_code == 200

    answer(question, body="Ja.", key=uuid.uuid4(), by=world.referrer)

    assert "Deze vraag is al beantwoord." in gp.get(path, follow=True).content.decode()


def test_question_about_a_withdrawn_referral_says_so_before_anything_is_typed(gp, world):
    withdrawn = make_referral(world, status=Status.WITHDRAWN)

    assert "niet meer over schrijven" in gp.get(address("referral_ask", withdrawn), follow=True).content.decode()


def test_withdraw_before_the_first_talk(gp, world):
    referral = make_referral(world, status=Status.ACCEPTED)
    reason = make_reason(world.region, "withdrawn", "duplicate")

    gp.send(address("referral_withdraw", referral), {"reason": str(reason.reference), "sentence": "Dubbel."})
    referral.refresh_from_db()

    assert (referral.status, referral.closing_reason, referral.attention_at) == ("withdrawn", reason, None)
    assert Notice.objects.filter(kind="referral_withdrawn", membership=world.coach).exists()
    assert Event.objects.get(name="referral.withdrawn").data == {"reason": "duplicate"}


def test_withdraw_after_the_first_talk_is_refused(gp, world):
    referral = make_referral(world, status=Status.ACTIVE)
    reason = make_reason(world.region, "withdrawn", "duplicate")

    answer = gp.send(address("referral_withdraw", referral), {"reason": str(reason.reference)})
    referral.refresh_from_db()

    assert answer.status_code == 409
    assert referral.status == "active"


@pytest.mark.parametrize(
    ("before", "after"),
    [("sent", "withdrawn"), ("accepted", "withdrawn"), ("active", "stopped"), ("paused", "stopped")],
)
def test_consent_withdrawn_ends_it_and_shuts_the_content(gp, world, before, after):
    referral = make_referral(world, status=before)

    gp.send(address("referral_consent", referral))
    referral.refresh_from_db()

    assert referral.status == after
    assert not referral.content_open_to(world.coach)
    assert referral.content_open_to(world.referrer)
    assert Consent.objects.get(referral=referral).withdrawn_by_kind == "patient"
    assert Notice.objects.filter(kind="consent_withdrawn").exists()


def test_consent_withdrawn_after_closing_keeps_the_status(world):
    referral = withdraw_consent(make_referral(world, status=Status.COMPLETED), said_to="client", by=world.coach)

    assert referral.status == "completed"
    assert not referral.content_open_to(world.coach)


@pytest.mark.parametrize("before", ["sent", "accepted", "waitlisted", "active", "paused", "follow_up", "completed"])
def test_deceased_ends_from_every_status(gp, world, before):
    referral = make_referral(world, status=before)

    answer = gp.send(address("referral_deceased", referral))
    referral.refresh_from_db()

    assert answer.status_code == 302
    assert not referral.is_open
    assert referral.client.deceased_at is not None
    if before != "completed":
        assert referral.closing_reason.code == "deceased"
        assert Notice.objects.filter(kind="client_deceased").exists()


def test_deceased_twice_is_told_once(gp, world):
    referral = make_referral(world, status=Status.ACTIVE)

    for _ in range(2):
        gp.send(address("referral_deceased", referral))

    assert Notice.objects.filter(kind="client_deceased", membership=world.coach).count() == 1


def test_entered_in_error_says_that_it_may_be_a_leak(gp, world):
    referral = make_referral(world, status=Status.ACTIVE)

    page = gp.send(address("referral_error", referral), follow=True).content.decode()
    referral.refresh_from_db()

    assert "Mogelijk datalek, meld bij uw FG" in page
    assert not referral.content_open_to(world.coach)


def test_entered_in_error_after_the_end_is_refused(gp, world):
    assert gp.send(address("referral_error", make_referral(world, status=Status.COMPLETED))).status_code == 409


def test_declined_can_be_sent_again(gp, world):
    referral = make_referral(world, status=Status.DECLINED)

    gp.send(address("referral_again", referral), {"sentence": "Eerst bij de POH geweest."})
    referral.refresh_from_db()

    assert (referral.status, referral.closing_reason, referral.closed_at) == ("sent", None, None)
    assert "Eerst bij de POH geweest." in referral.discussed
    assert Notice.objects.filter(kind="referral_new", membership=world.coordinator).exists()


def test_shielded_sent_again_goes_to_one_coach(gp, world):
    referral = make_referral(world, status="declined", is_shielded=True)

    gp.send(address("referral_again", referral))

    referral.refresh_from_db()
    assert referral.coach == world.coach
    assert set(Notice.objects.values_list("membership_id", flat=True)) == {world.coach.pk}


def test_sent_again_only_after_declined(gp, world):
    assert gp.send(address("referral_again", make_referral(world))).status_code == 409


def test_a_long_text_and_a_bsn_are_refused(gp, world):
    referral = make_referral(world)

    for body in ("x" * 1001, "", "123456782"):
        answer = gp.send(address("referral_ask", referral), {"key": str(uuid.uuid4()), "body": body})
        assert answer.status_code == 422
    assert not Message.objects.exists()


def test_referral_shows_its_coach_and_the_question_that_waits(gp, world):
    referral = make_referral(world, status=Status.ACTIVE)
    world.welfare.phone = "0344612345"
    world.welfare.save()
    question = ask(referral, body="Mag ik de dochter bellen?", key=uuid.uuid4(), by=world.coach)

    page = gp.get(reverse("referral", args=[referral.reference])).content.decode()

    assert "tel:0344612345" in page
    assert page.index("De coach wacht op uw antwoord") < page.index("Uw verwijzing")
    assert page.count(reverse("question_answer", args=[referral.reference, question.reference])) == 1


@pytest.mark.parametrize("deed", ["withdraw", "error", "consent", "again"])
def test_referral_that_was_withdrawn_offers_no_form_for_it(gp, world, deed):
    referral = make_referral(world, status=Status.WITHDRAWN)

    answer = gp.get(reverse(f"referral_{deed}", args=[referral.reference]), follow=True)

    assert "het kan bij deze verwijzing niet meer" in answer.content.decode()
