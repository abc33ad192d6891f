"""Form fields that take telephone numbers and postcodes as people type them."""

import re

import phonenumbers
from django import forms
from django.utils.translation import gettext_lazy as _


def read_phone(text: str) -> str | None:
    """A telephone number as it is kept: Dutch ones as ten digits, others with their country code."""
    try:
        number = phonenumbers.parse(text.replace("(0)", ""), "NL")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or re.search(r"[a-z]", text, re.IGNORECASE):
        return None
    if number.country_code == 31:
        return "0" + phonenumbers.national_significant_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def show_phone(kept: str) -> str:
    """How a kept number is read aloud: 06 12345678, 0344 612345, +32 470 12 34 56."""
    try:
        number = phonenumbers.parse(kept, "NL")
    except phonenumbers.NumberParseException:
        return kept
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.NATIONAL if number.country_code == 31 else form.INTERNATIONAL)


def dial(kept: str) -> str:
    """The address that dials a number: tel:0344612345; empty for no number."""
    digits = read_phone(kept) or re.sub(r"[^\d+]", "", kept)
    return f"tel:{digits}" if digits else ""


class PhoneField(forms.Field):
    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off", "data-width": "m"})
    default_error_messages = {
        "required": _("Vul een telefoonnummer in, of kies hoe we de patiënt anders bereiken."),
        "unreadable": _("Dit telefoonnummer klopt niet. Schrijf het zo: 06 1234 5678."),
    }

    def to_python(self, value) -> str:
        if value in self.empty_values:
            return ""
        found = read_phone(str(value)) if len(str(value)) <= 40 else None
        if found is None or len(found) > 20:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable")
        return found

    def prepare_value(self, value):
        return show_phone(value) if isinstance(value, str) and re.fullmatch(r"0\d{9}|\+\d{8,15}", value) else value


def read_postcode(text: str) -> str | None:
    """4001, 4001AB, 4001 ab → 4001 or 4001AB."""
    found = re.fullmatch(r"\s*([1-9]\d{3})\s*([a-z]{2})?\s*", text, re.IGNORECASE)
    return found[1] + (found[2] or "").upper() if found else None


class PostcodeField(forms.Field):
    widget = forms.TextInput(attrs={"autocomplete": "off", "data-width": "s", "maxlength": 10})
    default_error_messages = {
        "required": _("Vul de postcode in. Vier cijfers is genoeg."),
        "unreadable": _("Schrijf de postcode zo: 4001 of 4001 AB."),
    }

    def to_python(self, value) -> str:
        if value in self.empty_values:
            return ""
        found = read_postcode(str(value))
        if found is None:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable")
        return found

    def prepare_value(self, value):
        kept = read_postcode(value) if isinstance(value, str) else None
        return f"{kept[:4]} {kept[4:]}".strip() if kept else value
