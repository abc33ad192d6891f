"""What the sign-in page shows in the demo: everybody, with one click."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from wor.accounts.models import Membership
from wor.tenancy.context import open_region
from wor.tenancy.models import Region

# The demo contract: these people exist in each demo region, in this order.
PEOPLE = ("huisarts", "assistent", "coach", "coordinator", "kernteam", "gemeente", "beheer")


@dataclass(frozen=True)
class DemoAccount:
    """Somebody of the demo to sign in as."""

    url: str
    name: str
    role: str
    organisation: str


def accounts(request: HttpRequest) -> dict:
    """Costs nothing until the sign-in page asks for it."""
    return {"demo_regions": SimpleLazyObject(demo_regions)}


def demo_regions() -> list[dict]:
    """The demo accounts, a list for each region."""
    regions = Region.objects.filter(is_fictional=True).order_by("-slug")
    return [{"region": region, "accounts": found} for region in regions if (found := _accounts(region))]


def _accounts(region: Region) -> list[DemoAccount]:
    addresses = [f"{who}@{region.slug}.example" for who in PEOPLE]
    with open_region(region.pk):
        memberships = Membership.objects.active().filter(region=region, user__email__in=addresses)
        found = list(memberships.select_related("organisation", "user").order_by("-id"))
    first = {each.user.email: each for each in found}
    return [
        DemoAccount(
            url=reverse("demo_sign_in", args=[region.slug, address.partition("@")[0]]),
            name=first[address].display_name,
            role=first[address].role_label,
            organisation=first[address].organisation.name,
        )
        for address in addresses
        if address in first
    ]
