"""Every address of the application, for the sweeps."""

import re
import uuid
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from wor.accounts.paths import SealedNumber
from wor.accounts.permissions import Permission


@dataclass(frozen=True)
class Address:
    """One pattern of the URLconf with its view."""

    route: str
    name: str
    view: object

    @property
    def access(self) -> Permission | str | None:
        found = getattr(self.view, "wor_access", None)
        return found or getattr(getattr(self.view, "view_class", None), "wor_access", None)

    @property
    def is_allauth(self) -> bool:
        return self.view.__module__.startswith("allauth.")

    @property
    def takes_reference(self) -> bool:
        return "<uuid:" in self.route

    def path(self, reference: uuid.UUID | None = None) -> str:
        """The address with its parts filled in: this reference for each UUID, something plausible for the rest."""
        filled = re.sub(r"<uuid:\w+>", str(reference or uuid.uuid4()), self.route)
        filled = re.sub(r"<(?:slug|str):region>", "rivierenland", filled)
        filled = re.sub(r"<sealed:\w+>", SealedNumber().to_url(1), filled)
        filled = re.sub(r"<int:\w+>", "1", filled)
        filled = re.sub(r"<(?:slug:|str:|path:)?\w+>", "iets", filled)
        return "/" + filled


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns, prefix):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield Address(route, pattern.name or "", pattern.callback)


def own() -> list[Address]:
    """Our own pages; those of allauth guard themselves and have tests of their own."""
    return [each for each in addresses() if not each.is_allauth]
