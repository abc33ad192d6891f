"""Every role's own pages at a phone's and a wide screen's width: a picture, no sideways scrolling, and axe once."""

import pytest

PHONE = 360
PAGES = {
    "referrer": ["/verwijzingen/nieuw/", "/verwijzingen/", "/berichten/", "/account/"],
    "assistant": ["/verwijzingen/nieuw/", "/verwijzingen/"],
    "coach": ["/werkvoorraad/", "/werkvoorraad/uren/", "/berichten/"],
    "coordinator": ["/verdelen/", "/verdelen/uren/", "/werkvoorraad/"],
    "core_team": ["/wie-doet-mee/"],
    "funder": ["/wie-doet-mee/"],
    "region_admin": [
        *("/beheer/mensen/", "/beheer/mensen/uitnodigen/", "/beheer/organisaties/", "/beheer/regio/"),
        "/beheer/logboek/",
    ],
}
OPEN_PAGES = [
    *("/aanmelden/", "/aanmelden/wachtwoord-vergeten/", "/hulp/", "/toegankelijkheid/", "/privacy/"),
    *("/r/rivierenland/", "/bestaat-niet/"),
]


@pytest.mark.parametrize("width", [PHONE, 1920])
@pytest.mark.parametrize("who", PAGES)
def test_pages_of_a_role(site, visit, who, width):
    visitor = visit(who, width=width)
    for path in PAGES[who]:
        visitor.open(path).look(f"{who}{path.replace('/', '-')}{width}", axe=width == PHONE)


@pytest.mark.parametrize("width", [PHONE, 1920])
def test_pages_for_everybody(site, visit, width):
    visitor = visit(width=width)
    for path in OPEN_PAGES:
        visitor.open(path).look(f"open{path.replace('/', '-')}{width}", axe=width == PHONE)


def test_region_page_sets_no_cookie(site, visit):
    visitor = visit()
    visitor.open("/r/rivierenland/")

    assert visitor.context.cookies() == []
