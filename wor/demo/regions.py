"""The two fictional regions: who is there, where, and with how much room. All of it is made up."""

from dataclasses import dataclass

# Municipalities that do not exist; CBS does not give out these codes.
MUNICIPALITIES = {
    "GM9001": "Lindewaard (fictief)",
    "GM9002": "Esserheide (fictief)",
    "GM9003": "Dijkerveen (fictief)",
    "GM9004": "Zandloo (fictief)",
}
# Where the middle of a postcode's area lies: made up, but plausible towards each other.
MIDDLES = {
    "4001": (51.8990, 5.4310),
    "4002": (51.9070, 5.4450),
    "4003": (51.8910, 5.4190),
    "4011": (51.9280, 5.4780),
    "4021": (51.8620, 5.3520),
    "4022": (51.8570, 5.3710),
    "9401": (52.9910, 6.5610),
    "9402": (53.0020, 6.5770),
    "9411": (53.0400, 6.6400),
    "9421": (52.9310, 6.4790),
    "9422": (52.9210, 6.5030),
}


@dataclass(frozen=True)
class Party:
    """An organisation. ``group`` is the practice group it belongs to."""

    kind: str
    name: str
    place: str = ""
    municipality: str = ""
    patients: int | None = None
    group: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody in a role. ``account`` is the name before the @ of the demo's sign-ins; others get their own name."""

    name: str
    organisation: str
    role: str
    function: str = ""
    account: str = ""
    contact_point: bool = False
    ends_in_days: int | None = None


@dataclass(frozen=True)
class Room:
    """A coach's hours at a practice, and the times to find them there: (weekday, from, to, room)."""

    coach: str
    practice: str
    hours: int
    there: tuple[tuple[int, str, str, str], ...]


@dataclass(frozen=True)
class Line:
    """A practice's capacity line with a welfare organisation, and who comes first there.

    ``state`` is what the coordinator said themself; without it hours and caseload decide.
    """

    practice: str
    welfare: str
    coach: str
    state: str = ""
    weeks: int | None = None


@dataclass(frozen=True)
class RegionPlan:
    slug: str
    name: str
    variant: str
    primary: str
    accent: str
    parties: tuple[Party, ...]
    people: tuple[Person, ...]
    rooms: tuple[Room, ...]
    lines: tuple[Line, ...]
    served: dict[str, dict[str, str]]  # practice → municipality → welfare organisation
    postcodes: dict[str, tuple[str, str]]  # four digits → municipality, district
    homes: dict[str, tuple[str, ...]]  # practice → the postcodes in which its patients live
    absent: tuple[str, str] | None = None  # who is away, who covers
    case_minutes: int = 30  # what a running case takes a week
    silent: str = ""  # the practice that sent nothing since April


LINDE, OKAFOR = "Huisartsenpraktijk De Linde – Van der Meer", "Huisartsenpraktijk De Linde – Okafor"
WAALZICHT, VEERMAN = "Huisartsenpraktijk Waalzicht", "Huisartsenpraktijk De Veerman"
SINGEL, LINDE_GROUP = "Huisartsen aan de Singel", "Gezondheidscentrum De Linde"
DE_WAARD, DIJKERVEEN = "Sociaal Werk De Waard", "Stichting Welzijn Dijkerveen"
SAMEN_GEZOND = "Samen Gezond Rivierenland"

