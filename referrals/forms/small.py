"""The smaller forms of a referral."""

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals.fields import PastDateField, split_name
from referrals.forms.reach import ReachFields
from referrals.models import ClosingReason, Status
from wor.forms import WorForm, choice_field


class MessageForm(WorForm):
    """A question, an answer or a supplement."""

    with_key = True
    body = forms.CharField(label=_("Uw tekst"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, label=None, help_text="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].label = label or self.fields["body"].label
        self.fields["body"].help_text = help_text


class WithdrawForm(WorForm):
    reason = forms.ChoiceField(label=_("Waarom trekt u de verwijzing in?"), widget=forms.RadioSelect)
    sentence = forms.CharField(
        label=_("Eén zin voor de coach"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, reasons: list[ClosingReason], **kwargs):
        super().__init__(*args, **kwargs)
        self.reasons = {str(each.reference): each for each in reasons}
        choice_field(self, "reason").choices = [(reference, each.label) for reference, each in self.reasons.items()]

    def clean_reason(self) -> ClosingReason:
        return self.reasons[self.cleaned_data["reason"]]


class TickForm(WorForm):
    """One tick, put or taken away."""

    ticked = forms.BooleanField(required=False)


class ErrorForm(WorForm):
    """A step that asks only to be sure of what it means."""


class AgainForm(WorForm):
    sentence = forms.CharField(
        label=_("Wat is er nu anders?"),
        max_length=500,
        required=False,
        help_text=_("De coach leest dit bij wat al besproken is."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NamesForm(WorForm):
    identity_checked = forms.BooleanField(
        label=_("Ik heb gecontroleerd wie dit vraagt. Toon ook de namen."),
        error_messages={"required": _("Controleer eerst wie dit vraagt.")},
    )


class ClientForm(ReachFields, WorForm):
    """Name, birth date and how to reach somebody, to correct. A colleague's change in between is never lost."""

    with_version = True
    given_name = forms.CharField(label=_("Voornaam of voorletters"), max_length=60)
    family_name = forms.CharField(label=_("Achternaam"), max_length=100)
    birth_date = PastDateField(label=_("Geboortedatum"), help_text=_("Bijvoorbeeld 12-3-1956"))
    field_order = ("given_name", "family_name", "birth_date")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_phone_when_called(self.data.get("reach_via") if self.is_bound else self.initial.get("reach_via"))

    def clean(self):
        cleaned = super().clean()
        self.check_reach(cleaned)
        if cleaned.get("family_name"):
            cleaned["prefix"], cleaned["family_name"] = split_name(cleaned["family_name"])
            if len(cleaned["family_name"]) > 80:
                self.add_error("family_name", _("Deze naam is te lang: hoogstens 80 tekens."))
        return cleaned


class FilterForm(forms.Form):
    """What the list shows; it stays in the address, so it holds no name."""

    status = forms.ChoiceField(label=_("Stand"), required=False, choices=[("", _("Alles")), *Status.choices])
    whose = forms.ChoiceField(
        label=_("Van wie"),
        required=False,
        choices=[("", _("De hele praktijk")), ("own", _("Van mij")), ("colleague", _("Van collega’s"))],
    )


class SearchForm(WorForm):
    """A name goes by POST: it may not end up in an address or a log."""

    hide_optional = True
    name = forms.CharField(
        label=_("Zoek op achternaam"), max_length=80, required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
