"""What every page of a case begins and ends with."""

import datetime as dt
import uuid

from django.contrib import messages
from django.db.models import Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from coaches.casefile import CaseFile, agreed_with
from coaches.drafting import draft
from coaches.services.case import shut_sentence
from referrals.models import Client, Referral
from wor.accounts.models import Membership
from wor.accounts.request import MemberRequest
from wor.audit import services as audit
from wor.calendar import local_day, today
from wor.errors import DomainError
from wor.pages import one_of, page

PEOPLE = ("coach", "referrer", "on_behalf_of")
CELLS = ("target_cell", "second_cell", "third_cell")
WITH = (
    *("client", "practice", "closing_reason"),
    *PEOPLE,
    *(f"{cell}__{part}" for cell in CELLS for part in ("problem", "target_group")),
)
# The practice's own never reaches a coach's page.
WITHOUT = ("reason_code", "his_number")
# What the pages of a case show. The rest of who sent it and of the lists comes when asked: each column has its cost.
SHOWN = (
    *(each.name for each in Referral._meta.concrete_fields if each.name not in WITHOUT),
    *(f"client__{each.name}" for each in Client._meta.concrete_fields),
    *(f"practice__{name}" for name in ("name", "phone")),
    *(f"{who}__{name}" for who in PEOPLE for name in Membership.SHOWN),
    *(f"{cell}__{part}__label" for cell in CELLS for part in ("problem", "target_group")),
    "closing_reason__label",
)


def find_case(request: MemberRequest, reference: uuid.UUID, **more: Subquery) -> Referral | None:
    cases = Referral.objects.visible_to(request.membership).select_related(*WITH).only(*SHOWN)
    return one_of(cases.annotate(agreed=agreed_with(request.membership), **more), reference)


def open_case(request: MemberRequest, reference: uuid.UUID, **more: Subquery) -> Referral:
    """The case behind an address: 404 for who has no relation with it, 403 when its content is shut.

    ``more`` comes along in the same query.
    """
    referral = find_case(request, reference, **more)
    if referral is None:
        raise Http404
    if not referral.content_open_to(request.membership):
        raise DomainError(shut_sentence(referral), status=403)
    referral.region = request.region
    audit.log("read", referral, referral=referral)
    return referral


def deed(request: MemberRequest, referral: Referral, form, *, title: str, submit: str, **context) -> HttpResponse:
    """The page of one deed: what it is about, the form, one button."""
    template = context.pop("template", "coaches/deed.html")
    return page(request, template, {"referral": referral, "title": title, "submit": submit, **context}, form=form)


def done(request: MemberRequest, referral: Referral, sentence: str, *, undo: str = "") -> HttpResponse:
    messages.success(request, sentence, extra_tags=f"undo={undo}" if undo else "")
    return redirect("case", referral.reference)


def sent(form) -> bool:
    return form.is_bound and form.is_valid()


def version_of(referral: Referral) -> dict:
    return {"version": referral.version}


def sent_on(referral: Referral) -> dt.date:
    """The day from which there can be contact with the client."""
    return local_day(referral.sent_at)


def moment_on(day: dt.date | None) -> dt.datetime | None:
    """Noon in Amsterdam on an earlier day; None for today, which is now."""
    if day is None or day == today():
        return None
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def drafted(referral: Referral, membership, moment: str) -> str:
    """The draft of this case, out of its own file."""
    file = CaseFile.of_own(referral, membership)
    return draft(
        referral,
        moment=moment,
        intake=file.intake,
        contacts=file.valid_contacts,
        to_do=file.to_do,
        placements=file.placements,
    )


def is_fixed(referral: Referral) -> bool:
    return referral.client.feedback_level != Client.FeedbackLevel.ALL


def level_note(referral: Referral) -> str:
    """Why there is no sentence to write."""
    if referral.client.feedback_level == Client.FeedbackLevel.OUTCOME:
        return _("De verwijzer hoort alleen de afloop, in een vaste zin. Dat wil de cliënt zo.")
    if referral.client.feedback_level == Client.FeedbackLevel.STATUS:
        return _("De verwijzer hoort alleen of de cliënt in begeleiding is. Dat wil de cliënt zo.")
    return ""
