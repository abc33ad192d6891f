"""Made-up clients. No name, number or address here belongs to anybody: the numbers and postcodes are not in use."""

import datetime as dt
from random import Random

WOMEN = {
    "older": ("Johanna Wilhelmina Geertruida Hendrika Toos Riet Corrie Annie Bep Sjaan Gerda Ria Truus Nel Willy"),
    "middle": ("Marianne Ingrid Yvonne Astrid Carla Petra Monique Jolanda Anita Esther Wendy Saskia Mirjam Bianca"),
    "young": ("Lotte Sanne Iris Femke Anouk Noor Eva Lisa Roos Maud Julia Fleur"),
}
MEN = {
    "older": ("Cornelis Hendrik Gerrit Jacobus Wim Piet Arie Teun Henk Bertus Gijs Dirk"),
    "middle": ("Marcel Ronald Erik Frank Patrick Jeroen Richard Edwin Martin Peter"),
    "young": ("Thijs Sem Jesse Niels Ruben Bram Stijn Daan Luuk"),
}
FAMILIES = (
    *("de|Waterlinde", "van|Dijkhoven", "|Kersenboom", "ter|Weide", "|Appelhof", "van den|Wilgen", "|Molenveld"),
    *("|Zomerdijk", "de|Rietveger", "|Kievitsdal", "van der|Uiterwaard", "|Duindoorn", "|Hagelkruis", "op den|Akker"),
    *("van|Beukenstein", "|Lammerts", "de|Graanoogst", "|Boterbloem", "van 't|Veerhuis", "|Roodborst", "|Veldkers"),
    *("den|Haverkamp", "|Steenuil", "van de|Kribbe", "|Korenwolf", "|Wilgenroos", "ten|Heuvelrug", "|Zandhaas"),
    *("van|Eikenrode", "|Sleedoorn", "|Merelkamp", "de|Bonte", "|Vlierbes", "van der|Polderman", "|Hazelhoen"),
    *("|Berkenbosch-Laan", "van|Rietschoten", "|Waterhoen", "de|Kleine Wal", "|Oeverzwaluw", "van der|Klaproos"),
    *("|Egelantier", "op 't|Zand", "|Lindebloesem", "ter|Kwelder", "|Goudplevier", "van|Weideveld", "|Hooiberg"),
    *("de|Torenvalk", "|Braamstruik", "van 't|Hofje", "|Zilverspar", "|Dotterbloem", "van de|Notelaar", "|Vuurdoorn"),
)
# Language → given names of women and men, family names.
ELSEWHERE = {
    "Turks": ("Ayşe Fatma Zeynep Hatice", "Mehmet Hasan Mustafa", "Gülbahçe Yeşildağ Akçiçek Demirbahçe Karabulutlu"),
    "Arabisch": (
        "Fatima Khadija Naima Samira",
        "Mohamed Rachid Abdel",
        "El-Warda Bouzahra Aït-Noor Ben-Zitoun El-Khadra",
    ),
    "Pools": ("Agnieszka Katarzyna Danuta", "Piotr Marek Zbigniew", "Lipowiec Brzozowiec Jarzębina Wierzbowiec"),
    "Tigrinya": ("Selam Hiwet Abeba", "Yonas Tesfay Dawit", "Tsegay-Haile Woldu-Berhe Mehari-Abrha Kidane-Zerai"),
    "Oekraïens": ("Oksana Iryna Halyna", "Taras Bohdan", "Soniachna Verbenko Kalynova"),
}
BORN_BEFORE_OLDER, BORN_BEFORE_MIDDLE = 1958, 1990
# Ages by target group: mean and spread in years, lowest and highest.
AGES = {
    "ouderen-alleen": (79, 6, 66, 94),
    "na-verlies": (66, 11, 38, 88),
    "mantelzorgers": (64, 10, 36, 86),
    "zonder-werk": (51, 9, 30, 66),
    "jongvolwassenen": (24, 3, 18, 30),
    "nieuwkomers": (42, 11, 22, 70),
}


def age_in(group: str, rng: Random) -> int:
    """An age that goes with a target group."""
    mean, spread, lowest, highest = AGES[group]
    return min(max(round(rng.gauss(mean, spread)), lowest), highest)


def born(age: int, on: dt.date, rng: Random) -> dt.date:
    """A birth date of somebody who has this age on a day."""
    return on - dt.timedelta(days=age * 365.25 // 1 + rng.randrange(1, 360))


def full_name(sex: str, birth: dt.date, group: str, dutch_family: str, rng: Random) -> dict[str, str]:
    """Given name, prefix, family name and language. ``dutch_family`` is one of ``FAMILIES``."""
    foreign = rng.random() < (0.9 if group == "nieuwkomers" else 0.08)
    if foreign:
        language = rng.choice(list(ELSEWHERE))
        women, men, families = (names.split() for names in ELSEWHERE[language])
        given = rng.choice(women if sex == "f" else men)
        # Somebody who lives here for long speaks Dutch.
        spoken = language if group == "nieuwkomers" else "Nederlands"
        family = rng.choice(families)
        return {"given_name": given, "prefix": "", "family_name": family, "language": spoken}
    era = "older" if birth.year < BORN_BEFORE_OLDER else "middle" if birth.year < BORN_BEFORE_MIDDLE else "young"
    prefix, family = dutch_family.split("|")
    given = rng.choice((WOMEN if sex == "f" else MEN)[era].split())
    return {"given_name": given, "prefix": prefix, "family_name": family, "language": "Nederlands"}


def mobile(rng: Random) -> str:
    """A number out of a block that stands for examples here."""
    return f"0612345{rng.randrange(1000):03d}"


def postcode(digits: str, rng: Random) -> str:
    """Letters that PostNL does not give out."""
    return digits + rng.choice(("SA", "SD", "SS"))
