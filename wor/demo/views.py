"""Pages that exist in the demo only: signing in with one click."""

from allauth.account.internal import flows
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from wor.accounts import sign_in as attempts
from wor.accounts.models import User
from wor.accounts.paths import own_path
from wor.accounts.permissions import public
from wor.demo.context import PEOPLE
from wor.tenancy.models import Region


@public
@require_POST
def sign_in(request: HttpRequest, region: str, who: str) -> HttpResponse:
    """Be this person of the demo. No password; nothing else is skipped."""
    if not settings.DEMO or who not in PEOPLE:
        raise Http404
    get_object_or_404(Region, slug=region, is_fictional=True)
    user = get_object_or_404(User, email=f"{who}@{region}.example", is_active=True)
    if request.user.is_authenticated:
        logout(request)
    attempts.note(request, "demo", "ok", user=user)
    login = Login(user=user, redirect_url=own_path(request.POST.get("next")) or None)
    return flows.login.perform_login(request, login)
