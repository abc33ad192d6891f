"""How somebody is reached, and how much the referrer hears. Shared by referring and by correcting it later."""

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals.fields import PhoneField, PostcodeField
from referrals.forms.widgets import ExplainedRadios
from referrals.models import Client
from referrals.models.client import PRACTICE_HEARS

REACH_FIELDS = (
    *("phone", "postcode", "sex", "reach_via", "contact_name", "contact_relation", "contact_phone", "email"),
    *("may_voicemail", "may_text", "may_email", "may_post", "best_time", "language", "needs_interpreter"),
    *("feedback_level", "care_note", "is_direct_only"),
)
MESSAGES = ("may_voicemail", "may_text", "may_email", "may_post")


class ReachFields(forms.Form):
    phone = PhoneField(label=_("Telefoon"))
    postcode = PostcodeField(label=_("Postcode"), help_text=_("Vier cijfers is genoeg"))
    sex = forms.ChoiceField(
        label=_("Geslacht"),
        required=False,
        choices=[("", _("Niet ingevuld")), *Client.Sex.choices],
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    reach_via = forms.ChoiceField(
        label=_("Hoe bereikt de coach uw patiënt?"),
        choices=Client.ReachVia,
        initial=Client.ReachVia.PHONE,
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    contact_name = forms.CharField(label=_("Naam van de contactpersoon"), max_length=120, required=False)
    contact_relation = forms.CharField(
        label=_("Relatie"), max_length=60, required=False, help_text=_("Bijvoorbeeld: dochter")
    )
    contact_phone = PhoneField(label=_("Telefoon van de contactpersoon"), required=False)
    email = forms.EmailField(label=_("E-mailadres"), max_length=254, required=False)
    may_voicemail = forms.BooleanField(label=_("Voicemail inspreken mag"), required=False)
    may_text = forms.BooleanField(label=_("Een sms sturen mag"), required=False)
    may_email = forms.BooleanField(label=_("E-mailen mag"), required=False)
    may_post = forms.BooleanField(label=_("Post naar huis mag"), required=False)
    best_time = forms.CharField(
        label=_("Liefst bellen"),
        max_length=60,
        required=False,
        help_text=_("Bijvoorbeeld: ’s ochtends, niet op vrijdag"),
    )
    language = forms.CharField(label=_("Taal"), max_length=40, initial="Nederlands")
    needs_interpreter = forms.BooleanField(label=_("Er is een tolk nodig"), required=False)
    feedback_level = forms.ChoiceField(
        label=_("Wat mag u van de coach horen?"),
        choices=PRACTICE_HEARS,
        initial=Client.FeedbackLevel.ALL,
        help_text=_("Vraag het uw patiënt."),
        widget=ExplainedRadios(
            attrs={"data-look": "cards"},
            lines={
                "all": _("De coach schrijft u na het eerste gesprek en bij het afsluiten."),
                "outcome": _("U hoort of uw patiënt iets gevonden heeft, niet wat."),
                "status": _("U ziet alleen of de begeleiding loopt of is afgesloten."),
            },
        ),
    )
    care_note = forms.CharField(
        label=_("Let op bij contact"),
        max_length=200,
        required=False,
        help_text=_("Alleen u en de coach zien dit. Bijvoorbeeld: hoort slecht, laat lang overgaan."),
    )
    is_direct_only = forms.BooleanField(
        label=_("Alleen direct met de patiënt zelf. Niets achterlaten bij huisgenoten."),
        help_text=_("Er gaan dan geen automatische berichten uit."),
        required=False,
    )

    def ask_phone_when_called(self, chosen: str | None) -> None:
        """A number is needed only when the patient is called themselves."""
        self.fields["phone"].required = chosen in ("", None, Client.ReachVia.PHONE)

    def check_reach(self, cleaned: dict) -> None:
        """What the ways of reaching need of each other."""
        if cleaned.get("reach_via") == Client.ReachVia.CONTACT:
            if not cleaned.get("contact_name"):
                self.add_error("contact_name", _("Vul de naam van de contactpersoon in."))
            if not cleaned.get("contact_phone") and "contact_phone" not in self.errors:
                self.add_error("contact_phone", _("Vul het telefoonnummer van de contactpersoon in."))
        if cleaned.get("may_email") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Vul het e-mailadres in, of haal het vinkje bij e-mailen weg."))
        if cleaned.get("is_direct_only"):
            if cleaned.get("reach_via") == Client.ReachVia.CONTACT:
                self.add_error(
                    "reach_via", _("“Alleen direct met de patiënt zelf” gaat niet samen met een contactpersoon.")
                )
            cleaned.update(dict.fromkeys(MESSAGES, False))
