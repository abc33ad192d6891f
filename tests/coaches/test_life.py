"""The rules of "Life of a referral", on the coach's side."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from coaches import services
from coaches.models import Action, Contact, Intake
from referrals import services as exchange
from referrals.models import Feedback, Referral, Status, Transfer
from tests.coaches.parts import again, contact, events, reason, url
from tests.factories import make_client, make_membership, make_organisation, make_referral
from tests.reminders.clock import at, told_on
from wor.accounts.models import Role
from wor.calendar import local_day, start_of
from wor.errors import DomainError
from wor.outbox.models import Notice

S = Status


def told(membership, kind: str) -> bool:
    return Notice.objects.filter(membership=membership, kind=kind).exists()


def at_level(world, level: str, **fields) -> Referral:
    return make_referral(world, client=make_client(world.practice, feedback_level=level), **fields)


def close(world, referral, kind="completed", code="joined_activity", **fields):
    fields = {"sentence": "Doet mee in de moestuin.", "key": uuid.uuid4(), **fields}
    return services.close(referral, reason=reason(world, kind, code), by=world.coach, **fields)


# Taking on


def test_accept_names_the_coach_and_refreshes_the_list(world):
    referral = make_referral(world, sent_days_ago=1)

    services.accept(referral, by=world.coach)

    taken = again(referral)
    assert (taken.status, taken.coach, taken.accepted_by) == (S.ACCEPTED, world.coach, world.coach)
    assert taken.last_news_at > referral.last_news_at


def test_accept_by_coordinator_names_a_coach_who_is_told(world):
    referral = make_referral(world)

    services.accept(referral, coach=world.second_coach, by=world.coordinator)

    assert again(referral).coach == world.second_coach
    assert told(world.second_coach, "referral_assigned")


def test_accept_by_coordinator_themself_asks_for_a_coach_within_five_working_days(world):
    referral = make_referral(world)

    services.accept(referral, by=world.coordinator)

    assert again(referral).attention_at <= timezone.now() + dt.timedelta(days=9)


def test_accept_for_a_colleague_by_a_coach_is_refused(world):
    with pytest.raises(DomainError, match="voor jezelf"):
        services.accept(make_referral(world), coach=world.second_coach, by=world.coach)


def test_accept_for_a_coach_of_another_organisation_is_refused(world):
    with pytest.raises(DomainError, match="eigen organisatie"):
        services.accept(make_referral(world), coach=world.stranger_coach, by=world.coordinator)


def test_accept_twice_by_the_same_coach_is_one_deed(world):
    referral = make_referral(world)

    services.accept(referral, version=0, by=world.coach)
    services.accept(referral, version=0, by=world.coach)

    assert events(referral).count("referral.accepted") == 1


def test_decline_as_urgent_before_calling_is_refused(world):
    referral = make_referral(world)

    with pytest.raises(DomainError, match="Bel eerst de praktijk"):
        decline_as_urgent(world, referral)


def test_decline_as_urgent_after_the_call_works(world):
    referral = make_referral(world)
    services.log_concern(referral, told_to="Kim", key=uuid.uuid4(), by=world.coach)

    decline_as_urgent(world, referral)

    assert again(referral).status == S.DECLINED


def test_decline_as_urgent_after_a_call_marked_as_mistake_is_refused(world):
    referral = make_referral(world)
    call = services.log_concern(referral, told_to="Kim", key=uuid.uuid4(), by=world.coach)
    services.mark_contact_in_error(call, by=world.coach)

    with pytest.raises(DomainError, match="Bel eerst de praktijk"):
        decline_as_urgent(world, referral)


def decline_as_urgent(world, referral):
    urgent = reason(world, "declined", "urgent")
    return services.decline(referral, reason=urgent, advice="Bel de crisisdienst.", key=uuid.uuid4(), by=world.coach)


def test_decline_sends_the_advice_at_every_level(world):
    referral = at_level(world, "status")

    services.decline(referral, reason=reason(world, "declined"), advice="Eerst POH.", key=uuid.uuid4(), by=world.coach)

    assert Feedback.objects.get(referral=referral).body == "Eerst POH."
    assert told(world.referrer, "referral_declined")


def test_waitlist_keeps_the_monday_of_the_week(world):
    day = timezone.localdate() + dt.timedelta(days=20)

    services.waitlist(make_referral(world), expected_week=day, by=world.coach)

    assert Referral.objects.get().expected_week.weekday() == 0


def test_plan_talk_takes_somebody_off_the_waiting_list(world):
    referral = make_referral(world, status=S.WAITLISTED)
    moment = timezone.now() + dt.timedelta(days=2)

    services.plan_talk(referral, at=moment, by=world.coach)

    planned = again(referral)
    assert (planned.status, planned.planned_talk_at) == (S.ACCEPTED, moment)


# Contacts


def test_three_attempts_on_three_days_are_the_first_contact(world):
    referral = make_referral(world, status=S.ACCEPTED, sent_days_ago=10)

    for days_ago in (5, 4, 3):
        assert again(referral).first_contact_at is None
        contact(world, referral, result="no_answer", days_ago=days_ago)

    tried = again(referral)
    assert (tried.attempts, local_day(tried.first_contact_at)) == (3, local_day(timezone.now() - dt.timedelta(days=3)))


def test_attempts_on_one_day_count_once(world):
    referral = make_referral(world, status=S.ACCEPTED)

    for _time in range(3):
        contact(world, referral, result="voicemail")

    assert (again(referral).attempts, again(referral).first_contact_at) == (1, None)


def test_attempts_count_days_of_amsterdam(world, monkeypatch):
    """22.30 and 23.30 UTC in summer are one UTC day and two days here."""
    referral = make_referral(world, status=S.ACCEPTED, sent_days_ago=300)

    for hour in (21, 22):
        late = dt.datetime(2026, 7, 1, hour, 30, tzinfo=dt.UTC)
        contact(world, referral, result="no_answer", at=late)

    assert again(referral).attempts == 2


def test_spoken_is_the_first_contact_and_not_the_first_talk(world):
    referral = make_referral(world, status=S.ACCEPTED)

    contact(world, referral, kind="arrange")

    called = again(referral)
    assert called.first_contact_at is not None
    assert (called.status, called.first_talk_at) == (S.ACCEPTED, None)


def test_spoken_introduction_is_the_first_talk(world):
    referral = make_referral(world, status=S.ACCEPTED)

    contact(world, referral, kind="introduction")

    talked = again(referral)
    assert talked.status == S.ACTIVE
    assert talked.first_talk_at == talked.first_contact_at


def test_spoken_introduction_in_a_pause_ends_it(world):
    referral = make_referral(world, status=S.WAITLISTED)
    pause(world, referral)

    contact(world, referral, kind="introduction")

    assert (again(referral).status, again(referral).paused_until) == (S.ACTIVE, None)


def test_contact_with_the_practice_is_no_contact_with_the_client(world):
    referral = make_referral(world, status=S.ACCEPTED)

    contact(world, referral, kind="referrer")

    assert again(referral).first_contact_at is None


def test_contact_with_the_same_key_is_logged_once(world):
    referral = make_referral(world, status=S.ACCEPTED)
    key = uuid.uuid4()

    first, second = (contact(world, referral, result="no_answer", key=key) for _time in range(2))

    assert first == second
    assert events(referral).count("contact.logged") == 1


def test_contact_can_tick_off_an_action(world):
    referral = make_referral(world, status=S.ACTIVE)
    action = add_action(world, referral)

    entry = contact(world, referral, kind="talk", ticks_off=action)

    assert Action.objects.get(pk=action.pk).done_in == entry


def test_contact_in_the_future_is_refused(world):
    referral = make_referral(world, status=S.ACTIVE)

    with pytest.raises(DomainError, match="nog niet geweest"):
        contact(world, referral, at=timezone.now() + dt.timedelta(days=1))


def test_mistake_is_counted_back(world):
    referral = make_referral(world, status=S.ACCEPTED, sent_days_ago=10)
    spoken = contact(world, referral, days_ago=2)
    contact(world, referral, result="no_answer", days_ago=1)

    services.mark_contact_in_error(spoken, by=world.second_coach)

    counted = again(referral)
    assert (counted.first_contact_at, counted.attempts) == (None, 1)
    assert Contact.objects.count() == 2


def test_nobody_speaks_a_client_before_the_referral(world):
    referral = make_referral(world, status=S.ACCEPTED, sent_days_ago=2)

    for kind in ("arrange", "introduction"):
        with pytest.raises(DomainError, match="Deze dag ligt daarvoor"):
            contact(world, referral, kind=kind, days_ago=3)
    assert contact(world, referral, days_ago=2).pk


def test_real_talk_after_a_mistaken_one_sets_the_date(world):
    referral = make_referral(world, status=S.ACCEPTED, sent_days_ago=10)
    mistaken = contact(world, referral, kind="introduction", days_ago=5)
    services.mark_contact_in_error(mistaken, by=world.coach)

    real = contact(world, referral, kind="introduction", days_ago=1)

    assert (again(referral).status, again(referral).first_talk_at) == (S.ACTIVE, real.at)


def test_first_talk_writes_intake_contact_and_status_at_once(world):
    referral = make_referral(world, status=S.ACCEPTED)

    services.hold_first_talk(referral, wish="Weer zingen", wellbeing_t0=5, key=uuid.uuid4(), by=world.coach)

    assert again(referral).status == S.ACTIVE
    assert Contact.objects.get().kind == "introduction"
    assert Intake.objects.get().wellbeing_t0 == 5


def test_first_talk_twice_keeps_one_intake(world):
    referral = make_referral(world, status=S.ACCEPTED)
    key = uuid.uuid4()

    for wish in ("Zingen", "Zingen en koken"):
        services.hold_first_talk(referral, wish=wish, key=key, by=world.coach)

    assert Intake.objects.get().wish == "Zingen en koken"
    assert Contact.objects.count() == 1


def test_intake_over_a_colleagues_save_is_refused(world):
    referral = make_referral(world, status=S.ACTIVE)
    services.hold_first_talk(referral, wish="Zingen", key=uuid.uuid4(), by=world.coach)
    services.hold_first_talk(referral, wish="Koken", version=0, key=uuid.uuid4(), by=world.second_coach)

    with pytest.raises(DomainError, match="collega"):
        services.hold_first_talk(referral, wish="Fietsen", version=0, key=uuid.uuid4(), by=world.coach)


def add_action(world, referral, days=7):
    due_on = timezone.localdate() + dt.timedelta(days=days)
    return services.add_action(referral, text="Thea bellen", due_on=due_on, key=uuid.uuid4(), by=world.coach)


def test_action_is_what_to_look_at_first(world):
    referral = make_referral(world, status=S.ACTIVE)

    action = add_action(world, referral, days=2)

    assert again(referral).attention_at == start_of(action.due_on)
    services.complete_action(action, by=world.coach)
    assert again(referral).attention_at > start_of(action.due_on)


# Feedback


@pytest.mark.parametrize(("level", "body"), [("all", "Gaat zingen."), ("outcome", "In begeleiding sinds")])
def test_feedback_keeps_to_the_level(world, level, body):
    referral = at_level(world, level, status=S.ACTIVE)

    services.send_feedback(referral, moment="intake", body="Gaat zingen.", key=uuid.uuid4(), by=world.coach)

    assert Feedback.objects.get().body.startswith(body)
    assert again(referral).feedback_at is not None
    assert told(world.referrer, "feedback_ready")


@pytest.mark.parametrize(
    ("level", "sentence"),
    [
        ("all", "Doet mee in de moestuin."),
        ("outcome", "Deze begeleiding is afgerond. Uw patiënt is gestart met een activiteit."),
        ("status", "Afgesloten op"),
    ],
)
def test_closing_sentence_is_the_closing_feedback_at_each_level(world, level, sentence):
    referral = at_level(world, level, status=S.ACTIVE)

    close(world, referral)

    closed = again(referral)
    assert closed.closing_sentence.startswith(sentence)
    assert Feedback.objects.get(moment="closing").body == closed.closing_sentence
    assert (closed.status, closed.attention_at) == (S.COMPLETED, None)


def test_close_without_a_sentence_is_refused(world):
    with pytest.raises(DomainError, match="terugkoppeling"):
        close(world, make_referral(world, status=S.ACTIVE), sentence=" ")


def test_close_twice_with_one_key_sends_one_feedback(world):
    referral, key = make_referral(world, status=S.ACTIVE), uuid.uuid4()

    for _time in range(2):
        close(world, referral, key=key, version=0)

    assert Feedback.objects.count() == 1


def test_stopped_keeps_its_reason(world):
    closed = close(world, make_referral(world, status=S.ACTIVE), "stopped", "moved")

    assert (closed.status, closed.closing_reason.code) == (S.STOPPED, "moved")


@pytest.mark.parametrize("code", ["deceased", "consent_withdrawn"])
def test_deeds_of_their_own_are_no_reason_to_choose(world, code):
    with pytest.raises(DomainError, match="uit de lijst"):
        close(world, make_referral(world, status=S.ACTIVE), "stopped", code)


def test_shielded_feedback_reaches_only_who_sent_it(world):
    point = make_membership(world.practice, Role.REFERRER, is_contact_point=True)
    referral = make_referral(world, status=S.ACTIVE, is_shielded=True)

    services.send_feedback(referral, moment="intake", body="Goed.", key=uuid.uuid4(), by=world.coach)

    assert told(world.referrer, "feedback_ready")
    assert not told(point, "feedback_ready")


# Waiting


def pause(world, referral, code="money", days=30, **fields):
    until = timezone.localdate() + dt.timedelta(days=days)
    fields = {"sentence": "Eerst geldzorgen.", "key": uuid.uuid4(), **fields}
    return services.pause(referral, reason=reason(world, "paused", code), until=until, by=world.coach, **fields)


def test_pause_for_safety_is_never_shared(world):
    referral = make_referral(world, status=S.ACTIVE)

    pause(world, referral, "safety", sentence="Er is geweld thuis.")

    assert Feedback.objects.get().body == "Gepauzeerd op verzoek."


def test_pause_tells_nothing_at_the_level_of_status(world):
    pause(world, at_level(world, "status", status=S.ACTIVE))

    assert Feedback.objects.count() == 0


@pytest.mark.parametrize("days", [0, 120])
def test_pause_outside_three_months_is_refused(world, days):
    with pytest.raises(DomainError, match="hoogstens 3 maanden"):
        pause(world, make_referral(world, status=S.ACTIVE), days=days)


@pytest.mark.parametrize("status", [S.ACCEPTED, S.WAITLISTED, S.ACTIVE])
def test_resume_goes_back_to_where_it_was(world, status):
    referral = make_referral(world, status=status)
    pause(world, referral)

    services.resume(referral, by=world.coach)

    assert (again(referral).status, again(referral).paused_from_status) == (status, "")


def test_pause_before_the_first_talk_ends_as_not_started(world):
    referral = make_referral(world, status=S.ACCEPTED)
    pause(world, referral)

    with pytest.raises(DomainError):
        close(world, referral)
    not_started(world, referral, "client_no")

    assert again(referral).status == S.NOT_STARTED


# Ending


def not_started(world, referral, code):
    return services.not_started(
        referral, reason=reason(world, "not_started", code), sentence="Geen reactie.", key=uuid.uuid4(), by=world.coach
    )


def test_not_reached_before_three_days_is_refused(world):
    referral = make_referral(world, status=S.ACCEPTED)
    contact(world, referral, result="no_answer")

    with pytest.raises(DomainError, match="3 verschillende dagen"):
        not_started(world, referral, "not_reached")


def test_not_reached_after_three_days_works(world):
    referral = make_referral(world, status=S.ACCEPTED, sent_days_ago=10)
    for days_ago in (3, 2, 1):
        contact(world, referral, result="no_answer", days_ago=days_ago)

    not_started(world, referral, "not_reached")

    assert again(referral).status == S.NOT_STARTED


def test_reopen_after_three_months_is_refused(world):
    long_ago = timezone.now() - dt.timedelta(days=94)
    referral = make_referral(world, status=S.COMPLETED, closed_at=long_ago)

    with pytest.raises(DomainError, match="tot 3 maanden"):
        services.reopen(referral, by=world.coach)


@pytest.mark.parametrize(
    ("status", "later"), [(S.COMPLETED, S.ACTIVE), (S.STOPPED, S.ACTIVE), (S.NOT_STARTED, S.ACCEPTED)]
)
def test_reopen_begins_again(world, status, later):
    referral = make_referral(world, status=status)

    services.reopen(referral, by=world.second_coach)

    opened = again(referral)
    assert (opened.status, opened.coach, opened.closed_at) == (later, world.second_coach, None)
    assert opened.attention_at is not None


# Handing over


def test_recuse_hands_over_and_hides(world, client):
    referral = make_referral(world, status=S.ACTIVE)
    action = add_action(world, referral)

    services.recuse(referral, colleague=world.second_coach, by=world.coach)

    assert again(referral).coach == world.second_coach
    assert Action.objects.get(pk=action.pk).owner == world.second_coach
    assert client.sign_in(world.coach).get(url("decline", referral)).status_code == 404
    assert client.sign_in(world.second_coach).get(url("decline", referral)).status_code == 200


def test_recuse_without_a_colleague_goes_to_the_coordinator(world):
    referral = make_referral(world, status=S.ACCEPTED)

    services.recuse(referral, by=world.coach)

    assert again(referral).coach == world.coordinator
    assert told(world.coordinator, "referral_assigned")


def test_recuse_alone_is_refused(world):
    lonely = make_organisation(world.region, "welfare")
    coach = make_membership(lonely, Role.COACH)
    referral = make_referral(world, status=S.ACTIVE, welfare_organisation=lonely, coach=coach)

    with pytest.raises(DomainError, match="geen collega"):
        services.recuse(referral, by=coach)


def transfer(world, referral):
    return services.transfer(
        referral, to=world.other_welfare, given_on=timezone.localdate(), how="phone", by=world.coach
    )


def test_transfer_begins_anew_elsewhere_and_leaves_a_stub(world, client):
    referral = make_referral(world, status=S.ACTIVE)
    contact(world, referral, kind="talk", line="Alleen voor ons.")

    transfer(world, referral)

    moved = again(referral)
    assert (moved.status, moved.coach, moved.first_talk_at) == (S.SENT, None, None)
    assert Transfer.objects.get().from_organisation == world.welfare
    page = client.sign_in(world.coach).get(f"/werkvoorraad/{referral.reference}/").content.decode()
    assert "overgedragen aan" in page
    assert referral.client.family_name not in page


def test_transfer_shows_the_next_organisation_no_notes(world, client):
    referral = make_referral(world, status=S.ACTIVE)
    contact(world, referral, kind="talk", line="Alleen voor ons.")
    services.send_feedback(referral, moment="intake", body="Voor de huisarts.", key=uuid.uuid4(), by=world.coach)

    transfer(world, referral)

    page = client.sign_in(world.stranger_coach).get(f"/werkvoorraad/{referral.reference}/").content.decode()
    assert "Voor de huisarts." in page
    assert "Alleen voor ons." not in page


def test_transfer_leaves_what_was_done_before_behind(world, client):
    referral = make_referral(world, status=S.ACTIVE)
    because, until = reason(world, "paused", "money"), timezone.localdate() + dt.timedelta(days=30)
    services.pause(referral, reason=because, until=until, sentence="Geld.", key=uuid.uuid4(), by=world.coach)
    services.resume(referral, by=world.coach)
    transfer(world, referral)

    there = client.sign_in(world.stranger_coach).get(f"/werkvoorraad/{referral.reference}/").content.decode()

    assert "Gekomen van een andere organisatie" in there
    assert "Weer opgepakt" not in there
    assert "Gepauzeerd" not in there


def test_mistake_is_not_said_to_be_a_withdrawal(world, client):
    referral = make_referral(world, status=S.ENTERED_IN_ERROR)

    answer = client.sign_in(world.coach).get(url("log_contact", referral))

    assert answer.status_code == 403
    assert "was een vergissing" in answer.content.decode()
    assert "toestemming ingetrokken" not in answer.content.decode()


def test_transfer_is_late_there_when_the_reminder_says_so(world, time_machine):
    """Terms begin with the transfer; figures go on counting from sending."""
    desk = make_membership(world.other_welfare, Role.COORDINATOR)
    time_machine.move_to(at("2026-11-16", 12))
    referral = make_referral(world, status=S.ACTIVE, sent_days_ago=60)
    transfer(world, referral)

    moved = again(referral)
    assert (moved.attention_at, moved.sent_at) == (start_of(dt.date(2026, 11, 19)), referral.sent_at)
    unanswered = [(day, who) for day, kind, who in told_on(world, "2026-11-16", "2026-11-20") if kind == "unanswered"]
    assert unanswered == [("2026-11-19", desk.pk)]


def test_transfer_asks_new_consent(world):
    referral = make_referral(world, status=S.ACTIVE)

    transfer(world, referral)

    given = referral.consents.filter(welfare_organisation=world.other_welfare)
    assert [each.asked_by for each in given] == [world.coach]


def test_name_coach_takes_the_to_do_along(world):
    referral = make_referral(world, status=S.ACTIVE)
    add_action(world, referral)

    services.name_coach(referral, coach=world.second_coach, by=world.coordinator)

    assert Action.objects.get().owner == world.second_coach
    assert told(world.second_coach, "referral_assigned")


def test_reopen_is_not_for_who_died(world):
    referral = make_referral(world, status=S.ACTIVE)
    exchange.deceased(referral.client, by=world.coach)

    with pytest.raises(DomainError):
        services.reopen(again(referral), by=world.coach)
