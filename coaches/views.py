"""The coach's pages: fetch, form, service, redirect."""

import uuid

from django.http import HttpRequest, HttpResponse

from referrals.models import Referral
from wor.accounts.permissions import Permission, allow
from wor.audit import services as audit
from wor.pages import get_visible, page


@allow(Permission.GUIDE)
def worklist(request: HttpRequest) -> HttpResponse:
    return page(request, "coaches/worklist.html")


@allow(Permission.GUIDE)
def case(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    referral = get_visible(Referral, request, reference)
    audit.log("read", referral, referral=referral)
    return page(request, "coaches/case.html", {"referral": referral})
