"""The capacity line as the referrer reads it."""

import datetime as dt

import pytest
from django.utils import translation

from referrals.capacity import guided_by, lines_for
from referrals.models import PracticeIntake
from tests.capacity.build import absent, present
from wor.accounts.models import Membership

FRIDAY = dt.date(2026, 11, 20)
SENTENCES = [
    ({"state": "open", "next_free_on": dt.date(2026, 12, 1)}, "Plek vrij · eerste gesprek rond di 1 december"),
    ({"state": "open"}, "Plek vrij · eerste gesprek in overleg met de coach"),
    ({"state": "open", "next_free_on": dt.date(2026, 11, 1)}, "Plek vrij · eerste gesprek in overleg met de coach"),
    (
        {"state": "waiting_list", "expected_weeks": 8},
        "Wachtlijst · eerste gesprek rond week 2 (ongeveer 8 weken)",
    ),
    ({"state": "waiting_list", "expected_weeks": 1}, "Wachtlijst · eerste gesprek rond week 48 (ongeveer 1 week)"),
    ({"state": "waiting_list"}, "Wachtlijst"),
    ({"state": "assess"}, "Eerst overleg"),
    (
        {"state": "closed", "closed_until": dt.date(2027, 2, 1)},
        "Even geen nieuwe verwijzingen tot 1 februari. U kunt dit bewaren; wij seinen u als het weer kan. "
        "Of bekijk wat zonder coach kan.",
    ),
    (
        {"state": "closed"},
        "Even geen nieuwe verwijzingen. U kunt dit bewaren; wij seinen u als het weer kan. "
        "Of bekijk wat zonder coach kan.",
    ),
]


@pytest.mark.parametrize(("fields", "sentence"), SENTENCES)
def test_line_says_what_may_be_expected(world, fields, sentence):
    PracticeIntake.objects.update(**fields)

    (line,) = lines_for(world.practice, today=FRIDAY)

    assert line.sentence == sentence
    assert line.is_closed == (fields["state"] == "closed")


def test_line_names_coach_presence_and_organisation_in_one_query(world, django_assert_num_queries):
    world.welfare.phone = "0344123456"
    world.welfare.save()
    present(world.coach, world.practice, 2, "09:00", "12:00", room="kamer 3")
    present(world.coach, world.practice, 4, "13:00", "16:30")

    with django_assert_num_queries(1):
        (line,) = lines_for(world.practice, today=FRIDAY)

    assert (line.name, line.organisation, line.phone) == (
        world.coach.display_name,
        world.welfare.name,
        "0344123456",
    )
    assert line.presence == "di 9–12, kamer 3 · do 13–16.30"


def test_line_names_the_cover(world):
    world.coach.display_name = "Samira Bouzid"
    world.coach.save()
    world.second_coach.display_name = "Karin Postma"
    world.second_coach.save()
    present(world.coach, world.practice, 2, "09:00", "12:00")
    present(world.second_coach, world.practice, 4, "09:00", "12:00")
    absent(world.coach, FRIDAY, None, cover=world.second_coach)
    PracticeIntake.objects.update(cover=world.second_coach)

    (line,) = lines_for(world.practice, today=FRIDAY)

    assert line.cover_sentence == "Samira is afwezig. Karin Postma neemt waar: donderdag 9–12 uur."
    assert line.presence == "do 9–12"


def test_line_speaks_english(world):
    PracticeIntake.objects.update(state="open", next_free_on=dt.date(2026, 12, 1))
    present(world.coach, world.practice, 2, "09:00", "12:00")

    with translation.override("en"):
        (line,) = lines_for(world.practice, today=FRIDAY)

    assert line.presence == "Tue 9–12"


def test_line_of_a_paused_organisation_is_not_shown(world):
    world.welfare.is_paused = True
    world.welfare.save()

    assert lines_for(world.practice) == []


def test_cover_takes_the_worklist_along_only_while_it_lasts(world):
    absent(world.coach, FRIDAY, FRIDAY + dt.timedelta(days=7), cover=world.second_coach)

    def guided(day):
        found = Membership.objects.filter(pk=world.second_coach.pk)
        return found.annotate(guided=guided_by(world.second_coach, day)).get().guided

    assert guided(FRIDAY) == [world.coach.pk, world.second_coach.pk]
    assert guided(FRIDAY + dt.timedelta(days=7)) == [world.second_coach.pk]
    assert guided(FRIDAY - dt.timedelta(days=1)) == [world.second_coach.pk]
