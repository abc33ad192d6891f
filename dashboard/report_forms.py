"""Choosing a report."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.choices import Subject
from dashboard.models import Publication, Report
from dashboard.published import period_code, period_name
from wor.forms import WorForm, choice_field


class ChoiceForm(forms.Form):
    """About what, and over which closed period. Stays in the address."""

    over = forms.ChoiceField(label=_("Waarover"), required=False)
    periode = forms.ChoiceField(label=_("Periode"), required=False)

    def __init__(self, *args: Any, subjects: list[Subject], publications: list[Publication], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choice_field(self, "over").choices = [(each.code, each.name) for each in subjects]
        choice_field(self, "periode").choices = [(period_code(each), period_name(each)) for each in publications]


class OrderForm(WorForm):
    """In which form to keep a report."""

    over = forms.CharField(max_length=40, widget=forms.HiddenInput)
    periode = forms.SlugField(max_length=10, widget=forms.HiddenInput)
    vorm = forms.ChoiceField(
        label=_("Bestand"),
        choices=[
            (Report.Format.PDF, _("PDF, om te lezen en af te drukken")),
            (Report.Format.XLSX, _("Excel, om mee te rekenen")),
            (Report.Format.CSV, _("CSV, voor andere programma's")),
        ],
        widget=forms.RadioSelect,
    )
