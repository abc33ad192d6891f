"""What somebody typed, given back with a refusal: in the words of the form, and every value that was filled in."""

import uuid
from typing import Any

from django import forms
from django.db import Error as DatabaseError
from django.db.models import Model
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.utils.translation import gettext as _

# What a form carries besides what somebody typed.
TECHNICAL_FIELDS = {"csrfmiddlewaretoken", "as", "key", "version", "password", "secret", "next", "code", "credential"}
# What somebody chose or the page filled in: it reads as code, and the page offers it again when opened anew.
CHOSEN_FIELDS = {"begun", "signal", "take", "reach_via", "feedback_level", "consent_how", "given_by_kind", "sex"}
AT_MOST, ONE_LINE = 40, 40


def remember(request: HttpRequest, form: forms.BaseForm) -> None:
    """The form that this request filled in: should it be refused, it lends its labels."""
    request.typed_form = form  # type: ignore[attr-defined] # only here and below


def typed_texts(request: HttpRequest) -> list[dict[str, Any]]:
    """What somebody typed in this request, so that a refusal never loses it."""
    form: forms.BaseForm | None = getattr(request, "typed_form", None)
    try:
        found, known = _by_form(form) if form is not None and form.is_bound else ([], set())
    except DatabaseError:
        found, known = [], set()  # a list of choices that was not read yet, and the database is what failed
    # No form was made yet, or the page asked more than it knows.
    others = [
        text
        for name, values in request.POST.lists()
        if name not in TECHNICAL_FIELDS | CHOSEN_FIELDS | known and "password" not in name
        for text in values
        if len(text) > 2 and not text.isdigit() and not _is_reference(text)
    ]
    found += [(_("Tekst %(n)s") % {"n": n}, text) for n, text in enumerate(others, 1)]
    return [
        {"label": label, "text": text, "rows": 4 if len(text) > ONE_LINE or "\n" in text else 1}
        for label, text in found[:AT_MOST]
    ]


def _by_form(form: forms.BaseForm) -> tuple[list[tuple[str, str]], set[str]]:
    """The fields that were filled in, with their labels; and the names of all fields."""
    found = []
    for field in form:
        if field.is_hidden or field.name in TECHNICAL_FIELDS or isinstance(field.field.widget, forms.PasswordInput):
            continue
        text = _shown(form, field).strip()
        if text:
            found.append((str(field.label), text))
    return found, {field.html_name for field in form}


def _shown(form: forms.BaseForm, field: BoundField) -> str:
    """As somebody would read it on the form."""
    if isinstance(field.field, forms.FileField):
        return getattr(field.data, "name", "") or ""
    if isinstance(field.field, forms.BooleanField):
        return _("ja") if field.value() else ""
    value = field.value()
    parts = value if isinstance(value, list | tuple) else [value]
    if isinstance(field.field, forms.ModelChoiceField):
        chosen = getattr(form, "cleaned_data", {}).get(field.name)
        parts = [chosen] if isinstance(chosen, Model) else []
        return "".join(str(field.field.label_from_instance(each)) for each in parts)
    if isinstance(field.field, forms.ChoiceField):
        labels = _labels(field.field.choices)
        parts = [labels.get(str(each), "") for each in parts]
    return ", ".join(str(each) for each in parts if each not in (None, ""))


def _labels(choices: Any) -> dict[str, str]:
    """Choices by value, those in groups too."""
    labels: dict[str, str] = {}
    for value, label in choices:
        labels |= _labels(label) if isinstance(label, list | tuple) else {str(value): str(label)}
    return labels


def _is_reference(text: str) -> bool:
    """What was chosen from a list, not typed."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
