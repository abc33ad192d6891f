"""Hours per practice per week, and a coordinator's own word about the line."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from referrals.models import CoachHours, PracticeIntake
from tests.capacity.build import works
from tests.counting import sql_at_most
from tests.factories import make_membership, make_organisation, serves
from wor.accounts.models import Role
from wor.audit.models import Event
from wor.calendar import today


@pytest.fixture
def coordinator(client, world):
    return client.sign_in(world.coordinator)


def address(world, coach=None, practice=None) -> str:
    return reverse("change_hours", args=[(coach or world.coach).reference, (practice or world.practice).reference])


def change(coordinator, world, minutes="6", valid_from=None, **data):
    form = coordinator.get(address(world)).context["form"]
    day = valid_from or today()
    return coordinator.send(
        address(world),
        {"minutes": minutes, "valid_from": f"{day:%d-%m-%Y}", "seen": form.initial["seen"], **data},
    )


def ranges(world) -> list[tuple]:
    rows = CoachHours.objects.filter(coach=world.coach, practice=world.practice).order_by("valid")
    return [(row.minutes_per_week, row.valid.lower, row.valid.upper) for row in rows]


def test_hours_change_from_a_day_on(coordinator, world):
    answer = change(coordinator, world, "7,5", today())

    assert answer.status_code == 302
    assert ranges(world) == [(480, dt.date(2025, 1, 1), today()), (450, today(), None)]
    assert Event.objects.get(name="hours.changed").data["minutes"] == 450


def test_hours_changed_twice_on_a_day_keep_one_row(coordinator, world):
    change(coordinator, world, "7,5")
    change(coordinator, world, "6:30")

    assert ranges(world) == [(480, dt.date(2025, 1, 1), today()), (390, today(), None)]


def test_hours_to_zero_close_the_line(coordinator, world):
    change(coordinator, world, "0")

    assert PracticeIntake.objects.get(practice=world.practice).state == "closed"


def test_hours_before_what_is_planned_are_refused_in_a_sentence(coordinator, world):
    start = today() + dt.timedelta(days=60)
    CoachHours.objects.update(valid=(start, None))

    answer = change(coordinator, world, "6", today())

    assert answer.status_code == 422
    assert "staan al andere uren klaar" in answer.content.decode()
    assert len(ranges(world)) == 1


def test_hours_of_a_colleague_saved_first_are_not_overwritten(coordinator, world):
    answer = change(coordinator, world, "6", seen="van gisteren")

    assert answer.status_code == 409
    assert ranges(world)[0][0] == 480


@pytest.mark.parametrize(
    ("minutes", "valid_from"),
    [("", ""), ("veel", "01-01-2026"), ("41", "01-01-2026"), ("-1", "01-01-2026"), ("8", "1-1-1980"), ("8", "9999")],
)
def test_hours_filled_in_wrongly_are_explained(coordinator, world, minutes, valid_from):
    answer = coordinator.send(address(world), {"minutes": minutes, "valid_from": valid_from})

    assert answer.status_code == 422
    assert ranges(world)[0][0] == 480


def test_hours_overlap_is_refused_by_the_database(world):
    with pytest.raises(IntegrityError, match="coach_hours_one_at_a_time"), transaction.atomic():
        works(world.coach, world.practice, 60)


@pytest.mark.parametrize("who", ["referrer", "coach", "core_team", "funder", "region_admin"])
def test_hours_are_for_coordinators(client, world, who):
    client.sign_in(getattr(world, who))
    line = PracticeIntake.objects.get()

    for path in (reverse("hours"), address(world), reverse("set_line", args=[line.reference])):
        assert client.get(path).status_code == 403
        assert client.send(path).status_code in (403, 405)


def test_hours_find_nothing_of_strangers(coordinator, world, elsewhere):
    assert coordinator.get(address(world, coach=world.stranger_coach)).status_code == 404
    assert coordinator.get(address(world, practice=world.other_practice)).status_code == 404
    assert coordinator.get(address(world, coach=elsewhere.coach)).status_code == 404
    assert coordinator.get(address(world, coach=world.referrer)).status_code == 404


def test_hours_page_shows_totals_and_what_referrers_see(coordinator, world):
    works(world.second_coach, world.practice, 90)
    PracticeIntake.objects.update(state="waiting_list", expected_weeks=7)

    text = coordinator.get(reverse("hours")).content.decode()

    assert "8 uur" in text
    assert "1,5 uur" in text
    assert "9,5 uur" in text
    assert "(ongeveer 7 weken)" in text


def test_hours_page_asks_as_many_queries_for_many_as_for_few(coordinator, world):
    coordinator.get(reverse("hours"))
    for _each in range(5):
        practice = make_organisation(world.region, "practice")
        serves(practice, world.welfare)
        works(make_membership(world.welfare, Role.COACH), practice)

    with sql_at_most(12):
        coordinator.get(reverse("hours"))


# The coordinator's own word


def say(coordinator, line, **data):
    return coordinator.send(reverse("set_line", args=[line.reference]), {"version": line.version, **data})


def test_own_word_closes_until_a_day(coordinator, world):
    line = PracticeIntake.objects.get()
    day = today() + dt.timedelta(days=40)

    answer = say(coordinator, line, state="closed", closed_until=f"{day:%d-%m-%Y}")

    line.refresh_from_db()
    assert answer.status_code == 302
    assert (line.state, line.closed_until, line.is_set_by_hand, line.version) == ("closed", day, True, 1)
    assert "zelf bepaald" in coordinator.get(reverse("hours")).content.decode()


def test_own_word_is_taken_back(coordinator, world):
    line = PracticeIntake.objects.get()
    say(coordinator, line, state="waiting_list", expected_weeks="9")
    line.refresh_from_db()
    assert line.expected_weeks == 9

    answer = coordinator.send(reverse("take_back_line", args=[line.reference]), {"version": line.version})

    line.refresh_from_db()
    assert answer.status_code == 302
    assert (line.state, line.is_set_by_hand, line.expected_weeks) == ("open", False, None)


def test_own_word_over_a_colleagues_is_refused(coordinator, world):
    line = PracticeIntake.objects.get()
    PracticeIntake.objects.update(version=3)

    assert say(coordinator, line, state="open").status_code == 409
    assert (
        coordinator.send(reverse("take_back_line", args=[line.reference]), {"version": line.version}).status_code == 409
    )


@pytest.mark.parametrize(
    "data",
    [{}, {"state": "anders"}, {"state": "waiting_list"}, {"state": "closed", "closed_until": "1-1-2020"}],
)
def test_own_word_filled_in_wrongly_is_explained(coordinator, world, data):
    assert say(coordinator, PracticeIntake.objects.get(), **data).status_code == 422


def test_own_word_about_anothers_line_finds_nothing(coordinator, world):
    theirs = PracticeIntake.objects.create(
        region=world.region, practice=world.practice, welfare_organisation=world.other_welfare
    )

    assert say(coordinator, theirs, state="open").status_code == 404
