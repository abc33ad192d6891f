"""Pages that need no sign-in: help, accessibility, privacy, and the region's own."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize("name", ["help", "accessibility", "privacy"])
def test_footer_page_opens_for_visitors_and_for_who_is_signed_in(client, world, name):
    assert client.get(reverse(name)).status_code == 200
    assert client.sign_in(world.coach).get(reverse(name)).status_code == 200


def test_region_page_sets_no_cookie_and_reads_no_session(client, world):
    page = client.get(reverse("region_page", args=["rivierenland"]))

    assert "Welzijn op Recept in Rivierenland" in page.content.decode()
    assert not page.cookies
    assert "Cookie" not in page.headers.get("Vary", "")


def test_region_page_is_the_same_for_who_is_signed_in(client, world):
    visitor = client.get(reverse("region_page", args=["rivierenland"])).content
    colleague = client.sign_in(world.coach).get(reverse("region_page", args=["rivierenland"])).content

    assert visitor == colleague


def test_region_page_shows_the_statement_as_text(client, world):
    world.region.privacy_statement = "Wij zijn zuinig.\n\n<script>alert(1)</script>"
    world.region.save()

    page = client.get(reverse("region_page", args=["rivierenland"])).content.decode()

    assert "<p>Wij zijn zuinig.</p>" in page
    assert "<script>alert" not in page


def test_region_page_of_an_unknown_region_is_not_there(client, db):
    assert client.get("/r/nergens/").status_code == 404


@pytest.mark.parametrize("path", ["/r/rivierenland/", "/hulp/"])
def test_numbers_for_danger_can_be_pressed(client, world, path):
    page = client.get(path).content.decode()

    for number in ("112", "113", "08000113"):
        assert f'href="tel:{number}"' in page
