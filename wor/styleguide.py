"""The style guide: every component with sample data, and four whole pages to copy the structure from. Demo only."""

from types import SimpleNamespace

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

PAGES = {
    "verwijzing": "stijlgids/verwijzing.html",
    "werkvoorraad": "stijlgids/werkvoorraad.html",
    "client": "stijlgids/client.html",
    "dashboard": "stijlgids/dashboard.html",
}

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
        "all": _("De coach schrijft u na het eerste gesprek en bij het afsluiten."),
        "outcome": _("U hoort of uw patiënt iets gevonden heeft, niet wat."),
        "status": _("U ziet alleen of de begeleiding loopt of is afgesloten."),
    }

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-help"] = self.lines.get(value, "")
        return option


class ReferralSample(forms.Form):
    first_name = forms.CharField(label=_("Voornaam of voorletters"), max_length=80)
    last_name = forms.CharField(label=_("Achternaam"), max_length=80)
    birth_date = forms.DateField(label=_("Geboortedatum"), help_text=_("Bijvoorbeeld 12-3-1956"))
    phone = forms.CharField(
        label=_("Telefoon"),
        help_text=_("Geen telefoon? Laat leeg en kies hieronder hoe dan."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    postcode = forms.CharField(
        label=_("Postcode"), help_text=_("Vier cijfers is genoeg"), widget=forms.TextInput(attrs={"data-width": "s"})
    )
    problem = forms.ChoiceField(
        label=_("Wat speelt het meest?"),
        choices=[(key, label) for key, label, _words in PROBLEMS],
        widget=KeywordRadios(attrs={"data-look": "chips", "data-search": _("Zoek op klacht: slaap, moe")}),
    )
    request_text = forms.CharField(
        label=_("Hulpvraag in één of twee zinnen"),
        help_text=_("Schrijf wat uw patiënt zelf wil. Geen diagnose, medicatie of BSN: dat heeft de coach niet nodig."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
    )
    other_conversation = forms.BooleanField(label=_("Ik heb het andere gesprek gevoerd"))
    consent = forms.BooleanField(
        label=_(
            "Ik heb verteld wat er wordt gedeeld en met wie. Mijn patiënt vindt het goed dat Sociaal Werk De Waard "
            "deze gegevens krijgt en contact opneemt."
        ),
        help_text=_("Wat zegt u? “Ik geef uw naam, nummer en wat u graag wilt door. Hun coach belt u. Vindt u dat goed?”"),
    )
    consent_way = forms.ChoiceField(
        label=_("Hoe gaf uw patiënt toestemming?"),
        choices=[("spoken", _("Mondeling in het consult")), ("phone", _("Telefonisch")), ("paper", _("Op papier")), ("interpreter", _("Via tolk"))],
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    level = forms.ChoiceField(
        label=_("Wat mag u horen?"),
        required=False,
        choices=[("all", _("Wat we doen en hoe het gaat")), ("outcome", _("Alleen de afloop")), ("status", _("Alleen of iemand in begeleiding is"))],
        widget=HelpRadios(attrs={"data-look": "cards"}),
    )


class FieldsSample(forms.Form):
    """One of every kind of field."""

    name = forms.CharField(label=_("Naam"), help_text=_("Zoals op de verzekeringspas"))
    date = forms.DateField(label=_("Datum"), required=False, help_text=_("Bijvoorbeeld 12-3-1956"))
    coach = forms.ChoiceField(label=_("Coach"), choices=[("s", "Samira Bouzid"), ("k", "Karin Postma"), ("g", "Gülsen Aydın")])
    weeks = forms.IntegerField(label=_("Wachttijd"), widget=forms.NumberInput(attrs={"data-suffix": _("weken")}))
    amount = forms.DecimalField(label=_("Kosten"), required=False, widget=forms.TextInput(attrs={"data-prefix": "€", "inputmode": "decimal"}))
    note = forms.CharField(label=_("Notitie"), required=False, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}))
    way = forms.ChoiceField(
        label=_("Hoe sprak je de cliënt?"), choices=[("p", _("In de praktijk")), ("t", _("Telefoon")), ("h", _("Thuis"))], widget=forms.RadioSelect
    )
    themes = forms.MultipleChoiceField(
        label=_("Wat telt voor de cliënt?"),
        required=False,
        choices=[("b", _("Lichaam")), ("m", _("Gevoelens en gedachten")), ("z", _("Zingeving")), ("k", _("Kwaliteit van leven")), ("p", _("Meedoen")), ("d", _("Dagelijks leven"))],
        widget=forms.CheckboxSelectMultiple(attrs={"data-look": "chips"}),
    )
    told = forms.BooleanField(label=_("De cliënt weet dit"), required=False, help_text=_("Vink dit pas aan na het gesprek."))
    password = forms.CharField(label=_("Wachtwoord"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    file = forms.FileField(label=_("Bestand"), required=False, help_text=_("CSV of Excel, hoogstens 5 MB"))


class FilterSample(forms.Form):
    practice = forms.ChoiceField(label=_("Praktijk"), required=False, choices=[("", _("Alle praktijken")), ("l", "De Linde – Van der Meer"), ("w", "Waalzicht")])
    state = forms.ChoiceField(label=_("Stand"), required=False, choices=[("", _("Alles")), ("w", _("Wachtlijst")), ("t", _("In traject"))])


class ContactSample(forms.Form):
    """Logging a contact in twenty seconds."""

    hide_optional = True
    result = forms.ChoiceField(
        label=_("Hoe ging het?"),
        choices=[("spoken", _("Gesproken")), ("none", _("Geen gehoor")), ("voicemail", _("Voicemail ingesproken")), ("moved", _("Verzet"))],
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    line = forms.CharField(label=_("Eén regel voor jezelf"), required=False, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 200}))


def sample_problem_form() -> ReferralSample:
    """A form sent too early: shows the error summary and the errors at the fields."""
    return ReferralSample(
        {"first_name": "Johanna", "birth_date": "12-3-2056", "phone": "06 1234 5678", "request_text": "Wil weer zingen.", "level": "all"}
    )


def header(role: str) -> dict:
    """The context that the processors give a real page, for a made-up person."""
    coach = role == "coach"
    pages = (
        [("Werkvoorraad", 5, "5 nieuw"), ("Cliënten", 0, ""), ("Agenda", 0, ""), ("Sociale kaart", 0, "")]
        if coach
        else [("Dashboard", 0, ""), ("Actieplan", 0, ""), ("Overleg", 0, ""), ("Verhalen", 0, "")]
        if role == "kernteam"
        else [("Nieuwe verwijzing", 0, ""), ("Mijn verwijzingen", 3, "3 nieuw"), ("Sociale kaart", 0, ""), ("Onze cijfers", 0, "")]
    )
    return {
        "region": {"name": "Rivierenland", "mark": "R"},
        "membership": {
            "display_name": {"coach": "Samira Bouzid", "kernteam": "Ellen de Graaf"}.get(role, "Anne van der Meer"),
            "role_label": {"coach": _("Welzijnscoach"), "kernteam": _("Projectleider")}.get(role, _("Huisarts")),
            "organisation": {"name": {"coach": "Sociaal Werk De Waard", "kernteam": "Kernteam De Linde"}.get(role, "Huisartsenpraktijk De Linde")},
        },
        "memberships": [
            {"switch_url": "/stijlgids/", "organisation_name": "Kernteam De Linde", "role_label": _("Kernteamlid"), "region_name": "Rivierenland"},
            {"switch_url": "/stijlgids/", "organisation_name": "Huisartsenpraktijk Waalzicht", "role_label": _("Verwijzer"), "region_name": "Rivierenland"},
        ],
        "navigation": [
            {"label": label, "url": "/stijlgids/", "current": index == 0, "count": count, "count_label": words}
            for index, (label, count, words) in enumerate(pages)
        ],
        "unread_notices": 2,
        "demo": True,
        "site_version": "0.1",
        "user": SimpleNamespace(is_authenticated=True),
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    """All components, or with ?pagina=… a whole page as an example."""
    page = request.GET.get("pagina", "")
    role = {"werkvoorraad": "coach", "client": "coach", "dashboard": "kernteam"}.get(page, "referrer")
    context = header(role) | {
        "referral_form": ReferralSample(),
        "problem_form": sample_problem_form(),
        "fields_form": FieldsSample(),
        "filter_form": FilterSample(request.GET),
        "contact_form": ContactSample(),
        "statuses": [
            ("sent", _("Verzonden"), ""),
            ("accepted", _("Aangenomen"), _("gesprek gepland di 1 dec")),
            ("waitlisted", _("Wachtlijst"), _("rond week 3")),
            ("active", _("In traject"), ""),
            ("paused", _("Gepauzeerd"), _("kijken op 15 februari")),
            ("follow_up", _("Opvolging"), ""),
            ("completed", _("Afgerond"), ""),
            ("stopped", _("Tussentijds gestopt"), ""),
            ("not_started", _("Niet gestart"), ""),
            ("declined", _("Niet passend"), ""),
            ("withdrawn", _("Ingetrokken"), ""),
            ("entered_in_error", _("Vergissing"), ""),
        ],
        "colours": ["paper", "surface", "ink", "muted", "line", "primary", "primary-tint", "accent", "success", "warning", "danger", "info"],
        "tabs": [
            {"label": _("Te doen"), "url": "#tabs", "count": 5, "current": True},
            {"label": _("Wacht op mij"), "url": "#tabs", "count": 3, "current": False},
            {"label": _("Wachtlijst"), "url": "#tabs", "count": 4, "current": False},
        ],
        "icon_names": ICONS,
    }
    return render(request, PAGES.get(page, "stijlgids.html"), context)


ICONS = (
    "accessibility arrow-left arrow-right ban bell building-2 calendar-days calendar-plus chart-column check chevron-down "
    "chevron-left chevron-right circle-alert circle-check circle-dot circle-help circle-minus circle-pause circle-x clock copy "
    "download external-link eye eye-off file-text flag funnel heart-handshake history hourglass house inbox info key-round "
    "languages leaf lightbulb list lock log-out mail map-pin menu message-circle octagon-alert pencil phone phone-missed plus "
    "printer search send settings shield-check sprout trash-2 triangle-alert undo-2 upload user-round users-round wifi-off x"
).split()
