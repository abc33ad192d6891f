"""The rule behind the capacity line, and that every change of its ingredients reaches the row."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.utils import timezone

from coaches import capacity, tasks
from coaches.capacity import Away, Line, Situation, decide
from referrals import services as exchange
from referrals.capacity import REFRESH, ask_refresh
from referrals.models import PracticeIntake, ReferralDraft
from tests.capacity.build import absent, present, works
from tests.factories import make_organisation, make_referral, serves
from wor.outbox.models import Effect, Notice

FRIDAY = dt.date(2026, 11, 20)
TUESDAY, THURSDAY = dt.date(2026, 11, 24), dt.date(2026, 11, 26)
SAMIRA, KARIN = 1, 2
ROTA = ((SAMIRA, 2), (KARIN, 4))
NEXT_FRIDAY, LONG_AGO = dt.date(2026, 11, 27), dt.date(2026, 11, 1)

# What is the case · the situation · state, weeks, first talk, coach, cover
CASES = [
    ("no hours", {"hours": ()}, ("closed", None, None, None, None)),
    ("room", {}, ("open", None, TUESDAY, SAMIRA, None)),
    ("one place left", {"running": 5}, ("open", None, TUESDAY, SAMIRA, None)),
    ("just full", {"running": 6}, ("waiting_list", 2, None, SAMIRA, None)),
    ("who waits goes first", {"running": 3, "waiting": 3}, ("waiting_list", 2, None, SAMIRA, None)),
    ("long queue", {"running": 6, "waiting": 5}, ("waiting_list", 12, None, SAMIRA, None)),
    ("never more than a year", {"waiting": 500}, ("waiting_list", 52, None, SAMIRA, None)),
    ("little time is still a place", {"hours": ((SAMIRA, 15),)}, ("open", None, TUESDAY, SAMIRA, None)),
    ("no rota", {"presence": ()}, ("open", None, None, SAMIRA, None)),
    ("weekend: two working days ahead", {"today": dt.date(2026, 11, 21)}, ("open", None, TUESDAY, SAMIRA, None)),
    ("too soon", {"today": dt.date(2026, 11, 23)}, ("open", None, dt.date(2026, 12, 1), SAMIRA, None)),
    (
        "a holiday is skipped",
        {"today": dt.date(2026, 12, 22), "presence": ((SAMIRA, 5),)},
        ("open", None, dt.date(2027, 1, 8), SAMIRA, None),
    ),
    (
        "away a week: the day after",
        {"absences": (Away(SAMIRA, FRIDAY, NEXT_FRIDAY, None),)},
        ("open", None, dt.date(2026, 12, 1), SAMIRA, None),
    ),
    (
        "away, nobody knows how long, no cover",
        {"absences": (Away(SAMIRA, LONG_AGO, None, None),)},
        ("closed", None, None, SAMIRA, None),
    ),
    (
        "away, covered on the cover's day",
        {"absences": (Away(SAMIRA, LONG_AGO, None, KARIN),)},
        ("open", None, THURSDAY, SAMIRA, KARIN),
    ),
    (
        "a cover without rota here takes the coach's",
        {"absences": (Away(SAMIRA, LONG_AGO, None, KARIN),), "presence": ((SAMIRA, 2),)},
        ("open", None, TUESDAY, SAMIRA, KARIN),
    ),
    (
        "the cover is away as well",
        {"absences": (Away(SAMIRA, LONG_AGO, None, KARIN), Away(KARIN, LONG_AGO, None, None))},
        ("closed", None, None, SAMIRA, None),
    ),
    (
        "a colleague of this practice is there",
        {"hours": ((SAMIRA, 240), (KARIN, 120)), "absences": (Away(SAMIRA, LONG_AGO, None, None),)},
        ("open", None, THURSDAY, KARIN, None),
    ),
    (
        "not away yet",
        {"absences": (Away(SAMIRA, TUESDAY, None, None),)},
        ("open", None, None, SAMIRA, None),
    ),
]


@pytest.mark.parametrize(("situation", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_rule_decides(situation, expected):
    now = Situation(**{"today": FRIDAY, "hours": ((SAMIRA, 240),), "presence": ROTA, **situation})

    assert decide(now) == Line(*expected)


def line(world) -> PracticeIntake:
    return PracticeIntake.objects.get(practice=world.practice)


def fill(world, number: int, status: str = "active") -> None:
    for _each in range(number):
        make_referral(world, status=status)


@pytest.fixture
def small(world):
    """A practice with two hours a week: three places."""
    world.coach.hours.update(minutes_per_week=120)
    capacity.refresh_organisation(world.welfare, today=FRIDAY)
    return world


def test_refresh_counts_sent_accepted_active_and_waiting(small):
    present(small.coach, small.practice, 2)
    fill(small, 1, "sent")
    fill(small, 1, "active")
    fill(small, 3, "paused")
    fill(small, 2, "follow_up")
    fill(small, 2, "completed")

    capacity.refresh_intake(small.practice, small.welfare, today=FRIDAY)
    assert (line(small).state, line(small).next_free_on) == ("open", TUESDAY)

    fill(small, 1, "waitlisted")
    capacity.refresh_intake(small.practice, small.welfare, today=FRIDAY)
    assert (line(small).state, line(small).expected_weeks, line(small).next_free_on) == ("waiting_list", 4, None)


def test_refresh_uses_hours_of_the_day(small):
    small.coach.hours.update(valid=(dt.date(2026, 1, 1), dt.date(2026, 12, 1)))

    capacity.refresh_intake(small.practice, small.welfare, today=dt.date(2026, 11, 30))
    assert line(small).state == "open"
    capacity.refresh_intake(small.practice, small.welfare, today=dt.date(2026, 12, 1))
    assert line(small).state == "closed"


def test_refresh_does_not_count_who_left(small):
    small.coach.valid_until = FRIDAY - dt.timedelta(days=1)
    small.coach.save()

    capacity.refresh_organisation(small.welfare, today=FRIDAY)

    assert line(small).state == "closed"


def test_refresh_does_not_count_another_organisation(small):
    serves(small.practice, small.other_welfare, "GM9002")
    works(small.stranger_coach, small.practice, 2400)
    fill(small, 3)

    capacity.refresh_region(today=FRIDAY)

    mine = PracticeIntake.objects.get(practice=small.practice, welfare_organisation=small.welfare)
    theirs = PracticeIntake.objects.get(practice=small.practice, welfare_organisation=small.other_welfare)
    assert (mine.state, theirs.state) == ("waiting_list", "open")
    assert theirs.default_coach == small.stranger_coach


def test_refresh_for_a_referral_takes_three_queries(small, django_assert_num_queries):
    fill(small, 3)
    referral = make_referral(small)
    capacity.refresh_for(referral, today=FRIDAY)
    fill(small, 5)

    with django_assert_num_queries(3):
        capacity.refresh_for(referral, today=FRIDAY)
    with django_assert_num_queries(2):  # nothing new to write
        capacity.refresh_for(referral, today=FRIDAY)


def test_refresh_of_many_lines_costs_no_more_queries(small, django_assert_num_queries):
    for _each in range(6):
        practice = make_organisation(small.region, "practice")
        serves(practice, small.welfare)
        works(small.coach, practice, 60)
    capacity.refresh_organisation(small.welfare, today=FRIDAY)
    present(small.coach, small.practice, 2)

    with django_assert_num_queries(4):
        capacity.refresh_organisation(small.welfare, today=FRIDAY)


def test_refresh_names_coach_cover_and_rota(small):
    present(small.coach, small.practice, 2)
    present(small.second_coach, small.practice, 4, room="kamer 1")
    absent(small.coach, FRIDAY, cover=small.second_coach)

    capacity.refresh_organisation(small.welfare, today=FRIDAY)

    now = line(small)
    assert (now.default_coach, now.cover) == (small.coach, small.second_coach)
    assert now.next_free_on == THURSDAY


def test_refresh_keeps_a_coordinators_word_until_its_day(small):
    PracticeIntake.objects.update(state="closed", is_set_by_hand=True, closed_until=dt.date(2027, 2, 1))

    capacity.refresh_organisation(small.welfare, today=dt.date(2027, 1, 31))
    assert (line(small).state, line(small).closed_until) == ("closed", dt.date(2027, 2, 1))

    capacity.refresh_organisation(small.welfare, today=dt.date(2027, 2, 1))
    assert (line(small).state, line(small).closed_until, line(small).is_set_by_hand) == ("open", None, False)


def make_draft(world, **fields) -> ReferralDraft:
    return ReferralDraft.objects.create(
        region=world.region,
        practice=world.practice,
        key=uuid.uuid4(),
        **{"written_by": world.referrer, "signal_when_open": True, **fields},
    )


def test_reopening_tells_who_kept_a_draft_once(small):
    draft = make_draft(small)
    make_draft(small, signal_when_open=False, written_by=small.assistant)
    PracticeIntake.objects.update(state="closed")

    capacity.refresh_organisation(small.welfare, today=FRIDAY)
    PracticeIntake.objects.update(state="closed")
    capacity.refresh_organisation(small.welfare, today=FRIDAY)

    notice = Notice.objects.get()
    assert (notice.membership, notice.kind, notice.subject_ref) == (small.referrer, "capacity_open", draft.reference)
    assert Effect.objects.get().subject_ref == notice.reference


def test_reopening_does_not_tell_of_a_draft_thrown_away(small):
    make_draft(small, discarded_at=timezone.now(), discarded_by=small.referrer)
    PracticeIntake.objects.update(state="closed")

    capacity.refresh_organisation(small.welfare, today=FRIDAY)

    assert not Notice.objects.exists()


def test_reopening_of_another_organisation_does_not_tell(small):
    from activities.models import PostcodeArea

    PostcodeArea.objects.create(region=small.region, pc4="4002", municipality_code="GM9002")
    serves(small.practice, small.other_welfare, "GM9002")
    make_draft(small, payload={"postcode": "4002 SA"})
    PracticeIntake.objects.update(state="closed")

    capacity.refresh_organisation(small.welfare, today=FRIDAY)

    assert line(small).state == "open"
    assert not Notice.objects.exists()


def test_task_refreshes_every_region(small, elsewhere):
    from wor.tenancy.context import open_region, set_region

    set_region(small.region.pk)
    PracticeIntake.objects.update(state="assess")
    with open_region(elsewhere.region.pk):
        PracticeIntake.objects.update(state="assess")

    with time_machine.travel(dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), tick=False):
        tasks.refresh_capacity()

    assert line(small).state == "open"
    with open_region(elsewhere.region.pk):
        assert line(elsewhere).state == "open"


def test_asked_line_is_decided_anew_within_seconds(small):
    """The practice's side may not know the rule: it asks, and the coach's side answers."""
    capacity.refresh_organisation(small.welfare)
    last = [make_referral(small) for _place in range(12)][-1]
    ask_refresh(last)

    tasks.refresh_asked_lines()

    assert line(small).state == "waiting_list"
    assert not Effect.objects.filter(kind=REFRESH, done_at__isnull=True).exists()


def test_asked_line_is_asked_again_after_it_was_done(small):
    referral = make_referral(small)
    ask_refresh(referral)
    tasks.refresh_asked_lines()

    ask_refresh(referral)

    assert Effect.objects.filter(kind=REFRESH, done_at__isnull=True).count() == 1


@pytest.mark.parametrize("end", ["withdraw_consent", "deceased", "entered_in_error"])
def test_end_by_the_practice_asks_for_the_line(small, end):
    referral = make_referral(small)
    deeds = {
        "withdraw_consent": lambda: exchange.withdraw_consent(referral, said_to="practice", by=small.referrer),
        "deceased": lambda: exchange.deceased(referral.client, by=small.referrer),
        "entered_in_error": lambda: exchange.entered_in_error(referral, by=small.referrer),
    }

    deeds[end]()

    assert Effect.objects.filter(kind=REFRESH, subject_ref=referral.reference).exists()
