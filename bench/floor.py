"""Bare Django views to measure against: what a page costs when it does nothing but ask the same and show it.

What a floor page pays, so that the ratio is about our own work:
- the middleware of `django-admin startproject`, and nothing of ours (headers, region, roles, log context);
- signing in by session, as any Django site does: two statements;
- one transaction, with as many statements as the page it stands for: the rows of that page from the same tables by
  one index look-up each, then look-ups by primary key, and one inserted row for each row of the access log, because
  that log is asked by law and its commit waits for the disk as well;
- one template: a plain table of those rows, or for a form Django's own `as_div` of the same fields.
It reads as wor_app with the region open: what the policy costs is a row of its own.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django import forms
from django.core.handlers.wsgi import WSGIHandler
from django.db import models, transaction
from django.db.models import Model
from django.forms.renderers import DjangoTemplates
from django.http import Http404, HttpRequest, HttpResponse
from django.template import engines
from django.test.utils import override_settings

from wor.tenancy.context import set_region
from wor.tenancy.models import Organisation

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# Session, user, and the statement that opens the region.
FIXED = 3

PAGE = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<h1>{{ title }}</h1>{% if form %}<form method="post">{% csrf_token %}{{ form.as_div }}</form>{% endif %}
{% for rows in tables %}<table>{% for row in rows %}
<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>{% endfor %}</body></html>"""


@dataclass(frozen=True)
class Shown:
    """Rows that a page shows: asked afresh each time, and these fields of each. Not asked: a list in the code."""

    ask: Callable[[], Iterable]
    fields: Sequence[str]
    asks: bool = True


@dataclass(frozen=True)
class Bare:
    """A floor page. ``statements``: how many the page it stands for makes; ``made``: copies of rows it writes."""

    region_id: int
    statements: int
    shown: Sequence[Shown] = ()
    made: Sequence[Model] = ()
    changed: Sequence[Model] = ()
    fields: dict[str, forms.Field] = field(default_factory=dict)

    @property
    def lookups(self) -> int:
        rest = self.statements - FIXED - sum(each.asks for each in self.shown) - len(self.made) - len(self.changed)
        if rest < 0:
            raise ValueError(f"A floor of {self.statements} statements cannot ask {len(self.shown)} kinds of rows.")
        return rest


PAGES: dict[str, Bare] = {}
_template = None


def handler() -> WSGIHandler:
    """A server of its own beside the product's, in the same process and on the same connection."""
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        return WSGIHandler()


def view(request: HttpRequest, name: str) -> HttpResponse:
    if not request.user.is_authenticated:
        raise Http404
    bare = PAGES[name]
    with transaction.atomic():
        set_region(bare.region_id)
        tables = [[cells(row, shown.fields) for row in shown.ask()] for shown in bare.shown]
        for _each in range(bare.lookups):
            Organisation.objects.filter(pk=1).first()
        for row in bare.made:
            again(row).save(force_insert=True)
        for row in bare.changed:
            row.save(force_update=True)
    form = bare_form(bare.fields) if bare.fields else None
    return HttpResponse(page().render({"title": name, "tables": tables, "form": form}, request))


def page():
    global _template
    _template = _template or engines["django"].from_string(PAGE)
    return _template


def cells(row: Model, fields: Sequence[str]) -> list:
    return [getattr(row, name) for name in fields]


def again(row: Model) -> Model:
    """A new row with the values of this one, and keys of its own."""
    values = {}
    for each in row._meta.concrete_fields:
        if each.primary_key or each.has_db_default():
            continue
        own = isinstance(each, models.UUIDField) and (each.unique or each.name == "key" or each.name == "subject_ref")
        values[each.attname] = uuid.uuid4() if own else getattr(row, each.attname)
    if "number" in values:
        values["number"] = uuid.uuid4().hex[:16]
    return type(row)(**values)


def bare_form(fields: dict[str, forms.Field]) -> forms.Form:
    form = type("BareForm", (forms.Form,), {**fields, "default_renderer": DjangoTemplates()})
    return form()


def same_fields(form: forms.Form) -> dict[str, forms.Field]:
    """The fields of a form of ours as Django has them: the same labels, help and choices, its own widgets."""
    fields: dict[str, forms.Field] = {}
    for name, each in form.fields.items():
        hidden = {"widget": forms.HiddenInput()} if each.widget.is_hidden else {}
        words = {"label": each.label, "help_text": each.help_text, "required": each.required}
        if isinstance(each, forms.ChoiceField):
            fields[name] = forms.ChoiceField(choices=[(str(key), str(label)) for key, label in each.choices], **words)
        elif isinstance(each, forms.BooleanField):
            fields[name] = forms.BooleanField(**words, **hidden)
        else:
            fields[name] = forms.CharField(**words, **hidden)
    return fields
