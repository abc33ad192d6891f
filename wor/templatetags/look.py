"""Tags and filters for the look: icons, static files with integrity, form fields, initials, statuses.

Every page that includes a component gets these through the component itself; load `look` only for `{% icon %}`.
"""

import base64
import hashlib
from functools import lru_cache

from django import forms, template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wor.rows import row

register = template.Library()

# Status code -> tone and icon. The word always stands beside it; colour alone says nothing.
STATUS_LOOK = {
    "draft": ("quiet", "pencil"),
    "sent": ("info", "send"),
    "accepted": ("primary", "check"),
    "waitlisted": ("warning", "hourglass"),
    "active": ("success", "message-circle"),
    "paused": ("quiet", "circle-pause"),
    "follow_up": ("primary", "sprout"),
    "completed": ("success", "circle-check"),
    "stopped": ("quiet", "circle-minus"),
    "not_started": ("quiet", "circle-dot"),
    "declined": ("quiet", "undo-2"),
    "withdrawn": ("quiet", "circle-x"),
    "entered_in_error": ("danger", "octagon-alert"),
    # The capacity line.
    "open": ("success", "circle-check"),
    "waiting_list": ("warning", "hourglass"),
    "assessment": ("info", "message-circle"),
    "closed": ("quiet", "circle-pause"),
}

NOTICE_ICON = {
    "success": "circle-check",
    "warning": "triangle-alert",
    "danger": "octagon-alert",
    "error": "octagon-alert",
}


# Static files


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, extra_class: str = "") -> SafeString:
    """{% icon "phone" %}: one icon of the sprite, hidden from screen readers. A word stands beside it.

    Kept, because a list draws the same few a hundred times.
    """
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"icon {extra_class}".rstrip(),
        static("img/icons.svg"),
        name,
    )


def _read_static(path: str) -> bytes | None:
    """The bytes the server will send for this path: the stored file under a manifest, the source otherwise."""
    if hasattr(staticfiles_storage, "stored_name"):
        with staticfiles_storage.open(staticfiles_storage.stored_name(path)) as file:
            return file.read()
    found = finders.find(path)
    if not found:
        return None
    with open(found, "rb") as file:
        return file.read()


def _compute_integrity(path: str) -> str:
    content = _read_static(path)
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode() if content is not None else ""


_cached_integrity = lru_cache(maxsize=64)(_compute_integrity)


def integrity(path: str) -> str:
    """Subresource integrity of a static file, or "" when it cannot be read: a page never fails on it."""
    try:
        return _compute_integrity(path) if settings.DEBUG else _cached_integrity(path)
    except (OSError, ValueError):
        return ""


@register.simple_tag
def asset_integrity(path: str) -> str:
    """{% asset_integrity "css/app.css" %}: the value of an integrity attribute."""
    return integrity(path)


@register.simple_tag
@lru_cache(maxsize=64)
def stylesheet(path: str) -> SafeString:
    """{% stylesheet "css/app.css" %}: a link element with integrity."""
    return format_html('<link rel="stylesheet" href="{}"{}>', static(path), _integrity_attribute(path))


@register.simple_tag
@lru_cache(maxsize=64)
def script(path: str, kind: str = "module") -> SafeString:
    """{% script "js/app.js" %}: a module; {% script path "defer" %}: a classic script. Both run after parsing."""
    shape = '<script type="module" src="{}"{}></script>' if kind == "module" else '<script defer src="{}"{}></script>'
    return format_html(shape, static(path), _integrity_attribute(path))


def _integrity_attribute(path: str) -> str:
    value = integrity(path)
    return format_html(' integrity="{}"', value) if value else ""


# People, statuses, notices


@register.filter
def initials(name: object) -> str:
    """Anne van der Meer -> AM: the first letters of the first and the last word that starts with a capital."""
    words = [word for word in str(name).replace(".", " ").split() if word[:1].isupper()]
    if not words:
        return str(name)[:1].upper()
    return words[0][0] + (words[-1][0] if len(words) > 1 else "")


@register.filter
def status_tone(code: str) -> str:
    return STATUS_LOOK.get(code, ("quiet", ""))[0]


