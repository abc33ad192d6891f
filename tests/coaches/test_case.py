"""The client page: what was told already, how to reach, and what never gets here."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from coaches import services
from referrals.models import Message, Referral, Status
from referrals.services import ask, withdraw
from tests.coaches.parts import again, contact, form, logged, reason, statements, url
from tests.factories import make_client, make_reason, make_referral
from wor.accounts.models import FORMER, Membership
from wor.audit.models import AccessLogEntry
from wor.outbox.models import Notice

S = Status


def shown(client, world, referral, by=None) -> str:
    answer = client.sign_in(by or world.coach).get(reverse("case", args=[referral.reference]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_case_shows_what_was_discussed_before_anything_else(world, client):
    referral = make_referral(world, status=S.ACTIVE, help_request="Wil zingen.", discussed="Mist haar man.")

    page = shown(client, world, referral)

    assert page.index("Wil zingen.") < page.index("Wat er gebeurde")
    assert "Mist haar man." in page


def test_case_never_shows_what_is_the_practices_own(world, client):
    referral = make_referral(world, status=S.ACTIVE, reason_code="P03", his_number="HIS-77123")

    for page in (
        shown(client, world, referral),
        *(client.get(url(name, referral)).content.decode() for name in ("feedback", "close", "log_contact", "agreed")),
    ):
        assert "P03" not in page
        assert "HIS-77123" not in page


def test_case_says_how_to_reach(world, client):
    person = make_client(world.practice, phone="0612345678", may_voicemail=True, best_time="ochtend")

    page = shown(client, world, make_referral(world, status=S.ACTIVE, client=person))

    assert "tel:0612345678" in page
    assert "voicemail inspreken" in page
    assert "liefst ochtend" in page


def test_case_reached_through_the_practice_shows_that_number(world, client):
    person = make_client(world.practice, phone="0612345678", reach_via="practice")
    world.practice.phone = "0344-000101"
    world.practice.save()

    page = shown(client, world, make_referral(world, status=S.ACTIVE, client=person))

    assert "tel:0344000101" in page
    assert "tel:0612345678" not in page


def test_case_warns_what_to_mind(world, client):
    person = make_client(world.practice, care_note="Niet na vijven bellen.", is_direct_only=True)

    page = shown(client, world, make_referral(world, status=S.ACTIVE, client=person))

    assert "Niet na vijven bellen." in page
    assert "Niets achterlaten bij huisgenoten" in page


def test_case_asks_to_answer_the_practice(world, client):
    referral = make_referral(world, status=S.ACTIVE)
    question = Message.objects.create(
        region=world.region,
        referral=referral,
        side="practice",
        kind="question",
        by=world.referrer,
        body="Is zij al bereikt?",
        key=uuid.uuid4(),
    )

    page = shown(client, world, referral)

    assert "Is zij al bereikt?" in page
    assert url("answer", referral, question.reference) in page


def test_case_strikes_a_mistake_through(world, client):
    referral = make_referral(world, status=S.ACTIVE)
    services.mark_contact_in_error(contact(world, referral, kind="talk", line="Verkeerde."), by=world.coach)

    page = shown(client, world, referral)

    assert "is-struck" in page
    assert "Verkeerde." in page


def test_case_says_the_role_of_who_left_long_ago(world, client):
    referral = make_referral(world, status=S.ACTIVE)
    contact(world, referral, by=world.second_coach)
    ask(referral, body="Mag ik bellen?", key=uuid.uuid4(), by=world.second_coach)
    for person in (world.second_coach, world.referrer):
        Membership.objects.filter(pk=person.pk).update(display_name="", ended_at=timezone.now())

    page = shown(client, world, referral)

    assert page.count(f"{FORMER} (welzijnscoach)") == 2
    assert f"{FORMER} (huisarts)" in page


def test_case_is_logged_and_clears_the_notice(world, client):
    referral = make_referral(world)
    Notice.objects.create(
        region=world.region, membership=world.coach, kind="referral_new", subject_ref=referral.reference
    )

    shown(client, world, referral)

    assert logged("read", referral).relation == "welfare"
    assert Notice.objects.get().read_at is not None


def test_case_that_the_practice_took_back_says_why(world, client):
    referral = make_referral(world)
    reason = make_reason(world.region, "withdrawn", "by_mistake")
    withdraw(referral, reason=reason, sentence="Zie de verwijzing van maandag.", by=world.referrer)

    page = shown(client, world, referral)

    assert "Reden: By mistake." in page
    assert "Zie de verwijzing van maandag." in page


def test_case_whose_words_were_erased_says_so(world, client):
    referral = make_referral(world, status=S.COMPLETED, help_request="", text_erased_at=timezone.now())

    page = shown(client, world, referral)

    assert "gewist volgens de bewaartermijn" in page
    practice = client.sign_in(world.referrer).get(reverse("referral", args=[referral.reference])).content.decode()
    assert "gewist volgens de bewaartermijn" in practice


def test_case_of_withdrawn_consent_is_a_stub(world, client):
    referral = make_referral(world, status=S.STOPPED, consent_withdrawn_at=timezone.now(), help_request="Wil zingen.")

    page = shown(client, world, referral)

    assert "Neem geen contact meer op" in page
    assert referral.client.family_name not in page
    assert "Wil zingen." not in page


def test_case_entered_in_error_is_a_stub(world, client):
    referral = make_referral(world, status=S.ENTERED_IN_ERROR)

    page = shown(client, world, referral)

    assert "datalek" in page
    assert referral.client.family_name not in page


@pytest.mark.parametrize("who", ["referrer", "funder", "core_team", "region_admin"])
def test_case_by_another_role_is_refused(world, client, who):
    referral = make_referral(world)

    answer = client.sign_in(getattr(world, who)).get(reverse("case", args=[referral.reference]))

    assert answer.status_code == 403


def test_case_by_a_stranger_is_not_found(world, client):
    referral = make_referral(world)

    answer = client.sign_in(world.stranger_coach).get(reverse("case", args=[referral.reference]))

    assert answer.status_code == 404
    assert AccessLogEntry.objects.filter(kind="refused", outcome="404").exists()


def test_paper_before_the_first_talk_is_refused(world, client):
    referral = make_referral(world, status=S.ACCEPTED)

    assert client.sign_in(world.coach).get(url("agreed", referral)).status_code == 409


def test_paper_is_logged_as_printed(world, client):
    referral = make_referral(world, status=S.ACTIVE)

    client.sign_in(world.coach).get(url("agreed", referral))

    assert logged("print", referral) is not None


def test_answer_reaches_the_practice(world, client):
    referral = make_referral(world, status=S.ACTIVE)
    question = Message.objects.create(
        region=world.region,
        referral=referral,
        side="practice",
        kind="question",
        by=world.referrer,
        body="Is zij al bereikt?",
        key=uuid.uuid4(),
    )

    client.sign_in(world.coach).send(url("answer", referral, question.reference), form(body="Ja, gisteren."))

    assert Message.objects.get(answers=question).body == "Ja, gisteren."
    assert Notice.objects.filter(membership=world.referrer, kind="question_answered").exists()
    page = client.get(url("answer", referral, question.reference), follow=True).content.decode()
    assert "Deze vraag is al beantwoord." in page


def test_deceased_ends_it_and_says_so(world, client):
    referral = make_referral(world, status=S.ACTIVE)

    answer = client.sign_in(world.coach).send(url("deceased", referral), form())

    assert answer.status_code == 302
    assert again(referral).status == S.STOPPED
    assert "overleden" in shown(client, world, referral)


@pytest.mark.parametrize("body", ["", "x" * 1001, "BSN 111222333"])
def test_bad_input_gets_the_form_back(world, client, body):
    referral = make_referral(world, status=S.ACTIVE)

    answer = client.sign_in(world.coach).send(url("feedback", referral), form(moment="intake", body=body))

    assert answer.status_code == 422
    assert body[:200] in answer.content.decode()


@pytest.mark.parametrize("body", ["<script>alert(1)</script>", "a\x00b", "مرحبا 🎵", "=1+1"])
def test_strange_input_is_text(world, client, body):
    referral = make_referral(world, status=S.ACTIVE)

    answer = client.sign_in(world.coach).send(url("feedback", referral), form(moment="intake", body=body))

    assert answer.status_code == 302
    assert "<script>alert" not in shown(client, world, referral)


def fill(world, referral, number):
    for _number in range(number):
        contact(world, referral, kind="talk")
        services.send_feedback(referral, moment="interim", body="Goed.", key=uuid.uuid4(), by=world.coach)
        services.add_action(referral, text="Bellen", due_on=timezone.localdate(), key=uuid.uuid4(), by=world.coach)


@pytest.mark.parametrize("number", [1, 6])
def test_case_costs_the_same_queries_whatever_its_length(world, client, number):
    referral = make_referral(world, status=S.ACTIVE)
    fill(world, referral, number)
    shown(client, world, referral)

    assert statements(lambda: client.get(reverse("case", args=[referral.reference]))) == 16


def test_closed_case_costs_no_query_more(world, client):
    referral = make_referral(world, status=S.COMPLETED)
    shown(client, world, referral)

    assert statements(lambda: client.get(reverse("case", args=[referral.reference]))) <= 16


def test_logging_a_contact_costs_fourteen_queries(world, client):
    referral = make_referral(world, status=S.ACTIVE)
    client.sign_in(world.coach).get(reverse("case", args=[referral.reference]))

    data = form(kind="talk", way="phone", result="spoken")
    assert statements(lambda: client.send(url("log_contact", referral), data)) == 14


def test_number_of_a_contact_person_is_shown_as_it_is_read_aloud(world, client):
    person = make_client(world.practice, contact_name="Ans", contact_relation="buurvrouw", contact_phone="0612345013")
    referral = make_referral(world, status=S.ACTIVE, client=person)

    page = client.sign_in(world.coach).get(f"/werkvoorraad/{referral.reference}/").content.decode()

    assert '<a class="nowrap" href="tel:0612345013">06 12345013</a>' in page


def test_case_that_was_sent_is_new(world, client):
    page = shown(client, world, make_referral(world))

    assert "Nieuw</span>" in page
    assert "Verzonden</span>" not in page


def test_case_that_is_shielded_says_so(world, client):
    referral = make_referral(world, status="active", is_shielded=True)

    assert "Afgeschermd</span>" in shown(client, world, referral)


def test_handing_over_a_shielded_case_leads_to_a_page_that_is_there(world, client):
    referral = make_referral(world, status=S.ACTIVE, is_shielded=True)
    to = form(coach=world.second_coach.reference, version=referral.version)

    answer = client.sign_in(world.coach).send(url("name_coach", referral), to, follow=True)

    assert (answer.status_code, answer.redirect_chain) == (200, [(reverse("worklist"), 302)])
    assert "Jij ziet deze verwijzing niet meer" in answer.content.decode()


def test_closed_case_says_how_it_ended_and_in_which_year(world, client):
    year_ago = timezone.now() - dt.timedelta(days=370)
    because = reason(world, "completed", "talks_enough")
    referral = make_referral(world, status="completed", closing_reason=because, closed_at=year_ago)

    page = shown(client, world, referral)

    assert f"{because.label} · sinds " in page
    assert f" {year_ago.year}</span>" in page


def test_case_tried_on_enough_days_offers_to_let_go(world, client):
    referral = make_referral(world, status="accepted", attempts=2)
    assert 'button secondary" href="' + url("not_started", referral) not in shown(client, world, referral)
    Referral.objects.filter(pk=referral.pk).update(attempts=3)

    assert 'button secondary" href="' + url("not_started", referral) in shown(client, world, referral)


def test_timeline_says_when_the_talk_is(world, client):
    referral = make_referral(world, status="accepted")
    at = timezone.make_aware(dt.datetime.combine(timezone.localdate() + dt.timedelta(days=9), dt.time(14, 30)))
    services.plan_talk(referral, at=at, by=world.coach)

    page = shown(client, world, referral)

    assert "om 14.30 uur</p>" in page[page.index("Wat er gebeurde") :]


def test_not_reached_is_filled_in_after_enough_days(world, client):
    referral, because = make_referral(world, status="accepted", attempts=3), reason(world, "not_started", "not_reached")

    page = client.sign_in(world.coach).get(url("not_started", referral)).content.decode()

    assert re.search(rf'value="{because.reference}"[^>]* checked', page)
