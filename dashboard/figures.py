"""The catalogue: each figure has one name, one definition and one question, on every page and in every file."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

# Raised when a definition changes; kept beside what is published with it.
DEFINITION_VERSION = 1


@dataclass(frozen=True)
class Figure:
    """``code`` stands in addresses and in what is kept; the rest is for people."""

    code: str
    title: Any
    definition: Any
    question: Any


FIGURES = {
    figure.code: figure
    for figure in (
        Figure(
            "verwijzingen",
            _("Verwijzingen naast ruimte"),
            _(
                "Verzonden verwijzingen, geteld in de maand van verzenden. Vergissingen tellen niet mee. Ruimte: de "
                "uren van de coaches, gedeeld door de tijd die een traject gemiddeld vraagt. Meer verwijzen is geen "
                "doel."
            ),
            _("Past wat er binnenkomt bij de uren die er zijn? Wat doen we als het niet past?"),
        ),
        Figure(
            "eerste-gesprek",
            _("Tot het eerste gesprek"),
            _(
                "Het aantal dagen tussen verzenden en het eerste gesprek. We tonen het midden: de helft wachtte "
                "korter, de helft langer. Wie nog geen gesprek had, telt nog niet mee."
            ),
            _("Wat merkt een patiënt van het wachten?"),
        ),
        Figure(
            "eerste-contact",
            _("Eerste contact op tijd"),
            _(
                "Eerste contact: de coach sprak de cliënt, of probeerde het op drie verschillende dagen. Op tijd: "
                "binnen de termijn van de regio (meestal 14 dagen na verzenden). Wie stopte vóór het eerste contact, "
                "telt niet mee; wie nog wacht, telt als nog niet op tijd."
            ),
            _("Is 14 dagen haalbaar?"),
        ),
        Figure(
            "terugkoppeling",
            _("Terugkoppeling op tijd"),
            _(
                "Van de mensen met een eerste gesprek: bij hoeveel kreeg de verwijzer binnen de termijn van de regio "
                "(meestal 7 dagen) een eerste terugkoppeling."
            ),
            _("Krijgen verwijzers te horen wat ze willen weten? Is het kort genoeg voor de coach?"),
        ),
        Figure(
            "meedoen",
            _("Van verwijzing naar gesprek"),
            _(
                "Hoeveel verwijzingen er verzonden zijn, hoeveel er zijn aangenomen, met hoeveel mensen er contact was "
                "en hoeveel een eerste gesprek hadden."
            ),
            _("Waar haken mensen af? Wat zou één ding zijn dat we anders doen?"),
        ),
        Figure(
            "gesprekken",
            _("Aantal gesprekken"),
            _(
                "Gesprekken waarin de coach de cliënt sprak (kennismaking, vervolg, meegaan, opvolging), gemiddeld per "
                "persoon met een eerste gesprek. Bellen voor een afspraak telt niet mee."
            ),
            _("Verwijzen we wat bij Welzijn op Recept past, of vragen mensen eigenlijk iets anders?"),
        ),
        Figure(
            "uren",
            _("Uren gefinancierd en ingezet"),
            _(
                "Gefinancierd: de afgesproken uren van de coaches per week. Ingezet: de uren die nu op het rooster van "
                "de praktijk staan."
            ),
            _("Waar ging de tijd heen? Wat zegt dat over de afspraken voor volgend jaar?"),
        ),
        Figure(
            "z68",
            _("Z68 genoteerd"),
            _("Bij hoeveel verwijzingen de praktijk heeft aangevinkt dat Z68 in het HIS staat."),
            _("Vinden we in het HIS terug wat hier staat? Zo niet, wie past de werkwijze aan?"),
        ),
        Figure(
            "gaten",
            _("Gaten in het aanbod"),
            _("Wat coaches zochten en niet vonden. Een gat noemt nooit een persoon."),
            _("Wie in onze buurt zou dit kunnen beginnen?"),
        ),
        Figure(
            "leeftijd",
            _("Leeftijd"),
            _("De leeftijd op de dag van verzenden. Eén keer vastgesteld als een half jaar voorbij is."),
            _("Wie zien we vaak, wie bijna nooit? Herkennen we dat uit de spreekkamer?"),
        ),
        Figure(
            "doelgroepen",
            _("Doelgroepen"),
            _("Bij welke doelgroep iemand volgens de verwijzer hoort. Eén keer vastgesteld, na een half jaar."),
            _("Welk vakje van de kaart blijft leeg? Komt dat voor in onze praktijk en zien we het niet?"),
        ),
        Figure(
            "afloop",
            _("Wat er van geworden is"),
            _(
                "De uitkomst van afgesloten verwijzingen. Alle uitkomsten zijn gelijkwaardig. Wie overleed, telt "
                "apart. Eén keer vastgesteld als een half jaar voorbij is."
            ),
            _("Waar haken mensen af? Wat zou één ding zijn dat we anders doen?"),
        ),
        Figure(
            "stoppen",
            _("Redenen om te stoppen"),
            _("De reden bij wie tussentijds stopte of niet begon. Eén keer vastgesteld als een half jaar voorbij is."),
            _("Welke reden kunnen wij wegnemen, en wie pakt dat op?"),
        ),
        Figure(
            "hoe-het-gaat",
            _("Hoe het met mensen gaat"),
            _(
                "Het cijfer dat mensen zelf gaven bij de kennismaking en bij de opvolging (0 is heel slecht, 10 is "
                "heel goed), gemiddeld over wie beide keren een cijfer gaf. Niet verplicht."
            ),
            _("Welk verhaal hoort bij dit getal? Wie is er niet bij, omdat we niemand meer spraken?"),
        ),
        Figure(
            "gemiddelde-leeftijd",
            _("Gemiddelde leeftijd"),
            _("De leeftijd op de dag van verzenden, gemiddeld en afgerond op hele jaren. Alleen bij genoeg mensen."),
            _("Wie zien we vaak, wie bijna nooit?"),
        ),
        Figure(
            "geslacht",
            _("Geslacht"),
            _("Zoals de praktijk het invulde bij het verwijzen. Niet verplicht."),
            _("Bereiken we mannen en vrouwen even goed? Wat vraagt dat van ons?"),
        ),
        Figure(
            "problemen",
            _("Wat er speelt"),
            _("Het probleem dat volgens de verwijzer het meest speelt. Eén per verwijzing."),
            _("Welk vakje van de kaart blijft leeg? Komt dat voor in onze praktijk en zien we het niet?"),
        ),
        Figure(
            "wijken",
            _("Wijken"),
            _("De wijk van de postcode op de dag van verzenden."),
            _("Uit welke wijk komt bijna niemand? Wat weten we daarvan?"),
        ),
        Figure(
            "activiteit",
            _("Begonnen met een activiteit"),
            _("Wie na de verwijzing met minstens één activiteit begon."),
            _("Waar haken mensen af? Wat zou één ding zijn dat we anders doen?"),
        ),
        Figure(
            "het-andere-gesprek",
            _("Het andere gesprek"),
            _("Bij hoeveel verwijzingen de verwijzer aanvinkte dat het andere gesprek is gevoerd."),
            _("Wanneer lukt het gesprek, wanneer niet? Wat zou daarbij helpen?"),
        ),
        Figure(
            "leeftijd-geslacht",
            _("Leeftijd en geslacht samen"),
            _("Over een heel jaar en de hele regio."),
            _("Wie zien we vaak, wie bijna nooit?"),
        ),
        Figure(
            "leeftijd-doelgroep",
            _("Leeftijd en doelgroep samen"),
            _("Over een heel jaar en de hele regio."),
            _("Welk vakje van de kaart blijft leeg?"),
        ),
        Figure(
            "verwijzingen-per-kwartaal",
            _("Verwijzingen"),
            _(
                "Verzonden verwijzingen in het kwartaal, naar de gemeente waar iemand woont. Vergissingen tellen "
                "niet mee."
            ),
            _("Past wat er binnenkomt bij de uren die er zijn?"),
        ),
        Figure(
            "eerste-gesprekken",
            _("Eerste gesprekken"),
            _("Hoeveel van de mensen die in het kwartaal verwezen zijn, een eerste gesprek hadden."),
            _("Waar haken mensen af?"),
        ),
        Figure(
            "afgesproken-uren",
            _("Afgesproken uren"),
            _("De uren van de coaches voor de praktijken in deze gemeente, over het hele kwartaal."),
            _("Waar ging de tijd heen? Wat zegt dat over de afspraken voor volgend jaar?"),
        ),
    )
}
