"""Every form of every page, with what nobody should send: answered with a sentence, never with an error of ours.

Pages are walked, not listed: the next form is covered unasked. For each role its own pages are opened with its own
objects, each POST form found on them is sent back with bad values, first in all fields at once, then in one field of
an otherwise untouched form, so that a service sees it too. Everything that was changed is taken back at once.

Whatever a client could have told is a canary meanwhile (canaries.py): it may come out in a page, and nowhere else.
"""

import datetime as dt
import itertools
import sys
import time
import uuid
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils import timezone

from activities import importing, links
from activities.links import Answer
from activities.models import ActivityReport, ProviderAnswer, ProviderLink
from coaches.models import Action, Contact, Gap
from referrals.models import Absence, Feedback, Message, PracticeIntake, Presence, ReferralDraft, Status
from referrals.services import print_leaflet
from tests.activities.build import make_activity
from tests.canaries import Ear, fill_in, typed
from tests.coaches.placing import make_placement
from tests.factories import make_cell, make_reason, make_referral
from tests.test_logs import log  # noqa: F401  (a fixture)
from tests.urls import own
from wor.accounts.models import Invitation, Role
from wor.accounts.permissions import Permission, may
from wor.accounts.services import invite, issue_invitation_token

SCRIPT = "<script>alert(1)</script>"
BAD = {
    "empty": "",
    "long": "x" * 100_000,
    "emoji": "🙂" * 40,
    "script": f'">{SCRIPT}',
    "nul": "a\x00b",
    "direction": "\u202egro.live\u2066",
    "bsn": "111222333",
    "last day": "31-12-9999",
    "last day iso": "9999-12-31",
    "first day": "01-01-0001",
    "no day": "30-02-2026",
    "negative": "-1",
    "huge": "9" * 30,
    "beyond int": "9" * 5000,
    "fraction": "1e400",
    "digits elsewhere": "٣٤٥",
    "nobody": str(uuid.UUID(int=7)),
    "list": ["a", "b", SCRIPT],
    "file": SimpleUploadedFile("a.html", SCRIPT.encode()),
}
# In all fields at once, a form gets a script and in turn one of these; alone, each field gets one. There are so many
# forms and fields that every value meets every kind of field.
TOGETHER = ("empty", "long", "nul", "last day", "huge", "list", "file")
ALONE = [name for name in BAD if name not in ("file", "list")]
# Likewise in an address.
ODD = ("nul", "long", "huge", "script", "last day", "last day iso", "first day", "list", "nobody")
A_PAGE = 3
# So many of one's own objects are tried to find one in the right state.
TRIES = 4
# Together they may open every page; who shares a page with one of them sees the same forms.
PEOPLE = ("coordinator", "referrer", "region_admin", "funder")
# The same page for everybody, walked once.
ABOUT_ONESELF = (Permission.OWN_ACCOUNT, Permission.INBOX)
# Signing out ends the walk.
NOT_SENT = {"account_logout"}
# In each of these some deed can be done.
STATUSES = (Status.ACTIVE, Status.SENT, Status.ACCEPTED, Status.PAUSED, Status.COMPLETED, Status.DECLINED)
QUERIES = (
    *("thema", "toegang", "kosten", "plaats", "postcode", "km", "volgorde", "van"),
    *("na", "voor", "lijst", "status", "whose", "praktijk", "coach", "zoek", "wie", "dag", "client", "soort"),
)


class Forms(HTMLParser):
    """The POST forms of a page: where each goes, and what a browser would send."""

    def __init__(self, path: str):
        super().__init__()
        self.path, self.found, self.fields, self.waiting = path, {}, None, ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form" and given.get("method", "").lower() == "post":
            self.fields = self.found.setdefault(given.get("action") or self.path, {})
        name = given.get("name")
        if "hx-post" in given and self.fields is not None:
            self.found[given["hx-post"]] = self.fields
        if self.fields is None or not name:
            return
        if tag == "input" and given.get("type") in ("radio", "checkbox"):
            self.fields.setdefault(name, "")
            if "checked" in given or given.get("type") == "radio":
                self.fields[name] = self.fields[name] or given.get("value", "on")
        elif tag in ("input", "button"):
            self.fields[name] = given.get("value") or ""
        elif tag in ("select", "textarea"):
            self.fields.setdefault(name, "")
            self.waiting = name

    def handle_data(self, data):
        if self.waiting and self.fields is not None:
            self.fields[self.waiting] += data.strip()

    def handle_endtag(self, tag):
        if tag in ("textarea", "select"):
            self.waiting = ""
        if tag == "form":
            self.fields = None


