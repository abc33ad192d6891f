"""The columns of a file with activities: what each is called, what may stand in it, and how it is read.

A reader gets the text of a cell and gives the value as the field keeps it, or raises ``Bad`` with the code of a
reason. Nothing is guessed: what is not understood is said, line by line.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activities.csv_files import simplify
from activities.models import Activity, District, TargetCell, Theme
from activities.words import LANGUAGES, WEEKDAYS, language_code, read_euros, show_euros
from wor.fields import read_phone, read_postcode, show_phone
from wor.forms import clean_text


class Bad(Exception):
    """A cell that cannot be used. ``details`` are numbers for the sentence, never the text itself."""

    def __init__(self, reason: str, **details: int):
        super().__init__(reason)
        self.reason, self.details = reason, details


@dataclass
class Lists:
    """The region's own lists, read once for a file: what a cell may name."""

    region_id: int
    districts: dict[str, District] = field(default_factory=dict)
    themes: dict[str, Theme] = field(default_factory=dict)
    cells: dict[str, TargetCell] = field(default_factory=dict)

    @classmethod
    def of(cls, region_id: int) -> "Lists":
        found = cls(region_id)
        found.districts = {simplify(each.name): each for each in District.objects.filter(region_id=region_id)}
        for theme in Theme.objects.filter(region_id=region_id, retired_at__isnull=True):
            found.themes |= {simplify(theme.label): theme, simplify(theme.code): theme}
        for cell in TargetCell.objects.in_use().filter(region_id=region_id):
            group, problem = cell.target_group.label, cell.problem.label
            found.cells |= {simplify(f"{group}{problem}"): cell, simplify(f"{problem}{group}"): cell}
        return found


Reader = Callable[[str, Lists], Any]


@dataclass(frozen=True)
class Column:
    """One column: the field it fills, its head in the template, and other heads that are understood."""

    name: str
    head: Promise | str
    help: Promise | str
    read: Reader
    names: tuple[str, ...] = ()
    required: bool = False

    def accepts(self) -> set[str]:
        """All heads that mean this column, simplified. The template's own is Dutch, whatever language the page has."""
        return {simplify(each) for each in (self.names or ())} | {simplify(self.dutch)}

    @property
    def dutch(self) -> str:
        return DUTCH_HEADS[self.name]


# --- Readers ----------------------------------------------------------------------------------------------------------


def text(most: int, *, lines: bool = False) -> Reader:
    def read(cell: str, lists: Lists) -> str:
        found = clean_text(cell).strip()
        if not lines:
            found = " ".join(found.split())
        if len(found) > most:
            raise Bad("too_long", most=most)
        return found

    return read


def parts(cell: str, signs: str = ",;|\n") -> list[str]:
    """What stands in a cell that may hold several: separated by a comma, semicolon, bar or new line."""
    return [part.strip() for part in re.split(f"[{re.escape(signs)}]", clean_text(cell)) if part.strip()]


def read_weekdays(cell: str, lists: Lists) -> list[int]:
    """maandag, woensdag · ma wo · ma t/m vr"""
    numbers = {str(label)[:2]: number for number, label in DUTCH_DAYS.items()}
    full = {label: number for number, label in DUTCH_DAYS.items()}
    found: set[int] = set()
    words = re.sub(r"\bt\s*/\s*m\b|\btot en met\b|-|–", " >", cell.casefold())
    start, until = 0, False
    for word in re.findall(r">|[^\s,;|/+.>]+", words):
        if word in ("en", "&"):
            continue
        if word == ">":
            until = True
            continue
        number = full.get(word) or (numbers.get(word) if len(word) == 2 else None) or full.get(word.removesuffix("en"))
        if number is None:
            raise Bad("weekday")
        if until and start:
            found |= set(range(start, number + 1)) if start <= number else {*range(start, 8), *range(1, number + 1)}
        found.add(number)
        start, until = number, False
    return sorted(found)


def read_day_parts(cell: str, lists: Lists) -> list[str]:
    words = {"ochtend": "morning", "middag": "afternoon", "avond": "evening"}
    found = [words.get(part.casefold().removesuffix("s").removesuffix("en")) for part in parts(cell, ",;|\n /+&")]
    if None in found:
        raise Bad("day_part")
    return [code for code in words.values() if code in found]


