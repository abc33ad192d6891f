"""The menu says where one is, also on a page inside a place."""

import pytest
from django.test import RequestFactory

from wor.accounts.context import navigation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "path", "place", "said"),
    [
        ("region_admin", "/beheer/regio/", "Regio", "page"),
        ("region_admin", "/beheer/lijsten/", "Regio", "true"),
        ("region_admin", "/rapporten/", "Regio", "true"),
        ("region_admin", "/beheer/uitnodigingen/1/", "Mensen", "true"),
        ("referrer", "/verwijzingen/nieuw/", "Nieuwe verwijzing", "page"),
        ("referrer", "/verwijzingen/1/vragen/", "Mijn verwijzingen", "true"),
        ("coordinator", "/verdelen/uren/", "Uren en rooster", "page"),
        ("coordinator", "/verdelen/1/toewijzen/", "Verdelen", "true"),
        ("coordinator", "/beheer/sociale-kaart/antwoorden/", "Sociale kaart", "true"),
        ("region_admin", "/sociale-kaart/1/", "Sociale kaart", "true"),
        ("coach", "/werkvoorraad/1/contact/", "Werkvoorraad", "true"),
        ("coach", "/account/", "", ""),
    ],
)
def test_menu_shows_the_place_a_page_belongs_to(world, who, path, place, said):
    shown = navigation(RequestFactory().get(path), getattr(world, who))

    assert [(str(each.label), each.current) for each in shown if each.current] == ([(place, said)] if place else [])
