"""The first talk, and the things to do that come out of it."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.models import Theme
from coaches.forms.fields import Chips, DayField, Pick, Step, not_in_future, not_in_past, since_sent, text_area
from coaches.models import Contact
from wor.accounts.models import Membership
from wor.forms import WorForm, row_field

PRIOR_NEEDS = (
    ("money", _("Geld")),
    ("housing", _("Wonen")),
    ("treatment", _("Behandeling")),
    ("safety", _("Veiligheid")),
    ("health", _("Gezondheid")),
    ("caring", _("Zorg voor een ander")),
    ("language", _("Taal")),
)


class IntakeForm(WorForm):
    """Everything here is optional: the talk itself is what counts."""

    with_key = True
    with_version = True
    held_on = DayField(label=_("Dag van het gesprek"), help_text=_("Leeg is vandaag."), required=False)
    way = forms.ChoiceField(label=_("Waar"), choices=Contact.Way.choices, widget=Chips)
    theme = Pick(
        Theme.objects.none(),
        label=_("Waar ging het vooral over?"),
        help_text=_("Een onderwerp voor het gesprek. We geven geen punten."),
        required=False,
        widget=Chips,
        empty_label=_("Geen keuze"),
    )
    wish = forms.CharField(label=_("Wat wil de cliënt graag?"), max_length=1000, required=False, widget=text_area())
    strengths = forms.CharField(
        label=_("Wat gaat goed, wie helpt?"), max_length=1000, required=False, widget=text_area(2)
    )
    obstacles = forms.CharField(label=_("Wat staat in de weg?"), max_length=1000, required=False, widget=text_area(2))
    prior_needs = forms.MultipleChoiceField(
        label=_("Wat moet eerst?"),
        choices=PRIOR_NEEDS,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"data-look": "chips"}),
    )
    wellbeing_t0 = forms.TypedChoiceField(
        label=_("Hoe gaat het op dit moment met u?"),
        help_text=_("0 is heel slecht, 10 is heel goed. De cliënt mag nee zeggen."),
        choices=[("", _("Niet gevraagd")), *((str(step), str(step)) for step in range(11))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=Chips,
    )

    def __init__(self, *args, is_first: bool, sent_on: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.sent_on = sent_on
        row_field(self, "theme").queryset = Theme.objects.filter(retired_at__isnull=True)
        if not is_first:
            del self.fields["held_on"], self.fields["way"]

    def clean_held_on(self):
        return since_sent(not_in_future(self.cleaned_data["held_on"]), self.sent_on)


class ActionForm(WorForm):
    with_key = True
    text = forms.CharField(label=_("Wat is er te doen?"), max_length=200)
    due_on = DayField(label=_("Uiterlijk op"), help_text=_("Bijvoorbeeld 1-12-2026"))

    def clean_due_on(self):
        return not_in_past(self.cleaned_data["due_on"])


class ChangeActionForm(Step):
    text = forms.CharField(label=_("Wat is er te doen?"), max_length=200)
    due_on = DayField(label=_("Uiterlijk op"), help_text=_("Bijvoorbeeld 1-12-2026"))
    owner = Pick(Membership.objects.none(), named=lambda person: person.display_name, label=_("Wie doet het?"))

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        row_field(self, "owner").queryset = colleagues

    def clean_due_on(self):
        """What is overdue may stay so while the words change."""
        day = self.cleaned_data["due_on"]
        return day if day == self.initial.get("due_on") else not_in_past(day)
