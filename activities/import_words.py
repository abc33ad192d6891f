"""What went wrong with a file or a line, in sentences that say how to mend it. The database keeps codes only."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from activities.columns import DUTCH_HEADS

PROBLEMS: dict[str, Promise] = {
    "empty": _l("Het bestand is leeg."),
    "too_large": _l("Het bestand is groter dan 5 MB. Verdeel het over meer bestanden."),
    "excel": _l(
        "Dit is een Excel-bestand of een ander ingepakt bestand. Open het, kies “Opslaan als” en dan “CSV UTF-8”."
    ),
    "no_text": _l("Dit is geen tekstbestand. Kies een CSV-bestand."),
    "utf_16": _l("Dit bestand is als “Unicode-tekst” opgeslagen. Sla het op als “CSV UTF-8”."),
    "encoding": _l("De letters in dit bestand kunnen we niet lezen. Sla het op als “CSV UTF-8”."),
    "no_lines": _l("Onder de koppen staat geen enkele regel."),
    "too_many_lines": _l("Er staan meer dan 10.000 regels in. Verdeel het over meer bestanden."),
    "bsn_in_heads": _l(
        "In de eerste regel staat wat een burgerservicenummer (BSN) lijkt. Daar horen de koppen te staan."
    ),
    "changed_meanwhile": _l(
        "Intussen is er iets op de sociale kaart gewijzigd. Er is niets verwerkt. Dit is het nieuwe overzicht."
    ),
    "gave_up": _l(
        "Het lukte ons niet om dit bestand te verwerken. Er is niets gewijzigd. Probeer een kleiner bestand."
    ),
}
AT_LINE: dict[str, Promise] = {
    "cell_too_long": _l(
        "Op regel %(line)s staat een veel te lange tekst. Vaak is daar of ervoor een aanhalingsteken niet gesloten."
    ),
    "quote_open": _l("Op regel %(line)s begint een tekst met een aanhalingsteken dat nergens sluit."),
    "quotes": _l("Op regel %(line)s staat een aanhalingsteken op een plek waar het niet kan."),
}
REASONS: dict[str, Promise] = {
    "empty": _l("Dit moet ingevuld zijn."),
    "too_long": _l("Dit is te lang: hoogstens %(most)s tekens."),
    "bsn": _l("Dit lijkt een burgerservicenummer (BSN). Dat mag hier niet staan. Haal het weg."),
    "too_many_cells": _l(
        "Deze regel heeft meer vakken dan er koppen zijn. Zet een tekst met een scheidingsteken erin tussen "
        "aanhalingstekens."
    ),
    "double": _l("Deze activiteit staat ook op regel %(line)s."),
    "ambiguous": _l("Er zijn al meer activiteiten met deze naam van deze aanbieder. Gebruik de kolom Code."),
    "weekday": _l("Een van deze dagen kennen we niet. Schrijf bijvoorbeeld: maandag, woensdag."),
    "day_part": _l("Kies uit ochtend, middag en avond."),
    "day": _l("Deze datum kunnen we niet lezen. Schrijf haar zo: 12-1-2027."),
    "order": _l("De laatste dag ligt vóór de eerste."),
    "over": _l("De laatste dag is al voorbij."),
    "euros": _l("Schrijf een bedrag, bijvoorbeeld 2,50 of gratis. Woorden horen in “Kosten in woorden”."),
    "access": _l("Een van deze woorden kennen we niet. De woorden die je kunt gebruiken staan in de uitleg."),
    "language": _l("Een van deze talen kennen we niet. Schrijf bijvoorbeeld: Nederlands, Arabisch."),
    "postcode": _l("Schrijf de postcode zo: 4001 of 4001 AB."),
    "district": _l("Deze wijk of buurt kent de regio niet."),
    "places": _l("Schrijf een getal van 1 tot 2000."),
    "yes_no": _l("Schrijf ja of nee."),
    "phone": _l("Dit telefoonnummer klopt niet. Schrijf het zo: 0344 612345."),
    "email": _l("Dit e-mailadres klopt niet."),
    "website": _l("Dit adres van een website klopt niet."),
    "theme": _l("Een van deze thema’s kent de regio niet."),
    "cell": _l("Een van deze vakjes staat niet op de doelgroepenkaart van de regio."),
    "pc4": _l("Schrijf de vier cijfers van de postcode, bijvoorbeeld 4001."),
    "number": _l("Dit is geen getal. Schrijf het zo: 51,886."),
    "outside": _l("Deze plek ligt niet in Nederland."),
    "turned": _l("Breedtegraad en lengtegraad lijken verwisseld."),
    "rd": _l("Dit lijken rijksdriehoekscoördinaten. We hebben breedtegraad en lengtegraad nodig (WGS 84)."),
    "municipality": _l("Deze gemeentecode bestaat niet. Zij begint met GM en heeft vier cijfers."),
    "district_alone": _l("Bij een wijk hoort een gemeentecode."),
}


def problem_sentence(code: str) -> str:
    """The sentence for a code of ``Import.problem``, which may carry a line or columns: ``quotes:12``."""
    what, _colon, more = code.partition(":")
    if what in AT_LINE:
        return str(AT_LINE[what]) % {"line": more}
    if what == "columns":
        heads = ", ".join(DUTCH_HEADS.get(name, name) for name in more.split(","))
        return _("Deze kolommen ontbreken: %(heads)s. De eerste regel van het bestand hoort de koppen te bevatten.") % {
            "heads": heads
        }
    if what == "twice":
        return _("De kolom “%(head)s” staat er twee keer in.") % {"head": DUTCH_HEADS.get(more, more)}
    return str(PROBLEMS.get(what, PROBLEMS["gave_up"]))


def reason_sentence(reason: dict[str, Any]) -> str:
    """Why a line cannot be used."""
    details = {name: number for name, number in reason.items() if name not in ("column", "reason")}
    return str(REASONS[reason["reason"]]) % details


def head_of(name: str) -> str:
    """What a column is called in the file; empty for the line as a whole."""
    return DUTCH_HEADS.get(name, "")
