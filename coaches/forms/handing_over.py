"""To a colleague, or to another welfare organisation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coaches.forms.fields import (
    CONSENT_TO_COME,
    GIVEN_BY,
    HOW,
    Chips,
    DayField,
    Pick,
    Step,
    coach_or_for_now,
    not_in_future,
)
from referrals.models import Consent
from wor.accounts.models import Membership
from wor.forms import row_field
from wor.tenancy.models import Organisation


class HandOverForm(Step):
    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        who = Pick(colleagues, named=coach_or_for_now, label=_("Wie neemt het over?"), widget=forms.RadioSelect)
        self.fields["coach"] = who


class TransferForm(Step):
    to = Pick(Organisation.objects.none(), label=_("Naar welke organisatie?"), widget=forms.RadioSelect)
    given_by_kind = forms.ChoiceField(label=_("Wie gaf toestemming?"), choices=GIVEN_BY, widget=forms.RadioSelect)
    given_by_name = forms.CharField(
        label=_("Naam"), help_text=_("Alleen als een ander toestemming gaf."), max_length=120, required=False
    )
    given_by_relation = forms.CharField(label=_("Relatie"), max_length=60, required=False)
    how = forms.ChoiceField(label=_("Hoe"), choices=HOW, widget=Chips)
    given_on = DayField(label=_("Op"))
    agreed = forms.BooleanField(
        label=_("De cliënt vindt het goed dat de gegevens naar deze organisatie gaan."),
        error_messages={"required": _("Zonder toestemming kan dit niet. Vink aan als de cliënt ja zei.")},
    )

    def __init__(self, *args, membership: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        row_field(self, "to").queryset = Organisation.objects.filter(
            kind=Organisation.Kind.WELFARE, is_paused=False
        ).exclude(pk=membership.organisation_id)

    def clean_given_on(self):
        return not_in_future(self.cleaned_data["given_on"], sentence=CONSENT_TO_COME)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("given_by_kind") not in (None, Consent.GivenBy.PATIENT):
            for name in ("given_by_name", "given_by_relation"):
                if not cleaned.get(name):
                    self.add_error(name, _("Vul in wie toestemming gaf en wat de relatie is."))
        return cleaned


class RecuseForm(Step):
    def __init__(self, *args, colleagues=None, **kwargs):
        super().__init__(*args, **kwargs)
        if colleagues is not None:
            self.fields["colleague"] = Pick(
                colleagues,
                named=coach_or_for_now,
                label=_("Wie neemt het over?"),
                required=False,
                empty_label=_("De coördinator"),
                widget=forms.RadioSelect,
            )
