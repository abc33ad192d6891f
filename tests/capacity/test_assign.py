"""Dividing: the coordinator names a coach."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.models import Absence, Recusal, Referral
from tests.capacity.build import absent
from tests.counting import sql_at_most
from tests.factories import make_client, make_membership, make_referral
from wor.accounts.models import Membership, Role
from wor.audit.models import AccessLogEntry, Event
from wor.calendar import today
from wor.outbox.models import Notice


@pytest.fixture
def coordinator(client, world):
    return client.sign_in(world.coordinator)


def give(coordinator, referral, coach, **data):
    return coordinator.send(
        reverse("assign_one", args=[referral.reference]),
        {"coach": str(coach.reference), "version": referral.version, **data},
    )


def test_assign_shows_oldest_first_beside_the_room_there_is(coordinator, world):
    make_referral(world, sent_days_ago=1, client=make_client(world.practice, family_name="Jong"))
    make_referral(world, sent_days_ago=9, client=make_client(world.practice, family_name="Oud"))
    make_referral(world, status="active")

    text = coordinator.get(reverse("assign")).content.decode()

    assert text.index("Oud") < text.index("Jong")
    assert "wacht 9 dagen" in text
    assert f"Aan {world.coach.display_name} toewijzen" in text
    assert "8 uur per week · 1 lopend" in text
    assert "ruimte voor 11" in text


def test_assign_takes_a_referral_on(coordinator, world):
    referral = make_referral(world)

    answer = give(coordinator, referral, world.second_coach)

    assert answer.status_code == 302
    referral.refresh_from_db()
    assert (referral.status, referral.coach, referral.accepted_by) == (
        "accepted",
        world.second_coach,
        world.coordinator,
    )
    assert Event.objects.filter(name="referral.accepted", subject_ref=referral.reference).count() == 1
    assert [notice.membership for notice in Notice.objects.filter(kind="referral_assigned")] == [world.second_coach]


def test_assign_twice_gives_one_result(coordinator, world):
    referral = make_referral(world)

    give(coordinator, referral, world.coach)
    answer = give(coordinator, referral, world.coach)

    assert answer.status_code == 302
    assert Event.objects.filter(name="referral.accepted").count() == 1


def test_assign_refuses_a_stale_form(coordinator, world):
    referral = make_referral(world)
    Referral.objects.filter(pk=referral.pk).update(version=7)

    assert give(coordinator, referral, world.coach).status_code == 409
    referral.refresh_from_db()
    assert referral.status == "sent"


def test_assign_refuses_what_is_closed(coordinator, world):
    referral = make_referral(world, status="declined")

    answer = give(coordinator, referral, world.second_coach)

    assert answer.status_code == 409
    assert "gesloten" in answer.content.decode()


def test_assign_does_not_offer_who_knows_the_client(coordinator, world):
    referral = make_referral(world)
    Recusal.objects.create(region=world.region, referral=referral, membership=world.second_coach)

    page = coordinator.get(reverse("assign_one", args=[referral.reference])).content.decode()
    answer = give(coordinator, referral, world.second_coach)

    assert str(world.second_coach.reference) not in page
    assert answer.status_code == 422
    assert Referral.objects.get(pk=referral.pk).coach is None


def test_assign_to_the_coordinator_asks_for_a_coach_within_days(coordinator, world):
    referral = make_referral(world)
    give(coordinator, referral, world.coordinator)

    text = coordinator.get(reverse("assign")).content.decode()
    assert "Noem uiterlijk" in text

    Referral.objects.filter(pk=referral.pk).update(accepted_at="2026-01-05T09:00Z")
    assert "te lang op jouw naam" in coordinator.get(reverse("assign")).content.decode()


def test_assign_refuses_another_coordinator(coordinator, world):
    referral = make_referral(world)
    other = make_membership(world.welfare, Role.COORDINATOR)

    assert give(coordinator, referral, other).status_code == 422


def test_assign_gives_a_running_case_to_a_colleague_and_tells_both(coordinator, world):
    referral = make_referral(world, status="active")

    answer = give(coordinator, referral, world.second_coach)

    assert answer.status_code == 302
    referral.refresh_from_db()
    assert (referral.coach, referral.status) == (world.second_coach, "active")
    told = {notice.kind: notice.membership for notice in Notice.objects.all()}
    assert told == {"referral_assigned": world.second_coach, "referral_handed_over": world.coach}


def test_assign_several_names_one_coach_and_tells_what_was_done_already(coordinator, world):
    new, running = make_referral(world), make_referral(world, status="active")
    done = make_referral(world, status="completed")

    answer = coordinator.send(
        reverse("assign_several"),
        {"referrals": [str(new.reference), str(running.reference)], "coach": str(world.second_coach.reference)},
        follow=True,
    )

    assert "2 cliënten toegewezen aan" in answer.content.decode()
    assert set(Referral.objects.filter(coach=world.second_coach)) == {new, running}
    late = coordinator.send(
        reverse("assign_several"),
        {"referrals": [str(new.reference)], "coach": str(world.second_coach.reference)},
        follow=True,
    )
    assert "1 was al verdeeld" in late.content.decode()
    ended = coordinator.send(
        reverse("assign_several"),
        {"referrals": [str(done.reference)], "coach": str(world.second_coach.reference)},
    )
    assert ended.status_code == 422  # no longer in the list that can be chosen from


def test_assign_several_is_all_or_nothing(coordinator, world):
    first, known = make_referral(world), make_referral(world)
    Recusal.objects.create(region=world.region, referral=known, membership=world.coach)

    answer = coordinator.send(
        reverse("assign_several"),
        {"referrals": [str(first.reference), str(known.reference)], "coach": str(world.coach.reference)},
    )

    assert answer.status_code == 422
    assert "kent deze cliënt privé" in answer.content.decode()
    assert not Referral.objects.filter(coach=world.coach).exists()


@pytest.mark.parametrize("data", [{}, {"referrals": "geen-uuid"}, {"coach": "1"}, {"referrals": str(uuid.uuid4())}])
def test_assign_several_says_what_is_missing(coordinator, world, data):
    make_referral(world)

    assert coordinator.send(reverse("assign_several"), data).status_code == 422


@pytest.mark.parametrize("who", ["referrer", "coach", "core_team", "funder", "region_admin"])
def test_assign_is_for_coordinators(client, world, who):
    referral = make_referral(world)
    client.sign_in(getattr(world, who))

    assert client.get(reverse("assign")).status_code == 403
    assert give(client, referral, world.coach).status_code == 403
    assert client.get(reverse("coach_cases", args=[world.coach.reference])).status_code == 403


def test_assign_finds_nothing_of_strangers(coordinator, world, elsewhere):
    theirs = make_referral(world, welfare_organisation=world.other_welfare)

    assert give(coordinator, theirs, world.coach).status_code == 404
    assert coordinator.get(reverse("coach_cases", args=[world.stranger_coach.reference])).status_code == 404
    assert coordinator.get(reverse("coach_cases", args=[elsewhere.coach.reference])).status_code == 404
    assert give(coordinator, make_referral(world), world.stranger_coach).status_code == 422


def test_assign_pages_by_key(coordinator, world):
    for days in range(27):
        make_referral(world, sent_days_ago=days)

    first = coordinator.get(reverse("assign"))
    second = coordinator.get(reverse("assign") + first.context["shown"].next_url)

    assert (len(first.context["shown"].rows), len(second.context["shown"].rows)) == (25, 2)
    assert second.context["shown"].next_url == ""
    everything = [row.reference for row in first.context["shown"].rows + second.context["shown"].rows]
    assert len(set(everything)) == 27


def test_assign_writes_who_was_listed_in_the_log(coordinator, world):
    referral = make_referral(world)

    coordinator.get(reverse("assign"))

    entry = AccessLogEntry.objects.get(kind="list")
    assert (entry.client_refs, entry.row_count) == ([referral.client.reference], 1)


def test_assign_asks_as_many_queries_for_many_as_for_few(coordinator, world):
    coordinator.get(reverse("assign"))
    for _each in range(12):
        make_referral(world)
        absent(make_membership(world.welfare, Role.COACH), dt.date(2026, 1, 1), cover=world.coach)
        orphan(world)
        keep(world)

    with sql_at_most(12):
        coordinator.get(reverse("assign"))


def test_assign_suggests_who_covers(coordinator, world):
    make_referral(world)
    absent(world.coach, dt.date(2026, 1, 1), cover=world.second_coach)

    text = coordinator.get(reverse("assign")).content.decode()

    assert f"Aan {world.second_coach.display_name} toewijzen" in text


def test_assign_post_counts_its_queries(coordinator, world):
    referral = make_referral(world)
    coordinator.get(reverse("assign"))

    with sql_at_most(18):
        give(coordinator, referral, world.second_coach)


def test_coach_cases_asks_as_many_queries_for_many_as_for_few(coordinator, world):
    coordinator.get(reverse("assign"))
    for _each in range(8):
        make_referral(world, status="active")

    with sql_at_most(12):
        coordinator.get(reverse("coach_cases", args=[world.coach.reference]))


def test_coach_cases_lists_what_runs(coordinator, world):
    make_referral(world, status="active", client=make_client(world.practice, family_name="Loopt"))
    make_referral(world, status="completed", client=make_client(world.practice, family_name="Klaar"))

    text = coordinator.get(reverse("coach_cases", args=[world.coach.reference])).content.decode()

    assert "Loopt" in text
    assert "Klaar" not in text


def orphan(world, **fields):
    """A shielded case whose coach left."""
    left = make_membership(world.welfare, Role.COACH)
    referral = make_referral(world, status="active", is_shielded=True, coach=left, **fields)
    Membership.objects.filter(pk=left.pk).update(ended_at=timezone.now(), ended_by=world.region_admin)
    return referral


def test_shielded_case_without_coach_shows_its_number_and_nothing_else(coordinator, world):
    referral = orphan(world, client=make_client(world.practice, family_name="Collegastra"))

    listed = coordinator.get(reverse("assign")).content.decode()
    page = coordinator.get(reverse("assign_one", args=[referral.reference])).content.decode()

    for text in (listed, page):
        assert referral.number in text
        assert "Collegastra" not in text
        assert referral.help_request not in text
    assert coordinator.get(reverse("case", args=[referral.reference])).url == reverse(
        "assign_one", args=[referral.reference]
    )


def test_shielded_case_without_coach_goes_to_who_is_named_and_is_gone(coordinator, world):
    referral = orphan(world)

    assert give(coordinator, referral, world.second_coach).status_code == 302

    referral.refresh_from_db()
    assert referral.coach == world.second_coach
    assert coordinator.get(reverse("assign_one", args=[referral.reference])).status_code == 404
    assert referral.number not in coordinator.get(reverse("assign")).content.decode()


def test_shielded_case_with_a_coach_stays_unseen(coordinator, world):
    referral = make_referral(world, status="active", is_shielded=True)

    assert referral.number not in coordinator.get(reverse("assign")).content.decode()
    assert coordinator.get(reverse("assign_one", args=[referral.reference])).status_code == 404


@pytest.mark.parametrize("person", ["stranger_coach", "second_coach"])
def test_shielded_case_without_coach_is_a_coordinators(client, world, person):
    referral = orphan(world)
    client.sign_in(getattr(world, person))

    assert client.get(reverse("case", args=[referral.reference])).status_code == 404


def away(world, cover=None, **fields):
    """A shielded case whose coach is away today; it asks something now."""
    absent(world.coach, today(), cover=cover)
    return make_referral(world, status="active", is_shielded=True, **fields)


def test_shielded_case_of_an_absent_coach_shows_its_number_and_nothing_else(coordinator, world):
    referral = away(world, client=make_client(world.practice, family_name="Collegastra"))
    absence = Absence.objects.get()

    for address in (
        reverse("assign"),
        reverse("absence", args=[absence.reference]),
        reverse("assign_one", args=[referral.reference]),
    ):
        text = coordinator.get(address).content.decode()
        assert referral.number in text
        assert "Collegastra" not in text
        assert referral.help_request not in text


def test_shielded_case_of_an_absent_coach_goes_to_who_is_named_and_is_logged(coordinator, world):
    referral = away(world)

    assert give(coordinator, referral, world.second_coach).status_code == 302

    assert Referral.objects.visible_to(world.second_coach).filter(pk=referral.pk).exists()
    assert Event.objects.filter(name="referral.handed_over", referral_id=referral.pk).exists()
    seen = AccessLogEntry.objects.filter(kind="read", client_ref=referral.client.reference)
    assert seen.last().user_id == world.coordinator.user_id
    assert coordinator.get(reverse("assign_one", args=[referral.reference])).status_code == 404


def test_shielded_case_of_an_absent_coach_that_asks_nothing_is_not_listed(coordinator, world):
    referral = away(world, attention_at=timezone.now() + dt.timedelta(days=9))

    assert referral.number not in coordinator.get(reverse("assign")).content.decode()


def test_who_covers_does_not_read_a_shielded_case(client, world):
    referral = away(world, cover=world.second_coach)
    client.sign_in(world.second_coach)

    assert client.get(reverse("case", args=[referral.reference])).status_code == 404
    assert referral.number not in client.get(reverse("worklist")).content.decode()


def test_shielded_case_is_unseen_again_when_its_coach_is_back(coordinator, world):
    referral = make_referral(world, status="active", is_shielded=True)
    absent(world.coach, today() - dt.timedelta(days=5), today(), cover=world.second_coach)

    assert coordinator.get(reverse("assign_one", args=[referral.reference])).status_code == 404


def keep(world, **fields):
    """A client in the coordinator's own name for twelve days."""
    kept = make_referral(world, status="accepted", coach=world.coordinator, **fields)
    Referral.objects.filter(pk=kept.pk).update(accepted_at=timezone.now() - dt.timedelta(days=12))
    return kept


def test_kept_in_own_name_too_long_stands_on_top(coordinator, world):
    keep(world, client=make_client(world.practice, family_name="Blijft"))

    text = coordinator.get(reverse("assign")).content.decode()

    assert "Wacht op een coach" in text
    assert "te lang op jouw naam" in text
    assert "Blijft" in text
