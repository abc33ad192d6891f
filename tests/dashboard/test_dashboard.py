"""The figures of a practice and its group: who sees them, and that they say what the rows say."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from dashboard import periods, reading
from dashboard.models import COUNTS, Reflection
from dashboard.tasks import refresh_figures
from dashboard.units import units_of
from referrals.models import Referral, Status
from tests.counting import sql_at_most
from tests.dashboard.history import make_history
from tests.dashboard.test_rollup import by_hand
from tests.factories import make_membership, make_organisation, make_referral
from wor.accounts.models import Role


@pytest.fixture
def group(world):
    """Both practices in one health centre."""
    group = make_organisation(world.region, "practice_group", name="De Linde")
    for practice in (world.practice, world.other_practice):
        practice.parent = group
        practice.save()
    return group


def url(unit, **query) -> str:
    return reverse("unit_dashboard", args=[unit.reference], query=query)


def test_a_kernteam_sees_its_group_and_each_of_its_practices(world, group):
    units = units_of(world.core_team)

    assert [unit.organisation_id for unit in units] == [group.pk, world.practice.pk, world.other_practice.pk]
    assert set(units[0].practice_ids) == {world.practice.pk, world.other_practice.pk}


@pytest.mark.parametrize("kind", ["welfare", "municipality", "support", "insurer"])
def test_a_member_from_elsewhere_sees_what_their_organisation_takes_part_in(world, kind):
    organisation = (
        make_organisation(world.region, kind, municipality_code="GM9001") if kind != "welfare" else world.welfare
    )
    found = {unit.organisation_id for unit in units_of(make_membership(organisation, Role.CORE_TEAM))}

    both = {world.practice.pk, world.other_practice.pk}
    assert found == {"welfare": {world.practice.pk}, "insurer": set()}.get(kind, both)


def test_a_referrer_sees_the_own_practice_only(client, world, group):
    client.sign_in(world.referrer)

    assert client.get(url(world.practice)).status_code == 200
    assert client.get(url(world.other_practice)).status_code == 404
    assert client.get(url(group)).status_code == 404


@pytest.mark.parametrize("who", ["coach", "coordinator", "funder", "region_admin"])
def test_others_get_no_figures_of_a_practice(client, world, who):
    client.sign_in(getattr(world, who))

    assert client.get(url(world.practice)).status_code == 403


def test_another_regions_unit_does_not_exist(client, world, elsewhere):
    client.sign_in(world.core_team)

    assert client.get(url(elsewhere.practice)).status_code == 404


@pytest.mark.parametrize("seed", range(3))
def test_live_figures_are_the_rows_counted_by_hand(world, group, seed):
    make_history(world, seed=seed, number=40, until=dt.datetime(2026, 11, 5, tzinfo=dt.UTC))
    period = periods.named(periods.YEAR, on=dt.date(2026, 11, 5))

    found = reading.of_unit(units_of(world.core_team)[0], period, world.region)

    for counts, each in ((found.now, period), (found.before, period.before)):
        rows = Referral.objects.select_related("closing_reason").filter(sent_at__gte=each.starts, sent_at__lt=each.ends)
        expected = by_hand(rows)
        assert counts.values == {name: expected[name] for name in COUNTS}
    assert sum(counts["sent"] for counts in found.months.values()) == found.now["sent"]


def test_the_regions_figures_come_from_the_months_counted_ahead(world):
    make_history(world, seed=4, number=40, until=dt.datetime(2026, 11, 5, tzinfo=dt.UTC))
    refresh_figures()
    period = periods.named(periods.YEAR, on=dt.date(2026, 11, 5))

    found = reading.of_places(world.region, period)

    rows = Referral.objects.select_related("closing_reason").filter(sent_at__gte=period.starts, sent_at__lt=period.ends)
    expected = by_hand(rows)
    assert found.counts.values == {name: expected[name] for name in COUNTS}
    days = expected["talk_days"]
    assert found.counts.days_to_talk == (days[(len(days) - 1) // 2] if days else None)
    assert found.practices == 2
    assert not found.may_be_compared


def test_the_page_shows_referrals_beside_room_with_its_table(client, world):
    for days in (3, 40, 41):
        make_referral(world, sent_days_ago=days)
    client.sign_in(world.core_team)

    text = client.get(url(world.practice)).content.decode()

    assert "Verwijzingen naast ruimte" in text
    assert "3 verwijzingen in" in text
    assert re.search(r'<th scope="row">[^<]+</th><td class="number" data-label="Verwijzingen">2</td>', text)
    assert "Past wat er binnenkomt bij de uren die er zijn?" in text
    assert '<title id="verwijzingen-title">' in text


def test_an_unknown_period_is_the_usual_one(client, world):
    client.sign_in(world.core_team)

    assert client.get(url(world.practice, periode="' OR 1=1")).status_code == 200


def test_a_first_day_without_referrals_says_so(client, world):
    client.sign_in(world.core_team)

    assert "Nog geen verwijzingen in deze periode" in client.get(url(world.practice)).content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_the_dashboard_costs_the_same_number_of_statements(client, world, group, number):
    make_history(world, seed=5, number=number, until=timezone.now())
    client.sign_in(world.core_team)
    client.get(url(group))  # "last seen" is written once a minute

    with sql_at_most(12):
        client.get(url(group))


def test_answer_is_kept_and_found_back(client, world):
    client.sign_in(world.core_team)
    where = reverse("figure", args=[world.practice.reference, "eerste-gesprek"])
    key = uuid.uuid4()

    for _ in range(2):
        client.send(where, {"body": "Samira krijgt er twee uur bij.", "key": key})

    assert Reflection.objects.get().figure == "eerste-gesprek"
    assert "Samira krijgt er twee uur bij." in client.get(url(world.practice)).content.decode()
    assert "Samira krijgt er twee uur bij." in client.get(where).content.decode()


def test_answer_keeps_its_period_when_the_address_lost_it(client, world):
    client.sign_in(world.core_team)
    path = reverse("figure", args=[world.practice.reference, "verwijzingen"])
    assert 'name="periode" value="kwartaal"' in client.get(f"{path}?periode=kwartaal").content.decode()

    client.send(path, {"body": "Samen kijken.", "key": str(uuid.uuid4()), "periode": "kwartaal"})

    answer = Reflection.objects.get()
    assert (answer.ends_on - answer.starts_on).days < 100


def test_answer_with_a_bsn_is_refused(client, world):
    client.sign_in(world.core_team)
    where = reverse("figure", args=[world.practice.reference, "eerste-gesprek"])

    assert client.send(where, {"body": "Het gaat om 123456782.", "key": uuid.uuid4()}).status_code == 422
    assert not Reflection.objects.exists()


def test_answer_is_not_for_a_referrer_to_write(client, world):
    client.sign_in(world.referrer)
    where = reverse("figure", args=[world.practice.reference, "eerste-gesprek"])

    assert client.send(where, {"body": "Ik schrijf ook iets.", "key": uuid.uuid4()}).status_code == 403
    assert not Reflection.objects.exists()


def make_answer(world, unit, **fields) -> Reflection:
    fields = {"figure": "z68", "starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2026, 6, 30), **fields}
    return Reflection.objects.create(
        region=world.region, unit=unit, by=world.core_team, body="Eerst zo.", key=uuid.uuid4(), **fields
    )


def test_change_answer_works_once_a_version(client, world):
    answer = make_answer(world, world.practice)
    client.sign_in(world.core_team)
    where = reverse("change_answer", args=[answer.reference])

    assert client.send(where, {"body": "Toch anders.", "version": 0}).status_code == 302
    assert client.send(where, {"body": "Nog anders.", "version": 0}).status_code == 409
    answer.refresh_from_db()
    assert answer.body == "Toch anders."


def test_change_answer_of_another_kernteam_is_not_found(client, world):
    answer = make_answer(world, world.other_practice)
    client.sign_in(world.core_team)

    assert client.get(reverse("change_answer", args=[answer.reference])).status_code == 404


def test_figures_never_count_a_mistake(client, world):
    make_referral(world, status=Status.ENTERED_IN_ERROR)
    unit = units_of(world.core_team)[0]

    assert reading.of_unit(unit, periods.named(periods.YEAR), world.region).now["sent"] == 0
