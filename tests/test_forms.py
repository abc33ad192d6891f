"""Every POST form of every page carries its tokens, and every address that takes one insists on them.

Pages are walked, not listed: the next form is covered unasked.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django import forms

from tests.conftest import RegionKeepingClient
from tests.test_access_sweep import PEOPLE, PROTECTED
from tests.test_bad_input import PEOPLE as WALKERS
from tests.test_bad_input import name_of, own_objects, pages_of, sign_in_freshly
from tests.urls import addresses, own
from wor.accounts.permissions import may
from wor.audit.models import Event
from wor.forms import WorForm

# About the person and not about a role: these may be sent from a page that was opened in another role.
ANY_ROLE = {
    *("switch", "switch_to", "socialaccount_connections", "usersessions_list"),
    *("mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes"),
    *("mfa_add_webauthn", "mfa_remove_webauthn"),
}
# Open to anybody, signed in or not.
ANYBODY = {"set_language"}
# What keeps a form from being done twice, or over a colleague's save; ``seen`` is the version of the rota's forms.
GUARDS = {"key", "version", "seen"}
# What may be sent twice, or over a colleague's save, without harm; each with its reason.
NEEDS_NO_GUARD = {
    "client_access": "asks only",
    "referrals_search": "asks only",
    "worklist": "asks only",
    "assign_several": "locks each referral and passes over those that are no longer new",
    "referral_again": "makes a draft, of which a person has one a client",
    "referral_withdraw": "a change of state: the second is refused",
    "invite": "replaces the open invitation to the same role",
    "apply_import": "a change of state: the second is refused",
    "handle_report": "a change of state: the second is refused",
    "add_organisation": "its name is unique in the region",
    "served_areas": "one row a practice and municipality",
    "own_photo": "the whole photo is replaced",
    "person_photo": "the whole photo is replaced",
    "colleague_photo": "the whole photo is replaced",
    "add_presence": "the database refuses what overlaps",
    "report_absence": "the database refuses what overlaps",
}
TECHNICAL = {"csrfmiddlewaretoken", "as", "key", "version", "not_a_bsn", "next"}
# A view is asked for no more pages after so many that showed no form of another kind, or after so many in all.
NOTHING_NEW, ASKED_A_VIEW = 2, 12


@dataclass
class PostForm:
    page: str
    action: str
    values: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)


class PostForms(HTMLParser):
    """Each POST form of a page with its hidden values, and the names of what somebody types or ticks."""

    def __init__(self, path: str):
        super().__init__()
        self.path, self.found, self.open = path, [], None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.open = None
            if given.get("method", "get").lower() == "post":
                self.open = PostForm(self.path, given.get("action") or self.path)
                self.found.append(self.open)
        elif self.open and given.get("name"):
            self.open.values.setdefault(given["name"], given.get("value") or "")
            if tag in ("textarea", "select") or (tag == "input" and given.get("type") != "hidden"):
                self.open.typed.add(given["name"])

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None


def forms_of(client, path: str) -> list[PostForm]:
    answer = client.get(path)
    if answer.status_code != 200 or "html" not in answer.headers.get("Content-Type", ""):
        return []
    parser = PostForms(path)
    parser.feed(answer.content.decode())
    return parser.found


def forms_of_all(client, paths) -> list[PostForm]:
    """By view some pages with forms, in each status that has other forms than the one before."""
    kinds, dull, asked, found = defaultdict(set), Counter(), Counter(), []
    for path in paths:
        name = name_of(path)
        if dull[name] < NOTHING_NEW and asked[name] < ASKED_A_VIEW:
            forms = forms_of(client, path)
            seen = {(name_of(form.action), *sorted(form.typed)) for form in forms}
            asked[name] += 1
            dull[name] += bool(forms) and seen <= kinds[name]
            kinds[name] |= seen
            found += forms
    return found


def lacking(form: PostForm, membership) -> list[str]:
    """What this form does not carry and should."""
    missing = [] if form.values.get("csrfmiddlewaretoken") else ["csrfmiddlewaretoken"]
    name, mine = name_of(form.action), str(getattr(membership, "reference", ""))
    if mine and name not in ANYBODY and form.values.get("as") != mine:
        missing.append("as")
    guarded = GUARDS & set(form.values) or name in {*ANYBODY, *ANY_ROLE, *NEEDS_NO_GUARD}
    if mine and form.typed - TECHNICAL and not guarded:
        missing.append("key or version")
    return missing


@pytest.mark.parametrize("person", WALKERS)
def test_each_form_carries_its_tokens(world, client, person):
    membership = getattr(world, person)
    objects = own_objects(world)
    sign_in_freshly(client, membership)

    changed = Event.objects.count()

    forms = forms_of_all(client, pages_of(membership, objects))

    assert Event.objects.count() == changed  # opening a page changes nothing, whatever the page
    assert forms
    assert {(name_of(form.action), *lacking(form, membership)) for form in forms if lacking(form, membership)} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("address", addresses(), ids=lambda each: each.name or each.route)
def test_each_address_refuses_a_form_without_token(address):
    client = RegionKeepingClient(enforce_csrf_checks=True)
    path = address.path() if not address.route.startswith("^") else "/aanmelden/nieuw-wachtwoord/1-abc-def/"

    assert client.post(path).status_code == 403, address.route


@pytest.mark.parametrize("person", PEOPLE)
def test_each_address_refuses_a_form_of_another_role(world, client, person):
    """Sent from a page that was opened in another role, or in none: nothing is done, and the answer says why."""
    membership = getattr(world, person)
    client.sign_in(membership)

    for address in PROTECTED:
        if not may(membership.role, address.access) or address.name in ANY_ROLE:
            continue
        for carried in ({"as": str(world.second_coach.reference)}, {}):
            answer = client.post(address.path(), carried)
            assert answer.status_code == 409, address.route
            assert "hoort bij een andere rol" in answer.content.decode(), address.route


def test_only_what_is_about_the_person_goes_in_any_role():
    def any_role(view):
        return getattr(view, "wor_any_role", False) or getattr(getattr(view, "view_class", None), "wor_any_role", False)

    assert {each.name for each in own() if any_role(each.view)} == ANY_ROLE


class Mended(WorForm):
    mail, site = forms.EmailField(), forms.URLField(assume_scheme="https")
    day, count = forms.DateField(), forms.IntegerField(min_value=5, max_value=9)
    short, own = forms.CharField(max_length=3), forms.DateField(error_messages={"invalid": "Eigen zin."})


def test_each_error_says_how_to_mend_it():
    typed = {"mail": "x", "site": "::", "day": "31-2-2026", "count": "2", "short": "lang", "own": "x"}

    errors = {name: found[0] for name, found in Mended(typed).errors.items()}

    assert "naam@voorbeeld.nl" in errors["mail"]
    assert "www.voorbeeld.nl" in errors["site"]
    assert "12-3-2026" in errors["day"]
    assert errors["count"] == "Kies 5 of meer."
    assert errors["short"] == "Dit is te lang: hoogstens 3 tekens. Het zijn er nu 4."
    assert errors["own"] == "Eigen zin."
