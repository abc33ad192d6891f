"""Forms of the region's administrator."""

import re

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wor.accounts.models import ROLE_HOMES, Function, Membership, Role
from wor.audit.models import AccessLogEntry
from wor.fields import read_phone
from wor.forms import WorForm, choice_field, row_field, say_how_to_mend
from wor.region.colours import is_readable, nearest_readable
from wor.retention.terms import GROUND, TERMS, Term
from wor.tenancy.models import REGION_SETTINGS, Municipality, Organisation, Region

Kind = Organisation.Kind
NONE = [("", "—")]


class ByReference(forms.ModelChoiceField):
    """A choice among visible rows; the page carries references, never row numbers."""

    def __init__(self, queryset, **kwargs):
        super().__init__(queryset, to_field_name="reference", **kwargs)


class DateInput(forms.DateInput):
    def __init__(self):
        super().__init__(attrs={"data-width": "s", "inputmode": "numeric"})


# --- People ----------------------------------------------------------------------------------------------------------


class PeopleFilter(forms.Form):
    """Staff may be searched by name in the address; clients never are."""

    zoek = forms.CharField(label=_("Naam"), required=False, max_length=60)
    organisatie = ByReference(
        Organisation.objects.none(), label=_("Organisatie"), required=False, empty_label=_("Alle")
    )
    rol = forms.ChoiceField(label=_("Rol"), required=False, choices=[("", _("Alle")), *Role.choices])

    def __init__(self, data, *, viewer: Membership):
        super().__init__(data)
        row_field(self, "organisatie").queryset = Organisation.objects.visible_to(viewer).only("reference", "name")


class RoleForm(WorForm):
    """What each form that gives a role checks: does it fit the organisation, and which function?"""

    def check_role(self, cleaned: dict, kind: str | None) -> dict:
        role = cleaned.get("role")
        if role and kind and kind not in ROLE_HOMES[role]:
            homes = ", ".join(str(Kind(home).label).lower() for home in ROLE_HOMES[role])
            self.add_error("role", _("Deze rol hoort bij: %(homes)s.") % {"homes": homes})
        if role == Role.REFERRER and not cleaned.get("function"):
            self.add_error("function", _("Kies voor een verwijzer een functie."))
        return cleaned


def function_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Functie"),
        required=False,
        choices=[*NONE, *Function.choices],
        help_text=_("Alleen voor een verwijzer."),
    )


def valid_until_field() -> forms.DateField:
    return forms.DateField(
        label=_("Laatste dag"),
        required=False,
        widget=DateInput(),
        help_text=_("Voor een waarnemer of een tijdelijke collega, bijvoorbeeld 31-12-2026. Daarna stopt de toegang."),
    )


