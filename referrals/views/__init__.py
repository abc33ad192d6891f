"""The practice's pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from referrals.models import Referral
from wor.accounts.permissions import Permission, allow
from wor.pages import get_visible, page


@allow(Permission.REFER)
def refer(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@allow(Permission.REFER)
def referrals(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@allow(Permission.REFER)
def referral(request: HttpRequest, reference) -> HttpResponse:
    get_visible(Referral, request, reference)
    return page(request, "base.html")