def read_day(cell: str, lists: Lists) -> dt.date | None:
    """12-1-2027, 12/1/2027 or 2027-01-12."""
    plain = clean_text(cell).strip()
    if not plain:
        return None
    for form in ("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"):
        try:
            day = dt.datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if 2000 <= day.year <= 2100:
            return day
    raise Bad("day")


def read_cost(cell: str, lists: Lists) -> int | None:
    plain = clean_text(cell).strip()
    if not plain:
        return None
    cents = read_euros(plain) if len(plain) <= 40 else None
    if cents is None:
        raise Bad("euros")
    return cents


def read_access(cell: str, lists: Lists) -> list[str]:
    known = {simplify(str(label)): code for code, label in DUTCH_ACCESS.items()} | {code: code for code in DUTCH_ACCESS}
    found = [known.get(simplify(part)) for part in parts(cell)]
    if None in found:
        raise Bad("access")
    return [code for code in DUTCH_ACCESS if code in found]


def read_languages(cell: str, lists: Lists) -> list[str]:
    found = [language_code(part) for part in parts(cell)]
    if not all(found):
        raise Bad("language")
    return [code for code in LANGUAGES if code in found]


def read_postcode_cell(cell: str, lists: Lists) -> str:
    if not cell.strip():
        return ""
    found = read_postcode(cell)
    if found is None:
        raise Bad("postcode")
    return found


def read_district(cell: str, lists: Lists) -> District | None:
    if not cell.strip():
        return None
    found = lists.districts.get(simplify(cell))
    if found is None:
        raise Bad("district")
    return found


def read_places(cell: str, lists: Lists) -> int | None:
    plain = clean_text(cell).strip()
    if not plain:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", plain) or not 1 <= int(plain) <= 2000:
        raise Bad("places")
    return int(plain)


def read_yes(cell: str, lists: Lists) -> bool:
    plain = simplify(cell)
    if plain not in ("ja", "j", "x", "1", "waar", "true", "yes", "nee", "n", "0", "onwaar", "false", "no", ""):
        raise Bad("yes_no")
    return plain in ("ja", "j", "x", "1", "waar", "true", "yes")


def read_phone_cell(cell: str, lists: Lists) -> str:
    if not cell.strip():
        return ""
    found = read_phone(clean_text(cell).strip()) if len(cell) <= 40 else None
    if found is None or len(found) > 20:
        raise Bad("phone")
    return found


def read_email(cell: str, lists: Lists) -> str:
    plain = clean_text(cell).strip()
    if plain:
        try:
            validate_email(plain)
        except ValidationError:
            raise Bad("email") from None
        if len(plain) > 254:
            raise Bad("email")
    return plain


def read_website(cell: str, lists: Lists) -> str:
    plain = clean_text(cell).strip()
    if not plain:
        return ""
    plain = plain if re.match(r"https?://", plain, re.IGNORECASE) else f"https://{plain}"
    try:
        URLValidator(schemes=["http", "https"])(plain)
    except ValidationError:
        raise Bad("website") from None
    if len(plain) > 200:
        raise Bad("website")
    return plain


def read_themes(cell: str, lists: Lists) -> list[Theme]:
    return _listed(cell, lists.themes, "theme", ",;|\n")


def read_cells(cell: str, lists: Lists) -> list[TargetCell]:
    return _listed(cell, lists.cells, "cell", ";|\n")


def _listed(cell: str, known: dict[str, Any], reason: str, signs: str) -> list[Any]:
    whole = known.get(simplify(cell))
    found: list[Any] = [whole] if whole else [known.get(simplify(part)) for part in parts(cell, signs)]
    if None in found:
        raise Bad(reason)
    return sorted({each.pk: each for each in found}.values(), key=lambda each: each.pk)


# --- The columns ------------------------------------------------------------------------------------------------------

