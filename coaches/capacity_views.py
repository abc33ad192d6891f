"""The coordinator's pages: dividing referrals, hours and presence; the coach's own hours."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wor.accounts.permissions import Permission, allow
from wor.pages import page


@allow(Permission.ASSIGN)
@require_safe
def assign_list(request: HttpRequest) -> HttpResponse:
    """New referrals, oldest first, beside what each coach has room for."""
    return page(request, "capacity/assign.html")


@allow(Permission.ASSIGN)
@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """Hours per practice per week, presence and absence of the whole organisation."""
    return page(request, "capacity/hours.html")


@allow(Permission.GUIDE)
@require_safe
def own_hours(request: HttpRequest) -> HttpResponse:
    """A coach's own hours, presence and absence."""
    return page(request, "capacity/own_hours.html")
