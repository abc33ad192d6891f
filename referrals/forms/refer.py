"""The one screen: at most nine required inputs, the rest filled in to correct or optional."""

from typing import Any, cast

from django import forms
from django.core import signing
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from activities.models import TargetCell
from referrals.danger import signal_in
from referrals.fields import PastDateField, PhoneField, split_name
from referrals.forms.reach import REACH_FIELDS, ReachFields
from referrals.forms.widgets import CellRadios
from referrals.models import Client, Consent
from referrals.models.client import search_key
from referrals.services.sending import check_age
from wor.accounts.models import Function, Membership
from wor.calendar import today
from wor.errors import DomainError
from wor.forms import CleanData, WorForm, choice_field

CONTENT_FIELDS = (
    *("help_request", "other_conversation", "discussed", "comes_with", "reason_code", "his_number", "is_shielded"),
)
# The order of the page, so that the summary of errors runs from top to bottom. What is not named follows.
AS_ON_THE_PAGE = (
    *("known", "on_behalf_of", "given_name", "family_name", "birth_date", "postcode", "phone"),
    *REACH_FIELDS,
    *("target_cell", "help_request"),
)
NEW = "new"
SCREEN_FIELDS = ("version", "seen", "sheet", "turn")


def sign_begun(key, was_open: bool) -> str:
    """Remembers that the line was open when somebody began to write, so that they may still send."""
    return signing.dumps([str(key), was_open], salt="begun")


