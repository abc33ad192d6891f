"""Each sweep is broken once on purpose, and must name exactly what is wrong: a sweep that sees nothing protects nobody.

Here what is code: addresses, views, forms. What is in the database: test_policies_proven.py.
"""

from types import ModuleType

import pytest
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

import wor.urls
from referrals.models import Referral
from tests import test_access_sweep, test_bad_input, test_forms
from tests.factories import make_referral
from tests.urls import own
from wor.accounts import permissions
from wor.accounts.middleware import RegionMiddleware
from wor.accounts.models import Role
from wor.accounts.permissions import Permission, allow, public
from wor.pages import get_visible
from wor.tenancy.context import open_region
from wor.tenancy.models import Region

ROUTE = "proef/<uuid:reference>/"


@pytest.fixture
def install(settings):
    """Add one view to the application; gives its address as the sweeps see it."""

    def add(view, route=ROUTE, name="proef"):
        urls = ModuleType("urls_with_a_hole")
        vars(urls).update({key: value for key, value in vars(wor.urls).items() if key.startswith("handler")})
        urls.urlpatterns = [*wor.urls.urlpatterns, path(route, view, name=name)]
        settings.ROOT_URLCONF = urls
        [address] = [each for each in own() if each.name == name]
        return address

    return add


@pytest.fixture
def only(monkeypatch):
    """Let a sweep walk these addresses alone, so that the proof takes no minute."""

    def walk(*addresses):
        monkeypatch.setattr(test_access_sweep, "PROTECTED", list(addresses))
        monkeypatch.setattr(test_access_sweep, "WITH_REFERENCE", [each for each in addresses if each.takes_reference])
        monkeypatch.setattr(test_forms, "PROTECTED", list(addresses))

    return walk


def fails(sweep, *arguments) -> str:
    """The first line of what the sweep says; it must say something."""
    with pytest.raises(AssertionError) as found:
        sweep(*arguments)
    return str(found.value).splitlines()[0]


def page_of(template: str, request, **context) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(template).render(context, request))


# Who may open what


def test_view_without_a_permission_is_named_and_opens_for_nobody(install, world, client):
    def forgotten(request, reference):
        return HttpResponse("open")

    address = install(forgotten)

    assert fails(test_access_sweep.test_each_view_says_who_may_open_it, address) == ROUTE
    assert client.sign_in(world.coach).get(address.path()).status_code == 403


def test_public_view_that_nobody_listed_is_named(install):
    address = install(public(lambda request, reference: HttpResponse("open")))

    assert fails(test_access_sweep.test_each_view_says_who_may_open_it, address) == ROUTE


def test_page_that_opens_without_sign_in_is_named(install, only, client, monkeypatch, db):
    monkeypatch.setattr(RegionMiddleware, "process_view", lambda *arguments: None)
    address = install(allow(Permission.GUIDE)(lambda request, reference: HttpResponse("open")))

    assert "200 == 302" in fails(test_access_sweep.test_each_protected_page_asks_to_sign_in, client, address)


def test_page_that_opens_for_the_wrong_role_is_named(install, only, world, client, monkeypatch):
    monkeypatch.setattr("wor.accounts.middleware.may", lambda role, permission: True)
    address = install(allow(Permission.GUIDE)(lambda request, reference: HttpResponse("open")))
    only(address)

    assert fails(test_access_sweep.test_each_role_is_refused_what_it_may_not_open, world, client, "funder") == ROUTE


def test_payer_who_may_read_cases_is_seen(world, client, monkeypatch):
    more = permissions.ROLE_PERMISSIONS[Role.FUNDER] | {Permission.READ_CASE}
    monkeypatch.setitem(permissions.ROLE_PERMISSIONS, Role.FUNDER, more)

    fails(test_access_sweep.test_no_path_to_a_person_for_who_only_counts_or_manages, world, client, "funder")


# What belongs to others


def test_view_that_starts_at_all_objects_is_named(install, only, world, client):
    @allow(Permission.GUIDE)
    def careless(request, reference):
        get_visible(Everything, request, reference)
        return HttpResponse("een dossier")

    class Everything:
        class objects:
            @staticmethod
            def visible_to(membership):
                return Referral.objects.all()

    only(install(careless))

    sweep = test_access_sweep.test_another_organisations_cases_do_not_exist
    assert fails(sweep, world, client, "stranger_coach") == ROUTE


def test_view_that_opens_another_region_is_named(install, only, world, elsewhere, client):
    @allow(Permission.GUIDE)
    def careless(request, reference):
        for region in Region.objects.all():
            with open_region(region.pk):
                if Referral.objects.filter(reference=reference).exists():
                    return HttpResponse("een dossier")
        return HttpResponse("niets", status=404)

    only(install(careless))

    sweep = test_access_sweep.test_what_is_elsewhere_does_not_exist
    assert fails(sweep, world, elsewhere, client, "coach") == ROUTE


