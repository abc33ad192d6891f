"""Proposed, introduced, begun, going on, stopped: one placement, its states and who may know the name."""

import datetime as dt
import itertools
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coaches import services
from coaches.models import TAKEN_BACK, Placement
from referrals.models import Consent, Status
from referrals.services import deceased, withdraw_consent
from tests.coaches.parts import again, events, form, reason, statements, url
from tests.coaches.placing import choir, make_placement
from tests.factories import make_consent, make_organisation, make_referral
from wor.audit.models import AccessLogEntry, Event
from wor.calendar import today
from wor.errors import DomainError, StaleError

S = Placement.Status
CONSENT = {"given_by_kind": "patient", "how": "spoken", "given_on": ""}


@pytest.fixture
def case(world):
    return make_referral(world, status=Status.ACTIVE)


def fresh(placement) -> Placement:
    return Placement.objects.get(pk=placement.pk)


def propose(world, case, activity, key=None):
    return services.propose(case, activity=activity, key=key or uuid.uuid4(), by=world.coach)


# --- The table of states ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after"), [*itertools.product(S, S)])
def test_become_follows_the_table(world, before, after):
    placement = Placement(status=before)

    if after in Placement.BECOMES[before]:
        placement.become(after, by=world.coach, at=timezone.now())
        assert (placement.status, getattr(placement, f"{after}_by")) == (after, world.coach)
    else:
        with pytest.raises(DomainError):
            placement.become(after, by=world.coach, at=timezone.now())
        assert placement.status == before


def test_database_refuses_a_stop_without_reason(world, case):
    placement = make_placement(world, case, "started")

    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.filter(pk=placement.pk).update(
            status="stopped", stopped_at=timezone.now(), stopped_by=world.coach
        )


# --- Propose ---------------------------------------------------------------------------------------------------------


def test_propose_is_one_tap_and_tells_who_and_when(world, client, case):
    activity = choir(world)

    answer = client.sign_in(world.coach).send(
        url("propose", case, activity.reference) + "?dag=4&postcode=4001&naam=Jo", form(why="cell")
    )

    placement = Placement.objects.get()
    assert (placement.status, placement.why, placement.proposed_by) == ("proposed", ["cell"], world.coach)
    assert answer["Location"] == url("suggestions", case) + "?dag=4"  # the filters stay, and nothing else
    [event] = Event.objects.filter(subject_ref=placement.reference)
    assert (event.name, event.actor_membership_id, event.data) == ("placement.proposed", world.coach.pk, {})


def test_propose_with_the_same_key_is_one(world, client, case):
    activity, sent = choir(world), form()

    for _time in range(3):
        client.sign_in(world.coach).send(url("propose", case, activity.reference), sent)

    assert Placement.objects.count() == 1
    assert events(case).count("placement.proposed") == 1


def test_propose_what_a_colleague_proposed_is_one(world, case):
    activity = choir(world)

    first = propose(world, case, activity)
    second = services.propose(case, activity=activity, key=uuid.uuid4(), by=world.second_coach)

    assert first == second


def test_propose_again_what_stopped_is_new(world, case):
    activity = choir(world)
    make_placement(world, case, "stopped", activity=activity)

    assert propose(world, case, activity).status == "proposed"
    assert Placement.objects.count() == 2


def test_propose_what_is_not_shown_any_more_is_refused(world, case):
    activity = choir(world, status="retired")

    with pytest.raises(DomainError):
        propose(world, case, activity)


def test_propose_what_is_elsewhere_finds_nothing(world, client, case):
    assert client.sign_in(world.coach).send(url("propose", case, uuid.uuid4()), form()).status_code == 404


def test_propose_costs_few_statements(world, client, case):
    activity = choir(world)
    client.sign_in(world.coach)

    assert statements(lambda: client.send(url("propose", case, activity.reference), form())) <= 18


# --- Introduce -------------------------------------------------------------------------------------------------------


def test_introduce_without_name_asks_no_consent(world, client, case):
    placement = make_placement(world, case)

    client.sign_in(world.coach).send(url("introduce", case, placement.reference), form(version=0, is_warm=""))

    assert (fresh(placement).status, fresh(placement).is_warm) == ("introduced", False)
    assert not Consent.objects.filter(kind="introduce").exists()


def test_introduce_by_name_without_consent_is_refused(world, client, case):
    placement = make_placement(world, case)
    address = url("introduce", case, placement.reference)

    answer = client.sign_in(world.coach).send(address, form(version=0, is_warm="1", **CONSENT))

    assert answer.status_code == 422
    assert "Kruis aan dat de cliënt dit goedvindt" in answer.content.decode()
    with pytest.raises(DomainError):
        services.introduce(placement, is_warm=True, by=world.coach)
    assert fresh(placement).status == "proposed"


