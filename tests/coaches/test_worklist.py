"""Werkvoorraad: what is on which list, in which order, and what is not there."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from coaches import queries
from referrals.models import Absence, Recusal, Referral, Status
from tests.coaches.parts import logged, statements
from tests.factories import make_client, make_referral
from wor.audit.models import AccessLogEntry
from wor.calendar import start_of, today

S = Status


def listed(client, world, tab="te-doen", by=None, **filters) -> str:
    return client.sign_in(by or world.coach).get(reverse("worklist"), {"lijst": tab, **filters}).content.decode()


def named(world, name: str, **fields) -> Referral:
    return make_referral(world, client=make_client(world.practice, family_name=name), **fields)


def due(days: int) -> dt.datetime:
    return start_of(today() + dt.timedelta(days=days))


def test_list_begins_with_what_is_latest(world, client):
    named(world, "Nummerdrie", status=S.ACTIVE, attention_at=due(0))
    named(world, "Gisteren", status=S.ACTIVE, attention_at=due(-1))
    named(world, "Vorigeweek", status=S.ACTIVE, attention_at=due(-7))

    page = listed(client, world)

    assert page.index("Vorigeweek") < page.index("Gisteren") < page.index("Nummerdrie")
    assert "7 dagen te laat" in page
    assert "1 dag te laat" in page


def test_list_leaves_out_what_is_not_due(world, client):
    named(world, "Later", status=S.ACTIVE, attention_at=due(3))

    assert "Later" not in listed(client, world)
    assert "Later" in listed(client, world, "wacht-op-mij")


@pytest.mark.parametrize(
    ("status", "tab"),
    [
        (S.SENT, "nieuw"),
        (S.ACCEPTED, "wacht-op-mij"),
        (S.ACTIVE, "wacht-op-mij"),
        (S.WAITLISTED, "wachtlijst"),
        (S.PAUSED, "opvolging"),
        (S.FOLLOW_UP, "opvolging"),
        (S.COMPLETED, "afgesloten"),
        (S.NOT_STARTED, "afgesloten"),
    ],
)
def test_each_case_is_on_one_list_besides_to_do(world, status, tab):
    make_referral(world, status=status, coach=world.coach)
    now = timezone.now()

    def held(name):
        cases = queries.worked_by(world.coach, closed=name == "afgesloten")
        return cases.filter(queries.in_tab(name, now)).exists()

    holding = [name for name in queries.TABS if held(name)]

    assert [name for name in holding if name != "te-doen"] == [tab]


def test_tabs_count_what_they_hold(world):
    for status in (S.SENT, S.SENT, S.ACTIVE, S.WAITLISTED, S.PAUSED):
        make_referral(world, status=status)

    counted = queries.counts(queries.worked_by(world.coach), timezone.now())

    assert [counted[name] for name in ("nieuw", "wacht_op_mij", "wachtlijst", "opvolging")] == [2, 1, 1, 1]


def test_coach_sees_no_colleagues_case_until_covering(world, client):
    named(world, "Collegazaak", status=S.ACTIVE, coach=world.second_coach)
    assert "Collegazaak" not in listed(client, world)

    Absence.objects.create(
        region=world.region,
        coach=world.second_coach,
        cover=world.coach,
        reported_by=world.coordinator,
        span=(today(), today() + dt.timedelta(days=3)),
    )

    assert "Collegazaak" in listed(client, world)


def test_coordinator_sees_all_and_filters_by_coach(world, client):
    named(world, "Vaneen", status=S.ACTIVE)
    named(world, "Vantwee", status=S.ACTIVE, coach=world.second_coach)

    assert "Vaneen" in listed(client, world, by=world.coordinator)
    filtered = listed(client, world, by=world.coordinator, coach=str(world.second_coach.reference))

    assert "Vantwee" in filtered
    assert "Vaneen" not in filtered


def test_filter_on_practice_stays_in_the_address(world, client):
    named(world, "Hier", status=S.ACTIVE)

    page = listed(client, world, praktijk=str(world.other_practice.reference))

    assert "Hier" not in page
    assert f"praktijk={world.other_practice.reference}" in page


@pytest.mark.parametrize("asked", [{"lijst": "x"}, {"na": "x.y"}, {"voor": "9" * 40 + ".x"}, {"praktijk": "1"}])
def test_nonsense_in_the_address_shows_the_list(world, client, asked):
    assert client.sign_in(world.coach).get(reverse("worklist"), asked).status_code == 200


def test_paging_walks_forth_and_back_without_doubles(world):
    for _number in range(60):
        make_referral(world, status=S.ACTIVE, attention_at=due(-1))
    cases, now = queries.worked_by(world.coach), timezone.now()

    first = queries.page_of(cases, "te-doen", now)
    second = queries.page_of(cases, "te-doen", now, after=first.next_key)
    third = queries.page_of(cases, "te-doen", now, after=second.next_key)
    back = queries.page_of(cases, "te-doen", now, before=third.previous_key)

    seen = [each.pk for page in (first, second, third) for each in page.referrals]
    assert len(seen) == len(set(seen)) == 60
    assert [each.pk for each in back.referrals] == [each.pk for each in second.referrals]
    assert (first.previous_key, third.next_key) == ("", "")


def test_closed_paging_is_newest_first(world):
    for days in range(30):
        make_referral(world, status=S.COMPLETED, closed_at=timezone.now() - dt.timedelta(days=days))
    cases, now = queries.worked_by(world.coach, closed=True), timezone.now()

    first = queries.page_of(cases, "afgesloten", now)
    second = queries.page_of(cases, "afgesloten", now, after=first.next_key)

    closed = [each.closed_at for each in (*first.referrals, *second.referrals)]
    assert closed == sorted(closed, reverse=True)
    assert len(closed) == 30


def test_name_leaves_the_list_thirty_days_after_closing(world, client):
    recent = named(world, "Pasgeleden", status=S.COMPLETED, closed_at=timezone.now() - dt.timedelta(days=29))
    old = named(world, "Langgeleden", status=S.COMPLETED, closed_at=timezone.now() - dt.timedelta(days=31))

    page = listed(client, world, "afgesloten")

    assert recent.client.family_name in page
    assert old.client.family_name not in page
    assert old.number in page


def test_shut_content_leaves_the_list(world, client):
    named(world, "Ingetrokken", status=S.STOPPED, consent_withdrawn_at=timezone.now())
    named(world, "Vergist", status=S.ENTERED_IN_ERROR)

    page = listed(client, world, "afgesloten")

    assert "Ingetrokken" not in page
    assert "Vergist" not in page


def test_recused_case_leaves_the_list(world, client):
    referral = named(world, "Buurvrouw", status=S.SENT)
    Recusal.objects.create(region=world.region, referral=referral, membership=world.coach)

    assert "Buurvrouw" not in listed(client, world, "nieuw")


def test_who_knows_the_client_is_not_named_by_accepting(world, client):
    referral = named(world, "Buurvrouw", status=S.SENT)
    Recusal.objects.create(region=world.region, referral=referral, membership=world.second_coach)
    client.sign_in(world.coordinator)

    answer = client.send(
        reverse("case_accept", args=[referral.reference]),
        {"coach": str(world.second_coach.reference), "version": referral.version},
    )

    referral.refresh_from_db()
    assert answer.status_code == 422
    assert (referral.status, referral.coach) == (S.SENT, None)


def search(client, world, name, by=None):
    return client.sign_in(by or world.coach).send(reverse("worklist"), {"name": name}).content.decode()


def test_search_finds_the_beginning_of_a_name_whatever_its_accents(world, client):
    named(world, "Çelik-Müller", status=S.ACTIVE)

    assert "Çelik-Müller" in search(client, world, "celik mu")
    assert AccessLogEntry.objects.filter(kind="search", row_count=1).exists()


def test_search_forgets_who_closed_long_ago(world, client):
    named(world, "Langgeleden", status=S.COMPLETED, closed_at=timezone.now() - dt.timedelta(days=31))

    assert "Niemand gevonden" in search(client, world, "Langgeleden")


def test_search_by_a_stranger_finds_nobody(world, client):
    named(world, "Geheim", status=S.ACTIVE)

    assert "Niemand gevonden" in search(client, world, "Geheim", by=world.stranger_coach)


def test_search_by_address_is_not_possible(world, client):
    named(world, "Geheim", status=S.COMPLETED)

    assert (
        "J. de Geheim" not in client.sign_in(world.coach).get(reverse("worklist"), {"name": "Geheim"}).content.decode()
    )


def test_list_is_logged_with_whom_it_showed(world, client):
    referral = make_referral(world, status=S.ACTIVE)

    listed(client, world)

    entry = AccessLogEntry.objects.get(kind="list")
    assert entry.client_refs == [referral.client.reference]
    assert logged("list", referral) is None


def test_list_without_anything_offers_the_first_step(world, client):
    assert "Vul je uren en spreekuur in" in listed(client, world)


@pytest.mark.parametrize("rows", [1, 30])
def test_list_costs_the_same_queries_whatever_its_length(world, client, rows):
    for _number in range(rows):
        make_referral(world, status=S.ACTIVE, attention_at=due(-1))
    client.sign_in(world.coach)
    client.get(reverse("worklist"))

    assert statements(lambda: client.get(reverse("worklist"))) == 11


def test_coordinators_list_costs_one_more_for_the_names(world, client):
    make_referral(world, status=S.ACTIVE)
    client.sign_in(world.coordinator)
    client.get(reverse("worklist"))

    assert statements(lambda: client.get(reverse("worklist"))) == 12