class Walk:
    """One person who opens everything they may, and sends back what should not be sent."""

    def __init__(self, client, ear: Ear):
        self.client, self.ear, self.errors, self.failures = client, ear, [], []
        client.raise_request_exception = False
        got_request_exception.connect(self._note)

    def _note(self, sender, **kwargs):
        self.errors.append(repr(sys.exc_info()[1])[:200])

    def ask(self, method: str, path: str, data=None, what: str = "", **extra):
        """Send it, judge the answer, and take back what it changed."""
        self.errors.clear()
        with transaction.atomic():
            answer = getattr(self.client, method)(path, data or {}, **extra)
            leaks = self.ear.leaks(answer, method)
            transaction.set_rollback(True)
        self.failures += [f"{method} {path[:120]} {what}: {answer.status_code} tells in {each}" for each in leaks]
        said = answer.content.decode(errors="replace") if not answer.streaming else ""
        if answer.status_code >= 500 or self.errors:
            self.failures.append(f"{method} {path[:120]} {what}: {answer.status_code} {self.errors}")
        elif SCRIPT in said:
            self.failures.append(f"{method} {path} {what}: unescaped")
        elif 400 <= answer.status_code < 500 and answer.status_code != 401 and not said.strip() and method == "post":
            self.failures.append(f"{method} {path} {what}: {answer.status_code} without a word")
        return answer

    def forms(self, path: str) -> dict[str, dict[str, str]] | None:
        """The POST forms of a page, by address; none when there is no such page."""
        answer = self.ask("get", path)
        if answer.status_code != 200 or "html" not in answer.headers.get("Content-Type", ""):
            return None
        parser = Forms(path)
        parser.feed(answer.content.decode())
        return {action: fields for action, fields in parser.found.items() if name_of(action) not in NOT_SENT}

    def best(self, paths) -> dict[str, tuple[str, dict[str, str]]]:
        """By view one form: where it can be, the one that is taken when it is sent as it stands."""
        found: dict[str, tuple[str, dict[str, str]]] = {}
        taken: set[str] = set()
        tries: Counter[str] = Counter()
        for path in paths:
            if name_of(path) in taken or tries[name_of(path)] >= TRIES:
                continue
            forms = self.forms(path)
            if forms is None:
                continue
            tries[name_of(path)] += 1
            for action, fields in forms.items():
                name = name_of(action)
                if name in taken or (name in found and action != path):
                    continue
                fields = {key: value or typed(key) for key, value in fields.items()}
                found[name] = (action, fields)
                if self.ask("post", action, fields, "as it stands").status_code == 302:
                    taken.add(name)
        return found

    def send_back(self, paths) -> None:
        together, alone = itertools.cycle(TOGETHER), itertools.cycle(ALONE)
        for action, fields in self.best(paths).values():
            kept = {name: fields[name] for name in ("as",) if name in fields}
            names = [name for name in fields if name not in ("as", "csrfmiddlewaretoken")]
            for what in ("script", next(together)):
                self.ask("post", action, {**dict.fromkeys(names, BAD[what]), **kept}, what)
            for name, what in zip(names, alone, strict=False):
                self.ask("post", action, {**fields, name: BAD[what]}, f"{name} {what}")

    def ask_oddly(self, paths) -> None:
        """Filters, cursors and targets in the address that mean nothing."""
        turns = itertools.cycle(ODD)
        for path in paths:
            for what in itertools.islice(turns, A_PAGE):
                bad = BAD[what][:1000] if isinstance(BAD[what], str) else BAD[what]
                self.ask("get", path, dict.fromkeys(QUERIES, bad), f"query {what}")
            odd = {"na": f"{'9' * 16}.{uuid.uuid4()}", "voor": f"{'9' * 17}.{uuid.uuid4()}", "dag": "31-12-9999"}
            self.ask("get", path, odd, "far cursor")
            self.ask("get", path, {"na": f"-{'9' * 16}~{uuid.uuid4()}"}, "cursor before time")

    def done(self) -> None:
        got_request_exception.disconnect(self._note)
        assert not self.failures, "\n".join(self.failures[:40])


