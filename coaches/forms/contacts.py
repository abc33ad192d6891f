"""Logging what was done, in seconds; *zorgen: bel de praktijk*; finding somebody by name."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from coaches.forms.fields import Chips, DayField, Pick, not_in_future, since_sent, text_area
from coaches.models import Action, Contact
from wor.forms import WorForm, choice_field


class ContactForm(WorForm):
    """One tap on the result sends it; everything else is filled in or optional."""

    with_key = True
    kind = forms.ChoiceField(label=_("Wat"), choices=Contact.Kind.choices, widget=Chips)
    way = forms.ChoiceField(label=_("Hoe"), choices=Contact.Way.choices, widget=Chips)
    line = forms.CharField(
        label=_("Eén regel"),
        help_text=_("Voor jou en je collega's. De verwijzer leest dit niet."),
        max_length=300,
        required=False,
        widget=text_area(2),
    )
    held_on = DayField(label=_("Dag"), help_text=_("Leeg is vandaag."), required=False)
    minutes = forms.TypedChoiceField(
        label=_("Hoe lang"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "–"), *((step, _("%(step)s minuten") % {"step": step}) for step in range(15, 241, 15))],
    )
    result = forms.ChoiceField(label=_("Resultaat"), choices=Contact.Result.choices)

    def __init__(self, *args, sent_on: dt.date, to_do=None, log_minutes: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.sent_on = sent_on
        choice_field(self, "kind").choices = [
            choice for choice in Contact.Kind.choices if choice[0] != Contact.Kind.CONCERN
        ]
        if not log_minutes:
            del self.fields["minutes"]
        if to_do:
            self.fields["ticks_off"] = Pick(
                Action.objects.filter(pk__in=[action.pk for action in to_do]),
                named=lambda action: action.text,
                label=_("Is hiermee gedaan"),
                required=False,
                widget=Chips,
                empty_label=_("Niets"),
            )

    def clean_held_on(self):
        day = not_in_future(self.cleaned_data["held_on"])
        # Talking about somebody may come first; talking with them is what the referral asks.
        return since_sent(day, self.sent_on) if self.cleaned_data.get("kind") in Contact.WITH_CLIENT else day

    @property
    def details(self):
        """The fields above the buttons: all but the result and the form's own."""
        return [field for field in self.visible_fields() if field.name not in ("result", "not_a_bsn")]


class ConcernForm(WorForm):
    with_key = True
    told_to = forms.CharField(label=_("Wie heb je gesproken?"), help_text=_("Naam en functie."), max_length=120)
    line = forms.CharField(
        label=_("Wat is er afgesproken?"),
        help_text=_("Voor jou en je collega's."),
        max_length=300,
        required=False,
        widget=text_area(2),
    )


class SearchForm(WorForm):
    """By name, so by POST: a name never stands in an address."""

    name = forms.CharField(label=_("Achternaam"), max_length=80)
