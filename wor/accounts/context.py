"""What every page shows besides its own content: region, role, places to go, unread."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from wor.accounts.models import Membership, Role
from wor.outbox.services import unread_count
from wor.tenancy.context import open_region


@dataclass(frozen=True)
class Place:
    """Somewhere to go from the header."""

    label: str
    url: str
    current: str  # aria-current: "page" for the place itself, "true" for a page inside it
    count: int = 0
    count_label: str = ""


@dataclass(frozen=True)
class OtherRole:
    """Another role of the same person, to switch to."""

    switch_url: str
    organisation_name: str
    role_label: str
    region_name: str
    new: int = 0  # unread notices, where they are asked for


# At most five places a role: what it does, nothing else.
PLACES: dict[str, tuple[tuple[str, Any], ...]] = {
    Role.REFERRER: (
        ("refer", _("Nieuwe verwijzing")),
        ("referrals", _("Mijn verwijzingen")),
        ("directory", _("Sociale kaart")),
        ("dashboard", _("Cijfers")),
    ),
    Role.COACH: (("worklist", _("Werkvoorraad")), ("directory", _("Sociale kaart")), ("own_hours", _("Mijn uren"))),
    Role.COORDINATOR: (
        ("assign", _("Verdelen")),
        ("worklist", _("Werkvoorraad")),
        ("hours", _("Uren en rooster")),
        ("directory", _("Sociale kaart")),
    ),
    Role.CORE_TEAM: (
        ("dashboard", _("Cijfers")),
        ("reports", _("Rapporten")),
        ("directory", _("Sociale kaart")),
        ("taking_part", _("Wie doet mee")),
    ),
    Role.FUNDER: (
        ("reports", _("Rapporten")),
        ("taking_part", _("Wie doet mee")),
        ("directory", _("Sociale kaart")),
    ),
    Role.REGION_ADMIN: (
        ("people", _("Mensen")),
        ("organisations", _("Organisaties")),
        ("kept_activities", _("Sociale kaart")),
        ("region_settings", _("Regio")),
        ("access_log", _("Logboek")),
    ),
}

# Pages that belong to a place without standing under its address.
ALSO_UNDER = {
    "people": ("/beheer/uitnodigingen/",),
    "region_settings": ("/beheer/lijsten/", "/beheer/e-mail/", "/rapporten/"),
    "refer": ("/verwijzingen/concept/",),
    "referrals": ("/clienten/",),
    "worklist": ("/clienten/",),
    "hours": ("/werkvoorraad/uren/", "/verdelen/plek/"),
    "directory": ("/doelgroepenkaart/", "/beheer/sociale-kaart/"),
    "kept_activities": ("/sociale-kaart/", "/doelgroepenkaart/"),
}


def page(request: HttpRequest) -> dict:
    """Context of every page. Nothing here costs a query until a template asks for it."""
    membership: Membership | None = getattr(request, "membership", None)
    region = getattr(request, "region", None)
    return {
        "region": region,
        "region_css_url": reverse("region_css", args=[region.slug, region_css_version(region)]) if region else "",
        "membership": membership,
        "navigation": navigation(request, membership),
        "memberships": SimpleLazyObject(lambda: other_memberships(membership)),
        "unread_notices": SimpleLazyObject(lambda: unread_count(membership) if membership else 0),
        "demo": settings.DEMO,
        "site_version": settings.VERSION,
        "idle_seconds": settings.SESSION_IDLE_SECONDS,
    }


def region_css_version(region) -> str:
    """Part of the address of a region's colours, so that it may be kept for long."""
    return f"{region.primary}{region.accent}".replace("#", "").lower()


def navigation(request: HttpRequest, membership: Membership | None) -> list[Place]:
    if membership is None:
        return []
    places = [(name, label, reverse(name)) for name, label in PLACES[membership.role]]
    inside = _place_of(request.path, {name: url for name, _label, url in places})
    return [
        Place(label=label, url=url, current="page" if url == request.path else "true" if name == inside else "")
        for name, label, url in places
    ]


def _place_of(path: str, places: dict[str, str]) -> str:
    """The place whose address, or another part of it, this page stands under; the longest counts."""
    roots = [(url, name) for name, url in places.items()]
    roots += [(url, name) for name, urls in ALSO_UNDER.items() if name in places for url in urls]
    return max(((root, name) for root, name in roots if path.startswith(root)), default=("", ""))[1]


def other_memberships(membership: Membership | None, *, count_new: bool = False) -> list[OtherRole]:
    """The person's other roles, for the switch in the header. Names of another region are read inside it."""
    if membership is None:
        return []
    mine = Membership.objects.filter(user_id=membership.user_id, ended_at__isnull=True).order_by("id")
    found = []
    for each in mine:
        if each.pk == membership.pk or not each.is_active:
            continue
        with open_region(each.region_id):
            found.append(
                OtherRole(
                    switch_url=reverse("switch", args=[each.reference]),
                    organisation_name=each.organisation.name,
                    role_label=each.role_label,
                    region_name=each.region.name,
                    new=unread_count(each) if count_new else 0,
                )
            )
    return found
