"""What a referrer types on the screen."""

import uuid
from html.parser import HTMLParser

from django.urls import reverse


def typed(world, **changed) -> dict:
    """A filled-in screen, as a browser sends it."""
    data = {
        "key": str(uuid.uuid4()),
        "consent_for": str(world.welfare.reference),
        "given_name": "Johanna",
        "family_name": "de Vries",
        "birth_date": "12-3-1956",
        "phone": "06 1234 5678",
        "postcode": "4001 SA",
        "reach_via": "phone",
        "language": "Nederlands",
        "feedback_level": "all",
        "target_cell": str(world.cell.reference),
        "help_request": "Wil weer onder de mensen komen.",
        "consent": "on",
        "consent_how": "spoken",
        "given_by_kind": "patient",
        "given_on": "1-11-2026",
    }
    return {name: value for name, value in {**data, **changed}.items() if value is not None}


def refer(client, world, **changed):
    return client.send(reverse("refer"), typed(world, **changed))


class Inputs(HTMLParser):
    """The inputs of a page by name: their attributes, and for groups whether one is chosen."""

    def __init__(self, html: str):
        super().__init__()
        self.found: dict[str, list[dict]] = {}
        self._area: dict | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in ("input", "textarea", "select") and attrs.get("name"):
            self.found.setdefault(attrs["name"], []).append({**attrs, "tag": tag})
        if tag == "textarea":
            self._area = self.found[attrs["name"]][-1] if attrs.get("name") else None
        if tag == "option" and "selected" in attrs:
            list(self.found.values())[-1][-1]["value"] = attrs.get("value", "")

    def handle_data(self, data):
        if self._area is not None:
            self._area["value"] = data.strip()

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = None

    def required_without_value(self) -> list[str]:
        return [name for name, inputs in self.found.items() if "required" in inputs[0] and not self._filled(inputs)]

    @staticmethod
    def _filled(inputs: list[dict]) -> bool:
        if inputs[0].get("type") in ("radio", "checkbox"):
            return any("checked" in each for each in inputs)
        return bool(inputs[0].get("value"))
