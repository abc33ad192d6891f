"""The style guide: every component with sample data, and four whole pages to copy the structure from. Demo only."""

import re
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wor.accounts.permissions import public
from wor.forms import say_how_to_mend

PAGES = {
    "verwijzing": "stijlgids/verwijzing.html",
    "werkvoorraad": "stijlgids/werkvoorraad.html",
    "client": "stijlgids/client.html",
    "dashboard": "stijlgids/dashboard.html",
}

COLOURS = [
    "paper",
    "surface",
    "ink",
    "muted",
    "line",
    "primary",
    "primary-tint",
    "accent",
    "success",
    "warning",
    "danger",
    "info",
]

PROBLEMS = [
    ("rouw", "Rouw en leegte", "slecht slapen moe geen eetlust verlies"),
    ("contact", "Weinig contact", "eenzaam vaak op het spreekuur kleine klachten"),
    ("vallen", "Bang om te vallen", "duizelig slecht slapen stijf valangst"),
    ("mantelzorg", "Overbelast door mantelzorg", "rugpijn prikkelbaar moe"),
    ("doel", "Geen doel of structuur", "slecht slapen somber piekeren geen werk"),
    ("vrienden", "Eenzaam, weinig vrienden", "hyperventilatie gamen jong"),
    ("kent_niemand", "Kent niemand in de buurt", "heimwee pijn verhuisd"),
    ("taal", "Taal als drempel", "tolk komt met kind vaak terug"),
]


class KeywordRadios(forms.RadioSelect):
    """Chips that are found by other words than their label."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-keywords"] = next((words for key, _label, words in PROBLEMS if key == value), "")
        return option


class HelpRadios(forms.RadioSelect):
    """Radios with a line of explanation under each."""

    lines = {
        "all": "De coach schrijft u na het eerste gesprek en bij het afsluiten.",
        "outcome": "U hoort of uw patiënt iets gevonden heeft, niet wat.",
        "status": "U ziet alleen of de begeleiding loopt of is afgesloten.",
    }

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-help"] = self.lines.get(value, "")
        return option


class Sample(forms.Form):
    """A form with the words that every form has."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_how_to_mend(self.fields)


class ReferralSample(Sample):
    first_name = forms.CharField(label="Voornaam of voorletters", max_length=80)
    last_name = forms.CharField(label="Achternaam", max_length=80)
    birth_date = forms.DateField(label="Geboortedatum", help_text="Bijvoorbeeld 12-3-1956")
    phone = forms.CharField(
        label="Telefoon",
        help_text="Geen telefoon? Laat leeg en kies hieronder hoe dan.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    postcode = forms.CharField(
        label="Postcode", help_text="Vier cijfers is genoeg", widget=forms.TextInput(attrs={"data-width": "s"})
    )
    problem = forms.ChoiceField(
        label="Wat speelt het meest?",
        choices=[(key, label) for key, label, _words in PROBLEMS],
        widget=KeywordRadios(attrs={"data-look": "chips", "data-search": "Zoek op klacht: slaap, moe"}),
    )
    request_text = forms.CharField(
        label="Hulpvraag in één of twee zinnen",
        help_text="Schrijf wat uw patiënt zelf wil. Geen diagnose, medicatie of BSN: dat heeft de coach niet nodig.",
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
    )
    other_conversation = forms.BooleanField(label="Ik heb het andere gesprek gevoerd")
    consent = forms.BooleanField(
        label="Ik heb verteld wat er wordt gedeeld en met wie. Mijn patiënt vindt het goed dat Sociaal Werk De Waard "
        "deze gegevens krijgt en contact opneemt.",
        help_text="Wat zegt u? “Ik geef uw naam, nummer en wat u graag wilt door. Hun coach belt u. Vindt u dat goed?”",
    )
    consent_way = forms.ChoiceField(
        label="Hoe gaf uw patiënt toestemming?",
        choices=[
            ("spoken", "Mondeling in het consult"),
            ("phone", "Telefonisch"),
            ("paper", "Op papier"),
            ("interpreter", "Via tolk"),
        ],
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    level = forms.ChoiceField(
        label="Wat mag u horen?",
        required=False,
        choices=[
            ("all", "Wat we doen en hoe het gaat"),
            ("outcome", "Alleen de afloop"),
            ("status", "Alleen of iemand in begeleiding is"),
        ],
        widget=HelpRadios(attrs={"data-look": "cards"}),
    )


class FieldsSample(forms.Form):
    """One of every kind of field."""

    name = forms.CharField(label="Naam", help_text="Zoals op de verzekeringspas")
    date = forms.DateField(label="Datum", required=False, help_text="Bijvoorbeeld 12-3-1956")
    coach = forms.ChoiceField(
        label="Coach", choices=[("s", "Samira Bouzid"), ("k", "Karin Postma"), ("g", "Gülsen Aydın")]
    )
    weeks = forms.IntegerField(label="Wachttijd", widget=forms.NumberInput(attrs={"data-suffix": "weken"}))
    amount = forms.DecimalField(
        label="Kosten", required=False, widget=forms.TextInput(attrs={"data-prefix": "€", "inputmode": "decimal"})
    )
    note = forms.CharField(label="Notitie", required=False, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}))
    way = forms.ChoiceField(
        label="Hoe sprak je de cliënt?",
        choices=[("p", "In de praktijk"), ("t", "Telefoon"), ("h", "Thuis")],
        widget=forms.RadioSelect,
    )
    themes = forms.MultipleChoiceField(
        label="Wat telt voor de cliënt?",
        required=False,
        choices=[
            ("b", "Lichaam"),
            ("m", "Gevoelens en gedachten"),
            ("z", "Zingeving"),
            ("k", "Kwaliteit van leven"),
            ("p", "Meedoen"),
            ("d", "Dagelijks leven"),
        ],
        widget=forms.CheckboxSelectMultiple(attrs={"data-look": "chips"}),
    )
    told = forms.BooleanField(label="De cliënt weet dit", required=False, help_text="Vink dit pas aan na het gesprek.")
    password = forms.CharField(
        label="Wachtwoord", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    file = forms.FileField(label="Bestand", required=False, help_text="CSV of Excel, hoogstens 5 MB")


class FilterSample(forms.Form):
    practice = forms.ChoiceField(
        label="Praktijk",
        required=False,
        choices=[("", "Alle praktijken"), ("l", "De Linde – Van der Meer"), ("w", "Waalzicht")],
    )
    state = forms.ChoiceField(
        label="Stand", required=False, choices=[("", "Alles"), ("w", "Wachtlijst"), ("t", "In traject")]
    )


class ContactSample(forms.Form):
    """Logging a contact in twenty seconds."""

    hide_optional = True
    result = forms.ChoiceField(
        label="Hoe ging het?",
        choices=[
            ("spoken", "Gesproken"),
            ("none", "Geen gehoor"),
            ("voicemail", "Voicemail ingesproken"),
            ("moved", "Verzet"),
        ],
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    line = forms.CharField(
        label="Eén regel voor jezelf", required=False, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 200})
    )