def test_introduce_by_name_writes_the_consent_down(world, client, case):
    placement = make_placement(world, case)
    sent = {"version": 0, "is_warm": "1", "agreed": "on", "given_by_kind": "relative", "how": "phone", "given_on": ""}
    sent |= {"given_by_name": "Marjan", "given_by_relation": "dochter"}

    client.sign_in(world.coach).send(url("introduce", case, placement.reference), form(**sent))

    consent = Consent.objects.get(kind="introduce")
    assert (consent.provider, consent.asked_by, consent.referral) == (placement.activity.provider, world.coach, case)
    assert (consent.given_by_name, consent.how, consent.given_on) == ("Marjan", "phone", today())
    assert consent.text_version
    assert (fresh(placement).status, fresh(placement).is_warm) == ("introduced", True)


def test_introduce_on_behalf_of_nobody_named_is_refused(world, client, case):
    placement = make_placement(world, case)
    sent = {"version": 0, "is_warm": "1", "agreed": "on", **CONSENT, "given_by_kind": "relative"}

    assert (
        client.sign_in(world.coach).send(url("introduce", case, placement.reference), form(**sent)).status_code == 422
    )
    assert not Consent.objects.filter(kind="introduce").exists()


def test_consent_holds_for_one_provider_only(world, case):
    here, there = make_placement(world, case), make_placement(world, case, activity=choir(world, "Ander koor"))
    make_consent(case, kind="introduce", provider=here.activity.provider)

    assert services.introduce(here, is_warm=True, by=world.coach).is_warm
    with pytest.raises(DomainError):
        services.introduce(there, is_warm=True, by=world.coach)


def test_consent_taken_back_is_asked_again(world, case):
    placement = make_placement(world, case)
    make_consent(case, kind="introduce", provider=placement.activity.provider)

    services.withdraw_introduction(placement, by=world.coach)

    with pytest.raises(DomainError):
        services.introduce(placement, is_warm=True, by=world.coach)
    assert Consent.objects.get(kind="introduce").withdrawn_by == world.coach
    assert "introduction.withdrawn" in events(case)


def test_name_can_be_taken_back_after_the_introduction(world, client, case):
    placement = make_placement(world, case, "started", is_warm=True)
    make_consent(case, kind="introduce", provider=placement.activity.provider)
    page = client.sign_in(world.coach).get(f"/werkvoorraad/{case.reference}/").content.decode()

    assert url("withdraw_introduction", case, placement.reference) in page
    client.send(url("withdraw_introduction", case, placement.reference), form(version=0))

    assert Consent.objects.get(kind="introduce").withdrawn_at is not None
    assert fresh(placement).status == "started"
    assert "Naam niet meer noemen" not in client.get(f"/werkvoorraad/{case.reference}/").content.decode()


def test_consent_dated_in_the_future_is_refused(world, case):
    placement = make_placement(world, case)

    with pytest.raises(DomainError):
        services.introduce(
            placement, is_warm=True, agreed=True, given_on=today() + dt.timedelta(days=1), by=world.coach
        )


# --- Start, keep going, stop -----------------------------------------------------------------------------------------


def test_start_may_plan_the_follow_up(world, client, case):
    placement = make_placement(world, case)
    address = url("start_activity", case, placement.reference)

    assert "Naar opvolging" in client.sign_in(world.coach).get(address).content.decode()
    client.send(address, form(version=0, and_follow_up="1"))

    assert (again(case).status, fresh(placement).status) == (Status.FOLLOW_UP, "started")
    assert again(case).follow_up_on == today() + dt.timedelta(weeks=world.region.setting("follow_up_first_weeks"))


def test_start_leaves_the_case_where_it_is(world, client, case):
    placement = make_placement(world, case)

    client.sign_in(world.coach).send(
        url("start_activity", case, placement.reference), form(version=0, since="1-1-2026")
    )

    assert again(case).status == Status.ACTIVE
    assert timezone.localdate(fresh(placement).started_at) == dt.date(2026, 1, 1)


def test_start_in_the_future_is_refused(world, client, case):
    placement, later = make_placement(world, case), today() + dt.timedelta(days=3)
    sent = form(version=0, since=later.strftime("%d-%m-%Y"))

    assert client.sign_in(world.coach).send(url("start_activity", case, placement.reference), sent).status_code == 422
    assert fresh(placement).status == "proposed"


def test_stop_asks_a_reason_of_this_kind(world, client, case):
    placement = make_placement(world, case, "started")
    address, wrong = url("stop_activity", case, placement.reference), reason(world, "stopped", "health")

    assert client.sign_in(world.coach).send(address, form(version=0)).status_code == 422
    assert client.send(address, form(version=0, reason=wrong.reference)).status_code == 422
    assert fresh(placement).status == "started"


def test_take_back_is_no_dropping_out(world, case):
    placement, stopped = make_placement(world, case, "started"), make_placement(world, case, "stopped")

    services.take_back(placement, by=world.coach)

    assert fresh(placement).stop_reason.code == TAKEN_BACK
    assert list(Placement.objects.stopped_for_a_reason()) == [stopped]