class InviteForm(RoleForm):
    name = forms.CharField(label=_("Naam"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label=_("E-mailadres"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("Een persoonlijk werkadres. De uitnodiging is 7 dagen geldig."),
    )
    organisation = ByReference(Organisation.objects.none(), label=_("Organisatie"), empty_label=_("Kies"))
    role = forms.ChoiceField(label=_("Rol"), choices=[("", _("Kies")), *Role.choices])
    function = function_field()
    is_contact_point = forms.BooleanField(
        label=_("Aanspreekpunt van de organisatie"),
        required=False,
        help_text=_("Krijgt overzichten en vragen voor de anderen. Eén per organisatie."),
    )
    valid_until = valid_until_field()

    def __init__(self, *args, viewer: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        row_field(self, "organisation").queryset = Organisation.objects.visible_to(viewer)

    def clean_valid_until(self):
        return _not_past(self.cleaned_data["valid_until"])

    def clean(self):
        cleaned = super().clean()
        organisation = cleaned.get("organisation")
        return self.check_role(cleaned, organisation.kind if organisation else None)


class ChangePersonForm(WorForm):
    with_version = True

    display_name = forms.CharField(label=_("Naam"), max_length=120)
    function = function_field()
    is_contact_point = InviteForm.base_fields["is_contact_point"]
    valid_until = valid_until_field()

    def __init__(self, *args, person: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        if person.role != Role.REFERRER:
            del self.fields["function"]

    def clean_valid_until(self):
        day = self.cleaned_data["valid_until"]
        return day if day == self.person.valid_until else _not_past(day)

    def clean(self):
        cleaned = super().clean()
        if self.person.role == Role.REFERRER and not cleaned.get("function") and "function" not in self.errors:
            self.add_error("function", _("Kies voor een verwijzer een functie."))
        return cleaned


class ChangeRoleForm(RoleForm):
    with_version = True

    role = forms.ChoiceField(label=_("Nieuwe rol"))
    function = function_field()

    def __init__(self, *args, person: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = person.organisation.kind
        offered = [
            (code, label) for code, label in Role.choices if code != person.role and self.kind in ROLE_HOMES[code]
        ]
        choice_field(self, "role").choices = [("", _("Kies")), *offered]
        if Role.REFERRER not in dict(offered):
            del self.fields["function"]

    def clean(self):
        return self.check_role(super().clean(), self.kind)


def _not_past(day):
    if day is not None and day < timezone.localdate():
        raise forms.ValidationError(_("Deze dag is al voorbij. Kies vandaag of later."))
    return day


# --- Organisations ---------------------------------------------------------------------------------------------------


class OrganisationForm(WorForm):
    """Facts about an organisation. Only the fields that its kind has."""

    no_bsn_check = ("agb", "phone")

    name = forms.CharField(label=_("Naam"), max_length=120)
    place = forms.CharField(label=_("Plaats"), max_length=80, required=False)
    phone = forms.CharField(
        label=_("Telefoon"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "data-width": "m"}),
    )
    municipality_code = forms.ChoiceField(label=_("Gemeente"), required=False)
    parent = ByReference(
        Organisation.objects.none(),
        label=_("Gezondheidscentrum of zorggroep"),
        required=False,
        empty_label=_("Geen"),
        help_text=_("Een kernteam en zijn cijfers horen bij deze groep."),
    )
    registered_patients = forms.IntegerField(
        label=_("Ingeschreven patiënten"),
        required=False,
        min_value=1,
        max_value=100_000,
        widget=forms.NumberInput(attrs={"data-width": "s"}),
        help_text=_("Voor cijfers “per 1.000”."),
    )
    agb = forms.CharField(
        label=_("AGB-code"),
        required=False,
        validators=[RegexValidator(r"^\d{8}$", _("Een AGB-code heeft 8 cijfers."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "s"}),
    )

    OF_PRACTICE = ("parent", "registered_patients", "agb")

    def __init__(self, *args, kind: str, viewer: Membership, current: Organisation | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        code = current.municipality_code if current else ""
        choice_field(self, "municipality_code").choices = municipality_choices(kind, viewer, code)
        same_kind = Organisation.objects.visible_to(viewer).of_kind(kind)
        self.others = same_kind.exclude(pk=current.pk) if current else same_kind
        if kind == Kind.MUNICIPALITY:
            self.fields["municipality_code"].required = True
        row_field(self, "parent").queryset = Organisation.objects.visible_to(viewer).of_kind(Kind.PRACTICE_GROUP)
        if kind != Kind.PRACTICE:
            for name in self.OF_PRACTICE:
                del self.fields[name]

    def clean_name(self):
        name = self.cleaned_data["name"]
        if self.others.filter(name=name).exists():
            raise forms.ValidationError(_("Er is al een organisatie van deze soort met deze naam."))
        return name

    def clean_phone(self):
        """As it was written: people read it aloud from a leaflet."""
        phone = self.cleaned_data["phone"]
        if phone and read_phone(phone) is None:
            raise forms.ValidationError(_("Dit telefoonnummer klopt niet. Schrijf het zo: 0344 612345."))
        return phone


class NewOrganisationForm(OrganisationForm):
    pass


class ChangeOrganisationForm(OrganisationForm):
    with_version = True


def municipality_choices(kind: str, viewer: Membership, current: str) -> list[tuple[str, object]]:
    """For a municipality all of the country; for others those of the region. What is chosen now always stays."""
    if kind == Kind.MUNICIPALITY:
        found = list(Municipality.objects.values_list("gm_code", "name"))
    else:
        found = region_municipalities(viewer)
    if current and current not in dict(found):
        found.append((current, current))
    return [("", _("Kies")), *found]


def region_municipalities(viewer: Membership) -> list[tuple[str, str]]:
    """The municipalities that take part in the region: code and the organisation's name."""
    parties = Organisation.objects.visible_to(viewer).of_kind(Kind.MUNICIPALITY).exclude(municipality_code="")
    return list(parties.values_list("municipality_code", "name"))


class ServedAreaForm(WorForm):
    """One question for each municipality of the region: who guides the patients that live there?"""

    def __init__(self, *args, viewer: Membership, codes: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        welfare = Organisation.objects.visible_to(viewer).of_kind(Kind.WELFARE)
        for code, name in codes:
            self.fields[code] = ByReference(
                welfare,
                label=_("Patiënten die wonen in %(municipality)s") % {"municipality": name},
                required=False,
                empty_label=_("Niemand: verwijzen kan niet"),
            )


# --- The region ------------------------------------------------------------------------------------------------------


class LookForm(WorForm):
    """The region's name and colours. A colour that cannot be read is refused, with the nearest one that can."""

    with_version = True

    name = forms.CharField(label=_("Naam van de regio"), max_length=80)
    primary = forms.CharField(
        label=_("Hoofdkleur"),
        max_length=7,
        widget=forms.TextInput(attrs={"data-width": "s"}),
        help_text=_("Voor knoppen en links, bijvoorbeeld #0B5D63."),
    )
    accent = forms.CharField(
        label=_("Accentkleur"),
        max_length=7,
        widget=forms.TextInput(attrs={"data-width": "s"}),
        help_text=_("Voor wat aandacht vraagt, bijvoorbeeld #C8502D."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offers: list[tuple[str, str]] = []

    def clean_primary(self):
        return self._colour("primary")

    def clean_accent(self):
        return self._colour("accent")

    def _colour(self, name: str) -> str:
        colour = self.cleaned_data[name].strip().upper()
        colour = colour if colour.startswith("#") else f"#{colour}"
        if not re.fullmatch(r"#[0-9A-F]{6}", colour):
            raise forms.ValidationError(_("Schrijf een kleur als # met zes cijfers of letters, zoals #0B5D63."))
        if not is_readable(colour, name):
            offer = nearest_readable(colour, name)
            self.offers.append((name, offer))
            raise forms.ValidationError(
                _("Woorden in deze kleur zijn niet goed te lezen. De dichtstbijzijnde tint die wel kan: %(offer)s."),
                params={"offer": offer},
            )
        return colour


# Smallest and largest value of each term; the default is in REGION_SETTINGS.
BOUNDS = {
    "minimum_age_years": (12, 30),
    "first_contact_days": (3, 31),
    "first_feedback_days": (1, 31),
    "unanswered_coach_working_days": (1, 10),
    "unanswered_coordinator_working_days": (1, 15),
    "unanswered_referrer_working_days": (1, 20),
    "question_working_days": (1, 15),
    "coach_named_working_days": (1, 10),
    "waitlist_still_wanted_weeks": (2, 13),
    "pause_default_weeks": (1, 13),
    "pause_maximum_months": (1, 6),
    "reopen_months": (1, 12),
    "draft_days": (7, 31),
    "draft_reminder_days": (2, 30),
    "follow_up_first_weeks": (2, 12),
    "follow_up_second_months": (2, 12),
    "attempts_on_days": (2, 5),
    "sign_in_trust_days": (1, 30),
    "case_minutes_per_week": (10, 240),
    "case_weeks": (2, 52),
    "first_talk_working_days": (0, 15),
    "news_hour": (6, 20),
    "quiet_from_hour": (12, 23),
    "activity_ask_months": (1, 24),
    "activity_stale_months": (2, 24),
    "activity_hidden_months": (3, 36),
}
TERM_WORDS = {
    "minimum_age_years": (_("Vanaf welke leeftijd"), _("jaar")),
    "first_contact_days": (_("Eerste contact met de cliënt binnen"), _("dagen")),
    "first_feedback_days": (_("Eerste terugkoppeling na het eerste gesprek binnen"), _("dagen")),
    "unanswered_coach_working_days": (_("Niet bekeken: de coach hoort het na"), _("werkdagen")),
    "unanswered_coordinator_working_days": (_("Niet bekeken: de coördinator hoort het na"), _("werkdagen")),
    "unanswered_referrer_working_days": (_("Niet bekeken: de verwijzer hoort het na"), _("werkdagen")),
    "question_working_days": (_("Vraag aan de praktijk: herinnering na"), _("werkdagen")),
    "coach_named_working_days": (_("Na aannemen een coach noemen binnen"), _("werkdagen")),
    "waitlist_still_wanted_weeks": (_("Wachtlijst: vragen of het nog gewenst is elke"), _("weken")),
    "pause_default_weeks": (_("Pauze: opnieuw bekijken na"), _("weken")),
    "pause_maximum_months": (_("Pauze: hoogstens"), _("maanden")),
    "reopen_months": (_("Heropenen kan tot na afsluiten"), _("maanden")),
    "draft_days": (_("Een concept wissen na"), _("dagen")),
    "draft_reminder_days": (_("Een concept: herinnering na"), _("dagen")),
    "follow_up_first_weeks": (_("Opvolging: vragen hoe het gaat na"), _("weken")),
    "follow_up_second_months": (_("Opvolging: nog eens vragen na"), _("maanden")),
    "attempts_on_days": (_("Niet bereikt: pogingen op verschillende dagen"), _("dagen")),
    "sign_in_trust_days": (_("Tweede stap overslaan op een vertrouwde computer, hoogstens"), _("dagen")),
    "case_minutes_per_week": (_("Ruimte: een lopende begeleiding kost een coach per week"), _("minuten")),
    "case_weeks": (_("Ruimte: een begeleiding duurt gemiddeld"), _("weken")),
    "first_talk_working_days": (_("Ruimte: het eerste gesprek op zijn vroegst na"), _("werkdagen")),
    "news_hour": (_("Nieuws voor een praktijk en herinneringen: één e-mail per werkdag, om"), _("uur")),
    "quiet_from_hour": (_("Geen herinneringen meer vanaf"), _("uur")),
    "activity_ask_months": (_("Sociale kaart: de aanbieder om bevestiging vragen na"), _("maanden")),
    "activity_stale_months": (_("Sociale kaart: “bel even vooraf” tonen na"), _("maanden")),
    "activity_hidden_months": (_("Sociale kaart: niet meer voorstellen na"), _("maanden")),
}
# Choices that are on or off.
SWITCHES = {"log_minutes": _("Coaches schrijven op hoelang een contact duurde, in stappen van een kwartier")}


class CareForm(WorForm):
    """Variant, terms and thresholds."""

    with_version = True

    variant = forms.ChoiceField(
        label=_("Variant"),
        choices=Region.Variant.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Gericht: de verwijzer voert het andere gesprek en noteert wat de patiënt wil. Breed: dat mag, de coach "
            "doet de intake."
        ),
    )
    min_cell_core = forms.IntegerField(
        label=_("Kernteam ziet een aantal vanaf"),
        min_value=5,
        max_value=50,
        widget=forms.NumberInput(attrs={"data-width": "xs", "data-suffix": _("mensen")}),
        help_text=_("Nooit minder dan 5."),
    )
    min_cell_funder = forms.IntegerField(
        label=_("Gemeente en zorgverzekeraar zien een aantal vanaf"),
        min_value=5,
        max_value=100,
        widget=forms.NumberInput(attrs={"data-width": "xs", "data-suffix": _("mensen")}),
        help_text=_("Nooit minder dan 5; gewoon is 10."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (least, most) in BOUNDS.items():
            label, unit = TERM_WORDS[name]
            self.fields[name] = forms.IntegerField(
                label=label,
                min_value=least,
                max_value=most,
                widget=forms.NumberInput(attrs={"data-width": "xs", "data-suffix": unit}),
                help_text=_("%(least)s tot en met %(most)s, gewoon is %(usual)s.")
                % {"least": least, "most": most, "usual": REGION_SETTINGS[name]},
            )

        for name, label in SWITCHES.items():
            self.fields[name] = forms.BooleanField(label=label, required=False)

    def clean(self):
        cleaned = super().clean()
        self._check_order(
            [f"unanswered_{who}_working_days" for who in ("coach", "coordinator", "referrer")],
            _("Eerst hoort de coach het, later de coördinator, het laatst de verwijzer."),
        )
        self._check_order(
            [f"activity_{step}_months" for step in ("ask", "stale", "hidden")],
            _("Eerst wordt de aanbieder gevraagd, daarna komt de waarschuwing, het laatst verdwijnt het voorstel."),
        )
        self._check_order(["draft_reminder_days", "draft_days"], _("Eerst komt de herinnering, daarna het wissen."))
        self._check_order(["news_hour", "quiet_from_hour"], _("Kies een later uur dan dat van de e-mail."))
        return cleaned

    def _check_order(self, names: list[str], sentence) -> None:
        """Each term of these is longer than the one before it."""
        given = [self.cleaned_data[name] for name in names if self.cleaned_data.get(name) is not None]
        if len(given) == len(names) and given != sorted(set(given)):
            self.add_error(names[1], sentence)

    def settings(self) -> dict[str, int | bool]:
        """Only what differs from the default is kept, so that a better default reaches everybody."""
        chosen = {name: self.cleaned_data[name] for name in (*BOUNDS, *SWITCHES)}
        return {name: value for name, value in chosen.items() if value != REGION_SETTINGS[name]}


def _help(term: Term) -> str:
    bounds = _("%(least)s tot en met %(most)s, gewoon is %(usual)s.")
    return f"{bounds % {'least': term.least, 'most': term.most, 'usual': term.usual}} {term.note}".strip()


class RetentionForm(WorForm):
    """How long what is kept. Longer than usual only with a written ground."""

    with_version = True

    ground = forms.CharField(
        label=_("Waarom langer dan gewoon"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Alleen nodig als een termijn langer is dan gewoon: welk besluit, en waarvoor."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, term in TERMS.items():
            self.fields[name] = forms.IntegerField(
                label=term.label,
                min_value=term.least,
                max_value=term.most,
                widget=forms.NumberInput(attrs={"data-width": "xs", "data-suffix": term.unit}),
                help_text=_help(term),
            )
        self.order_fields([*TERMS, "ground"])

    def clean(self):
        cleaned = super().clean()
        longer = [name for name, term in TERMS.items() if (cleaned.get(name) or 0) > term.usual]
        if longer and not cleaned.get("ground") and "ground" not in self.errors:
            self.add_error("ground", _("Een termijn is langer dan gewoon. Schrijf op waarom dat nodig is."))
        words, case = cleaned.get("case_text"), cleaned.get("case")
        if words and case and words > case:
            self.add_error("case_text", _("De vrije tekst kan niet langer blijven dan de begeleiding zelf."))
        return cleaned

    def keep(self) -> dict[str, int | str]:
        """Only what differs from the usual is kept, so that a better default reaches everybody."""
        chosen = {name: self.cleaned_data[name] for name, term in TERMS.items()}
        own: dict[str, int | str] = {name: value for name, value in chosen.items() if value != TERMS[name].usual}
        return own | ({GROUND: self.cleaned_data["ground"]} if self.cleaned_data["ground"] else {})


class AgreementsForm(WorForm):
    """What has to be in place before a region may work with people's data."""

    with_version = True

    dpia_adopted_on = forms.DateField(label=_("DPIA vastgesteld op"), required=False, widget=DateInput())
    processing_agreements_on = forms.DateField(
        label=_("Verwerkersovereenkomsten getekend op"), required=False, widget=DateInput()
    )
    joint_arrangement_on = forms.DateField(
        label=_("Onderlinge regeling (AVG artikel 26) getekend op"), required=False, widget=DateInput()
    )
    data_protection_officer = forms.CharField(
        label=_("Functionaris gegevensbescherming (FG)"),
        max_length=120,
        required=False,
        help_text=_("Naam en hoe u de FG bereikt. Staat op de pagina van de regio."),
    )
    privacy_statement = forms.CharField(
        label=_("Privacyverklaring"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Gewone tekst. Staat op de pagina van de regio."),
    )

    def clean(self):
        cleaned = super().clean()
        today = timezone.localdate()
        for name in ("dpia_adopted_on", "processing_agreements_on", "joint_arrangement_on"):
            if cleaned.get(name) and cleaned[name] > today:
                self.add_error(name, _("Deze datum ligt in de toekomst. Vul hem in als het zover is."))
        return cleaned


class ProviderForm(WorForm):
    """The region's OpenID Connect provider. The secret goes in, and never comes out."""

    with_version = True
    no_bsn_check = ("client_id", "secret")

    name = forms.CharField(label=_("Naam op de knop"), max_length=60, help_text=_("Bijvoorbeeld “Zorgkring”."))
    issuer = forms.URLField(
        label=_("Adres van de aanbieder (issuer)"),
        max_length=200,
        assume_scheme="https",
        help_text=_("Begint met https://."),
    )
    client_id = forms.CharField(label=_("Client-ID"), max_length=200)
    secret = forms.CharField(
        label=_("Geheim (client secret)"),
        max_length=400,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("We bewaren het versleuteld en tonen het nooit. Laat leeg om het te houden zoals het is."),
    )
    is_active = forms.BooleanField(label=_("Aanmelden met deze aanbieder kan"), required=False)

    def clean_issuer(self):
        issuer = self.cleaned_data["issuer"].rstrip("/")
        if not issuer.startswith("https://"):
            raise forms.ValidationError(_("Het adres moet met https:// beginnen."))
        return issuer


# --- The access log --------------------------------------------------------------------------------------------------


class LogFilter(forms.Form):
    """What to look for in the log. References and staff only: never a client's name."""

    soort = forms.ChoiceField(
        label=_("Soort"), required=False, choices=[("", _("Alles")), *AccessLogEntry.Kind.choices]
    )
    dag = forms.DateField(label=_("Dag"), required=False, widget=DateInput())
    client = forms.UUIDField(label=_("Kenmerk van de cliënt"), required=False)
    wie = ByReference(Membership.objects.none(), label=_("Wie"), required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, viewer: Membership):
        super().__init__(data)
        say_how_to_mend(self.fields)
        row_field(self, "wie").queryset = Membership.objects.visible_to(viewer)
