"""The provider's form: one for each activity, all on one page and sent together."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.forms import EurosField, day_field, day_to_come, email_field, story, words
from activities.links import FIELDS
from activities.models import Activity, ProviderAnswer
from wor.fields import PhoneField, PostcodeField
from wor.forms import WorForm, choice_field

Kind = ProviderAnswer.Kind
FINE, LATER = "fine", "later"


class ActivityAnswerForm(WorForm):
    """What somebody says about one activity. The version is written by the page, so that a second look renews it."""

    no_bsn_check = ("contact_phone",)

    answer = forms.ChoiceField(
        label=_("Klopt dit nog?"),
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
        error_messages={"required": _("Kies een antwoord.")},
    )
    until = day_field(_("Tot wanneer is het er niet?"), _("Dan staat het er vanzelf weer op, bijvoorbeeld 1-9-2027."))
    schedule = words(_("Dagen en tijden, in woorden"), 200, required=True)
    cost_cents = EurosField(label=_("Kosten per keer"), required=False, help_text=_("Bijvoorbeeld 2,50 of gratis."))
    cost_note = words(_("Kosten in woorden"), 120)
    place_name = words(_("Naam van de plek"), 120)
    address = words(_("Straat en huisnummer"), 120)
    postcode = PostcodeField(label=_("Postcode"), required=False)
    town = words(_("Plaats"), 80)
    how_to_join = words(_("Aanmelden"), 200)
    contact_name = words(_("Contactpersoon"), 120, _("Iedereen kan deze naam lezen."))
    contact_phone = PhoneField(label=_("Telefoon"), required=False)
    contact_email = email_field()
    summary = words(_("In één zin"), 200)
    body = story(_("Wat gebeurt er?"), 2000, _("Noem geen deelnemers bij naam."), rows=4)

    def __init__(self, *args, activity: Activity, **kwargs):
        self.activity = activity
        initial = {name: getattr(activity, name) for name in FIELDS}
        super().__init__(*args, initial=initial, prefix=prefix_of(activity), **kwargs)
        choice_field(self, "answer").choices = _choices(activity)

    def clean_until(self):
        return day_to_come(self, "until")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("answer") == Kind.CHANGED and not self.errors and not self.edits():
            self.add_error("answer", _("Pas hieronder aan wat er anders is, of kies “Klopt”."))
        return cleaned

    def edits(self) -> dict[str, Any]:
        """What was typed that is not on the kaart. A field that was not sent is left alone."""
        return {name: self.cleaned_data[name] for name in FIELDS if name in self.typed and name in self.cleaned_data}

    @property
    def typed(self) -> set[str]:
        return {name for name in self.changed_data if name in FIELDS and self.add_prefix(name) in self.data}

    def edit_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in FIELDS]

    @property
    def is_edited(self) -> bool:
        """Is there something under the fold that should be seen?"""
        if not self.is_bound:
            return False
        is_told_below = self["answer"].value() in (Kind.CHANGED, Kind.PAUSED)
        return bool({*FIELDS, "until", "not_a_bsn"} & set(self.errors)) or is_told_below or self.has_typed

    @property
    def has_typed(self) -> bool:
        return bool(self.typed)


def prefix_of(activity: Activity) -> str:
    return f"a{activity.reference.hex}"


def _choices(activity: Activity) -> list[tuple[str, Any]]:
    if activity.status == Activity.Status.PAUSED:
        state = [(FINE, _("Klopt: nog steeds tijdelijk niet")), (Kind.BACK.value, _("Is er weer"))]
    else:
        state = [(FINE, _("Klopt"))]
    changed, gone = (Kind.CHANGED.value, _("Aanpassen")), (Kind.GONE.value, _("Bestaat niet meer"))
    away = [] if activity.status == Activity.Status.PAUSED else [(Kind.PAUSED.value, _("Tijdelijk niet"))]
    return [*state, changed, *away, gone, (LATER, _("Weet ik nu niet"))]
