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


def words(label, at_most: int, help_text="", *, required=False) -> forms.CharField:
    """A line of text; an entry may leave out nearly everything."""
    return forms.CharField(label=label, max_length=at_most, required=required, help_text=help_text)


def story(label, at_most: int, help_text, *, rows: int, required=False) -> forms.CharField:
    """Text of more lines, that counts along."""
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": at_most})
    return forms.CharField(label=label, max_length=at_most, required=required, widget=widget, help_text=help_text)


def email_field(help_text="") -> forms.EmailField:
    return forms.EmailField(label=_("E-mail"), required=False, help_text=help_text)


def website_field() -> forms.URLField:
    return forms.URLField(label=_("Website"), required=False, assume_scheme="https")


def row_of(model, label, empty_label) -> forms.ModelChoiceField:
    """One of the region's own, by reference; each form says which."""
    return forms.ModelChoiceField(
        model.objects.none(), label=label, to_field_name="reference", required=False, empty_label=empty_label
    )


def day_field(label, help_text) -> forms.DateField:
    widget = forms.DateInput(attrs={"data-width": "s", "inputmode": "numeric"}, format="%d-%m-%Y")
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


def day_to_come(form: forms.Form, name: str) -> Any:
    """What may be left empty, but never lies behind us."""
    day = form.cleaned_data[name]
    if day is not None and day <= today():
        raise forms.ValidationError(_("Kies een dag na vandaag."))
    return day


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

    name = words(_("Naam"), 120, required=True)
    contact_name = words(
        _("Wie is het aanspreekpunt?"), 120, _("Vraag eerst of deze naam op de sociale kaart mag staan.")
    )
    phone = PhoneField(label=_("Telefoon"), required=False)
    email = email_field(_("Hierheen gaat de vraag of alles nog klopt."))
    website = website_field()

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
    # Neither is asked by itself, one of them is.
    ONE_OF = ("provider", "new_provider")
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

    title = words(_("Naam van de activiteit"), 120, required=True)
    summary = words(_("In één zin"), 200, _("Bijvoorbeeld “Rustig wandelen met een groep en daarna koffie”."))
    body = story(_("Wat gebeurt er?"), 2000, _("Gewone taal. Noem geen deelnemers bij naam."), rows=5)
    provider = row_of(Provider, _("Aanbieder"), _("Kies"))
    new_provider = words(_("Of een nieuwe aanbieder"), 120, _("Als de naam niet in de lijst staat."))
    schedule = words(
        _("Dagen en tijden, in woorden"),
        200,
        _("Bijvoorbeeld “dinsdag en vrijdag 10.00–11.00, niet in juli”."),
        required=True,
    )
    weekdays = chips(_("Op welke dagen?"), [(str(day), label) for day, label in WEEKDAYS.items()])
    day_parts = chips(_("Wanneer op de dag?"), Activity.DayPart.choices)
    starts_on = day_field(_("Eerste dag"), _("Alleen als het een begin heeft, bijvoorbeeld 12-1-2027."))
    ends_on = day_field(_("Laatste dag"), _("Daarna verdwijnt de activiteit vanzelf van de kaart."))
    place_name = words(_("Naam van de plek"), 120)
    address = words(_("Straat en huisnummer"), 120)
    postcode = PostcodeField(label=_("Postcode"), required=False)
    town = words(_("Plaats"), 80)
    district = row_of(District, _("Wijk of buurt"), _("Geen of weet ik niet"))
    cells = chips(_("Bij welke vraag past het?"), (), help_text=_("Zo wordt het bij een verwijzing voorgesteld."))
    themes = chips(_("Thema’s van Positieve Gezondheid"), ())
    accessibility = chips(_("Toegankelijkheid"), Activity.Access.choices)
    access_note = words(_("Goed om te weten"), 200, _("Bijvoorbeeld “trap met leuning, geen lift”."))
    languages = chips(_("Talen die er gesproken worden"), list(LANGUAGES.items()))
    cost_cents = EurosField(
        label=_("Kosten per keer"), required=False, help_text=_("Bijvoorbeeld 2,50 of gratis. Leeg: niet bekend.")
    )
    cost_note = words(_("Kosten in woorden"), 120, _("Bijvoorbeeld “€ 12 per maand, eerste drie keer gratis”."))
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
    how_to_join = words(_("Aanmelden"), 200, _("Bijvoorbeeld “bel Thea, of kom een keer kijken”."))
    contact_name = words(_("Naam"), 120, _("Vraag eerst of deze naam er mag staan."))
    contact_phone = PhoneField(label=_("Telefoon"), required=False)
    contact_email = email_field()
    website = website_field()

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

    until = day_field(
        _("Tot wanneer?"),
        _("Dan komt de activiteit vanzelf terug, bijvoorbeeld 1-9-2027. Leeg: tot iemand haar weer aanzet."),
    )

    def clean_until(self):
        return day_to_come(self, "until")


class ReportForm(WorForm):
    """*Klopt dit niet?* The page's own form carries the key."""

    body = story(
        _("Wat klopt er niet?"),
        500,
        _("Bijvoorbeeld “de tijd is veranderd” of “dit bestaat niet meer”. Schrijf geen namen van mensen op."),
        rows=4,
        required=True,
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

    zoek = words(_("Naam of aanbieder"), 60)