DUTCH_DAYS = dict(enumerate(["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"], 1))
DUTCH_ACCESS = {
    "wheelchair": "rolstoeltoegankelijk",
    "toilet": "aangepast toilet",
    "lift": "lift of begane grond",
    "walker": "rollator kan",
    "hearing": "ringleiding",
    "sight": "ook bij slecht zien",
    "quiet": "prikkelarm",
    "transport": "vervoer te regelen",
    "childcare": "kinderopvang",
    "alone": "fijn als je alleen komt",
}
# What stands above the columns in a file is Dutch, also for a moderator who reads English.
DUTCH_HEADS = {
    "external_code": "Code",
    "provider": "Aanbieder",
    "title": "Naam",
    "summary": "In één zin",
    "body": "Wat gebeurt er",
    "schedule": "Wanneer",
    "weekdays": "Dagen",
    "day_parts": "Dagdelen",
    "starts_on": "Eerste dag",
    "ends_on": "Laatste dag",
    "place_name": "Plek",
    "address": "Adres",
    "postcode": "Postcode",
    "town": "Plaats",
    "district": "Wijk",
    "cells": "Doelgroep en probleem",
    "themes": "Thema's",
    "accessibility": "Toegankelijkheid",
    "access_note": "Goed om te weten",
    "languages": "Talen",
    "cost_cents": "Kosten",
    "cost_note": "Kosten in woorden",
    "places": "Aantal plaatsen",
    "walk_in": "Zonder coach",
    "how_to_join": "Aanmelden",
    "contact_name": "Contactpersoon",
    "contact_phone": "Telefoon",
    "contact_email": "E-mail",
    "website": "Website",
    "pc4": "Postcode",
    "latitude": "Breedtegraad",
    "longitude": "Lengtegraad",
    "municipality_code": "Gemeentecode",
}

ACTIVITY_COLUMNS = (
    Column(
        "external_code",
        _("Code"),
        _("Het nummer uit je eigen lijst. Daaraan herkennen we de activiteit de volgende keer."),
        text(60),
        ("id", "nummer", "externe code", "kenmerk", "external_code"),
    ),
    Column(
        "provider",
        _("Aanbieder"),
        _("Wie het aanbiedt. Staat de naam er nog niet, dan maken we een nieuwe aanbieder."),
        text(120),
        ("organisatie", "naam aanbieder", "provider"),
        required=True,
    ),
    Column(
        "title",
        _("Naam"),
        _("Hoe de activiteit heet."),
        text(120),
        ("activiteit", "naam activiteit", "naam van de activiteit", "titel", "title"),
        required=True,
    ),
    Column("summary", _("In één zin"), _("Hoogstens 200 tekens."), text(200), ("samenvatting", "kort")),
    Column(
        "body",
        _("Wat gebeurt er"),
        _("Gewone taal, hoogstens 2000 tekens. Geen namen van deelnemers."),
        text(2000, lines=True),
        ("omschrijving", "beschrijving", "tekst", "toelichting"),
    ),
    Column(
        "schedule",
        _("Wanneer"),
        _("Dagen en tijden in woorden: dinsdag en vrijdag 10.00–11.00."),
        text(200),
        ("dagen en tijden", "tijd", "tijden", "wanneer is het"),
        required=True,
    ),
    Column(
        "weekdays",
        _("Dagen"),
        _("maandag, woensdag of ma t/m vr. Hierop wordt gezocht."),
        read_weekdays,
        ("dag", "weekdagen"),
    ),
    Column("day_parts", _("Dagdelen"), _("ochtend, middag, avond."), read_day_parts, ("dagdeel",)),
    Column(
        "starts_on",
        _("Eerste dag"),
        _("Alleen als het een begin heeft: 12-1-2027."),
        read_day,
        ("begin", "vanaf", "startdatum"),
    ),
    Column(
        "ends_on",
        _("Laatste dag"),
        _("Daarna verdwijnt de activiteit vanzelf."),
        read_day,
        ("eind", "einddatum", "tot en met"),
    ),
    Column("place_name", _("Plek"), _("De naam van het gebouw."), text(120), ("locatie", "naam van de plek", "waar")),
    Column("address", _("Adres"), _("Straat en huisnummer."), text(120), ("straat", "straat en huisnummer")),
    Column("postcode", _("Postcode"), _("4001 of 4001 AB. Nodig voor zoeken op afstand."), read_postcode_cell, ("pc",)),
    Column("town", _("Plaats"), _("Woonplaats of dorp."), text(80), ("woonplaats", "dorp", "stad")),
    Column(
        "district", _("Wijk"), _("Een wijk of buurt die de regio al kent."), read_district, ("buurt", "wijk of buurt")
    ),
    Column(
        "cells",
        _("Doelgroep en probleem"),
        _("Vakjes van de doelgroepenkaart, zoals “Mantelzorgers: Overbelast”. Meer vakjes: met een | ertussen."),
        read_cells,
        ("doelgroepenkaart", "doelgroep", "vakjes"),
    ),
    Column(
        "themes",
        _("Thema's"),
        _("Thema’s van Positieve Gezondheid, met een komma ertussen."),
        read_themes,
        ("thema", "themas"),
    ),
    Column(
        "accessibility",
        _("Toegankelijkheid"),
        _(
            "Kies uit: rolstoeltoegankelijk, aangepast toilet, lift of begane grond, rollator kan, ringleiding, "
            "ook bij slecht zien, prikkelarm, vervoer te regelen, kinderopvang, fijn als je alleen komt."
        ),
        read_access,
        ("toegang",),
    ),
    Column(
        "access_note",
        _("Goed om te weten"),
        _("Bijvoorbeeld: trap met leuning, geen lift."),
        text(200),
        ("bijzonderheden",),
    ),
    Column(
        "languages",
        _("Talen"),
        _("Nederlands, Arabisch, Turks en zo verder, met een komma ertussen."),
        read_languages,
        ("taal",),
    ),
    Column(
        "cost_cents",
        _("Kosten"),
        _("Per keer: 2,50 of gratis. Leeg: niet bekend."),
        read_cost,
        ("prijs", "kosten per keer"),
    ),
    Column(
        "cost_note",
        _("Kosten in woorden"),
        _("Bijvoorbeeld: € 12 per maand, eerste drie keer gratis."),
        text(120),
        ("kosten toelichting",),
    ),
    Column("places", _("Aantal plaatsen"), _("Een getal."), read_places, ("plaatsen", "aantal", "capaciteit")),
    Column(
        "walk_in",
        _("Zonder coach"),
        _("ja of nee: kan iedereen zo meedoen?"),
        read_yes,
        ("zelf", "vrije inloop", "inloop"),
    ),
    Column(
        "how_to_join",
        _("Aanmelden"),
        _("Bijvoorbeeld: bel Thea, of kom een keer kijken."),
        text(200),
        ("hoe aanmelden", "aanmelding"),
    ),
    Column(
        "contact_name",
        _("Contactpersoon"),
        _("Vraag eerst of deze naam er mag staan."),
        text(120),
        ("contact", "naam contactpersoon"),
    ),
    Column("contact_phone", _("Telefoon"), _("0344 612345."), read_phone_cell, ("telefoonnummer", "tel")),
    Column("contact_email", _("E-mail"), _("Van de activiteit."), read_email, ("mail", "emailadres", "e-mailadres")),
    Column("website", _("Website"), _("www.voorbeeld.nl."), read_website, ("site", "url", "web")),
)


