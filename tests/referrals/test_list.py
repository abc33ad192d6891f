"""Mijn verwijzingen: unread on top, then the whole practice's list."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.models import Feedback, Referral, Status
from referrals.services import answer, ask
from tests.counting import sql_at_most
from tests.factories import make_client, make_referral
from wor.audit.models import AccessLogEntry

pytestmark = pytest.mark.django_db


def make_feedback(referral, by, **fields) -> Feedback:
    return Feedback.objects.create(
        region_id=referral.region_id,
        referral=referral,
        practice_id=referral.practice_id,
        moment="intake",
        body="Kennisgemaakt. Mist het zingen.",
        level="all",
        key=uuid.uuid4(),
        sent_at=timezone.now(),
        sent_by=by,
        **fields,
    )


@pytest.fixture
def gp(client, world):
    return client.sign_in(world.referrer)


def test_list_shows_the_whole_practice_with_status_and_days(gp, world):
    sent = make_referral(world, sent_days_ago=4, referrer=world.assistant)
    make_referral(world, status=Status.WAITLISTED)

    page = gp.get(reverse("referrals")).content.decode()

    assert sent.client.short_name in page
    assert "wacht 4 dagen" in page
    assert "Wachtlijst" in page
    assert "rond week" in page


def test_list_puts_unread_feedback_on_top(gp, world):
    referral = make_referral(world, status=Status.ACTIVE)
    unread = make_feedback(referral, world.coach)

    page = gp.get(reverse("referrals")).content.decode()

    assert reverse("feedback_read", args=[referral.reference, unread.reference]) in page
    assert "Mist het zingen" not in page


def test_list_does_not_show_another_practice(gp, world):
    theirs = make_referral(world, practice=world.other_practice, client=make_client(world.other_practice))

    assert str(theirs.reference) not in gp.get(reverse("referrals")).content.decode()


def test_list_hides_a_colleague_s_shielded_referral(gp, client, world):
    mine = make_referral(world, is_shielded=True)

    assert str(mine.reference) in gp.get(reverse("referrals")).content.decode()
    assert str(mine.reference) not in client.sign_in(world.assistant).get(reverse("referrals")).content.decode()


def test_list_needs_twelve_statements_however_long(gp, world):
    referrals = [make_referral(world, status=Status.ACTIVE) for _ in range(30)]
    for referral in referrals[:5]:
        make_feedback(referral, world.coach)

    with sql_at_most(12):
        gp.get(reverse("referrals"))


def test_list_says_where_the_coach_waits_for_an_answer(gp, world):
    referral = make_referral(world, status=Status.ACTIVE)
    question = ask(referral, body="Mag ik bellen?", key=uuid.uuid4(), by=world.coach)

    assert "Vraag van de coach" in gp.get(reverse("referrals")).content.decode()
    answer(question, body="Ja.", key=uuid.uuid4(), by=world.referrer)
    assert "Vraag van de coach" not in gp.get(reverse("referrals")).content.decode()


def test_list_pages_by_key_and_shows_each_once(gp, world):
    now = timezone.now()
    for _ in range(60):
        make_referral(world)
    Referral.objects.update(last_news_at=now - dt.timedelta(hours=1))

    seen, address = [], reverse("referrals")
    while address:
        page = gp.get(address)
        seen += [row.url for row in page.context["rows"]]
        address = page.context["next_url"] and reverse("referrals") + page.context["next_url"]

    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize("address", ["?na=iets", "?na=99999999999999999999~x", "?status=iets", "?whose=%00", "?na=1~"])
def test_list_takes_any_address(gp, world, address):
    assert gp.get(reverse("referrals") + address).status_code == 200


def test_list_filters_by_status_and_by_whose(gp, world):
    active = make_referral(world, status=Status.ACTIVE)
    sent = make_referral(world, referrer=world.assistant)

    by_status = gp.get(reverse("referrals") + "?status=active").content.decode()
    colleagues = gp.get(reverse("referrals") + "?whose=colleague").content.decode()

    assert str(active.reference) in by_status
    assert str(sent.reference) not in by_status
    assert str(sent.reference) in colleagues
    assert str(active.reference) not in colleagues


def test_list_is_logged_with_who_stood_in_it(gp, world):
    referral = make_referral(world)

    gp.get(reverse("referrals"))

    entry = AccessLogEntry.objects.get(kind="list")
    assert entry.client_refs == [referral.client.reference]


def test_search_finds_by_family_name_and_keeps_it_out_of_the_address(gp, world):
    make_referral(world, client=make_client(world.practice, family_name="Méijer", prefix="van der"))
    make_referral(world, client=make_client(world.practice, family_name="Jansen"))

    found = gp.send(reverse("referrals_search"), {"name": "meij"})

    assert "Méijer" in found.content.decode()
    assert "Jansen" not in found.content.decode()
    assert "meij" not in found.request["PATH_INFO"]
    assert AccessLogEntry.objects.filter(kind="search", filter="name").exists()


@pytest.mark.parametrize("name", ["van der Meij", "Van der mei", "meij"])
def test_search_finds_a_name_with_its_prefix(gp, world, name):
    shown = make_referral(world, client=make_client(world.practice, prefix="van der", family_name="Meijer"))

    assert str(shown.reference) in gp.send(reverse("referrals_search"), {"name": name}).content.decode()


def test_search_of_nothing_shows_the_list(gp):
    assert gp.send(reverse("referrals_search"), {"name": " "}).url == reverse("referrals")


def test_search_of_a_bsn_is_refused(gp, world):
    assert gp.send(reverse("referrals_search"), {"name": "123456782"}).status_code == 422


def test_empty_list_says_where_to_begin(gp, world):
    assert "Nog geen verwijzingen" in gp.get(reverse("referrals")).content.decode()
