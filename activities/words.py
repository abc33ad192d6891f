"""What the codes of the sociale kaart are called, and what people type for them."""

import re
from decimal import Decimal, InvalidOperation

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activities.models import Activity

# ISO 639-1, in the order in which they are offered: Dutch, then what is spoken most.
LANGUAGES: dict[str, str | Promise] = {
    "nl": _("Nederlands"),
    "en": _("Engels"),
    "ar": _("Arabisch"),
    "tr": _("Turks"),
    "pl": _("Pools"),
    "uk": _("Oekraïens"),
    "ti": _("Tigrinya"),
    "fa": _("Farsi"),
    "so": _("Somalisch"),
    "es": _("Spaans"),
    "fr": _("Frans"),
    "de": _("Duits"),
    "pt": _("Portugees"),
    "ro": _("Roemeens"),
    "bg": _("Bulgaars"),
    "ru": _("Russisch"),
    "zh": _("Chinees"),
    "ku": _("Koerdisch"),
    "fy": _("Fries"),
}
WEEKDAYS: dict[int, str | Promise] = {
    1: _("maandag"),
    2: _("dinsdag"),
    3: _("woensdag"),
    4: _("donderdag"),
    5: _("vrijdag"),
    6: _("zaterdag"),
    7: _("zondag"),
}
FREE = re.compile(r"gratis|niets|geen kosten|kosteloos|free", re.IGNORECASE)


def language_code(name: str) -> str:
    """ "Arabisch" → "ar"; empty for a language the list does not know."""
    wanted = name.strip().casefold()
    return next((code for code, label in LANGUAGES.items() if str(label).casefold() == wanted or code == wanted), "")


def read_euros(text: str) -> int | None:
    """Cents: € 2,50 and 2.50 and "2 euro 50" are 250, "gratis" is 0. None when it is no amount."""
    text = text.strip()
    if FREE.fullmatch(text):
        return 0
    plain = re.sub(r"(?i)€|eur(o|os)?\b|per (keer|maaltijd|rit|maand)|,-+|\.-+", " ", text)
    parts = plain.split()
    if len(parts) == 2 and re.fullmatch(r"\d{1,4}", parts[0]) and re.fullmatch(r"\d{2}", parts[1]):
        return int(parts[0]) * 100 + int(parts[1])  # 2 euro 50
    if len(parts) != 1 or not re.fullmatch(r"[0-9]{1,5}([.,][0-9]{1,2})?", parts[0]):
        return None
    try:
        return int(Decimal(parts[0].replace(",", ".")) * 100)
    except InvalidOperation:
        return None


def show_euros(cents: int | None) -> str:
    """€ 2,50; "gratis" for nothing; empty when it is not known."""
    if cents is None:
        return ""
    if cents == 0:
        return str(_("gratis"))
    return f"€ {cents // 100}" if cents % 100 == 0 else f"€ {cents // 100},{cents % 100:02d}"


def extra_words() -> dict[str, str]:
    """Words under which an activity is found besides its own: codes of access and languages, said in Dutch."""
    access = {str(code): str(label) for code, label in Activity.Access.choices}
    return access | {code: str(label) for code, label in LANGUAGES.items()}
