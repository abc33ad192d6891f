"""Berichten: what is new, newest first."""

import pytest
from django.urls import reverse

from tests.counting import sql_at_most
from tests.factories import make_membership, make_referral
from wor.outbox.models import Notice
from wor.outbox.services import notify
from wor.tenancy.context import open_region

K = Notice.Kind


def tell(world, *people, kind=K.FEEDBACK, referral=None):
    notify(kind, referral or make_referral(world), people, by=world.coach)


def test_notices_shows_what_is_new_and_where_it_leads(client, world):
    referral = make_referral(world)
    tell(world, world.referrer, referral=referral)

    page = client.sign_in(world.referrer).get(reverse("notices"))

    assert "Er is een terugkoppeling voor u" in page.content.decode()
    assert reverse("referral", args=[referral.reference]) in page.content.decode()
    assert "Nieuw</span>" in page.content.decode()


def test_notices_shows_only_my_own(client, world):
    tell(world, world.assistant)

    page = client.sign_in(world.referrer).get(reverse("notices"))

    assert "Geen berichten" in page.content.decode()


def test_notices_pages_by_key_without_row_numbers(client, world):
    referral = make_referral(world)
    for _each in range(30):
        tell(world, world.referrer, referral=referral)
    client.sign_in(world.referrer)

    first = client.get(reverse("notices"))
    second = client.get(reverse("notices") + first.context["older_url"])

    assert (len(first.context["lines"]), len(second.context["lines"])) == (25, 5)
    assert second.context["older_url"] == ""


@pytest.mark.parametrize("key", ["iets", "00000000-0000-4000-8000-000000000000", "%00"])
def test_notices_survives_a_strange_key(client, world, key):
    assert client.sign_in(world.referrer).get(reverse("notices") + f"?na={key}").status_code == 200


def test_read_all_marks_and_can_be_taken_back(client, world):
    tell(world, world.referrer)
    tell(world, world.referrer)
    client.sign_in(world.referrer)

    done = client.send(reverse("notices_read_all"), follow=True)
    undo = next(str(message.extra_tags) for message in done.context["messages"]).removeprefix("undo=")
    assert Notice.objects.filter(read_at__isnull=True).count() == 0

    client.send(undo)
    assert Notice.objects.filter(read_at__isnull=True).count() == 2


def test_unread_again_leaves_what_somebody_read_before(client, world):
    tell(world, world.referrer)
    client.sign_in(world.referrer).send(reverse("notices_read_all"))

    client.send(reverse("notices_unread_again", args=[1]))

    assert Notice.objects.filter(read_at__isnull=True).count() == 0


def test_read_all_on_its_own_page_asks_first(client, world):
    page = client.sign_in(world.coach).get(reverse("notices_read_all"))

    assert page.status_code == 200
    assert "Alles als gelezen markeren" in page.content.decode()


def in_both_regions(world, elsewhere):
    """Somebody who works in two regions, and in the other one two things are new."""
    with open_region(elsewhere.region.pk):
        there = make_membership(elsewhere.practice, "referrer", user=world.coach.user)
        for _each in range(2):
            notify(K.FEEDBACK, make_referral(elsewhere), [there])
    return there


def test_notices_shows_in_which_other_role_something_is_new(client, world, elsewhere):
    """The day's one mail leads to one inbox."""
    there = in_both_regions(world, elsewhere)
    client.sign_in(world.coach)

    page = client.get(reverse("notices"))
    assert "2 nieuwe berichten" in page.content.decode()
    assert f'href="{reverse("switch", args=[there.reference])}?next=/berichten/"' in page.content.decode()
    client.post(page.context["elsewhere"][0].switch_url, {"as": str(world.coach.reference)})
    assert client.get(reverse("notices")).context["elsewhere"] == []
    assert client.session["membership"] == there.pk


def test_notices_counts_its_queries_for_somebody_with_two_roles(client, world, elsewhere):
    in_both_regions(world, elsewhere)
    client.sign_in(world.coach).get(reverse("notices"))

    with sql_at_most(15):
        client.get(reverse("notices"))


def test_notices_counts_its_queries(client, world):
    for _each in range(5):
        tell(world, world.referrer)
    client.sign_in(world.referrer).get(reverse("notices"))

    with sql_at_most(12):
        client.get(reverse("notices"))
