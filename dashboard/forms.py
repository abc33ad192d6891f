"""What a kernteam fills in, and how it chooses a period."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard import periods
from dashboard.models import Publication
from dashboard.published import period_code, period_name
from wor.forms import WorForm, choice_field


class PeriodForm(forms.Form):
    """Which period. Stays in the address."""

    periode = forms.ChoiceField(label=_("Periode"), choices=list(periods.CHOICES.items()), required=False)


class HalfYearForm(forms.Form):
    """Which closed half-year. Stays in the address."""

    half = forms.ChoiceField(label=_("Half jaar"), required=False)

    def __init__(self, *args: Any, half_years: Sequence[Publication], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choice_field(self, "half").choices = [(period_code(each), period_name(each)) for each in half_years]


class AnswerForm(WorForm):
    """The kernteam's answer to the question beside a figure."""

    with_key = True

    body = forms.CharField(
        label=_("Ons antwoord"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Wat zien jullie, en wat spreken jullie af? Noem geen namen van patiënten."),
    )


class AnswerOverForm(AnswerForm):
    """The same, with the period it is about: the address may be gone when the session ended meanwhile."""

    periode = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    half = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)


class ChangeAnswerForm(AnswerForm):
    with_key = False
    with_version = True
