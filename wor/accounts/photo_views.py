"""Photos beside names: one's own, a coach's by the coordinator, anybody's by the administrator."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wor.accounts import photos
from wor.accounts.forms import PhotoForm
from wor.accounts.models import Membership, Role
from wor.accounts.permissions import Permission, allow
from wor.accounts.request import MemberRequest
from wor.forms import bound, goes_well
from wor.pages import get_visible, page
from wor.tenancy.models import StoredFile

GUIDES = (Role.COACH, Role.COORDINATOR)


@allow(Permission.INBOX)
@require_safe
def photo(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    """One photo, for whoever works in its region. A new photo has a new address, so it may be kept for long."""
    found = StoredFile.objects.filter(region_id=request.region.pk, kind=photos.KIND, reference=reference).first()
    if found is None or not found.size:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type=found.content_type)
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["Content-Disposition"] = "inline"
    return response


@allow(Permission.INBOX)
def own_photo(request: MemberRequest) -> HttpResponse:
    """My own photo, in the role I am in."""
    return _change(request, request.membership, back=reverse("account"), remove=reverse("own_photo_remove"))


@allow(Permission.INBOX)
def own_photo_remove(request: MemberRequest) -> HttpResponse:
    return _remove(request, request.membership, back=reverse("account"))


@allow(Permission.ASSIGN)
@require_safe
def colleagues(request: MemberRequest) -> HttpResponse:
    """The coaches of the own organisation, with their photos."""
    shown = _guides(request).select_related("photo")
    return render(request, "accounts/colleagues.html", {"people": list(shown)})


@allow(Permission.ASSIGN)
def colleague_photo(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    found = get_visible(_guides(request), request, reference)
    remove = reverse("colleague_photo_remove", args=[reference])
    return _change(request, found, back=reverse("colleagues"), remove=remove)


@allow(Permission.ASSIGN)
def colleague_photo_remove(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    return _remove(request, get_visible(_guides(request), request, reference), back=reverse("colleagues"))


@allow(Permission.MANAGE_REGION)
def person_photo(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    found = get_visible(Membership, request, reference)
    remove = reverse("person_photo_remove", args=[reference])
    return _change(request, found, back=reverse("person", args=[reference]), remove=remove)


@allow(Permission.MANAGE_REGION)
def person_photo_remove(request: MemberRequest, reference: uuid.UUID) -> HttpResponse:
    return _remove(request, get_visible(Membership, request, reference), back=reverse("person", args=[reference]))


def _guides(request: MemberRequest):
    return Membership.objects.visible_to(request.membership).active().of_role(*GUIDES)


def _change(request: MemberRequest, person: Membership, *, back: str, remove: str) -> HttpResponse:
    form = bound(request, PhotoForm, files=request.FILES if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["photo"].read()
        if goes_well(form, lambda: photos.set_photo(person, upload=upload, by=request.membership)):
            messages.success(request, _("De foto is bewaard."))
            return redirect(back)
    context = {"person": person, "is_me": person == request.membership, "back_url": back, "remove_url": remove}
    return page(request, "accounts/photo.html", context, form=form)


def _remove(request: MemberRequest, person: Membership, *, back: str) -> HttpResponse:
    if request.method == "POST":
        photos.remove_photo(person, by=request.membership)
        messages.success(request, _("De foto is weg. Nu staan er initialen."))
        return redirect(back)
    return render(request, "accounts/photo_remove.html", {"person": person, "back_url": back})
