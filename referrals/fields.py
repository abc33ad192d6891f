"""Form fields that take what people type: dates, telephone numbers, postcodes, names with a prefix."""

import datetime as dt
import re

from django import forms
from django.utils.translation import gettext_lazy as _

from wor.bsn import holds_bsn
from wor.calendar import today
from wor.fields import PhoneField, PostcodeField, dial, read_phone, read_postcode, show_phone

__all__ = [
    "PastDateField",
    "PhoneField",
    "PostcodeField",
    "dial",
    "may_hold_bsn",
    "read_date",
    "read_phone",
    "read_postcode",
    "show_phone",
    "split_name",
]

MONTHS = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
OLDEST = 120
# Words that belong to a family name but are not what it is sorted by.
PREFIXES = frozenset(
    {
        *(
            "van",
            "de",
            "der",
            "den",
            "het",
            "'t",
            "’t",
            "'d",
            "d'",
            "ter",
            "ten",
            "te",
            "in",
            "op",
            "aan",
            "bij",
            "uit",
        ),
        *("onder", "over", "voor", "vom", "von", "zu", "zur", "du", "des", "del", "della", "di", "da", "dos", "la"),
        *("le", "les", "el", "al", "ben", "bin", "abu", "ibn"),
    }
)


def read_date(text: str) -> dt.date | None:
    """A date as people type it: 12-3-1956, 12/3/56, 12031956, 12 maart 1956, 1956-03-12. None when it is none."""
    text = text.strip().lower()
    if re.fullmatch(r"\d{8}", text):
        parts = (text[:2], text[2:4], text[4:])
    elif found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        parts = (found[3], found[2], found[1])
    elif found := re.fullmatch(r"(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4}|\d{2})", text):
        parts = (found[1], found[2], found[3])
    elif found := re.fullmatch(r"(\d{1,2})[\s.-]*([a-z]{3,9})[\s.-]*(\d{4}|\d{2})", text):
        month = "maa" if found[2].startswith("mrt") else found[2][:3]
        if month not in MONTHS:
            return None
        parts = (found[1], str(MONTHS.index(month) + 1), found[3])
    else:
        return None
    try:
        return dt.date(_year(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        return None


def _year(text: str) -> int:
    """Two digits are the last year that ends so."""
    if len(text) == 4:
        return int(text)
    this = today().year
    year = this - this % 100 + int(text)
    return year if year <= this else year - 100


class PastDateField(forms.Field):
    """A date that lies behind us. Says what year was probably meant when it does not."""

    widget = forms.DateInput(format="%d-%m-%Y")
    default_error_messages = {
        "required": _("Vul de datum in, bijvoorbeeld 12-3-1956."),
        "unreadable": _("Schrijf de datum als dag-maand-jaar, bijvoorbeeld 12-3-1956."),
        "future": _("Deze datum ligt in de toekomst."),
        "future_year": _("Deze datum ligt in de toekomst. Bedoelt u %(year)s?"),
        "old": _("Deze datum is meer dan 120 jaar geleden. Klopt het jaar?"),
    }

    def to_python(self, value) -> dt.date | None:
        if value in self.empty_values or isinstance(value, dt.date):
            return value or None
        found = read_date(str(value))
        if found is None:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable")
        now = today()
        if found > now:
            if now.year - (found.year - 100) <= OLDEST and found.year - 100 <= now.year:
                raise forms.ValidationError(
                    self.error_messages["future_year"], code="future", params={"year": found.year - 100}
                )
            raise forms.ValidationError(self.error_messages["future"], code="future")
        if now.year - found.year > OLDEST:
            raise forms.ValidationError(self.error_messages["old"], code="old")
        return found


def split_name(text: str) -> tuple[str, str]:
    """ "van der Meer" → ("van der", "Meer"). A name of prefixes only stays whole."""
    words = text.split()
    count = 0
    while count < len(words) - 1 and words[count].lower() in PREFIXES:
        count += 1
    prefix = " ".join(words[:count])
    return (prefix, " ".join(words[count:])) if len(prefix) <= 20 else ("", " ".join(words))


def may_hold_bsn(name: str, text: str) -> bool:
    """Could this raw text of a field be or hold a BSN? Dates and telephone numbers are not, though they are digits."""
    if not holds_bsn(text):
        return False
    if name in ("birth_date", "given_on"):
        return read_date(text) is None
    if name == "phone" or name.endswith("_phone"):
        return not re.match(r"\s*(0|\+)", text)
    return True