@register.filter
def status_icon(code: str) -> str:
    return STATUS_LOOK.get(code, ("", "circle-dot"))[1]


@register.filter
def notice_icon(kind: str) -> str:
    return NOTICE_ICON.get(kind, "info")


@register.filter
def notice_kind(tags: str) -> str:
    """The kind of a Django message, read from its tags ("error undo=/x/" -> "danger")."""
    words = str(tags).split()
    for tag, kind in (("error", "danger"), ("danger", "danger"), ("warning", "warning"), ("success", "success")):
        if tag in words:
            return kind
    return "info"


@register.filter
def undo_url(tags: str) -> str:
    """The own path in a message's `extra_tags="undo=/verwijzingen/…/terugdraaien/"`, else ""."""
    for word in str(tags).split():
        if word.startswith("undo=/") and not word.startswith("undo=//"):
            return word.removeprefix("undo=")
    return ""


@register.simple_tag(takes_context=True)
def csrf_field(context: template.Context) -> SafeString:
    """The hidden CSRF input, also inside `{% include … only %}`, which drops `csrf_token` from the context."""
    request = getattr(context, "request", None)
    token = get_token(request) if request is not None else context.get("csrf_token", "")
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token) if token else SafeString()


@register.inclusion_tag("components/rows.html")
def list_row(title: object, **shown) -> dict[str, list]:
    """{% list_row title="M. Jansen" url="…" %}: one line of a list; the names are those of ``wor.rows.row``."""
    return {"rows": [row(title, **shown)]}


# Form fields

# Attributes a form puts on a widget to choose its look; the pack reads them and does not print them.
LOOK_ATTRS = ("data-look", "data-search", "data-suffix", "data-prefix", "data-help")


@register.filter
def field_kind(field: forms.BoundField) -> str:
    widget = field.field.widget
    for kind, classes in (
        ("checkboxes", forms.CheckboxSelectMultiple),
        ("radios", forms.RadioSelect),
        ("select", forms.Select),
        ("checkbox", forms.CheckboxInput),
        ("textarea", forms.Textarea),
        ("password", forms.PasswordInput),
        ("file", forms.FileInput),
        ("multi", forms.MultiWidget),
        ("date", forms.DateInput),
    ):
        if isinstance(widget, classes):
            return kind
    return "text"


@register.filter
def widget_attr(field: forms.BoundField, name: str) -> str:
    """{{ field|widget_attr:"data-suffix" }}: an attribute the form gave the widget, or ""."""
    return field.field.widget.attrs.get(name, "")


@register.filter
def option_attr(option: dict, name: str) -> str:
    return option["attrs"].get(name, "")


@register.filter
def option_attrs_items(option: dict) -> list:
    """The attributes of one radio or checkbox of a group, less those that only choose its look."""
    skip = (*LOOK_ATTRS, "checked", "aria-invalid")  # an error is said once, on the group
    return [(key, value) for key, value in option["attrs"].items() if key not in skip and value not in (False, None)]


@register.filter
def input_id(field: forms.BoundField) -> str:
    """The id an error summary links to: for a group its first input."""
    if field_kind(field) in ("radios", "checkboxes"):
        for option in field.subwidgets:
            return option.id_for_label
    return field.id_for_label or field.auto_id


@register.filter
def short_label(label: object) -> str:
    """A label as the start of a line in the error summary: its first seven words, without the closing mark."""
    words = str(label).split()
    short = " ".join(words[:7]).rstrip(".?!:,;")
    return f"{short}…" if len(words) > 7 else short


@register.simple_tag
def field_widget(field: forms.BoundField) -> SafeString:
    """The widget of a single-input field with what every field of its kind needs."""
    widget = field.field.widget
    attrs: dict[str, str | bool] = {}
    if field_kind(field) == "date":
        attrs.setdefault("inputmode", widget.attrs.get("inputmode", "numeric"))
        attrs.setdefault("autocomplete", widget.attrs.get("autocomplete", "off"))
    hidden = {name: widget.attrs.pop(name) for name in LOOK_ATTRS if name in widget.attrs}
    try:
        return field.as_widget(attrs=attrs)
    finally:
        widget.attrs.update(hidden)
