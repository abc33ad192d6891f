"""Forms of the sociale kaart."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, ActivityReport, District, Provider, TargetCell, Theme
from activities.words import LANGUAGES, WEEKDAYS, read_euros, show_euros
from wor.accounts.models import Membership
from wor.calendar import today
from wor.fields import PhoneField, PostcodeField
from wor.forms import WorForm, choice_field, row_field

CHIPS = {"data-look": "chips"}


def chips(label, choices, **kwargs) -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple(attrs=CHIPS)
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=widget, **kwargs)


def day_field(label, help_text) -> forms.DateField:
    widget = forms.DateInput(attrs={"data-width": "s", "inputmode": "numeric"}, format="%d-%m-%Y")
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


class EurosField(forms.Field):
    """An amount as people type it: € 2,50, 2.50, gratis. Kept in cents; empty is not known."""

    widget = forms.TextInput(attrs={"data-width": "s", "inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value) -> int | None:
        if value in self.empty_values:
            return None
        cents = read_euros(str(value)) if len(str(value)) <= 40 else None
        if cents is None:
            raise forms.ValidationError(_("Schrijf een bedrag, bijvoorbeeld 2,50 of gratis."), code="unreadable")
        return cents

    def prepare_value(self, value):
        return show_euros(value) if isinstance(value, int) else value


class ProviderForm(WorForm):
    """Who offers activities: an organisation's own, published, contact details."""

    name = forms.CharField(label=_("Naam"), max_length=120)
    contact_name = forms.CharField(
        label=_("Wie is het aanspreekpunt?"),
        max_length=120,
        required=False,
        help_text=_("Vraag eerst of deze naam op de sociale kaart mag staan."),
    )
    phone = PhoneField(label=_("Telefoon"), required=False)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Hierheen gaat de vraag of alles nog klopt."),
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    no_bsn_check = ("phone",)

    def __init__(self, *args, viewer: Membership, provider: Provider | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        others = Provider.objects.visible_to(viewer)
        self.others = others.exclude(pk=provider.pk) if provider is not None else others

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if self.others.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("Deze aanbieder staat er al."))
        return name


class NewProviderForm(ProviderForm):
    with_key = True


class ChangeProviderForm(ProviderForm):
    with_version = True


