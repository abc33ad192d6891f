"""A request as RegionMiddleware hands it on: for the types, and as a list of what a view may count on."""

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from wor.accounts.models import Membership, User
from wor.tenancy.models import Region


class Request(HttpRequest):
    user: User  # type: ignore[assignment] # or AnonymousUser, on a public page
    membership: Membership | None
    region: Region | None
    restored: QueryDict | None
    broken: bool
    htmx: HtmxDetails


class MemberRequest(Request):
    """In a view that is marked ``allow``: the middleware let nobody past without a role, and a role has a region."""

    membership: Membership
    region: Region
