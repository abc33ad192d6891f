"""What every form does: clean text, refuse a BSN, keep what was typed."""

import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from wor.bsn import holds_bsn
from wor.errors import DomainError
from wor.typed import remember

BSN_SENTENCE = _(
    "Dit lijkt een burgerservicenummer (BSN). Welzijnsorganisaties mogen dat niet hebben. Haal het weg, of kies "
    "“Dit is geen BSN”."
)
FILL_IN, CHOOSE = _("Vul dit nog in."), _("Kies er een.")
# One sentence that says how to mend it, where Django only says that it is wrong. A field's own sentence stays.
TOO_LONG = {"max_length": _("Dit is te lang: hoogstens %(limit_value)d tekens. Het zijn er nu %(show_value)d.")}
SENTENCES: tuple[tuple[type[forms.Field], dict[str, Any]], ...] = (
    (forms.EmailField, {"invalid": _("Dit e-mailadres klopt niet. Schrijf het zo: naam@voorbeeld.nl.")}),
    (forms.URLField, {"invalid": _("Dit adres van een website klopt niet. Schrijf het zo: www.voorbeeld.nl.")}),
    (forms.DateField, {"invalid": _("Deze datum bestaat niet of kunnen we niet lezen. Schrijf haar zo: 12-3-2026.")}),
    (forms.UUIDField, {"invalid": _("Dit kenmerk kennen we niet. Kopieer het helemaal.")}),
    (
        forms.IntegerField,
        {
            "invalid": _("Schrijf hier alleen een getal."),
            "min_value": _("Kies %(limit_value)s of meer."),
            "max_value": _("Kies hoogstens %(limit_value)s."),
        },
    ),
    (forms.CharField, TOO_LONG),
)
# Characters that only break things: NUL and other controls (not tab and new lines), halves of characters, and marks
# that turn the direction of what follows. One expression: a text of a megabyte costs milliseconds.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")


def clean_text(text: str) -> str:
    """Text as it may be stored: composed characters, no controls, no direction overrides."""
    return _FORBIDDEN.sub("", unicodedata.normalize("NFC", text))


def say_how_to_mend(fields: Mapping[str, forms.Field]) -> None:
    """Give each field the sentences that help."""
    for field in fields.values():
        if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = CHOOSE if isinstance(field, forms.ChoiceField) else FILL_IN
        for kind, sentences in SENTENCES:
            if not isinstance(field, kind):
                continue
            usual = {code: text for parent in reversed(kind.__mro__) for code, text in _of_class(parent).items()}
            for code, sentence in sentences.items():
                if field.error_messages.get(code) in (None, usual.get(code)):
                    field.error_messages[code] = sentence


def _of_class(kind: type) -> dict[str, Any]:
    return vars(kind).get("default_error_messages", {})


class CleanData(Mapping[str, Any]):
    """Wraps submitted data so that each text reaches its field cleaned, and validators never see a NUL."""

    def __init__(self, data):
        self._data = data

    def get(self, name, default=None):
        text = self._data.get(name, default)
        return clean_text(text) if isinstance(text, str) else text

    def getlist(self, name):
        return [clean_text(text) if isinstance(text, str) else text for text in self._data.getlist(name)]

    def copy(self):
        """The submitted data, to change."""
        return self._data.copy()

    def __contains__(self, name):
        return name in self._data

    def __iter__(self):
        return iter(self._data)

    def __len__(self):
        return len(self._data)

    def __getitem__(self, name):
        return self.get(name)


class WorForm(forms.Form):
    """Base of every form in which somebody types.

    ``key`` makes sending twice harmless; ``version`` refuses a save over a colleague's. Both are hidden and only
    there when the form asks for them with ``with_key`` and ``with_version``.
    """

    with_key = False
    with_version = False
    # Fields whose digits are what is asked, such as a telephone number.
    no_bsn_check: tuple[str, ...] = ()

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(CleanData(data) if data is not None else None, *args, **kwargs)
        if self.with_key:
            self.fields["key"] = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
        if self.with_version:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
        say_how_to_mend(self.fields)
        self.fields["not_a_bsn"] = forms.BooleanField(label=_("Dit is geen BSN"), required=False)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        if not self.bound_with_bsn:
            self.fields["not_a_bsn"].widget = forms.HiddenInput()

    @property
    def bound_with_bsn(self) -> bool:
        return self.is_bound and bool(self._fields_with_bsn())

    def _fields_with_bsn(self) -> list[str]:
        return [
            name
            for name, field in self.fields.items()
            if type(field) in (forms.CharField, forms.EmailField, forms.SlugField)
            and name not in self.no_bsn_check
            and holds_bsn(str(self.data.get(self.add_prefix(name)) or ""))
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("not_a_bsn"):
            for name in self._fields_with_bsn():
                self.add_error(name, forms.ValidationError(BSN_SENTENCE, code="bsn"))
        return cleaned

    def values(self, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
        """What the service gets: the cleaned fields without the form's own."""
        return {name: value for name, value in self.cleaned_data.items() if name != "not_a_bsn" and name not in without}


def goes_well(form: forms.Form, deed: Callable[[], object], *, field: str | None = None) -> bool:
    """Do it. A refusal that can be mended in the form (422) becomes its error; a wrong state stays an answer.

    ``field`` is what such a refusal is about, when the deed can refuse nothing else.
    """
    try:
        deed()
    except DomainError as error:
        if error.status != 422:
            raise
        form.add_error(field, error.sentence)
        return False
    return True


def choice_field(form: forms.Form, name: str) -> forms.ChoiceField:
    """A form's own copy of a field of this type, to say what it offers."""
    return cast(forms.ChoiceField, form.fields[name])


def row_field(form: forms.Form, name: str) -> forms.ModelChoiceField:
    return cast(forms.ModelChoiceField, form.fields[name])


def bound(request: HttpRequest, form_class, *, initial: dict | None = None, data: QueryDict | None = None, **kwargs):
    """The form of this request: bound on POST; filled, not sent, when the session ended while somebody typed.

    ``data`` stands in for what was sent, where a button fills something in.
    """
    if request.method == "POST":
        form = form_class(request.POST if data is None else data, initial=initial, **kwargs)
        remember(request, form)
        return form
    typed = getattr(request, "restored", None)
    if not typed:
        return form_class(initial=initial, **kwargs)
    blank = form_class(initial=initial, **kwargs)
    restored = {
        name: field.widget.value_from_datadict(typed, {}, name) for name, field in blank.fields.items() if name in typed
    }
    return form_class(initial={**(initial or {}), **restored}, **kwargs)