class ActivityForm(WorForm):
    """Everything an entry says. Only title, when, and who offers it are asked; the rest makes it easier to find."""

    no_bsn_check = ("contact_phone",)
    # How the page groups the fields.
    SECTIONS = (
        (_("Wat is het?"), ("title", "summary", "body")),
        (_("Wie biedt het aan?"), ("provider", "new_provider")),
        (_("Wanneer?"), ("schedule", "weekdays", "day_parts", "starts_on", "ends_on")),
        (_("Waar?"), ("place_name", "address", "postcode", "town", "district")),
        (_("Voor wie?"), ("cells", "themes", "accessibility", "access_note", "languages")),
        (_("Meedoen"), ("cost_cents", "cost_note", "places", "walk_in", "how_to_join")),
        (_("Contact"), ("contact_name", "contact_phone", "contact_email", "website")),
    )

    title = forms.CharField(label=_("Naam van de activiteit"), max_length=120)
    summary = forms.CharField(
        label=_("In één zin"),
        max_length=200,
        required=False,
        help_text=_("Bijvoorbeeld “Rustig wandelen met een groep en daarna koffie”."),
    )
    body = forms.CharField(
        label=_("Wat gebeurt er?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 2000}),
        help_text=_("Gewone taal. Noem geen deelnemers bij naam."),
    )
    provider = forms.ModelChoiceField(
        Provider.objects.none(),
        label=_("Aanbieder"),
        to_field_name="reference",
        required=False,
        empty_label=_("Kies"),
    )
    new_provider = forms.CharField(
        label=_("Of een nieuwe aanbieder"),
        max_length=120,
        required=False,
        help_text=_("Als de naam niet in de lijst staat."),
    )
    schedule = forms.CharField(
        label=_("Dagen en tijden, in woorden"),
        max_length=200,
        help_text=_("Bijvoorbeeld “dinsdag en vrijdag 10.00–11.00, niet in juli”."),
    )
    weekdays = chips(_("Op welke dagen?"), [(str(day), label) for day, label in WEEKDAYS.items()])
    day_parts = chips(_("Wanneer op de dag?"), Activity.DayPart.choices)
    starts_on = day_field(_("Eerste dag"), _("Alleen als het een begin heeft, bijvoorbeeld 12-1-2027."))
    ends_on = day_field(_("Laatste dag"), _("Daarna verdwijnt de activiteit vanzelf van de kaart."))
    place_name = forms.CharField(label=_("Naam van de plek"), max_length=120, required=False)
    address = forms.CharField(label=_("Straat en huisnummer"), max_length=120, required=False)
    postcode = PostcodeField(label=_("Postcode"), required=False)
    town = forms.CharField(label=_("Plaats"), max_length=80, required=False)
    district = forms.ModelChoiceField(
        District.objects.none(),
        label=_("Wijk of buurt"),
        to_field_name="reference",
        required=False,
        empty_label=_("Geen of weet ik niet"),
    )
    cells = chips(
        _("Bij welke vraag past het?"),
        (),
        help_text=_("Zo wordt het bij een verwijzing voorgesteld."),
    )
    themes = chips(_("Thema’s van Positieve Gezondheid"), ())
    accessibility = chips(_("Toegankelijkheid"), Activity.Access.choices)
    access_note = forms.CharField(
        label=_("Goed om te weten"),
        max_length=200,
        required=False,
        help_text=_("Bijvoorbeeld “trap met leuning, geen lift”."),
    )
    languages = chips(_("Talen die er gesproken worden"), list(LANGUAGES.items()))
    cost_cents = EurosField(
        label=_("Kosten per keer"), required=False, help_text=_("Bijvoorbeeld 2,50 of gratis. Leeg: niet bekend.")
    )
    cost_note = forms.CharField(
        label=_("Kosten in woorden"),
        max_length=120,
        required=False,
        help_text=_("Bijvoorbeeld “€ 12 per maand, eerste drie keer gratis”."),
    )
    places = forms.IntegerField(
        label=_("Plaatsen"),
        required=False,
        min_value=1,
        max_value=2000,
        widget=forms.NumberInput(attrs={"data-width": "xs"}),
    )
    walk_in = forms.BooleanField(
        label=_("Iedereen kan zo meedoen, ook zonder coach"),
        required=False,
        help_text=_("Dan kan een huisarts de activiteit printen en meegeven."),
    )
    how_to_join = forms.CharField(
        label=_("Aanmelden"),
        max_length=200,
        required=False,
        help_text=_("Bijvoorbeeld “bel Thea, of kom een keer kijken”."),
    )
    contact_name = forms.CharField(
        label=_("Naam"), max_length=120, required=False, help_text=_("Vraag eerst of deze naam er mag staan.")
    )
    contact_phone = PhoneField(label=_("Telefoon"), required=False)
    contact_email = forms.EmailField(label=_("E-mail"), required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    def __init__(self, *args, viewer: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        row_field(self, "provider").queryset = Provider.objects.visible_to(viewer)
        row_field(self, "district").queryset = District.objects.filter(region_id=viewer.region_id)
        self.known_themes = {str(each.reference): each for each in Theme.objects.filter(retired_at__isnull=True)}
        self.known_cells = {str(each.reference): each for each in TargetCell.objects.in_use()}
        choice_field(self, "themes").choices = [(code, each.label) for code, each in self.known_themes.items()]
        groups: dict[str, list[tuple[str, str]]] = {}
        for code, each in self.known_cells.items():
            groups.setdefault(each.target_group.label, []).append((code, each.problem.label))
        choice_field(self, "cells").choices = list(groups.items())

    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(label, [self[name] for name in names]) for label, names in self.SECTIONS]

    def clean_weekdays(self) -> list[int]:
        return sorted(int(day) for day in self.cleaned_data["weekdays"])

    def clean_themes(self) -> list[Theme]:
        return [self.known_themes[code] for code in self.cleaned_data["themes"]]

    def clean_cells(self) -> list[TargetCell]:
        return [self.known_cells[code] for code in self.cleaned_data["cells"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("provider")) == bool(cleaned.get("new_provider")) and "new_provider" not in self.errors:
            self.add_error("provider", _("Kies een aanbieder uit de lijst, of vul een nieuwe in."))
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("De laatste dag ligt vóór de eerste."))
        return cleaned


class NewActivityForm(ActivityForm):
    with_key = True


class ChangeActivityForm(ActivityForm):
    with_version = True


class PauseForm(WorForm):
    with_version = True

    until = forms.DateField(
        label=_("Tot wanneer?"),
        required=False,
        widget=forms.DateInput(attrs={"data-width": "s", "inputmode": "numeric"}),
        help_text=_("Dan komt de activiteit vanzelf terug, bijvoorbeeld 1-9-2027. Leeg: tot iemand haar weer aanzet."),
    )

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day is not None and day <= today():
            raise forms.ValidationError(_("Kies een dag na vandaag."))
        return day


class ReportForm(WorForm):
    """*Klopt dit niet?* The page's own form carries the key."""

    body = forms.CharField(
        label=_("Wat klopt er niet?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 500}),
        help_text=_(
            "Bijvoorbeeld “de tijd is veranderd” of “dit bestaat niet meer”. Schrijf geen namen van mensen op."
        ),
    )


class OwnReportForm(ReportForm):
    """The same for who is signed in."""

    with_key = True


class HandleReportForm(WorForm):
    outcome = forms.ChoiceField(
        label=_("Wat heb je gedaan?"),
        choices=ActivityReport.Outcome.choices,
        widget=forms.RadioSelect(attrs={"data-look": "cards"}),
    )


class KeptFilter(forms.Form):
    """The moderator's search."""

    zoek = forms.CharField(label=_("Naam of aanbieder"), required=False, max_length=60)