def find_columns(heads: Iterable[str], columns: tuple[Column, ...]) -> tuple[dict[int, Column], list[str], list[str]]:
    """Which place holds which column; heads nobody knows; columns that are there twice."""
    by_head = {name: column for column in columns for name in column.accepts()}
    places: dict[int, Column] = {}
    unknown, twice = [], []
    for place, head in enumerate(heads):
        column = by_head.get(simplify(head))
        if column is None:
            unknown += [head] if head else []
        elif column in places.values():
            twice.append(column.name)
        else:
            places[place] = column
    return places, unknown, twice


def show(name: str, kept: Any) -> str:
    """A value as a moderator reads it."""
    if name in ("contact_phone", "phone") and kept:
        return show_phone(kept)
    if kept is None or kept == [] or kept == "":
        return ""
    if name == "cost_cents":
        return show_euros(kept)
    listed: dict[str, Any] = {
        "weekdays": WEEKDAYS,
        "accessibility": dict(Activity.Access.choices),
        "languages": LANGUAGES,
        "day_parts": dict(Activity.DayPart.choices),
    }
    if name in listed:
        words = listed[name]
        return ", ".join(str(words.get(each, each)) for each in kept)
    if name in ("themes", "cells"):
        return " | ".join(str(each) for each in kept)
    if isinstance(kept, bool):
        return str(_("ja") if kept else _("nee"))
    if isinstance(kept, dt.date):
        return f"{kept.day}-{kept.month}-{kept.year}"
    return str(kept)
