"""When a coach is at a practice every week."""

import datetime as dt

import pytest
from django.urls import reverse

from referrals.capacity import lines_for
from referrals.models import Presence
from tests.capacity.build import present
from tests.counting import sql_at_most

TUESDAY = {"weekday": "2", "starts": "9", "ends": "12.30", "room": "kamer 3"}


@pytest.fixture
def coach(client, world):
    return client.sign_in(world.coach)


def add(client, world, coach=None, **data):
    filled = {**TUESDAY, "practice": str(world.practice.reference), **data}
    return client.send(reverse("add_presence", args=[(coach or world.coach).reference]), filled)


def test_presence_is_added_by_the_coach_and_reaches_the_line(coach, world):
    answer = add(coach, world)

    assert answer.status_code == 302
    assert answer.url == reverse("own_hours")
    assert str(Presence.objects.get()) == "dinsdag 09:00"
    line = lines_for(world.practice)[0]
    assert line.presence == "di 9–12.30, kamer 3"
    assert line.next_free_on.isoweekday() == 2


def test_presence_sent_twice_is_there_once(coach, world):
    add(coach, world)

    assert add(coach, world).status_code == 302
    assert Presence.objects.count() == 1


def test_presence_at_two_places_at_once_is_refused(coach, world):
    present(world.coach, world.practice, 2, "11:00", "14:00")

    answer = add(coach, world)

    assert answer.status_code == 422
    assert "Dit valt samen met het spreekuur" in answer.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {"starts": "12", "ends": "9"},
        {"starts": "25"},
        {"starts": "half tien"},
        {"weekday": "9"},
        {"practice": "x"},
        {"room": "k" * 41},
        {"room": "123456782"},
    ],
)
def test_presence_filled_in_wrongly_is_explained(coach, world, data):
    assert add(coach, world, **data).status_code == 422
    assert not Presence.objects.exists()


def change(client, presence, world, **data):
    path = reverse("change_presence", args=[presence.reference])
    seen = client.get(path).context["form"].initial["seen"]
    filled = {**TUESDAY, "practice": str(world.practice.reference), "seen": seen, **data}
    return client.send(path, filled)


def test_presence_changes(coach, world):
    presence = present(world.coach, world.practice, 2)

    assert change(coach, presence, world, weekday="4").status_code == 302
    presence.refresh_from_db()
    assert (presence.weekday, presence.ends, presence.room) == (4, dt.time(12, 30), "kamer 3")


def test_presence_changed_by_a_colleague_first_is_refused(coach, world):
    presence = present(world.coach, world.practice, 2)

    assert change(coach, presence, world, seen="oud").status_code == 409


def test_refusal_gives_back_all_that_was_filled_in_under_its_own_name(coach, world):
    presence = present(world.coach, world.practice, 2)
    assert change(coach, presence, world, starts="11", ends="12", room="", seen="oud").context["typed"] == [
        {"label": "Praktijk", "text": world.practice.name, "rows": 1},
        {"label": "Dag", "text": "dinsdag", "rows": 1},
        {"label": "Van", "text": "11", "rows": 1},
        {"label": "Tot", "text": "12", "rows": 1},
    ]


def test_presence_is_taken_away_and_put_back(coach, world):
    presence = present(world.coach, world.practice, 2, room="kamer 3")

    coach.send(reverse("remove_presence", args=[presence.reference]))
    assert not Presence.objects.exists()
    text = coach.get(reverse("own_hours")).content.decode()
    undo = text.split(f'action="{reverse("restore_presence", args=[world.coach.reference])}?')[1].split('"')[0]
    path = reverse("restore_presence", args=[world.coach.reference]) + "?" + undo.replace("&amp;", "&")
    assert coach.send(path).status_code == 302

    assert (Presence.objects.get().weekday, Presence.objects.get().room) == (2, "kamer 3")


def test_presence_of_a_colleague_is_the_coordinators(client, world):
    presence = present(world.second_coach, world.practice, 2)
    client.sign_in(world.coach)

    assert add(client, world, coach=world.second_coach).status_code == 403
    assert client.get(reverse("change_presence", args=[presence.reference])).status_code == 403
    assert client.send(reverse("remove_presence", args=[presence.reference])).status_code == 403

    client.sign_in(world.coordinator)
    assert add(client, world, weekday="3", coach=world.second_coach).url == reverse("hours")


@pytest.mark.parametrize("who", ["referrer", "core_team", "funder", "region_admin"])
def test_presence_is_for_the_coach_side(client, world, who):
    presence = present(world.coach, world.practice, 2)
    client.sign_in(getattr(world, who))

    assert add(client, world).status_code == 403
    assert client.get(reverse("own_hours")).status_code == 403
    assert client.send(reverse("remove_presence", args=[presence.reference])).status_code == 403


def test_presence_of_strangers_is_not_found(client, world):
    presence = present(world.coach, world.practice, 2)
    client.sign_in(world.stranger_coach)

    assert add(client, world).status_code == 404
    assert client.get(reverse("change_presence", args=[presence.reference])).status_code == 404
    assert client.send(reverse("remove_presence", args=[presence.reference])).status_code == 404


def test_own_hours_shows_hours_and_presence(coach, world):
    present(world.coach, world.practice, 2, room="kamer 3")

    with sql_at_most(12):
        text = coach.get(reverse("own_hours")).content.decode()

    assert "8 uur per week" in text
    assert "<strong>Dinsdag</strong> 9–12 uur, kamer 3" in text


def test_own_hours_begins_with_the_first_step(client, world):
    client.sign_in(world.second_coach)

    text = client.get(reverse("own_hours")).content.decode()

    assert "Vul je spreekuur in, dan zien verwijzers wanneer je er bent." in text
    assert reverse("add_presence", args=[world.second_coach.reference]) in text


def test_own_hours_of_a_coordinator_are_everybodys(client, world):
    client.sign_in(world.coordinator)

    assert client.get(reverse("own_hours")).url == reverse("hours")
