"""*Afwezig vanaf nu*: no reason, who covers, who must be called, and back again."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from referrals import services
from referrals.models import Absence, PracticeIntake, Recusal
from tests.capacity.build import absent, present, works
from tests.counting import sql_at_most
from tests.factories import make_client, make_membership, make_organisation, make_referral, serves
from wor.accounts.models import Role
from wor.calendar import start_of, today
from wor.outbox.models import Notice


@pytest.fixture
def coordinator(client, world):
    world.referrer.is_contact_point = True
    world.referrer.save()
    return client.sign_in(world.coordinator)


def report(client, coach, starts=None, ends=None, cover=None):
    day = starts or today()
    data = {"starts": f"{day:%d-%m-%Y}", "ends": f"{ends:%d-%m-%Y}" if ends else ""}
    return client.send(
        reverse("report_absence", args=[coach.reference]), {**data, "cover": str(cover.reference) if cover else ""}
    )


def test_absence_by_the_coordinator_shows_who_must_be_called(coordinator, world):
    make_referral(world, status="active", client=make_client(world.practice, family_name="Vandaag"))
    make_referral(
        world,
        status="accepted",
        client=make_client(world.practice, family_name="Later"),
        attention_at=start_of(today() + dt.timedelta(days=2)),
    )
    make_referral(
        world,
        status="accepted",
        client=make_client(world.practice, family_name="Afspraak"),
        attention_at=start_of(today() + dt.timedelta(days=2)),
        planned_talk_at=start_of(today()) + dt.timedelta(hours=15),
    )

    answer = report(coordinator, world.coach, cover=world.second_coach)
    text = coordinator.get(answer.url).content.decode()

    assert answer.url == reverse("absence", args=[Absence.objects.get().reference])
    assert "Vandaag" in text
    assert "Afspraak" in text
    assert "Gesprek vandaag om 15.00 uur" in text
    assert "Later" not in text.replace("later", "")
    assert 'href="tel:0612345678"' in text


def test_absence_is_told_once_to_coordinator_cover_and_practices(client, world):
    world.referrer.is_contact_point = True
    world.referrer.save()
    idle = make_organisation(world.region, "practice")
    make_membership(idle, Role.REFERRER, is_contact_point=True)
    client.sign_in(world.coach)

    report(client, world.coach, cover=world.second_coach)
    absence = Absence.objects.get()
    client.send(
        reverse("change_absence", args=[absence.reference]),
        {
            "starts": f"{today():%d-%m-%Y}",
            "ends": f"{today() + dt.timedelta(days=9):%d-%m-%Y}",
            "cover": str(world.second_coach.reference),
            "seen": client.get(reverse("change_absence", args=[absence.reference])).context["form"].initial["seen"],
        },
    )

    told = Notice.objects.filter(kind="coach_absent")
    assert {notice.membership for notice in told} == {world.coordinator, world.second_coach, world.referrer}
    assert told.count() == 3
    absence.refresh_from_db()
    assert absence.span.upper == today() + dt.timedelta(days=10)


def asked(world, **fields) -> set:
    """Who of the coach's side hears that the practice asks something."""
    referral = make_referral(world, status="active", **fields)
    services.ask(referral, body="Hoe gaat het?", key=uuid.uuid4(), by=world.referrer)
    return {
        notice.membership for notice in Notice.objects.filter(kind="question_asked", subject_ref=referral.reference)
    }


def test_question_reaches_who_covers_too(world):
    absent(world.coach, today(), cover=world.second_coach)

    assert asked(world) == {world.coach, world.second_coach}


def test_question_reaches_the_coordinator_where_nobody_covers(world):
    absent(world.coach, today())

    assert asked(world) == {world.coach, world.coordinator}


def test_question_about_a_shielded_client_does_not_reach_the_cover(world):
    absent(world.coach, today(), cover=world.second_coach)

    assert asked(world, is_shielded=True) == {world.coach, world.coordinator}


def test_question_does_not_reach_a_cover_who_knows_the_client(world):
    absent(world.coach, today(), cover=world.second_coach)
    referral = make_referral(world, status="active")
    Recusal.objects.create(region=world.region, referral=referral, membership=world.second_coach)

    services.ask(referral, body="Hoe gaat het?", key=uuid.uuid4(), by=world.referrer)

    assert not Notice.objects.filter(membership=world.second_coach).exists()


def test_question_reaches_the_coordinator_when_the_cover_is_away_too(world):
    absent(world.coach, today(), cover=world.second_coach)
    absent(world.second_coach, today())

    assert world.coordinator in asked(world)


def test_absence_is_not_covered_by_who_is_away(coordinator, world):
    absent(world.second_coach, today())

    answer = report(coordinator, world.coach, cover=world.second_coach)

    assert answer.status_code == 422
    assert "is dan zelf afwezig" in answer.content.decode()


def test_absence_of_a_cover_is_told_to_who_divides(coordinator, world):
    absent(world.coach, today(), cover=world.second_coach)
    report(coordinator, world.second_coach)

    first = Absence.objects.get(coach=world.coach)
    for address in (reverse("assign"), reverse("hours"), reverse("absence", args=[first.reference])):
        page = coordinator.get(address).content.decode()
        assert f"{world.second_coach.display_name} zou waarnemen, maar is zelf ook afwezig." in page


