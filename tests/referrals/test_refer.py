"""Sending a referral from the one screen."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse

from activities.models import PostcodeArea
from referrals.forms.refer import sign_begun
from referrals.models import Client, Consent, PracticeIntake, Referral, ReferralDraft
from tests.counting import sql_at_most
from tests.factories import make_cell, make_client, make_membership, make_organisation, serves
from tests.referrals.screen import Inputs, refer, typed
from wor.accounts.models import Function, Role
from wor.audit.models import AccessLogEntry, Event
from wor.outbox.models import Effect, Notice
from wor.tenancy.models import ServedArea

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_tuesday")]


@pytest.fixture
def on_a_tuesday():
    with time_machine.travel("2026-11-24T10:00:00+01:00", tick=True):
        yield


@pytest.fixture
def gp(client, world):
    return client.sign_in(world.referrer)


def test_refer_sends_with_everything_that_belongs_to_it(gp, world):
    answer = refer(gp, world, family_name="van der Meer", birth_date="12 maart 1956")

    sent = Referral.objects.get()
    assert answer.status_code == 302
    assert answer.url == reverse("referral_sent", args=[sent.reference])
    assert (sent.status, sent.welfare_organisation, sent.age_band, sent.municipality_code) == (
        *("sent", world.welfare, "65-79", "GM9001"),
    )
    assert (sent.client.prefix, sent.client.family_name, sent.client.phone) == ("van der", "Meer", "0612345678")
    assert sent.client.birth_date == dt.date(1956, 3, 12)
    consent = Consent.objects.get(referral=sent)
    assert (consent.kind, consent.how, consent.given_on) == ("share", "spoken", dt.date(2026, 11, 1))
    assert Event.objects.filter(name="referral.sent", subject_ref=sent.reference).count() == 1
    assert AccessLogEntry.objects.filter(kind="change", client_ref=sent.client.reference).exists()


def test_refer_tells_the_usual_coach_and_the_coordinators(gp, world):
    refer(gp, world)

    told = set(Notice.objects.filter(kind="referral_new").values_list("membership_id", flat=True))
    assert told == {world.coach.pk, world.coordinator.pk}
    assert Effect.objects.filter(kind="notice").count() == 2


def test_refer_asks_attention_after_three_working_days(gp, world):
    refer(gp, world)

    # Tuesday, so Friday; midnight in Amsterdam.
    assert Referral.objects.get().attention_at.isoformat() == "2026-11-26T23:00:00+00:00"


def test_refer_asks_at_most_nine_things(gp, world):
    for variant, most in (("breed", 8), ("gericht", 9)):
        world.region.variant = variant
        world.region.save()
        page = Inputs(gp.get(reverse("refer")).content.decode())
        assert len(page.required_without_value()) == most, page.required_without_value()


def test_refer_never_ticks_consent_beforehand(gp, world):
    page = Inputs(gp.get(reverse("refer")).content.decode())

    assert "checked" not in page.found["consent"][0]
    assert world.welfare.name in gp.get(reverse("refer")).content.decode()


def test_refer_needs_at_most_twenty_statements(client, world):
    assistant = client.sign_in(world.assistant)
    key = str(uuid.uuid4())
    sender = str(world.referrer.reference)
    assistant.send(reverse("draft_save"), {**typed(world, key=key)}, headers={"Accept": "application/json"})

    with sql_at_most(20):
        answer = refer(assistant, world, key=key, version="1", on_behalf_of=sender)
    assert answer.status_code == 302


def test_refer_of_a_practice_that_works_with_nobody_yet_says_so(gp):
    ServedArea.objects.all().delete()

    assert "Uw praktijk werkt nog niet samen met een welzijnsorganisatie." in gp.get(reverse("refer")).content.decode()


def test_refer_page_needs_few_statements(gp, world):
    with sql_at_most(12):
        gp.get(reverse("refer"))


def test_refer_eleven_times_gives_one_referral(gp, world):
    data = typed(world)

    answers = [gp.send(reverse("refer"), data) for _ in range(11)]

    assert Referral.objects.count() == 1
    assert {answer.url for answer in answers} == {reverse("referral_sent", args=[Referral.objects.get().reference])}
    assert Client.objects.count() == 1


def test_refer_with_empty_form_says_what_is_missing(gp, world):
    answer = gp.send(reverse("refer"), {"key": str(uuid.uuid4())})

    assert answer.status_code == 422
    assert "Zonder toestemming mag u niet verwijzen" in answer.content.decode()
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("birth_date", "12-3-2056", "Deze datum ligt in de toekomst. Bedoelt u 1956?"),
        ("birth_date", "vorige week", "Schrijf de datum als dag-maand-jaar"),
        ("birth_date", "12-3-2015", "Verwijzen kan vanaf 18 jaar."),
        ("phone", "bel maar", "Dit telefoonnummer klopt niet."),
        ("postcode", "40", "Schrijf de postcode zo"),
        ("reason_code", "pijn", "Een ICPC-code is een letter met twee cijfers"),
        ("help_request", "Nummer 123456782 staat er.", "burgerservicenummer"),
        ("given_name", "x" * 61, "60"),
        ("target_cell", "iets", "iets"),
    ],
)
def test_refer_refuses_what_cannot_be_right(gp, world, field, text, sentence):
    answer = refer(gp, world, **{field: text})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Referral.objects.exists()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "Mevrouw ‮ 😀 نص", "nul\x00teken", "Ünïcode"])
def test_refer_takes_any_text(gp, world, text):
    assert refer(gp, world, help_request=text).status_code == 302

    page = gp.get(reverse("referral", args=[Referral.objects.get().reference])).content.decode()
    assert "<script>alert" not in page


def test_refer_with_what_is_no_bsn_after_all_is_logged_without_the_number(gp, world):
    answer = refer(gp, world, help_request="Nummer 123456782 staat er.", not_a_bsn="on")

    event = Event.objects.get(name="bsn.overruled")
    assert answer.status_code == 302
    assert event.data == {"fields": ["help_request"]}


def test_refer_asks_whether_it_is_urgent_and_lets_through(gp, world):
    data = typed(world, help_request="Zegt dat ze niet meer leven wil.")

    asked = gp.send(reverse("refer"), data)
    sent = gp.send(reverse("refer"), {**data, "no_emergency": "on"})

    assert asked.status_code == 422
    assert "Er staat “niet meer leven” in uw tekst" in asked.content.decode()
    assert sent.status_code == 302


def test_refer_asks_whether_it_is_the_known_patient(gp, world):
    make_client(world.practice, family_name="Vries", phone="0344111111")

    answer = refer(gp, world)

    assert answer.status_code == 422
    assert "Bekend bij uw praktijk: Iemand met deze naam en geboortedatum is bekend" in answer.content.decode()
    assert not Referral.objects.exists()


def test_refer_of_a_known_patient_makes_no_second_one(gp, world):
    known = make_client(world.practice, family_name="Vries", phone="0344111111")

    refer(gp, world, known=str(known.reference))

    known.refresh_from_db()
    assert Referral.objects.get().client == known
    assert (known.phone, known.version) == ("0612345678", 1)


def test_refer_of_a_known_patient_takes_nothing_away(gp, world):
    known = make_client(
        world.practice, given_name="Johanna Maria", family_name="Vries", sex="f", language="Tigrinya",
        needs_interpreter=True, feedback_level="status", care_note="Hoort slecht.", may_voicemail=True,
    )  # fmt: skip

    refer(gp, world, known=str(known.reference), given_name="J.", family_name="vries", email="jo@test.example")

    known.refresh_from_db()
    assert (known.given_name, known.family_name, known.sex, known.language) == (
        "Johanna Maria",
        "Vries",
        "f",
        "Tigrinya",
    )
    assert (known.needs_interpreter, known.feedback_level, known.care_note) == (True, "status", "Hoort slecht.")
    assert (known.may_voicemail, known.email) == (False, "jo@test.example")


def test_refer_of_a_known_patient_who_is_reached_directly_only_asks_no_messages(gp, world):
    known = make_client(world.practice, family_name="Vries", is_direct_only=True)

    refused = refer(gp, world, known=str(known.reference), may_text="on")
    refer(gp, world, known=str(known.reference))

    known.refresh_from_db()
    assert refused.status_code == 422
    assert "alleen direct met de patiënt zelf" in refused.content.decode()
    assert (known.is_direct_only, known.may_text) == (True, False)


def test_refer_of_somebody_else_with_the_same_name_makes_a_new_one(gp, world):
    make_client(world.practice, family_name="Vries")

    refer(gp, world, known="new")

    assert Client.objects.count() == 2


def test_refer_does_not_find_another_practice_s_patient(gp, world):
    make_client(world.other_practice, family_name="Vries")

    assert refer(gp, world).status_code == 302


def test_refer_goes_where_the_postcode_leads(gp, world):
    second = make_organisation(world.region, "welfare")
    serves(world.practice, second, "GM9002")
    PostcodeArea.objects.create(region=world.region, pc4="4011", municipality_code="GM9002")
    PracticeIntake.objects.create(
        region=world.region, practice=world.practice, welfare_organisation=second, state="open"
    )

    refused = refer(gp, world, postcode="4011")
    page = Inputs(refused.content.decode())
    sent = refer(gp, world, postcode="4011", consent_for=str(second.reference))

    assert refused.status_code == 422
    assert f"Deze patiënt woont in het gebied van {second.name}" in refused.content.decode()
    assert "checked" not in page.found["consent"][0]
    assert page.found["consent_for"][0]["value"] == str(second.reference)
    assert sent.status_code == 302
    assert Referral.objects.get().welfare_organisation == second


def test_refer_with_a_postcode_unknown_here_says_who_gets_it(gp, world):
    PostcodeArea.objects.create(region=world.region, pc4="4011", municipality_code=world.practice.municipality_code)
    ticked = {"consent_for": str(world.welfare.reference), "consent": "on"}

    def ask(postcode, **more):
        data = {**ticked, "postcode": postcode, **more}
        return gp.send(reverse("refer_capacity"), data, headers={"HX-Request": "true"})

    unknown = ask("9999").content.decode()
    assert "Deze postcode kennen we hier niet." in unknown
    assert f"gaat naar de organisatie van uw praktijk: {world.welfare.name}" in unknown
    # The tick is not sent back: it may have been put there while this was asked.
    assert "consent" not in Inputs(unknown).found
    assert "kennen we hier niet" not in ask("4011", unknown_postcode="1").content.decode()
    assert ask("9999", unknown_postcode="1").status_code == ask("4011").status_code == ask("").status_code == 204


def test_refer_outside_every_area_is_refused(gp, world):
    PostcodeArea.objects.create(region=world.region, pc4="4011", municipality_code="GM9009")

    answer = refer(gp, world, postcode="4011")

    assert answer.status_code == 422
    assert "werkt nog geen welzijnsorganisatie met uw praktijk samen" in answer.content.decode()


def test_refer_while_closed_is_refused_unless_begun_while_open(gp, world):
    PracticeIntake.objects.update(state="closed")
    key = str(uuid.uuid4())

    refused = refer(gp, world, key=key)
    forged = refer(gp, world, key=key, begun=sign_begun(uuid.uuid4(), True))
    sent = refer(gp, world, key=key, begun=sign_begun(key, True))

    assert (refused.status_code, forged.status_code, sent.status_code) == (409, 409, 302)
    assert "neemt nu even geen nieuwe verwijzingen aan" in refused.content.decode()


@pytest.mark.parametrize("paused", ["practice", "welfare"])
def test_refer_from_or_to_somebody_paused_is_refused(gp, world, paused):
    organisation = getattr(world, paused)
    organisation.is_paused = True
    organisation.save()

    assert refer(gp, world).status_code == 409
    assert not Referral.objects.exists()


def test_refer_in_a_region_that_is_not_open_is_refused(gp, world):
    world.region.is_fictional = False
    world.region.save()

    answer = refer(gp, world)

    assert answer.status_code == 409
    assert "Deze regio is nog niet open" in answer.content.decode()


def test_refer_by_an_assistant_names_a_gp_of_the_practice(client, world):
    assistant = client.sign_in(world.assistant)
    elsewhere = make_membership(world.other_practice, Role.REFERRER, function=Function.GP)

    assert refer(assistant, world).status_code == 422
    assert refer(assistant, world, on_behalf_of=str(elsewhere.reference)).status_code == 422
    assert refer(assistant, world, on_behalf_of=str(world.referrer.reference)).status_code == 302
    assert Referral.objects.get().on_behalf_of == world.referrer


def test_refer_for_a_representative_asks_who_that_is(gp, world):
    named = {"given_by_name": "Piet de Vries", "given_by_relation": "zoon", "given_by_phone": "0612345679"}

    assert refer(gp, world, given_by_kind="relative").status_code == 422
    assert refer(gp, world, given_by_kind="relative", **named).status_code == 302
    assert Consent.objects.get().given_by_relation == "zoon"


def test_refer_without_telephone_asks_how_else(gp, world):
    assert refer(gp, world, phone="").status_code == 422
    assert refer(gp, world, phone="", reach_via="contact").status_code == 422
    assert refer(gp, world, phone="", reach_via="practice").status_code == 302


def test_refer_direct_only_switches_every_message_off(gp, world):
    refer(gp, world, is_direct_only="on", may_text="on", may_voicemail="on")

    person = Client.objects.get()
    assert person.is_direct_only
    assert (person.may_text, person.may_voicemail) == (False, False)


def test_refer_with_a_corrected_target_group_keeps_the_problem(gp, world):
    other = make_cell(world.region, group="Mantelzorgers", problem="Overbelast")

    refer(gp, world, target_group=str(other.target_group.reference), second_cell=str(other.reference))

    sent = Referral.objects.get()
    assert (sent.target_cell.problem, sent.target_cell.target_group) == (world.cell.problem, other.target_group)
    assert sent.second_cell == other


def test_refer_shielded_goes_to_one_coach_only(gp, world):
    refer(gp, world, is_shielded="on")

    sent = Referral.objects.get()
    assert sent.coach == world.coach
    assert list(Notice.objects.values_list("membership_id", flat=True)) == [world.coach.pk]
    assert not Referral.objects.visible_to(world.assistant).exists()


def test_refer_in_the_targeted_variant_needs_the_other_conversation(gp, world):
    world.region.variant = "gericht"
    world.region.save()

    assert refer(gp, world).status_code == 422
    assert refer(gp, world, other_conversation="on").status_code == 302


def test_refer_with_a_draft_that_a_colleague_changed_shows_both(gp, world):
    data = typed(world)
    gp.send(reverse("draft_save"), data, headers={"Accept": "application/json"})
    ReferralDraft.objects.update(version=4)

    refused = gp.send(reverse("refer"), {**data, "version": "1"})
    page = Inputs(refused.content.decode())
    kept = gp.send(reverse("draft_save"), {**data, "version": "1", "seen": page.found["seen"][0]["value"]}, follow=True)
    sent = gp.send(reverse("refer"), {**data, "version": "1", "seen": page.found["seen"][0]["value"]})

    assert refused.status_code == 409
    assert "net ook op een ander scherm gewijzigd" in refused.content.decode()
    assert "bewaarden beide versies" in kept.content.decode()
    assert sent.status_code == 302


def test_refer_empties_the_draft(gp, world):
    data = typed(world)
    gp.send(reverse("draft_save"), data, headers={"Accept": "application/json"})

    gp.send(reverse("refer"), {**data, "version": "1"})

    draft = ReferralDraft.objects.get()
    assert draft.sent_referral == Referral.objects.get()
    assert draft.payload == {}


def test_refer_is_for_the_practice_only(client, world):
    for person in (world.coach, world.coordinator, world.core_team, world.funder, world.region_admin):
        assert client.sign_in(person).get(reverse("refer")).status_code == 403


def test_refer_after_the_session_ended_comes_back_filled_in(gp, world):
    data = typed(world, help_request="Zong vroeger in een koor.")
    membership = gp.membership
    gp.logout()

    gone = gp.post(reverse("refer"), {**data, "as": str(membership.reference)})
    seal = gp.session["sealed"]
    gp.sign_in(membership)
    session = gp.session
    session["sealed"] = seal
    session.save()
    back = gp.get(reverse("refer")).content.decode()

    assert gone.status_code == 302
    assert "Zong vroeger in een koor." in back
    assert data["key"] in back
    assert not Referral.objects.exists()


def test_refer_sums_up_errors_in_the_order_of_the_page(client, world):
    page = client.sign_in(world.referrer).send(reverse("refer"), {})

    summed_up = page.content.decode().partition("error-summary")[2].partition("</ul>")[0]
    told = ["given_name", "family_name", "birth_date", "postcode", "phone", "target_cell", "help_request", "consent"]
    places = [summed_up.index(f"#id_{name}") for name in told]
    assert places == sorted(places)
    assert "verplicht" not in summed_up


def test_refer_asks_about_words_of_danger_and_calls_them_no_error(client, world):
    page = refer(client.sign_in(world.referrer), world, help_request="Zegt: ik wil niet meer leven.").content.decode()

    assert "Is dit spoed?" in page
    assert "niet goed ingevuld" not in page


def test_refer_says_aloud_to_which_target_group_a_problem_belongs(client, world):
    inputs = Inputs(client.sign_in(world.referrer).get(reverse("refer")).content.decode()).found["target_cell"]

    assert inputs[0]["aria-describedby"] == "id_target_cell_group_0"


def test_refer_refuses_a_contact_person_beside_only_the_patient_themself(client, world):
    contact = {"contact_name": "Anja", "contact_relation": "dochter", "contact_phone": "0612340000"}
    client.sign_in(world.referrer)

    answer = refer(client, world, reach_via="contact", is_direct_only="on", **contact)

    assert answer.status_code == 422
    assert "gaat niet samen met een contactpersoon" in answer.content.decode()
