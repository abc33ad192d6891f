"""The client page, and the paper the client takes home."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from coaches.casefile import CaseFile, closed_page
from coaches.views.shared import find_case, open_case
from referrals.models import Referral, Transfer
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.audit import services as audit
from wor.calendar import today
from wor.errors import DomainError
from wor.outbox.services import mark_read
from wor.pages import page


@allow(Permission.GUIDE)
def case(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """The client page: what was told already, how to reach, what happened, what is next."""
    referral = find_case(request, reference)
    if referral is None:
        if Referral.objects.shielded_without_coach(request.membership).filter(reference=reference).exists():
            return redirect("assign_one", reference)
        return _handed_over(request, reference)
    referral.region = request.region
    audit.log("read", referral, referral=referral)
    mark_read(request.membership, subject_ref=referral.reference)
    if not referral.content_open_to(request.membership):
        return page(request, "coaches/closed.html", closed_page(referral))
    return page(request, "coaches/case.html", {"case": CaseFile.read(referral, request.membership)})


def _handed_over(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """What an organisation that handed a case over keeps: that it did."""
    stub = (
        Transfer.objects.visible_to(request.membership)
        .filter(referral__reference=reference)
        .select_related("to_organisation", "referral__client")
        .order_by("-id")
        .first()
    )
    if stub is None:
        raise Http404
    audit.log("read", stub, referral=stub.referral)
    return page(request, "coaches/transferred.html", {"transfer": stub, "number": stub.referral.number})


@allow(Permission.GUIDE)
def agreed(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """*Wat we hebben afgesproken*: on paper, for the client, after the first talk."""
    referral = open_case(request, reference)
    if referral.before_first_talk:
        raise DomainError(_("Dit papier is er na het eerste gesprek."))
    audit.log("print", referral, referral=referral)
    file = CaseFile.read(referral, request.membership)
    return page(request, "coaches/agreed.html", {"case": file, "today": today()})
