"""The own account, and which role somebody acts in. Signing in itself is django-allauth."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wor.accounts.middleware import enter_membership
from wor.accounts.models import Membership
from wor.accounts.permissions import Permission, allow, public
from wor.tenancy.context import open_region


def own_path(request: HttpRequest, target: str | None) -> str:
    """``next`` when it is a path of this site, else nothing."""
    target = target or ""
    is_own = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if is_own else ""


@allow(Permission.OWN_ACCOUNT)
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/account.html")


@public
@require_POST
def keepalive(request: HttpRequest) -> HttpResponse:
    """ "Ik ben er nog": the middleware has just noted it. 401 tells the page that the session is over."""
    return HttpResponse(status=204 if request.user.is_authenticated else 401)


@allow(Permission.OWN_ACCOUNT)
@require_safe
def no_role(request: HttpRequest) -> HttpResponse:
    return redirect("home") if request.membership else render(request, "accounts/no_role.html")


@allow(Permission.OWN_ACCOUNT)
@require_safe
def second_factor_needed(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/second_factor_needed.html")


@allow(Permission.OWN_ACCOUNT)
def switch(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Act in another of one's own memberships, and go on to ``next``. Somebody else's is not there."""
    mine = Membership.objects.active().filter(user_id=request.user.pk, reference=reference)
    other = mine.first()
    if other is None:
        raise Http404
    if request.method == "POST":
        membership = enter_membership(request, other.pk, other.region_id)
        messages.success(request, _("U werkt nu als %s.") % membership.role_label)
        return redirect(own_path(request, request.POST.get("next")) or "home")
    with open_region(other.region_id):
        organisation, region = other.organisation.name, other.region.name
    context = {"other": other, "organisation_name": organisation, "region_name": region}
    return render(request, "accounts/switch.html", {**context, "next": own_path(request, request.GET.get("next"))})