@pytest.mark.parametrize(
    ("name", "status", "more"),
    [("introduce", "proposed", {}), ("start_activity", "proposed", {}), ("keep_going", "started", {}),
     ("take_back", "proposed", {}), ("stop_activity", "started", {"reason": True})],
)  # fmt: skip
def test_over_a_colleagues_change_is_refused(world, client, case, name, status, more):
    placement = make_placement(world, case, status, version=7)
    fields = {"reason": reason(world, "placement").reference} if more else {}

    answer = client.sign_in(world.coach).send(url(name, case, placement.reference), form(version=6, **fields))

    assert answer.status_code == 409
    assert fresh(placement).status == status


def test_sent_twice_is_done_once(world, case):
    placement, why = make_placement(world, case), reason(world, "placement")

    for _time in range(2):
        services.introduce(placement, is_warm=False, version=0, by=world.coach)
    for _time in range(2):
        services.start(placement, version=1, by=world.coach)
    for _time in range(2):
        services.stop(placement, reason=why, version=2, by=world.coach)

    assert [name for name in events(case) if name.startswith("placement.")] == [
        *("placement.introduced", "placement.started", "placement.stopped")
    ]


def test_after_stopping_nothing_more_can_be_done(world, case):
    placement = make_placement(world, case, "stopped")

    for deed in (services.keep_going, services.start, services.take_back):
        with pytest.raises(DomainError):
            deed(placement, by=world.coach)


def test_every_change_is_in_the_access_log(world, case):
    placement = make_placement(world, case)

    services.start(placement, by=world.coach)

    entry = AccessLogEntry.objects.get(purpose="placement.started")
    assert (entry.client_ref, entry.object_ref) == (case.client.reference, placement.reference)


# --- The end of the guidance -----------------------------------------------------------------------------------------


def end_by_death(world, case):
    deceased(case.client, by=world.coach)


def end_by_withdrawing(world, case):
    withdraw_consent(case, said_to="client", by=world.coach)


def end_by_closing(world, case):
    outcome = reason(world, "completed", "joined_activity")
    services.close(case, reason=outcome, sentence="Doet mee.", key=uuid.uuid4(), by=world.coach)


@pytest.mark.parametrize("end", [end_by_death, end_by_withdrawing, end_by_closing])
def test_end_of_the_case_closes_placements_neutrally(world, case, end):
    placement = make_placement(world, case, "started")

    end(world, case)

    assert not Placement.objects.running().exists()
    assert not Placement.objects.stopped_for_a_reason().exists()
    with pytest.raises(DomainError):
        services.keep_going(placement, by=world.coach)


def test_reopened_case_has_its_placements_back(world, case):
    make_placement(world, case, "started")
    end_by_closing(world, case)

    services.reopen(case, by=world.coach)

    assert Placement.objects.running().count() == 1


def test_transfer_leaves_placements_behind(world, case):
    placement = make_placement(world, case, "started")
    other = make_organisation(world.region, "welfare")
    services.transfer(case, to=other, given_on=today(), how="phone", by=world.coach)
    stranger = world.stranger_coach
    stranger.organisation = other
    stranger.save()
    case = again(case)

    assert not Placement.objects.visible_to(stranger).exists()
    assert not Placement.objects.visible_to(world.coach).exists()
    assert not Placement.objects.running().exists()
    # The same activity once more: nothing tells them that it was tried before.
    services.accept(case, by=stranger)
    assert services.propose(case, activity=placement.activity, key=uuid.uuid4(), by=stranger) != placement


def test_stale_is_raised_by_the_service_too(world, case):
    with pytest.raises(StaleError):
        services.start(make_placement(world, case, version=3), version=2, by=world.coach)


# --- What it looks like ----------------------------------------------------------------------------------------------


def test_case_page_shows_activities_and_their_story(world, client, case):
    placement = make_placement(world, case)
    services.introduce(placement, is_warm=False, by=world.coach)
    services.take_back(make_placement(world, case, activity=choir(world, "Toch niet")), by=world.coach)

    page = client.sign_in(world.coach).get(f"/werkvoorraad/{case.reference}/").content.decode()

    assert "Koor De Waalzangers" in page
    assert "Kennisgemaakt bij een activiteit" in page
    assert page.count("Toch niet") == 1  # in the timeline, no longer among the activities


def test_agreed_paper_says_when_where_cost_and_whom_to_call(world, client, case):
    facts = {"cost_cents": 600, "place_name": "De Schakel", "how_to_join": "Dag van tevoren.", "contact_name": "Thea"}
    activity = choir(world, **facts, contact_phone="0344123456")
    make_placement(world, case, "started", activity=activity)
    make_placement(world, case, "stopped", activity=choir(world, "Niet meer"))

    paper = client.sign_in(world.coach).get(url("agreed", case)).content.decode()

    for words in ("Koor De Waalzangers", "dinsdag 10.00", "De Schakel", "€ 6", "Dag van tevoren.", "Thea", "0344"):
        assert words in paper
    assert "Niet meer" not in paper