def test_absence_puts_the_cover_on_the_line(coordinator, world):
    present(world.coach, world.practice, 2)
    present(world.second_coach, world.practice, 4)

    report(coordinator, world.coach, cover=world.second_coach)

    line = PracticeIntake.objects.get()
    assert (line.default_coach, line.cover, line.next_free_on.isoweekday()) == (world.coach, world.second_coach, 4)


def test_absence_sent_twice_is_there_once(coordinator, world):
    report(coordinator, world.coach)

    assert report(coordinator, world.coach).status_code == 302
    assert Absence.objects.count() == 1


def test_absence_within_another_is_refused_in_a_sentence(coordinator, world):
    absent(world.coach, today() + dt.timedelta(days=3), today() + dt.timedelta(days=9))

    answer = report(coordinator, world.coach)

    assert answer.status_code == 422
    assert "staat al op afwezig van" in answer.content.decode()


def test_absence_overlap_is_refused_by_the_database(world):
    absent(world.coach, today())

    with pytest.raises(IntegrityError, match="absent_once_at_a_time"), transaction.atomic():
        absent(world.coach, today() + dt.timedelta(days=1))


@pytest.mark.parametrize(
    "data",
    [{"starts": ""}, {"starts": "1-1-2030", "ends": "1-1-2029"}, {"starts": "1-1-2001"}, {"cover": "iemand"}],
)
def test_absence_filled_in_wrongly_is_explained(coordinator, world, data):
    filled = {"starts": f"{today():%d-%m-%Y}", **data}

    assert coordinator.send(reverse("report_absence", args=[world.coach.reference]), filled).status_code == 422
    assert not Absence.objects.exists()


def test_absence_does_not_offer_oneself_or_a_stranger_as_cover(coordinator, world):
    assert report(coordinator, world.coach, cover=world.coach).status_code == 422
    assert report(coordinator, world.coach, cover=world.stranger_coach).status_code == 422


def test_absence_changed_by_a_colleague_first_is_refused(coordinator, world):
    absence = absent(world.coach, today())

    answer = coordinator.send(
        reverse("change_absence", args=[absence.reference]), {"starts": f"{today():%d-%m-%Y}", "seen": "oud"}
    )

    assert answer.status_code == 409


def test_present_again_from_today_and_back(coordinator, world):
    start = today() - dt.timedelta(days=5)
    absence = absent(world.coach, start, today() + dt.timedelta(days=5))

    coordinator.send(reverse("end_absence", args=[absence.reference]))
    absence.refresh_from_db()
    assert absence.span.upper == today()
    text = coordinator.get(reverse("hours")).content.decode()
    assert reverse("resume_absence", args=[absence.reference]) in text

    coordinator.send(reverse("resume_absence", args=[absence.reference]))
    absence.refresh_from_db()
    assert (absence.span.lower, absence.span.upper) == (start, today() + dt.timedelta(days=5))


def test_present_again_on_the_first_day_leaves_nothing(coordinator, world):
    absence = absent(world.coach, today())

    coordinator.send(reverse("end_absence", args=[absence.reference]))
    absence.refresh_from_db()
    assert absence.span.isempty
    assert coordinator.get(reverse("absence", args=[absence.reference])).status_code == 200

    assert report(coordinator, world.coach).status_code == 302
    assert coordinator.send(reverse("resume_absence", args=[absence.reference])).status_code in (409, 422)


def test_absence_of_a_colleague_is_the_coordinators(client, world):
    absence = absent(world.second_coach, today())
    client.sign_in(world.coach)

    assert report(client, world.second_coach).status_code == 403
    for name in ("change_absence", "end_absence", "resume_absence"):
        assert client.send(reverse(name, args=[absence.reference])).status_code == 403
    assert client.get(reverse("absence", args=[absence.reference])).status_code == 403


@pytest.mark.parametrize("who", ["referrer", "core_team", "funder", "region_admin"])
def test_absence_is_for_the_coach_side(client, world, who):
    absence = absent(world.coach, today())
    client.sign_in(getattr(world, who))

    assert report(client, world.coach).status_code == 403
    for name in ("absence", "change_absence", "end_absence", "resume_absence"):
        assert client.get(reverse(name, args=[absence.reference])).status_code == 403


def test_absence_of_strangers_is_not_found(client, world):
    absence = absent(world.coach, today())
    client.sign_in(make_membership(world.other_welfare, Role.COORDINATOR))

    assert report(client, world.coach).status_code == 404
    for name in ("absence", "change_absence", "end_absence", "resume_absence"):
        assert client.get(reverse(name, args=[absence.reference])).status_code == 404


def test_call_list_asks_as_many_queries_for_many_as_for_few(coordinator, world):
    absence = absent(world.coach, today(), cover=world.second_coach)
    coordinator.get(reverse("absence", args=[absence.reference]))
    for _each in range(6):
        practice = make_organisation(world.region, "practice")
        serves(practice, world.welfare)
        works(world.coach, practice)
        make_referral(world, status="active", practice=practice)

    with sql_at_most(12):
        coordinator.get(reverse("absence", args=[absence.reference]))