RIVIERENLAND = RegionPlan(
    slug="rivierenland",
    name="Rivierenland",
    variant="breed",
    primary="#0B5D63",
    accent="#C8502D",
    parties=(
        Party("practice_group", LINDE_GROUP, "Lindewaard", "GM9001"),
        Party("practice", LINDE, "Lindewaard", "GM9001", 2900, LINDE_GROUP),
        Party("practice", OKAFOR, "Lindewaard", "GM9001", 2400, LINDE_GROUP),
        # Large enough that Dijkerveen has ten a quarter: else Lindewaard's numbers are hidden too, being the rest.
        Party("practice", WAALZICHT, "Dijkerveen", "GM9003", 8200),
        Party("practice", VEERMAN, "Ooijsterwaard", "GM9001", 1800),
        Party("practice", SINGEL, "Lindewaard", "GM9001", 4100),
        Party("welfare", DE_WAARD, "Lindewaard", "GM9001"),
        Party("welfare", DIJKERVEEN, "Dijkerveen", "GM9003"),
        Party("municipality", "Gemeente Lindewaard", "Lindewaard", "GM9001"),
        Party("insurer", "Zorgverzekeraar De Brug"),
        Party("support", SAMEN_GEZOND, "Lindewaard", "GM9001"),
    ),
    people=(
        Person("Anne van der Meer", LINDE, "referrer", "gp", "huisarts", contact_point=True),
        Person("Kim Jacobs", LINDE, "referrer", "assistant", "assistent"),
        Person("Bas Verhoef", LINDE, "referrer", "practice_nurse"),
        Person("Tom Verstraten", LINDE, "referrer", "gp", ends_in_days=42),
        Person("Chidi Okafor", OKAFOR, "referrer", "gp", contact_point=True),
        Person("Chidi Okafor", LINDE_GROUP, "core_team"),
        Person("Wilma Smits", OKAFOR, "referrer", "assistant"),
        Person("Marieke Hoekstra", WAALZICHT, "referrer", "gp", contact_point=True),
        Person("Joris de Wit", WAALZICHT, "referrer", "gp"),
        Person("Ans Peters", WAALZICHT, "referrer", "assistant"),
        Person("Pieter Veerman", VEERMAN, "referrer", "gp", contact_point=True),
        Person("Lies Brandsma", SINGEL, "referrer", "gp", contact_point=True),
        Person("Hans Kuijpers", SINGEL, "referrer", "gp"),
        Person("Samira Bouzid", DE_WAARD, "coach", account="coach"),
        Person("Samira Bouzid", DE_WAARD, "core_team"),
        Person("Karin Postma", DE_WAARD, "coach"),
        Person("Milan Kowalczyk", DE_WAARD, "coach"),
        Person("Rob Hendriks", DE_WAARD, "coordinator", account="coordinator", contact_point=True),
        Person("Ineke Verhagen", DIJKERVEEN, "coach"),
        Person("Youssef El Amrani", DIJKERVEEN, "coach"),
        Person("Truus van Dongen", DIJKERVEEN, "coordinator", contact_point=True),
        Person("Ellen de Graaf", SAMEN_GEZOND, "core_team", account="kernteam"),
        Person("Joost Willems", "Gemeente Lindewaard", "funder", account="gemeente", contact_point=True),
        Person("Sander Blom", "Zorgverzekeraar De Brug", "funder"),
        Person("Nadia Haddou", SAMEN_GEZOND, "region_admin", account="beheer", contact_point=True),
    ),
    rooms=(
        Room("Samira Bouzid", LINDE, 8, ((2, "09:00", "12:00", "kamer 3"), (4, "13:00", "16:00", "kamer 3"))),
        Room("Samira Bouzid", OKAFOR, 8, ((3, "09:00", "12:00", "kamer 1"),)),
        Room("Karin Postma", VEERMAN, 4, ((1, "09:00", "12:00", "spreekkamer 2"),)),
        Room("Milan Kowalczyk", SINGEL, 8, ((5, "09:00", "12:00", "de huiskamer"),)),
        Room("Karin Postma", WAALZICHT, 2, ((5, "09:00", "11:00", "kamer 2"),)),
        Room("Ineke Verhagen", WAALZICHT, 6, ((1, "13:00", "16:30", "kamer 2"), (3, "09:00", "11:00", "kamer 2"))),
        Room("Youssef El Amrani", WAALZICHT, 4, ((4, "09:00", "12:00", "kamer 2"),)),
    ),
    lines=(
        Line(LINDE, DE_WAARD, "Samira Bouzid"),
        Line(LINDE, DIJKERVEEN, "Ineke Verhagen", "waiting_list", weeks=7),
        Line(OKAFOR, DE_WAARD, "Samira Bouzid"),
        Line(WAALZICHT, DIJKERVEEN, "Ineke Verhagen", "waiting_list", weeks=7),
        Line(WAALZICHT, DE_WAARD, "Karin Postma"),
        Line(VEERMAN, DE_WAARD, "Karin Postma"),
        Line(SINGEL, DE_WAARD, "Milan Kowalczyk"),
    ),
    served={
        LINDE: {"GM9001": DE_WAARD, "GM9003": DIJKERVEEN},
        OKAFOR: {"GM9001": DE_WAARD},
        WAALZICHT: {"GM9003": DIJKERVEEN, "GM9001": DE_WAARD},
        VEERMAN: {"GM9001": DE_WAARD},
        SINGEL: {"GM9001": DE_WAARD},
    },
    postcodes={
        "4001": ("GM9001", "Centrum"),
        "4002": ("GM9001", "Singelkwartier"),
        "4003": ("GM9001", "Lindehof"),
        "4011": ("GM9001", "Ooijsterwaard"),
        "4021": ("GM9003", "Dijkerveen Dorp"),
        "4022": ("GM9003", "Waalkade"),
    },
    homes={
        LINDE: ("4001", "4003", "4003", "4002", "4001", "4021"),
        OKAFOR: ("4003", "4001", "4003"),
        WAALZICHT: ("4021", "4022", "4021", "4022", "4021", "4011"),
        VEERMAN: ("4011",),
        SINGEL: ("4002", "4002", "4001"),
    },
    silent=SINGEL,
)