def test_answer_that_tells_a_missing_from_a_foreign_object_is_named(install, only, world, elsewhere, client):
    """The status is the same; one word differs."""

    @allow(Permission.GUIDE)
    def talkative(request, reference):
        with open_region(elsewhere.region.pk):
            known = Referral.objects.filter(reference=reference).exists()
        return HttpResponse("niet van u" if known else "niet gevonden", status=404)

    only(install(talkative))

    sweep = test_access_sweep.test_what_is_elsewhere_does_not_exist
    assert fails(sweep, world, elsewhere, client, "coach") == ROUTE


# Forms


BARE = '<form method="post" action="{{ path }}"><input name="note"><button>Bewaren</button></form>'
WITH_TOKEN = "{% load form_tags %}" + BARE.replace("<input", "{% form_token %}<input")


@pytest.mark.parametrize(
    ("template", "missing"),
    [
        (BARE, ["csrfmiddlewaretoken", "as", "key or version"]),
        (BARE.replace("<input", "{% csrf_token %}<input"), ["as", "key or version"]),
        (WITH_TOKEN, ["key or version"]),
        (WITH_TOKEN.replace("<input", '<input name="version" value="3" type="hidden"><input'), []),
    ],
)
def test_form_without_its_tokens_is_named(install, world, client, template, missing):
    address = install(allow(Permission.GUIDE)(lambda request, reference: page_of(template, request, path=request.path)))
    client.sign_in(world.coach)

    [form] = test_forms.forms_of(client, address.path())

    assert test_forms.lacking(form, world.coach) == missing


def test_second_form_of_a_page_is_seen_too(install, world, client):
    address = install(
        allow(Permission.GUIDE)(lambda request, reference: page_of(WITH_TOKEN + BARE, request, path="/zelfde/"))
    )
    client.sign_in(world.coach)

    first, second = test_forms.forms_of(client, address.path())

    assert "as" not in test_forms.lacking(first, world.coach)
    assert "as" in test_forms.lacking(second, world.coach)


def test_address_that_needs_no_token_is_named(install, db):
    address = install(csrf_exempt(public(lambda request, reference: HttpResponse("gedaan"))))

    assert fails(test_forms.test_each_address_refuses_a_form_without_token, address) == ROUTE


def test_address_that_takes_the_form_of_another_role_is_named(install, only, world, client):
    view = allow(Permission.GUIDE)(lambda request, reference: HttpResponse("gedaan"))
    view.wor_any_role = True
    only(install(view))

    assert fails(test_forms.test_each_address_refuses_a_form_of_another_role, world, client, "coach") == ROUTE
    assert "proef" in fails(test_forms.test_only_what_is_about_the_person_goes_in_any_role)


# Bad input


class Deaf:
    """Hears nothing: what a page lets slip is proven in test_canaries.py."""

    @staticmethod
    def leaks(answer, method: str) -> list[str]:
        return []


def walked(address, world, client) -> test_bad_input.Walk:
    test_bad_input.sign_in_freshly(client, world.coach)
    walk = test_bad_input.Walk(client, Deaf())
    walk.send_back([address.path()])
    return walk


def test_form_that_breaks_is_named(install, world, client):
    @allow(Permission.GUIDE)
    def fragile(request, reference):
        if request.method == "POST" and not request.POST.get("note", "").isdecimal():
            raise ValueError("not a number")
        return page_of(WITH_TOKEN, request, path=request.path)

    walk = walked(install(fragile), world, client)

    with pytest.raises(AssertionError, match=r"post /proef/.*: 500 .*not a number"):
        walk.done()


def test_page_that_repeats_a_script_is_named(install, world, client):
    @allow(Permission.GUIDE)
    def parrot(request, reference):
        shown = request.POST.get("note", "")
        return page_of(WITH_TOKEN + "{{ shown|safe }}", request, path=request.path, shown=shown)

    walk = walked(install(parrot), world, client)

    with pytest.raises(AssertionError, match=r"post /proef/.*: unescaped"):
        walk.done()


def test_refusal_without_a_word_is_named(install, world, client):
    @allow(Permission.GUIDE)
    def curt(request, reference):
        return page_of(WITH_TOKEN, request, path=request.path) if request.method == "GET" else HttpResponse(status=400)

    walk = walked(install(curt), world, client)

    with pytest.raises(AssertionError, match="without a word"):
        walk.done()


def test_a_page_that_is_right_is_not_named(install, only, world, client):
    """What the proofs above add is found for its fault, not for being there."""

    @allow(Permission.GUIDE)
    def careful(request, reference):
        get_visible(Referral, request, reference)
        return page_of(WITH_TOKEN, request, path=request.path)

    address = install(careful)
    only(address)

    test_access_sweep.test_each_view_says_who_may_open_it(address)
    test_access_sweep.test_another_organisations_cases_do_not_exist(world, client, "stranger_coach")
    assert client.sign_in(world.coach).get(address.path(make_referral(world).reference)).status_code == 200
