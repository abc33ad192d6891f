"""Fetching what a view may show, and answering with a page."""

import uuid
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from wor.accounts.request import MemberRequest


def get_visible(model_or_queryset, request: MemberRequest, reference: uuid.UUID):
    """The object with this reference among those visible to who is asking; 404 for all others."""
    queryset = getattr(model_or_queryset, "objects", model_or_queryset)
    found = one_of(queryset.visible_to(request.membership), reference)
    if found is None:
        raise Http404
    return found


def one_of(queryset, reference: uuid.UUID):
    """The row with this reference, or None. ``first()`` would sort it as well, which costs more than the row."""
    return next(iter(queryset.filter(reference=reference)[:1]), None)


def page(request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, form=None) -> HttpResponse:
    """Render a page; 422 when it shows a form that was filled in wrongly."""
    status = 422 if form is not None and form.is_bound and not form.is_valid() else 200
    return render(request, template, {**(context or {}), **({"form": form} if form is not None else {})}, status=status)


def address(name: str, *references: uuid.UUID) -> str:
    """``reverse`` for an address of references only. Fit for lists: Django's own works it out anew for every row."""
    return _shape(name, len(references)).format(*references)


@lru_cache(maxsize=256)
def _shape(name: str, count: int) -> str:
    stand_ins = [uuid.UUID(int=number) for number in range(count)]
    shape = reverse(name, args=stand_ins)
    for each in stand_ins:
        shape = shape.replace(str(each), "{}")
    return shape


def parse_reference(text: str | None) -> uuid.UUID | None:
    """A reference out of an address's query; None for what is none."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