class ReferralForm(ReachFields, WorForm):
    """``cells`` and ``senders`` are what may be chosen; ``by`` is who writes."""

    with_key = True
    # What the form itself fills in.
    no_bsn_check = ("known", "begun", "consent_for", *SCREEN_FIELDS)

    # Which screen this is: the draft's version it knows, a later one it showed, its own mark, and how often it saved.
    version, seen, sheet, turn = (forms.CharField(widget=forms.HiddenInput, required=False) for _name in SCREEN_FIELDS)
    begun = forms.CharField(widget=forms.HiddenInput, required=False)
    consent_for = forms.UUIDField(widget=forms.HiddenInput, required=False)
    known = forms.CharField(label=_("Bekend bij uw praktijk"), required=False, max_length=36)
    no_emergency = forms.BooleanField(required=False)

    given_name = forms.CharField(
        label=_("Voornaam of voorletters"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Vul de voornaam of de voorletters in.")},
    )
    family_name = forms.CharField(
        label=_("Achternaam"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Vul de achternaam in.")},
    )
    birth_date = PastDateField(label=_("Geboortedatum"), help_text=_("Bijvoorbeeld 12-3-1956"))
    on_behalf_of = forms.ChoiceField(
        label=_("Namens welke huisarts?"),
        required=False,
        error_messages={"required": _("Kies namens welke huisarts u verwijst.")},
    )

    target_cell = forms.ChoiceField(
        label=_("Wat speelt het meest?"),
        widget=CellRadios(attrs={"data-look": "chips", "data-search": _("Zoek op klacht: slaap, moe")}),
        error_messages={"required": _("Kies wat het meest speelt.")},
    )
    target_group = forms.ChoiceField(
        label=_("Doelgroep"), required=False, help_text=_("Volgt uit wat er speelt. Klopt dat niet, kies dan zelf.")
    )
    second_cell = forms.ChoiceField(label=_("Speelt er nog iets?"), required=False)
    third_cell = forms.ChoiceField(label=_("En nog iets?"), required=False)
    help_request = forms.CharField(
        label=_("Hulpvraag in één of twee zinnen"),
        max_length=300,
        help_text=_("Schrijf wat uw patiënt zelf wil. Geen diagnose, medicatie of BSN: dat heeft de coach niet nodig."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Schrijf in één of twee zinnen wat uw patiënt zelf wil.")},
    )
    other_conversation = forms.BooleanField(
        label=_("Ik heb het andere gesprek gevoerd"),
        help_text=_("Over wat er voor uw patiënt toe doet."),
        required=False,
        error_messages={"required": _("Voer eerst het andere gesprek, en vink dan aan.")},
    )
    discussed = forms.CharField(
        label=_("Wat is al besproken?"),
        max_length=2000,
        required=False,
        help_text=_("Zo hoeft uw patiënt het niet nog eens te vertellen."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    comes_with = forms.CharField(label=_("Komt samen met"), max_length=120, required=False)
    reason_code = forms.CharField(
        label=_("Reden van contact (ICPC)"),
        max_length=60,
        required=False,
        help_text=_("Zoek op code of klacht."),
        widget=forms.TextInput(attrs={"list": "icpc", "autocomplete": "off"}),
    )
    his_number = forms.CharField(
        label=_("Eigen HIS-nummer"), max_length=20, required=False, widget=forms.TextInput(attrs={"data-width": "m"})
    )
    is_shielded = forms.BooleanField(
        label=_("Afschermen voor collega’s"),
        help_text=_("Voor een collega of familielid: alleen u en de coach zien deze verwijzing."),
        required=False,
    )

    consent = forms.BooleanField(
        label=_("Toestemming"),
        error_messages={"required": _("Zonder toestemming mag u niet verwijzen. Vraag het en vink aan.")},
    )
    consent_how = forms.ChoiceField(
        label=_("Hoe gaf uw patiënt toestemming?"),
        choices=Consent.How,
        initial=Consent.How.SPOKEN,
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    given_on = PastDateField(
        label=_("Datum van de toestemming"), widget=forms.DateInput(format="%d-%m-%Y", attrs={"data-width": "s"})
    )
    interpreter_service = forms.CharField(label=_("Naam van de tolkdienst"), max_length=80, required=False)
    given_by_kind = forms.ChoiceField(
        label=_("Wie gaf toestemming?"),
        choices=Consent.GivenBy,
        initial=Consent.GivenBy.PATIENT,
        widget=forms.RadioSelect,
    )
    given_by_name = forms.CharField(label=_("Naam"), max_length=120, required=False)
    given_by_relation = forms.CharField(label=_("Relatie"), max_length=60, required=False)
    given_by_phone = PhoneField(label=_("Telefoon"), required=False)

    def __init__(
        self, data=None, *, by: Membership, cells: list[TargetCell], senders: list[Membership] | None = None, **kwargs
    ):
        super().__init__(data, **kwargs)
        self.by, self.cells = by, {str(cell.reference): cell for cell in cells}
        self.senders = {str(each.reference): each for each in senders or []}
        self.known_client: Client | None = None
        self.possibly_known: list[Client] = []
        self.danger = self.consent_text = self.consent_help = ""
        self._fill_choices(cells)
        self.order_fields(AS_ON_THE_PAGE)
        # The targeted variant (*gericht*) asks for the conversation; the broad one leaves it to the coach.
        self.fields["other_conversation"].required = by.region.variant == "gericht"
        self.fields["given_on"].initial = today
        self._ask_while_typing()
        self.ask_phone_when_called(self.data.get("reach_via") if self.is_bound else self.initial.get("reach_via"))

    def _ask_while_typing(self) -> None:
        """With a script, postcode and birth date bring the right line and a known person at once (htmx).

        One question at a time: on a slow line the answer to the first would replace the place of the second's.
        """
        for name, page, place in (
            ("postcode", "refer_capacity", "#plek"),
            ("family_name", "refer_known", "#bekend"),
            ("birth_date", "refer_known", "#bekend"),
        ):
            ask = {"hx-post": reverse(page), "hx-trigger": "change", "hx-target": place, "hx-swap": "outerHTML"}
            self.fields[name].widget.attrs |= {**ask, "hx-sync": "closest form:queue all"}

    def _fill_choices(self, cells: list[TargetCell]) -> None:
        by_group: dict[str, list[tuple[str, str]]] = {}
        for cell in cells:
            by_group.setdefault(cell.target_group.label, []).append((str(cell.reference), cell.problem.label))
        grouped = list(by_group.items())
        if any(cell.is_example for cell in cells):
            self.fields["target_cell"].help_text = _("Voorbeeld – pas dit aan voor uw regio.")
        chips = choice_field(self, "target_cell")
        chips.choices = grouped
        chips.widget.keywords = {
            reference: " ".join([*cell.keywords, cell.target_group.label]) for reference, cell in self.cells.items()
        }
        for name in ("second_cell", "third_cell"):
            choice_field(self, name).choices = [("", _("Niets anders")), *grouped]
        groups = {str(cell.target_group.reference): cell.target_group.label for cell in cells}
        choice_field(self, "target_group").choices = [("", _("Volgt uit wat er speelt")), *groups.items()]
        if self.senders:
            people = [(reference, sender.display_name) for reference, sender in self.senders.items()]
            must = self.by.function == Function.ASSISTANT
            self.fields["on_behalf_of"].required = must
            choice_field(self, "on_behalf_of").choices = people if must else [("", _("Namens mijzelf")), *people]
        else:
            del self.fields["on_behalf_of"]

    def name_organisation(self, name: str, reference) -> None:
        """The consent names who gets the data; a tick for another organisation does not count for this one."""
        self.consent_text = _(
            "Ik heb verteld wat er wordt gedeeld en met wie. Mijn patiënt vindt het goed dat %(name)s deze gegevens "
            "krijgt en contact opneemt."
        ) % {"name": name or _("de welzijnsorganisatie")}
        self.consent_help = _(
            "Wat zegt u? “Ik geef uw naam, nummer en wat u graag wilt door aan %(name)s. Hun coach belt u. U kunt "
            "altijd stoppen. Vindt u dat goed?”"
        ) % {"name": name or _("de welzijnsorganisatie")}
        shown = str(reference or "")
        if not self.is_bound:
            self.initial["consent_for"] = shown
        elif (self.data.get("consent_for") or "") != shown:
            self.replace(consent_for=shown, consent=None)

    def replace(self, **values: str | None) -> None:
        """Show something else than was sent, for the next attempt."""
        changed = cast(CleanData, self.data).copy()
        for name, value in values.items():
            changed.pop(name, None)
            if value is not None:
                changed[name] = value
        self.data = CleanData(changed)

    # Each field on its own

    def clean_birth_date(self):
        birth_date = self.cleaned_data["birth_date"]
        try:
            check_age(birth_date, self.by.region, today())
        except DomainError as refusal:
            raise forms.ValidationError(refusal.sentence, code="age") from None
        return birth_date

    def clean_family_name(self) -> str:
        if len(split_name(self.cleaned_data["family_name"])[1]) > 80:
            raise forms.ValidationError(_("Deze naam is te lang: hoogstens 80 tekens."))
        return self.cleaned_data["family_name"]

    def clean_reason_code(self) -> str:
        code = self.cleaned_data["reason_code"].strip()[:3].upper()
        if code and not (code[0].isalpha() and code[0].isascii() and code[1:].isdigit() and len(code) == 3):
            raise forms.ValidationError(_("Een ICPC-code is een letter met twee cijfers, bijvoorbeeld P03."))
        return code

    # The fields together

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.check_reach(cleaned)
        if cleaned.get("given_by_kind") not in (None, Consent.GivenBy.PATIENT):
            for name, sentence in (
                ("given_by_name", _("Vul in wie de toestemming gaf.")),
                ("given_by_relation", _("Vul de relatie in, bijvoorbeeld: dochter of mentor.")),
                ("given_by_phone", _("Vul een telefoonnummer in.")),
            ):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        self._choose_known(cleaned)
        if not self.errors and not cleaned.get("no_emergency"):
            self.danger = signal_in(cleaned["help_request"], cleaned["discussed"])
            if self.danger:
                question = _("Er staat “%(words)s” in uw tekst. Is dit spoed?") % {"words": self.danger}
                self.add_error(None, forms.ValidationError(question, code="danger"))
        return cleaned

    def _choose_known(self, cleaned: dict) -> None:
        """Somebody who seems known is offered; the person who refers says whether it is the same one."""
        if not cleaned.get("birth_date") or not cleaned.get("family_name"):
            return
        self.possibly_known = find_known(self.by, cleaned["family_name"], cleaned["birth_date"])
        chosen = cleaned.get("known")
        if not self.possibly_known or chosen == NEW:
            return
        self.known_client = next((each for each in self.possibly_known if str(each.reference) == chosen), None)
        if self.known_client is None:
            self.add_error("known", _("Iemand met deze naam en geboortedatum is bekend. Is het dezelfde persoon?"))

    # What the service gets

    def person(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        prefix, family = split_name(cleaned["family_name"])
        names = {"given_name": cleaned["given_name"], "prefix": prefix, "family_name": family}
        return names | {"birth_date": cleaned["birth_date"]} | {name: cleaned[name] for name in REACH_FIELDS}

    def consent_fields(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        names = ("given_on", "interpreter_service", "given_by_kind", "given_by_name", "given_by_relation")
        return {name: cleaned[name] for name in (*names, "given_by_phone")} | {"how": cleaned["consent_how"]}

    def content(self) -> dict[str, Any]:
        sender = self.senders.get(self.cleaned_data.get("on_behalf_of", ""))
        return {name: self.cleaned_data[name] for name in CONTENT_FIELDS} | {
            "on_behalf_of": sender if sender != self.by else None
        }

    def chosen_cells(self) -> list[TargetCell]:
        """The main cell, and at most two more, each once."""
        chosen = [self.cleaned_data.get(name) for name in ("target_cell", "second_cell", "third_cell")]
        return [self.cells[reference] for reference in dict.fromkeys(chosen) if reference]

    def chosen_group(self):
        """The target group when it was corrected, else None."""
        reference = self.cleaned_data.get("target_group")
        groups = {str(cell.target_group.reference): cell.target_group for cell in self.cells.values()}
        return groups.get(reference) if reference else None

    def overruled(self) -> tuple[str, ...]:
        """Fields with what looks like a BSN, when somebody said that it is none."""
        return tuple(self._fields_with_bsn()) if self.cleaned_data.get("not_a_bsn") else ()

    @cached_property
    def begun_open(self) -> bool:
        """Was the line open when this was begun? Read from the signed mark, with the key it was made for."""
        try:
            key, was_open = signing.loads(self.cleaned_data.get("begun") or "", salt="begun")
        except (signing.BadSignature, ValueError):
            return False
        return bool(was_open) and key == str(self.cleaned_data["key"])


def find_known(by: Membership, family_name: str, birth_date) -> list[Client]:
    """Clients of the practice with this birth date whose family name begins so, with their last referral."""
    key = search_key(split_name(family_name)[1])
    if not key or birth_date is None:
        return []
    found = Client.objects.visible_to(by).filter(birth_date=birth_date, erased_at__isnull=True)
    return list(found.named_like(split_name(family_name)[1]).order_by("id")[:5])


def raw_text(form_data) -> dict[str, str]:
    """What a draft keeps: the text of each field of the screen, as it was typed."""
    left_out = (*SCREEN_FIELDS, "consent", "no_emergency", "known")
    names = [name for name in ReferralForm.base_fields if name not in left_out]
    return {name: form_data.get(name) for name in names if form_data.get(name)}
