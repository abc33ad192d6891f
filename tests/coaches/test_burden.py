"""A light track asks a coach at most five forms and twelve things that must be entered (product.md)."""

from html.parser import HTMLParser

from django.urls import reverse

from referrals.models import Status
from tests.coaches.parts import again, reason, url
from tests.factories import make_referral


class PostForms(HTMLParser):
    """The forms of a page that are sent by POST to one address, with their fields as a browser would fill them."""

    def __init__(self, page: str, path: str, *, button: str = ""):
        super().__init__()
        self.path, self.button, self.inside = path, button, False
        self.filled: dict[str, str] = {}
        self.required: set[str] = set()
        self.area = ""
        self.feed(page)

    def handle_starttag(self, tag, pairs):
        at = dict(pairs)
        if tag == "form" and at.get("method") == "post":
            self.inside = at.get("action", self.path) == self.path
        if not self.inside or tag not in ("input", "textarea", "select") or not at.get("name"):
            return
        if "required" in at:
            self.required.add(at["name"])
        if at.get("type") not in ("radio", "checkbox") or "checked" in at:
            self.filled.setdefault(at["name"], at.get("value", ""))
        self.area = at["name"] if tag == "textarea" else ""

    def handle_data(self, text):
        if self.inside and self.area:
            self.filled[self.area] += text.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = ""
        if tag == "form":
            self.inside = False

    @property
    def to_enter(self) -> set[str]:
        """Required and not filled in already."""
        return {name for name in self.required if not self.filled.get(name, "").strip()}


class Track:
    """A coach who fills in only what must be, and sends."""

    def __init__(self, client):
        self.client, self.forms, self.fields = client, 0, 0

    def send(self, shown: str, path: str, **entered):
        page = self.client.get(shown).content.decode()
        form = PostForms(page, path)
        must = form.to_enter | set(entered)
        assert form.to_enter <= set(entered), f"also asked: {form.to_enter - set(entered)}"
        self.forms, self.fields = self.forms + 1, self.fields + len(must)
        answer = self.client.send(path, {**form.filled, **entered})
        assert answer.status_code == 302, answer.content.decode()[:2000]


def test_light_track_asks_little(world, client):
    referral = make_referral(world)
    outcome = str(reason(world, "completed", "joined_activity").reference)
    case = reverse("case", args=[referral.reference])
    track = Track(client.sign_in(world.coach))

    track.send(case, url("accept", referral))
    track.send(url("log_contact", referral), url("log_contact", referral), result="spoken")
    track.send(url("first_talk", referral), url("first_talk", referral))
    track.send(url("feedback", referral), url("feedback", referral))
    track.send(url("close", referral), url("close", referral), reason=outcome)

    assert again(referral).status == Status.COMPLETED
    assert referral.feedback.count() == 2
    assert (track.forms, track.fields) <= (5, 12)
    assert (track.forms, track.fields) == (5, 2)