BRINK, SCHAAPSPAD = "Huisartsenpraktijk De Brink", "Huisartsenpraktijk Het Schaapspad"
VEENRAND, ZANDLOO_PRACTICE = "Huisartsenpraktijk Veenrand", "Dorpspraktijk Zandloo"
OOSTERHOF = "Gezondheidscentrum Oosterhof"
ESSERHEIDE, ZANDLOO, ZORGKRING = "Welzijn Esserheide", "Buurtwerk Zandloo", "Zorgkring Heideland"

HEIDELAND = RegionPlan(
    slug="heideland",
    name="Heideland",
    variant="gericht",
    primary="#4B3F72",
    accent="#B4541A",
    parties=(
        Party("practice", BRINK, "Esserheide", "GM9002", 2500),
        Party("practice", SCHAAPSPAD, "Zandloo", "GM9004", 2100),
        Party("practice", VEENRAND, "Nieuw-Esser", "GM9002", 1900),
        Party("practice", ZANDLOO_PRACTICE, "Zandloo", "GM9004", 1500),
        Party("practice", OOSTERHOF, "Esserheide", "GM9002", 5300),
        Party("welfare", ESSERHEIDE, "Esserheide", "GM9002"),
        Party("welfare", ZANDLOO, "Zandloo", "GM9004"),
        Party("municipality", "Gemeente Esserheide", "Esserheide", "GM9002"),
        Party("insurer", "Zorgverzekeraar Noorderzorg"),
        Party("support", ZORGKRING, "Esserheide", "GM9002"),
    ),
    people=(
        Person("Wouter Tigchelaar", BRINK, "referrer", "gp", "huisarts", contact_point=True),
        Person("Femke Bos", BRINK, "referrer", "assistant", "assistent"),
        Person("Sjoukje Hoving", BRINK, "referrer", "practice_nurse"),
        Person("Mirjam Kalter", SCHAAPSPAD, "referrer", "gp", contact_point=True),
        Person("Jelle Boonstra", VEENRAND, "referrer", "gp", contact_point=True),
        Person("Ria Nijhof", VEENRAND, "referrer", "assistant"),
        Person("Koen Aalbers", ZANDLOO_PRACTICE, "referrer", "gp", contact_point=True),
        Person("Emine Korkmaz", OOSTERHOF, "referrer", "gp", contact_point=True),
        Person("Ruben Steenhuis", OOSTERHOF, "referrer", "gp"),
        Person("Tineke Vos", OOSTERHOF, "referrer", "assistant"),
        Person("Roelof Pranger", OOSTERHOF, "referrer", "gp", ends_in_days=30),
        Person("Daan Mulder", ESSERHEIDE, "coach", account="coach"),
        Person("Daan Mulder", ESSERHEIDE, "core_team"),
        Person("Gülsen Aydın", ESSERHEIDE, "coach"),
        Person("Lotte Hofman", ESSERHEIDE, "coach"),
        Person("Bram Wiersma", ESSERHEIDE, "coach"),
        Person("Marijke Prins", ESSERHEIDE, "coordinator", account="coordinator", contact_point=True),
        Person("Aletta Roosjen", ZANDLOO, "coach"),
        Person("Aletta Roosjen", ZANDLOO, "coordinator", contact_point=True),
        Person("Hanneke ter Horst", ZORGKRING, "core_team", account="kernteam"),
        Person("Pieter Scholten", "Gemeente Esserheide", "funder", account="gemeente", contact_point=True),
        Person("Yvonne Kamps", "Zorgverzekeraar Noorderzorg", "funder"),
        Person("Ilse Brouwer", ZORGKRING, "region_admin", account="beheer", contact_point=True),
    ),
    rooms=(
        Room("Daan Mulder", BRINK, 4, ((2, "09:00", "12:00", "kamer 2"),)),
        Room("Daan Mulder", OOSTERHOF, 8, ((4, "09:00", "12:00", "kamer 7"), (5, "09:00", "12:00", "kamer 7"))),
        Room("Lotte Hofman", OOSTERHOF, 4, ((1, "13:00", "16:00", "kamer 7"),)),
        Room("Bram Wiersma", OOSTERHOF, 4, ((3, "13:00", "16:00", "kamer 7"),)),
        Room("Gülsen Aydın", VEENRAND, 4, ((3, "09:00", "12:00", "spreekkamer"),)),
        Room("Daan Mulder", VEENRAND, 2, ((1, "09:00", "11:00", "spreekkamer"),)),
        Room("Aletta Roosjen", SCHAAPSPAD, 4, ((2, "13:00", "16:00", "kamer 1"),)),
        Room("Aletta Roosjen", ZANDLOO_PRACTICE, 4, ((4, "13:00", "16:00", "het dorpshuis"),)),
    ),
    lines=(
        Line(BRINK, ESSERHEIDE, "Daan Mulder"),
        Line(VEENRAND, ESSERHEIDE, "Gülsen Aydın"),
        Line(OOSTERHOF, ESSERHEIDE, "Daan Mulder"),
        Line(OOSTERHOF, ZANDLOO, "Aletta Roosjen", "assess"),
        Line(SCHAAPSPAD, ZANDLOO, "Aletta Roosjen"),
        Line(ZANDLOO_PRACTICE, ZANDLOO, "Aletta Roosjen", "closed"),
    ),
    served={
        BRINK: {"GM9002": ESSERHEIDE},
        VEENRAND: {"GM9002": ESSERHEIDE},
        OOSTERHOF: {"GM9002": ESSERHEIDE, "GM9004": ZANDLOO},
        SCHAAPSPAD: {"GM9004": ZANDLOO},
        ZANDLOO_PRACTICE: {"GM9004": ZANDLOO},
    },
    postcodes={
        "9401": ("GM9002", "Brinkdorp"),
        "9402": ("GM9002", "Oosterhof"),
        "9411": ("GM9002", "Nieuw-Esser"),
        "9421": ("GM9004", "Zandloo Dorp"),
        "9422": ("GM9004", "Schaapsveld"),
    },
    homes={
        BRINK: ("9401", "9401", "9402"),
        VEENRAND: ("9411",),
        OOSTERHOF: ("9402", "9402", "9401", "9402", "9402", "9421"),
        SCHAAPSPAD: ("9421", "9422"),
        ZANDLOO_PRACTICE: ("9421", "9422"),
    },
    absent=("Gülsen Aydın", "Daan Mulder"),
    case_minutes=20,
)

REGIONS = (RIVIERENLAND, HEIDELAND)
