"""The sociale kaart for anybody: no sign-in, no cookie, found and printed; and the form that works without cookies."""

import re
import time

import pytest
from django.core import signing

from activities.models import ActivityReport
from tests.activities.build import make_activity
from tests.conftest import RegionKeepingClient
from wor import signed_forms

PUBLIC = "/r/rivierenland/sociale-kaart/"


@pytest.fixture
def visitor(db):
    return RegionKeepingClient(enforce_csrf_checks=True)


def paths(activity) -> list[str]:
    own = f"{PUBLIC}{activity.reference}/"
    return [PUBLIC, f"{PUBLIC}?zoek=koor", f"{PUBLIC}afdrukken/", f"{PUBLIC}doelgroepenkaart/", own, f"{own}afdrukken/"]


def test_public_pages_set_no_cookie_and_may_be_kept_and_found(world, visitor):
    for path in paths(make_activity(world.region, "Koor", cells=[world.cell])):
        answer = visitor.get(path)

        assert answer.status_code == 200
        assert not answer.cookies, path
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert answer.headers["X-Robots-Tag"] == "all"
        assert not re.search(r'(?:src|href)="(?:https?:)?//(?!testserver)', answer.content.decode()), path


def test_public_pages_are_the_same_for_who_is_signed_in(world, client):
    for path in paths(make_activity(world.region, "Koor")):
        asked = RegionKeepingClient().get(path).content
        assert client.sign_in(world.coordinator).get(path).content == asked, path


def test_signed_in_pages_are_not_for_search_engines(world, client):
    answer = client.sign_in(world.coach).get("/sociale-kaart/")

    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_public_page_of_what_is_not_there_is_not_found(world, visitor, status):
    activity = make_activity(world.region, status=status)

    for path in [*paths(activity)[4:], f"{PUBLIC}{activity.reference}/melden/"]:
        answer = visitor.get(path)
        assert answer.status_code == 404
        # Who needs no account has no role and no list to look in.
        assert "andere rol" not in answer.content.decode()
        assert f'href="{PUBLIC}"' in answer.content.decode()


@pytest.mark.parametrize(("asked", "sentence"), [("postcode=abc&km=2", "Schrijf de postcode zo"), ("km=2", "ook een")])
def test_public_page_says_why_there_is_no_distance(world, visitor, asked, sentence):
    make_activity(world.region, "Koor")

    page = visitor.get(f"{PUBLIC}?{asked}").content.decode()

    assert sentence in page
    assert "Koor" in page


def test_public_page_of_an_unknown_region_is_not_found(visitor):
    assert visitor.get("/r/nergens/sociale-kaart/").status_code == 404
    assert visitor.get("/r/nergens/sitemap.xml").status_code == 404


def test_sitemap_and_robots_name_the_public_pages(world, visitor):
    activity = make_activity(world.region)
    hidden = make_activity(world.region, "Concept", status="draft")

    sitemap = visitor.get("/r/rivierenland/sitemap.xml").content.decode()

    assert f"http://testserver{PUBLIC}{activity.reference}/" in sitemap
    assert str(hidden.reference) not in sitemap
    assert "Sitemap: http://testserver/r/rivierenland/sitemap.xml" in visitor.get("/robots.txt").content.decode()


def test_print_holds_the_public_address_as_a_code(world, client):
    activity = make_activity(world.region, "Koor", contact_phone="0344000100")

    page = client.sign_in(world.referrer).get(f"/sociale-kaart/{activity.reference}/afdrukken/").content.decode()

    assert "data:image/png;base64," in page
    assert "0344 000 100" in page


def test_map_shows_offer_and_gaps(world, visitor):
    page = visitor.get(f"{PUBLIC}doelgroepenkaart/").content.decode()
    assert "Hier is nog geen aanbod" in page

    make_activity(world.region, "Koor", cells=[world.cell])

    page = visitor.get(f"{PUBLIC}doelgroepenkaart/").content.decode()
    assert "Koor" in page
    assert "Hier is nog geen aanbod" not in page


# Klopt dit niet?


def token_of(page: bytes) -> str:
    return re.search(rb'name="bewijs" value="([^"]+)"', page)[1].decode()


def send(visitor, path, body="De tijd is anders.", **extra):
    token = extra.pop("token", None) or token_of(visitor.get(path).content)
    return visitor.post(path, {"body": body, "bewijs": token}, **extra)


def test_report_of_a_visitor_arrives_without_a_cookie(world, visitor):
    path = f"{PUBLIC}{make_activity(world.region).reference}/melden/"

    answer = send(visitor, path)

    assert (answer.status_code, answer.cookies) == (302, {})
    assert visitor.get(answer["Location"]).status_code == 200
    [report] = ActivityReport.objects.all()
    assert (report.body, report.by) == ("De tijd is anders.", None)


def test_report_form_counts_once(world, visitor):
    path = f"{PUBLIC}{make_activity(world.region).reference}/melden/"
    token = token_of(visitor.get(path).content)

    for _turn in range(3):
        assert send(visitor, path, token=token).status_code == 302

    assert ActivityReport.objects.count() == 1


def forged(path: str) -> dict[str, tuple[str, dict]]:
    """By what is wrong: a token, and headers."""
    good = signing.dumps({"path": path, "key": "0" * 8 + "-0000-4000-8000-" + "0" * 12}, salt=signed_forms.SALT)
    elsewhere = signing.dumps({"path": "/ergens/", "key": "0" * 32}, salt=signed_forms.SALT)
    return {
        "none": ("x", {}),
        "changed": (good[:-1] + ("A" if good[-1] != "A" else "B"), {}),
        "of another page": (elsewhere, {}),
        "from another site": (good, {"headers": {"Origin": "https://kwaad.example"}}),
        "without origin": (good, {"headers": {"Origin": "null"}}),
    }


@pytest.mark.parametrize("wrong", ["none", "changed", "of another page", "from another site", "without origin"])
def test_report_that_our_own_page_did_not_send_is_refused(world, visitor, wrong):
    path = f"{PUBLIC}{make_activity(world.region).reference}/melden/"
    token, extra = forged(path)[wrong]

    answer = send(visitor, path, token=token, **extra)

    assert answer.status_code == 403
    assert not ActivityReport.objects.exists()


def test_report_form_that_stood_open_too_long_is_refused_with_the_text(world, visitor, time_machine):
    path = f"{PUBLIC}{make_activity(world.region).reference}/melden/"
    token = token_of(visitor.get(path).content)
    time_machine.move_to(time.time() + signed_forms.SECONDS + 60)

    answer = send(visitor, path, token=token)

    assert answer.status_code == 403
    assert "De tijd is anders." in answer.content.decode()


def test_report_with_a_bsn_is_refused(world, visitor):
    path = f"{PUBLIC}{make_activity(world.region).reference}/melden/"

    answer = send(visitor, path, "Bel 111222333")

    assert answer.status_code == 422
    assert "burgerservicenummer" in answer.content.decode()
    assert not ActivityReport.objects.exists()


def test_reports_from_one_address_are_limited(world, visitor):
    path = f"{PUBLIC}{make_activity(world.region).reference}/melden/"

    answers = [send(visitor, path).status_code for _turn in range(6)]

    assert answers == [302] * 5 + [429]
    assert ActivityReport.objects.count() == 5
