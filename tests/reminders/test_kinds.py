"""Each thing that somebody is reminded of: the right person, once, on the day that the page says."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from activities.models import Activity, Provider
from activities.reminders import CONFIRM_MAIL
from coaches.models import Action, Contact, Placement
from coaches.services.case import look_again
from referrals.attention import next_attention
from referrals.models import Message, PracticeIntake, Recusal, Referral, ReferralDraft
from tests.capacity.build import absent
from tests.factories import make_membership, make_reason, make_referral
from tests.reminders.clock import at, told_on, turn
from wor.accounts.models import Membership
from wor.calendar import local_day
from wor.outbox import reminders
from wor.outbox.models import Effect, Notice, Reminder

K = Notice.Kind
# A Monday; the first public holiday after it is Christmas.
MONDAY = at("2026-11-02", 10)


def sent(world, **fields):
    return make_referral(world, **{"sent_at": MONDAY, "last_news_at": MONDAY, **fields})


def accepted(world, **fields):
    return sent(world, **{"status": "accepted", "accepted_at": MONDAY, **fields})


def active(world, **fields):
    began = {"accepted_at": MONDAY, "first_contact_at": MONDAY, "first_talk_at": MONDAY}
    return sent(world, **{"status": "active", **began, **fields})


def days_told(world, first="2026-11-02", last="2026-11-30"):
    return [(day, kind) for day, kind, _who in told_on(world, first, last)]


# --- Unanswered -------------------------------------------------------------------------------------------------------


def test_unanswered_goes_from_coach_to_coordinator_to_referrer(world):
    sent(world)

    assert told_on(world, "2026-11-02", "2026-12-31") == [
        ("2026-11-05", K.UNANSWERED, world.coach.pk),
        ("2026-11-09", K.UNANSWERED, world.coordinator.pk),
        ("2026-11-11", K.UNANSWERED, world.referrer.pk),
    ]


def test_unanswered_goes_to_the_coordinator_when_the_practice_has_no_usual_coach(world):
    sent(world, practice=world.other_practice)

    assert turn(world, at("2026-11-05")) == [(K.UNANSWERED, world.coordinator.pk)]


def test_unanswered_goes_to_who_covers_for_the_usual_coach(world):
    PracticeIntake.objects.update(cover=world.second_coach)
    sent(world)

    assert turn(world, at("2026-11-05")) == [(K.UNANSWERED, world.second_coach.pk)]


def test_unanswered_of_a_shielded_referral_goes_to_who_can_open_it(world):
    sent(world, is_shielded=True)

    assert turn(world, at("2026-11-05")) == [(K.UNANSWERED, world.coordinator.pk)]


def test_unanswered_says_nothing_once_it_was_accepted(world):
    referral = sent(world)
    assert turn(world, at("2026-11-05"))

    Referral.objects.filter(pk=referral.pk).update(
        status="accepted", coach=world.coach, accepted_at=MONDAY, accepted_by=world.coach
    )
    assert turn(world, at("2026-11-11")) == []


def test_unanswered_begins_anew_after_a_transfer(world, time_machine):
    referral = sent(world)
    told_on(world, "2026-11-02", "2026-11-12")

    time_machine.move_to(at("2026-11-16", 12))
    Referral.objects.filter(pk=referral.pk).update(transferred_at=at("2026-11-16", 12))
    assert days_told(world, "2026-11-13", "2026-11-20") == [("2026-11-19", K.UNANSWERED)]


def test_unanswered_follows_the_terms_of_the_region(world):
    world.region.settings = {"unanswered_coach_working_days": 1}
    sent(world)

    assert turn(world, at("2026-11-03")) == [(K.UNANSWERED, world.coach.pk)]


# --- First contact, feedback, pause, follow-up, still wanted ----------------------------------------------------------


@pytest.mark.parametrize("status", ["accepted", "waitlisted"])
def test_first_contact_is_due_fourteen_days_after_sending_also_for_who_waits(world, status):
    accepted(world, status=status)

    assert told_on(world, "2026-11-02", "2026-11-30") == [("2026-11-16", K.FIRST_CONTACT_DUE, world.coach.pk)]


def test_first_contact_says_nothing_once_the_client_was_spoken_to(world):
    accepted(world, first_contact_at=MONDAY)

    assert days_told(world) == []


def test_first_feedback_is_due_a_week_after_the_first_talk(world):
    active(world, first_talk_at=at("2026-11-04", 14))

    assert told_on(world, "2026-11-02", "2026-11-30") == [("2026-11-11", K.FEEDBACK_DUE, world.coach.pk)]


def test_first_feedback_says_nothing_once_it_was_given(world):
    active(world, feedback_at=MONDAY)

    assert days_told(world) == []


def test_first_feedback_is_asked_in_follow_up_too_and_the_page_says_the_same_day(world):
    referral = active(world, status="follow_up", follow_up_on=dt.date(2026, 12, 14))

    assert days_told(world) == [("2026-11-09", K.FEEDBACK_DUE)]
    assert local_day(next_attention(referral, MONDAY)) == dt.date(2026, 11, 9)


def test_pause_over_each_time(world):
    referral = sent(world, status="paused", accepted_at=MONDAY, paused_until=dt.date(2026, 11, 10))
    assert days_told(world, last="2026-11-15") == [("2026-11-10", K.PAUSE_OVER)]

    Referral.objects.filter(pk=referral.pk).update(paused_until=dt.date(2026, 11, 24))
    assert days_told(world, "2026-11-16") == [("2026-11-24", K.PAUSE_OVER)]


def test_follow_up_comes_on_the_day_that_the_coach_chose(world):
    active(world, status="follow_up", follow_up_on=dt.date(2026, 11, 12), feedback_at=MONDAY)

    assert told_on(world, "2026-11-02", "2026-11-30") == [("2026-11-12", K.FOLLOW_UP_DUE, world.coach.pk)]


def make_activity(world, *, email="", **fields):
    provider = Provider.objects.create(region=world.region, name="De Soos", email=email, key=uuid.uuid4())
    return Activity.objects.create(
        region=world.region, provider=provider, title="Samen eten", status="live", key=uuid.uuid4(), **fields
    )


def begun(world, referral, moment=MONDAY):
    Placement.objects.create(
        region=world.region,
        referral=referral,
        welfare_organisation=world.welfare,
        activity=make_activity(world),
        status="started",
        started_at=moment,
        started_by=world.coach,
        key=uuid.uuid4(),
    )
    Activity.objects.update(status="retired")


def follow_up(world, referral, day):
    Contact.objects.create(
        region=world.region,
        referral=referral,
        welfare_organisation=world.welfare,
        by=world.coach,
        at=at(day, 11),
        kind="follow_up",
        way="phone",
        key=uuid.uuid4(),
    )


def test_check_in_comes_six_weeks_and_three_months_after_an_activity_began(world):
    begun(world, active(world, feedback_at=MONDAY))

    assert days_told(world, "2026-12-07", "2027-03-01") == [
        ("2026-12-14", K.FOLLOW_UP_DUE),
        ("2027-02-02", K.FOLLOW_UP_DUE),
    ]


def test_check_in_says_nothing_when_the_coach_asked_shortly_before(world):
    referral = active(world, feedback_at=MONDAY)
    begun(world, referral)
    follow_up(world, referral, "2026-12-08")

    assert turn(world, at("2026-12-14")) == []


@pytest.mark.parametrize(
    ("asked", "day"), [(None, "2026-12-14"), ("2026-11-29", "2026-12-14"), ("2026-12-08", "2027-02-02")]
)
def test_check_in_is_told_on_the_day_of_the_worklist(world, asked, day):
    """The one says that the other does: on this day, and not before."""
    referral = active(world, feedback_at=MONDAY, last_news_at=at("2027-02-01"))
    begun(world, referral)
    if asked:
        follow_up(world, referral, asked)
    due = at(day)
    assert look_again(referral, MONDAY) == at(day, 0)

    assert turn(world, due - dt.timedelta(days=1)) == []
    assert turn(world, due) == [(K.FOLLOW_UP_DUE, world.coach.pk)]


def test_check_in_is_not_asked_of_another_organisation_than_where_it_began(world):
    referral = active(world, feedback_at=MONDAY, last_news_at=at("2027-02-01"))
    begun(world, referral)
    Placement.objects.update(welfare_organisation=world.other_welfare)

    assert look_again(referral, MONDAY) > at("2027-02-02")
    assert turn(world, at("2026-12-14")) == []


def waiting(world, due="2026-11-12", **fields):
    return accepted(world, status="waitlisted", first_contact_at=MONDAY, attention_at=at(due, 0), **fields)


def test_still_wanted_is_asked_on_the_day_of_the_worklist_and_again_six_weeks_later(world):
    waiting(world)

    assert days_told(world, last="2027-02-10") == [
        ("2026-11-12", K.STILL_WANTED),
        ("2026-12-24", K.STILL_WANTED),
        ("2027-02-04", K.STILL_WANTED),
    ]


def test_still_wanted_waits_for_what_somebody_promised_to_do_before(world):
    referral = waiting(world)
    Action.objects.create(
        region=world.region,
        referral=referral,
        welfare_organisation=world.welfare,
        owner=world.coach,
        due_on=dt.date(2026, 11, 12),
        text="Bellen",
        key=uuid.uuid4(),
    )

    assert days_told(world) == []


def test_without_coach_the_coordinators_hear_it(world):
    accepted(world, coach=world.coordinator, accepted_by=world.coordinator, first_contact_at=MONDAY)

    assert told_on(world, "2026-11-02", "2026-11-30") == [("2026-11-09", K.COACH_DUE, world.coordinator.pk)]


# --- Practice and providers -------------------------------------------------------------------------------------------


def ask(world, referral):
    return Message.objects.create(
        region=world.region,
        referral=referral,
        side="welfare",
        kind="question",
        by=world.coach,
        body="?",
        key=uuid.uuid4(),
    )


@pytest.fixture
def question(world, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    return ask(world, active(world, feedback_at=MONDAY))


def test_question_goes_to_the_contact_point_of_the_practice(world, question):
    Membership.objects.filter(pk=world.assistant.pk).update(is_contact_point=True)

    assert told_on(world, "2026-11-02", "2026-11-20") == [("2026-11-09", K.QUESTION_WAITS, world.assistant.pk)]


@pytest.mark.parametrize("shielded", [True, False])
def test_question_goes_to_the_referrer_where_there_is_no_contact_point_or_it_is_shielded(world, question, shielded):
    Membership.objects.filter(pk=world.assistant.pk).update(is_contact_point=shielded)
    Referral.objects.update(is_shielded=shielded)

    assert turn(world, at("2026-11-09")) == [(K.QUESTION_WAITS, world.referrer.pk)]


def test_question_that_was_answered_is_forgotten(world, question):
    Message.objects.create(
        region=world.region,
        referral=question.referral,
        side="practice",
        kind="answer",
        by=world.referrer,
        body="!",
        answers=question,
        key=uuid.uuid4(),
    )

    assert turn(world, at("2026-11-09")) == []


def test_draft_of_a_week_old_goes_to_its_writer_once(world):
    draft = ReferralDraft.objects.create(region=world.region, practice=world.practice, written_by=world.assistant)
    ReferralDraft.objects.filter(pk=draft.pk).update(created_at=MONDAY, changed_at=MONDAY)

    assert told_on(world, "2026-11-02", "2026-11-15") == [("2026-11-09", K.DRAFT_WAITS, world.assistant.pk)]
    assert Notice.objects.get().subject_ref == draft.reference


def checked(world, **fields):
    return make_activity(
        world, checked_at=at("2026-06-02", 9), checked_by_kind="moderator", checked_by=world.region_admin, **fields
    )


def test_confirm_activity_queues_one_mail_to_the_provider(world):
    activity = checked(world, email="soos@test.example")

    assert days_told(world, "2026-11-01", "2026-11-30") == []
    mail = Effect.objects.get(kind=CONFIRM_MAIL)
    reminder = Reminder.objects.get(reference=mail.subject_ref)
    assert (reminder.subject_ref, local_day(reminder.due_at)) == (activity.provider.reference, dt.date(2026, 11, 2))
    assert mail.not_before == at("2026-11-02", 8)


def test_confirm_activity_asks_a_person_to_call_where_there_is_no_address(world):
    activity = checked(world)

    assert told_on(world, "2026-11-01", "2026-11-30") == [("2026-11-02", K.CONFIRM_BY_PHONE, world.region_admin.pk)]
    assert Notice.objects.get().subject_ref == activity.provider.reference


# --- Who, and when not any more ---------------------------------------------------------------------------------------


@pytest.fixture
def due(world):
    return accepted(world)


DUE = at("2026-11-16")


def test_who_is_away_is_covered(world, due):
    absent(world.coach, dt.date(2026, 11, 10), dt.date(2026, 11, 20), cover=world.second_coach)

    assert turn(world, DUE) == [(K.FIRST_CONTACT_DUE, world.second_coach.pk)]


def test_who_is_back_hears_it_again(world, due):
    absent(world.coach, dt.date(2026, 11, 10), dt.date(2026, 11, 16), cover=world.second_coach)

    assert turn(world, DUE) == [(K.FIRST_CONTACT_DUE, world.coach.pk)]


def test_who_is_away_without_cover_or_works_here_no_more_is_stood_in_for_by_the_coordinator(world, due):
    absent(world.coach, dt.date(2026, 11, 10))
    accepted(world, coach=make_membership(world.welfare, "coach", ended_at=timezone.now()))

    assert turn(world, DUE) == [(K.FIRST_CONTACT_DUE, world.coordinator.pk)] * 2


def test_who_covers_but_knows_the_client_does_not_hear_it(world, due):
    Recusal.objects.create(region=world.region, referral=due, membership=world.second_coach)
    absent(world.coach, dt.date(2026, 11, 10), cover=world.second_coach)

    assert turn(world, DUE) == [(K.FIRST_CONTACT_DUE, world.coordinator.pk)]


def test_who_covers_but_is_away_too_is_stood_in_for_by_the_coordinator(world, due):
    absent(world.coach, dt.date(2026, 11, 10), cover=world.second_coach)
    absent(world.second_coach, dt.date(2026, 11, 10))

    assert turn(world, DUE) == [(K.FIRST_CONTACT_DUE, world.coordinator.pk)]


def test_who_covers_cannot_open_a_shielded_case_so_the_coordinator_hears_it(world, due):
    Referral.objects.update(is_shielded=True)
    absent(world.coach, dt.date(2026, 11, 10), cover=world.second_coach)

    assert turn(world, DUE) == [(K.FIRST_CONTACT_DUE, world.coordinator.pk)]


def test_shielded_case_of_who_works_here_no_more_is_told_to_the_coordinator(world):
    accepted(world, coach=make_membership(world.welfare, "coach", ended_at=timezone.now()), is_shielded=True)

    assert turn(world, DUE) == [(K.FIRST_CONTACT_DUE, world.coordinator.pk)]


def test_shielded_case_with_its_coach_is_told_to_the_coach_only(world, due):
    Referral.objects.update(is_shielded=True)

    assert turn(world, DUE) == [(K.FIRST_CONTACT_DUE, world.coach.pk)]


@pytest.mark.parametrize(
    "end",
    [
        {"status": "withdrawn", "closed_at": MONDAY, "attention_at": None},
        {"status": "entered_in_error", "closed_at": MONDAY, "attention_at": None},
        {"consent_withdrawn_at": MONDAY},
    ],
)
def test_what_ended_is_not_spoken_of_and_its_open_rows_are_cancelled(world, due, end):
    turn(world, at("2026-11-14"))
    assert Reminder.objects.filter(done_at__isnull=True, cancelled_at__isnull=True).count() == 1

    Referral.objects.update(closing_reason=make_reason(world.region, "withdrawn"), **end)
    assert turn(world, at("2026-11-15")) == []
    assert Reminder.objects.filter(cancelled_at__isnull=True).count() == 0
    assert turn(world, DUE) == []


def test_what_was_cancelled_comes_back_with_its_fact(world, due):
    turn(world, at("2026-11-14"))
    Referral.objects.update(first_contact_at=MONDAY)
    turn(world, at("2026-11-15"))

    Referral.objects.update(first_contact_at=None)  # the contact was marked as a mistake
    assert turn(world, DUE) == [(K.FIRST_CONTACT_DUE, world.coach.pk)]


# --- One day for page and reminder ------------------------------------------------------------------------------------


CASES = {
    "unanswered_coach": {"status": "sent"},
    "first_contact": {"status": "waitlisted", "expected_week": dt.date(2027, 3, 1)},
    "first_feedback": {"status": "active"},
    "pause_over": {"status": "paused", "paused_until": dt.date(2026, 12, 24)},
    "follow_up": {"status": "follow_up", "follow_up_on": dt.date(2026, 12, 28), "feedback_at": MONDAY},
}


@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize("moment", [at("2026-10-25", 2.5), at("2026-12-23", 23.9), at("2027-03-27", 23.5)])
def test_the_reminder_is_due_on_the_day_that_the_page_calls_due(world, kind, moment):
    fields = {"sent_at": moment, "last_news_at": moment, **CASES[kind]}
    if fields["status"] in ("active", "follow_up"):
        fields |= {"first_contact_at": moment, "first_talk_at": moment}
    referral = make_referral(world, **fields)

    reminders.plan(world.region, now=moment + dt.timedelta(days=70))
    reminder = Reminder.objects.get(kind=kind)
    assert reminder.due_at == next_attention(referral, moment)
