"""*Hoe gaat het?* after six weeks and three months: one form, on the phone."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from coaches import services
from coaches.models import Contact, Intake, Measurement, Placement
from coaches.services.placing import Answer
from referrals.models import Client, Referral, Status
from tests.coaches.parts import again, events, form, reason, statements, url
from tests.coaches.placing import choir, make_placement
from tests.factories import make_organisation, make_referral
from wor.calendar import start_of, today


@pytest.fixture
def case(world):
    return make_referral(world, status=Status.FOLLOW_UP, follow_up_on=today())


def answered(placement, how: str, number: int = 0, **fields) -> dict:
    return {f"how_{number}": how, f"seen_{number}": f"{placement.reference}.{placement.version}", **fields}


def send(client, world, case, by=None, **fields):
    sent = form(**{"result": "spoken", **fields})
    return client.sign_in(by or world.coach).send(url("check_in", case), sent)


def fresh(placement) -> Placement:
    return Placement.objects.get(pk=placement.pk)


def test_still_going_is_one_tap(world, client, case):
    placement = make_placement(world, case, "started")

    send(client, world, case, **answered(placement, "goes_on"))

    assert fresh(placement).status == "continuing"
    assert Contact.objects.get().kind == "follow_up"
    assert again(case).follow_up_on > today()  # the next of the two days
    assert "placement.continuing" in events(case)


def test_stopped_keeps_the_reason(world, client, case):
    placement, why = make_placement(world, case, "started"), reason(world, "placement", "transport")

    send(client, world, case, **answered(placement, "stopped", reason_0=why.reference))

    assert (fresh(placement).status, fresh(placement).stop_reason) == ("stopped", why)


def test_stopped_without_reason_is_asked_again(world, client, case):
    placement = make_placement(world, case, "started")

    answer = send(client, world, case, **answered(placement, "stopped"))

    assert answer.status_code == 422
    assert "Kies waarom de cliënt stopte" in answer.content.decode()
    assert not Contact.objects.exists()


def test_begun_meanwhile_counts_as_started(world, client, case):
    placement = make_placement(world, case, "introduced")

    send(client, world, case, **answered(placement, "goes_on"))

    assert fresh(placement).status == "started"


def test_not_reached_changes_nothing_but_the_contact(world, client, case):
    placement = make_placement(world, case, "started")

    send(client, world, case, result="not_reached", wellbeing_t1=7, **answered(placement, "goes_on"))

    assert Contact.objects.get().result == "no_answer"
    assert fresh(placement).status == "started"
    assert not Measurement.objects.exists()


def test_figure_is_asked_beside_the_first_one(world, client, case):
    Intake.objects.create(
        region=world.region, referral=case, welfare_organisation=world.welfare, wellbeing_t0=5, held_at=case.sent_at,
        held_by=world.coach,
    )  # fmt: skip

    page = client.sign_in(world.coach).get(url("check_in", case)).content.decode()
    send(client, world, case, wellbeing_t1=7)
    send(client, world, case, wellbeing_t1=8)

    assert "Bij het eerste gesprek was het een 5" in page
    assert "De cliënt mag nee zeggen" in page
    assert Measurement.objects.get().value == 8  # asked twice: the last one counts


def test_no_figure_is_no_figure(world, client, case):
    send(client, world, case)

    assert not Measurement.objects.exists()


def test_figure_after_a_transfer_is_the_next_organisations_own(world, case):
    first = Measurement.objects.create(
        region=world.region, referral=case, welfare_organisation=make_organisation(world.region, "welfare"), value=3,
        at=case.sent_at, by=world.coach,
    )  # fmt: skip

    services.check_in(case, is_reached=True, value=9, key=uuid.uuid4(), by=world.coach)

    assert Measurement.objects.get(pk=first.pk).value == 3
    assert list(Measurement.objects.visible_to(world.coach).values_list("value", flat=True)) == [9]


def test_sent_twice_is_once(world, client, case):
    placement, key = make_placement(world, case, "started"), str(uuid.uuid4())

    for _time in range(2):
        answer = send(client, world, case, key=key, wellbeing_t1=6, **answered(placement, "goes_on"))

    assert answer.status_code == 302
    assert (Contact.objects.count(), events(case).count("placement.continuing")) == (1, 1)


def test_over_a_colleagues_change_is_refused_as_a_whole(world, client, case):
    placement = make_placement(world, case, "started")
    sent = answered(placement, "goes_on")
    Placement.objects.filter(pk=placement.pk).update(version=9)

    assert send(client, world, case, wellbeing_t1=6, **sent).status_code == 409
    assert not Contact.objects.exists()
    assert not Measurement.objects.exists()


def test_what_a_colleague_ended_meanwhile_is_said(world, client, case):
    placement = make_placement(world, case, "started")
    sent = answered(placement, "goes_on")
    still = make_placement(world, case, "started", activity=choir(world, "Ander koor"))
    services.take_back(placement, by=world.coach)

    assert send(client, world, case, **sent).status_code == 409
    assert fresh(still).status == "started"


def test_telling_the_referrer_is_the_next_page(world, client, case):
    placement = make_placement(world, case, "started")

    answer = send(client, world, case, result="tell", line="Het gaat beter.", **answered(placement, "goes_on"))
    draft = client.get(answer["Location"]).content.decode()

    assert answer["Location"] == url("feedback", case)
    assert "Gaat sinds" in draft
    assert "naar Koor De Waalzangers." in draft
    assert "Het gaat beter." in draft


@pytest.mark.parametrize("level", ["outcome", "status"])
def test_referrer_who_may_hear_less_reads_nothing_of_activities(world, client, case, level):
    make_placement(world, case, "continuing")
    Client.objects.filter(pk=case.client_id).update(feedback_level=level)

    page = client.sign_in(world.coach).get(url("check_in", case)).content.decode()
    draft = client.get(url("feedback", case)).content.decode()

    assert 'value="tell"' not in page
    assert "Koor" not in draft


def test_draft_says_what_stopped_when_nothing_runs(world, client, case):
    make_placement(world, case, "stopped", started_at=case.sent_at, started_by=world.coach)

    draft = client.sign_in(world.coach).get(url("feedback", case)).content.decode()

    assert "Is gestopt met Koor De Waalzangers: transport." in draft


def test_placement_of_another_case_is_not_touched(world, case):
    other = make_placement(world, make_referral(world, status=Status.ACTIVE), "started")

    with pytest.raises(Placement.DoesNotExist):
        services.check_in(case, is_reached=True, answers=[Answer(other, True)], key=uuid.uuid4(), by=world.coach)


def test_check_in_costs_few_statements(world, client, case):
    placements = [make_placement(world, case, "started", activity=choir(world, f"Koor {each}")) for each in range(2)]
    sent = {}
    for number, placement in enumerate(placements):
        sent |= answered(placement, "goes_on", number)
    client.sign_in(world.coach)

    assert statements(lambda: client.send(url("check_in", case), form(result="spoken", wellbeing_t1=6, **sent))) <= 30


def test_worklist_leads_to_the_form(world, client, case):
    Referral.objects.filter(pk=case.pk).update(feedback_at=case.sent_at)

    page = client.sign_in(world.coach).get("/werkvoorraad/?lijst=opvolging").content.decode()

    assert url("check_in", case) in page


def test_worklist_asks_how_it_goes_some_weeks_after_the_start(world):
    """While the talks go on nobody chose a day; the region's term does."""
    now = timezone.now()
    referral = make_referral(world, status=Status.ACTIVE, feedback_at=now, last_news_at=now + dt.timedelta(days=90))
    placement = make_placement(world, referral, "introduced")

    services.start(placement, by=world.coach)
    assert again(referral).attention_at == start_of(today() + dt.timedelta(weeks=6))
    services.stop(fresh(placement), reason=reason(world, "placement", "transport"), by=world.coach)
    assert again(referral).attention_at > start_of(today() + dt.timedelta(weeks=6))
