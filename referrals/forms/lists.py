"""What an administrator fills in about the region's lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.models import Problem, TargetGroup
from wor.forms import WorForm, choice_field, row_field
from wor.region.forms import ByReference

KEYWORDS = 20


class KeywordsField(forms.CharField):
    """Search words, separated by commas or on lines of their own."""

    widget = forms.Textarea

    def to_python(self, value) -> Any:
        words = [" ".join(part.split()) for part in str(value or "").replace("\n", ",").split(",")]
        return list(dict.fromkeys(word for word in words if word))

    def validate(self, value) -> None:
        if len(value) > KEYWORDS or any(len(word) > 60 for word in value):
            raise forms.ValidationError(_("Hoogstens 20 zoekwoorden van hoogstens 60 tekens."))

    def run_validators(self, value) -> None:
        """A list has no length in characters."""

    def prepare_value(self, value) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class CellWords(forms.Form):
    """What stands in a cell of the doelgroepenkaart."""

    keywords = KeywordsField(
        label=_("Wat de huisarts hoort (zoekwoorden)"),
        required=False,
        help_text=_("Gescheiden door komma’s. Bijvoorbeeld: slecht slapen, moe, geen eetlust"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    often_fits = forms.CharField(
        label=_("Wat er vaak past"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    what_follows = forms.CharField(
        label=_("Wat er daarna gebeurt"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class NewItemForm(WorForm):
    label = forms.CharField(label=_("Naam"), max_length=80)


class NewCellForm(CellWords, WorForm):
    target_group = ByReference(TargetGroup.objects.none(), label=_("Doelgroep"))
    problem = ByReference(Problem.objects.none(), label=_("Probleem"))

    field_order = ["target_group", "problem", "keywords", "often_fits", "what_follows"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        row_field(self, "target_group").queryset = TargetGroup.objects.filter(retired_at__isnull=True)
        row_field(self, "problem").queryset = Problem.objects.filter(retired_at__isnull=True)


class PlaceForm(WorForm):
    """``places``: the list as it is now, without this one."""

    with_version = True

    place = forms.TypedChoiceField(label=_("Plaats in de lijst"), coerce=int)

    def __init__(self, *args, places: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        after = [(n, _("Na “%(label)s”") % {"label": label}) for n, label in enumerate(places, 2)]
        choice_field(self, "place").choices = [(1, _("Bovenaan")), *after]


class ItemForm(PlaceForm):
    label = forms.CharField(label=_("Naam"), max_length=80)

    field_order = ["label", "place"]


class CellForm(CellWords, PlaceForm):
    field_order = ["keywords", "often_fits", "what_follows", "place"]


class RetireForm(WorForm):
    with_version = True
