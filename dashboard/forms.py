"""What a kernteam fills in, and how it chooses a period."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard import periods
from wor.forms import WorForm


class PeriodForm(forms.Form):
    """Which period. Stays in the address."""

    periode = forms.ChoiceField(label=_("Periode"), choices=list(periods.CHOICES.items()), required=False)


class AnswerForm(WorForm):
    """The kernteam's answer to the question beside a figure."""

    with_key = True

    body = forms.CharField(
        label=_("Ons antwoord"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Wat zien jullie, en wat spreken jullie af? Noem geen namen van patiënten."),
    )


class ChangeAnswerForm(AnswerForm):
    with_key = False
    with_version = True
