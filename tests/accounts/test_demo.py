"""What exists in the demo only."""

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from tests.factories import make_membership, make_user
from wor.demo import context, views


@pytest.fixture
def demo_coach(world):
    """The demo's coach in Rivierenland."""
    return make_membership(world.welfare, "coach", user=make_user(email="coach@rivierenland.example", name="Samira"))


@pytest.fixture
def demo_urls(settings, monkeypatch):
    """The addresses of a process that runs with WOR_DEMO=1."""
    monkeypatch.setattr("tests.accounts.test_demo.reverse", lambda name, args: f"/demo/{'/'.join(args)}/")
    monkeypatch.setattr(context, "reverse", lambda name, args: f"/demo/{'/'.join(args)}/")


def test_the_demo_offers_its_people_for_each_region(demo_coach, demo_urls):
    (group,) = context.demo_regions()

    assert group["region"].slug == "rivierenland"
    (account,) = group["accounts"]
    assert (account.name, account.role) == ("Samira", "welzijnscoach")
    assert account.url == "/demo/rivierenland/coach/"


def test_one_click_exists_in_the_demo_only(demo_coach):
    with pytest.raises(NoReverseMatch):
        reverse("demo_sign_in", args=["rivierenland", "coach"])
    with pytest.raises(Http404):
        views.sign_in(RequestFactory().post("/"), "rivierenland", "coach")


def test_sign_in_page_shows_no_demo_people(demo_coach, client):
    page = client.get("/aanmelden/").content.decode()

    assert "Samira" not in page
    assert "Nog geen account?" in page


@pytest.mark.parametrize(("region", "who"), [("rivierenland", "niemand"), ("nergens", "coach"), ("heideland", "coach")])
def test_one_click_refuses_anybody_else(demo_coach, settings, region, who):
    settings.DEMO = True

    with pytest.raises(Http404):
        views.sign_in(RequestFactory().post("/"), region, who)
