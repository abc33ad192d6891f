"""Dutch first."""

import pytest

pytestmark = pytest.mark.django_db


def test_page_is_dutch_whatever_the_browser_speaks(client):
    answer = client.get("/hulp/", headers={"Accept-Language": "en-GB"})

    assert answer["Content-Language"] == "nl"
    assert b'lang="nl"' in answer.content


def test_switch_makes_it_english(client):
    client.post("/taal/", {"language": "en", "next": "/hulp/"})

    assert b'lang="en"' in client.get("/hulp/").content


def test_switch_goes_only_to_own_paths(client):
    answer = client.post("/taal/", {"language": "en", "next": "https://elders.example/"})

    assert answer["Location"] == "/"