def name_of(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return path


@pytest.fixture
def walk(client, log, monkeypatch):  # noqa: F811
    return Walk(client, Ear(log, monkeypatch))


def brought_in(world, entry) -> list:
    """A file that waits for a moderator, and what a provider answered."""
    text = b"Aanbieder;Naam;Wanneer;Kosten\nZang;Koor;do;gratis\nZang;Dans;do;veel\n"
    brought = importing.upload(
        world.region, kind="activities", content=text, file_name="a.csv", key=uuid.uuid4(), by=world.coordinator
    )
    importing.step(world.region, importing.begin(), timezone.now())
    entry.provider.email = "aanbieder@test.example"
    entry.provider.save()
    links.ask(entry.provider, key=uuid.uuid4(), by=world.coordinator)
    said = Answer(entry, entry.version, facts={"schedule": "vrijdag"})
    links.answer(ProviderLink.objects.get(), [said], key=uuid.uuid4())
    return [brought, ProviderAnswer.objects.get()]


def own_objects(world) -> dict[str, list[uuid.UUID]]:
    """By the name of a part of an address: what may stand there for somebody of this world."""
    for kind in ("declined", "not_started", "stopped", "paused", "completed", "withdrawn", "placement"):
        make_reason(world.region, kind)
    make_cell(world.region)
    cases = {status: make_referral(world, status=status) for status in STATUSES}
    active = cases[Status.ACTIVE]
    now, today = timezone.now(), timezone.localdate()
    inside = {"region": world.region, "referral": active}
    own_file = {**inside, "welfare_organisation": world.welfare}
    contact = Contact.objects.create(**own_file, key=uuid.uuid4(), by=world.coach, at=now, kind="talk", way="phone")
    action = Action.objects.create(**own_file, key=uuid.uuid4(), owner=world.coach, due_on=today, text="Bellen")
    asked = {"kind": "question", "body": "Mag ik bellen?"}
    questions = [
        Message.objects.create(**inside, **asked, key=uuid.uuid4(), side=side, by=by)
        for side, by in (("welfare", world.coach), ("practice", world.referrer))
    ]
    feedback = Feedback.objects.create(
        **inside, practice=world.practice, moment="intake", body="Goed.", level="all", sent_at=now, sent_by=world.coach,
        key=uuid.uuid4(),
    )  # fmt: skip
    draft = ReferralDraft.objects.create(
        region=world.region, practice=world.practice, written_by=world.referrer, payload={"given_name": "Jo"}
    )
    planned = {"region": world.region, "coach": world.coach}
    presence = Presence.objects.create(
        **planned, practice=world.practice, weekday=1, starts=dt.time(9), ends=dt.time(12)
    )
    absence = Absence.objects.create(**planned, span=(today, None), cover=world.second_coach)
    invitation = Invitation.objects.create(
        region=world.region, email="a@b.example", name="A", organisation=world.practice, role="referrer", expires_at=now
    )
    entries = [make_activity(world.region, f"Koor {status}", status=status) for status in ("live", "draft", "paused")]
    report = ActivityReport.objects.create(
        region=world.region, activity=entries[0], body="De tijd is anders.", key=uuid.uuid4()
    )
    placements = [make_placement(world, active), make_placement(world, active, "started")]
    gap = Gap.objects.create(
        region=world.region, kind="full", welfare_organisation=world.welfare, practice=world.practice, by=world.coach,
        key=uuid.uuid4(),
    )  # fmt: skip
    others = [case for case in cases.values() if case != active]
    rows = [active, *others, *(case.client for case in (active, *others)), draft, presence, absence, invitation]
    rows += [world.coach, world.practice, world.welfare, PracticeIntake.objects.get(), *entries, entries[0].provider]
    rows += [report, gap, *brought_in(world, entries[0])]
    return {
        "reference": share_references(rows),
        "contact": [contact.reference],
        "action": [action.reference],
        "placement": [each.reference for each in placements],
        "activity": [entries[0].reference],
        "question": [each.reference for each in questions],
        "feedback": [feedback.reference],
        "coach": [world.coach.reference],
        "practice": [world.practice.reference],
    }


def share_references(rows) -> list[uuid.UUID]:
    """The first of each kind gets the same reference, the second another: an address finds the kind it asks for."""
    shared: list[uuid.UUID] = []
    seen: Counter[type] = Counter()
    for row in rows:
        if seen[type(row)] == len(shared):
            shared.append(uuid.uuid4())
        row.reference = shared[seen[type(row)]]
        seen[type(row)] += 1
        assert type(row).objects.filter(pk=row.pk).update(reference=row.reference) == 1
    return shared


def fill(route: str, objects: dict[str, list[uuid.UUID]]) -> list[str]:
    """The addresses of a route with each of one's own objects in it."""
    paths = [f"/{route}"]
    for name, references in objects.items():
        part = f"<uuid:{name}>"
        paths = [path.replace(part, str(each)) for path in paths for each in (references if part in path else [None])]
    for part, text in (("<int:stamp>", "1"), ("<slug:kind>", "practice"), ("<path:rest>", "berichten/")):
        paths = [path.replace(part, text) for path in paths]
    return [path for path in paths if "<" not in path]


def pages_of(membership, objects) -> list[str]:
    """The addresses this person may open, with each of their own objects."""
    return [
        path
        for address in own()
        if address.access != "public" and may(membership.role, address.access)
        if address.access not in ABOUT_ONESELF or membership.role == Role.FUNDER
        for path in fill(address.route, objects)
    ]


def sign_in_freshly(client, membership) -> None:
    """So that pages which ask to prove oneself again open too."""
    client.sign_in(membership)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()


@pytest.mark.parametrize("person", PEOPLE)
def test_no_form_breaks_on_bad_input(world, walk, person):
    membership = getattr(world, person)
    objects = own_objects(world)
    fill_in(world)
    sign_in_freshly(walk.client, membership)

    pages = pages_of(membership, objects)
    walk.send_back(pages)
    walk.ask_oddly([path for path in pages if not any(str(each) in path for each in objects["reference"])])

    walk.done()


def test_no_public_form_breaks_on_bad_input(world, walk):
    """Pages without sign-in: those of strangers, of a leaflet and of an invitation."""
    token = print_leaflet(make_referral(world), by=world.referrer)
    invited = invite(world.practice, email="nieuw@b.example", name="A", role="referrer", by=world.region_admin)
    region = f"/r/{world.region.slug}"
    pages = ["/aanmelden/", "/aanmelden/wachtwoord-vergeten/", "/hulp/", f"{region}/", f"{region}/l/{token}/"]
    activity = make_activity(world.region, "Koor")
    pages += [f"{region}/sociale-kaart/", f"{region}/sociale-kaart/afdrukken/"]
    pages += [f"{region}/sociale-kaart/{activity.reference}/", f"{region}/sociale-kaart/{activity.reference}/melden/"]
    activity.provider.email = "aanbieder@test.example"
    activity.provider.save()
    asked = links.ask(activity.provider, key=uuid.uuid4(), by=world.coordinator)
    pages += [f"{region}/a/{links.issue_token(asked)}/", f"{region}/a/bedankt/"]
    pages += [f"{region}/l/{token}/stoppen/", f"{region}/uitnodiging/{issue_invitation_token(invited)}/"]

    walk.send_back(pages)
    walk.ask_oddly(pages)
    for odd in ("%00", "%FF", "a%00b", "🙂", "x" * 3000, "..%2f", "%0d%0aSet-Cookie:a=b"):
        for path in (
            f"/{odd}/",
            f"/r/{odd}/",
            f"{region}/l/{odd}/",
            f"{region}/uitnodiging/{odd}/",
            f"{region}/a/{odd}/",
            f"/werkvoorraad/{odd}/",
        ):
            walk.ask("get", path)

    walk.done()