def sample_problem_form() -> ReferralSample:
    """A form sent too early: shows the error summary and the errors at the fields."""
    return ReferralSample(
        {
            "first_name": "Johanna",
            "birth_date": "12-3-2056",
            "phone": "06 1234 5678",
            "request_text": "Wil weer zingen.",
            "level": "all",
        }
    )


# Role -> name, what it is called, organisation, and its places to go with what is new there.
PEOPLE = {
    "referrer": (
        "Anne van der Meer",
        "Huisarts",
        "Huisartsenpraktijk De Linde",
        [("Nieuwe verwijzing", 0), ("Mijn verwijzingen", 3), ("Sociale kaart", 0), ("Onze cijfers", 0)],
    ),
    "coach": (
        "Samira Bouzid",
        "Welzijnscoach",
        "Sociaal Werk De Waard",
        [("Werkvoorraad", 5), ("Cliënten", 0), ("Agenda", 0), ("Sociale kaart", 0)],
    ),
    "core_team": (
        "Ellen de Graaf",
        "Projectleider",
        "Kernteam De Linde",
        [("Dashboard", 0), ("Actieplan", 0), ("Overleg", 0), ("Verhalen", 0)],
    ),
}


def header(role: str) -> dict:
    """The context that the processors give a real page, for a made-up person."""
    name, role_label, organisation, places = PEOPLE[role]
    others = [("Kernteam De Linde", "Kernteamlid"), ("Huisartsenpraktijk Waalzicht", "Verwijzer")]
    return {
        "region": {"name": "Rivierenland", "mark": "R"},
        "membership": {"display_name": name, "role_label": role_label, "organisation": {"name": organisation}},
        "memberships": [
            {
                "switch_url": "/stijlgids/",
                "organisation_name": other,
                "role_label": label,
                "region_name": "Rivierenland",
            }
            for other, label in others
        ],
        "navigation": [
            {
                "label": label,
                "url": "/stijlgids/",
                "current": "page" if index == 0 else "",
                "count": count,
                "count_label": f"{count} nieuw",
            }
            for index, (label, count) in enumerate(places)
        ],
        "unread_notices": 2,
        "demo": True,
        "site_version": "0.1",
        "user": SimpleNamespace(is_authenticated=True),
    }


def icon_names() -> list[str]:
    sprite = finders.find("img/icons.svg")
    return re.findall(r'<symbol id="([^"]+)"', Path(sprite).read_text()) if sprite else []


@public
def styleguide(request: HttpRequest) -> HttpResponse:
    """All components, or with ?pagina=… a whole page as an example."""
    page = request.GET.get("pagina", "")
    role = {"werkvoorraad": "coach", "client": "coach", "dashboard": "core_team"}.get(page, "referrer")
    context = header(role) | {
        "referral_form": ReferralSample(),
        "problem_form": sample_problem_form(),
        "fields_form": FieldsSample(),
        "filter_form": FilterSample(request.GET),
        "contact_form": ContactSample(),
        "statuses": [
            ("sent", "Verzonden", ""),
            ("accepted", "Aangenomen", "gesprek gepland di 1 dec"),
            ("waitlisted", "Wachtlijst", "rond week 3"),
            ("active", "In traject", ""),
            ("paused", "Gepauzeerd", "kijken op 15 februari"),
            ("follow_up", "Opvolging", ""),
            ("completed", "Afgerond", ""),
            ("stopped", "Tussentijds gestopt", ""),
            ("not_started", "Niet gestart", ""),
            ("declined", "Niet passend", ""),
            ("withdrawn", "Ingetrokken", ""),
            ("entered_in_error", "Vergissing", ""),
        ],
        "colours": COLOURS,
        "tabs": [
            {"label": "Te doen", "url": "#tabs", "count": 5, "current": True},
            {"label": "Wacht op mij", "url": "#tabs", "count": 3, "current": False},
            {"label": "Wachtlijst", "url": "#tabs", "count": 4, "current": False},
        ],
        "icon_names": icon_names(),
    }
    return render(request, PAGES.get(page, "stijlgids.html"), context)
