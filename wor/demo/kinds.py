# ruff: noqa: E501 - a table of texts: one line an activity reads better than twelve
"""What the fictional sociale kaart is made of: the examples the region of Rivierenland began with, and kinds of
activities that there is one of in each district. All of it is made up.
"""

from dataclasses import dataclass, field

W, T, L, R, H, S, Q, V, K, A = (
    *("wheelchair", "toilet", "lift", "walker", "hearing", "sight", "quiet", "transport", "childcare", "alone"),
)
# Cells of the doelgroepenkaart (activities/examples.py), by target group and problem.
GRIEF, RHYTHM = ("na-verlies", "rouw"), ("na-verlies", "dagritme")
ALONE, FALLS = ("ouderen-alleen", "weinig-contact"), ("ouderen-alleen", "valangst")
CARER, OWN_TIME = ("mantelzorgers", "overbelast"), ("mantelzorgers", "geen-eigen-tijd")
PURPOSE, SHAME = ("zonder-werk", "structuur"), ("zonder-werk", "schaamte")
FRIENDS, DIRECTION = ("jongvolwassenen", "weinig-vrienden"), ("jongvolwassenen", "richting")
KNOWS_NOBODY, LANGUAGE = ("nieuwkomers", "kent-niemand"), ("nieuwkomers", "taal")
BODY, MIND, MEANING = "lichaamsfuncties", "mentaal-welbevinden", "zingeving"
QUALITY, TAKE_PART, DAILY = "kwaliteit-van-leven", "meedoen", "dagelijks-functioneren"
MORNING, AFTERNOON, EVENING = "morning", "afternoon", "evening"


@dataclass(frozen=True)
class Example:
    """An activity as it is written out; ``months`` ago somebody confirmed it."""

    title: str
    provider: str
    schedule: str
    days: tuple[int, ...]
    parts: tuple[str, ...]
    place: str
    cents: int | None
    cost: str
    access: tuple[str, ...]
    note: str
    join: str
    cells: tuple[tuple[str, str], ...]
    themes: tuple[str, ...]
    summary: str
    languages: tuple[str, ...] = ("nl",)
    walk_in: bool = False
    places: int | None = None
    months: float = 1


@dataclass(frozen=True)
class Kind:
    """There is one of these in most districts: its name gets the district's, its day and price differ."""

    title: str
    summary: str
    body: str
    place: str
    parts: tuple[str, ...]
    cents: tuple[int, ...]
    cells: tuple[tuple[str, str], ...]
    themes: tuple[str, ...]
    access: tuple[str, ...] = (W,)
    note: str = ""
    join: str = "Bel even, of kom een keer kijken."
    walk_in: bool = False
    languages: tuple[str, ...] = ()
    places: tuple[int, ...] = field(default=(0,))


EXAMPLES = (
    Example(
        "Wandelgroep Rustig Aan", "Sportvriendelijk Lindewaard", "dinsdag en vrijdag 10.00–11.00", (2, 5), (MORNING,),
        "Bibliotheek, Marktplein (start)", 0, "", (R, A), "3 km, met rustpauzes", "Niet nodig, meelopen mag altijd.",
        (RHYTHM, ALONE, FALLS), (BODY, TAKE_PART), "Rustig wandelen met een groep, en daarna koffie.", walk_in=True,
    ),
    Example(
        "Koor De Waalzangers", "Zangvereniging De Waalzangers", "donderdag 19.30–21.30, niet in juli en augustus", (4,),
        (EVENING,), "Dorpshuis Dijkerveen", 300, "€ 12 per maand, eerste drie keer gratis", (W, H), "",
        "Bel Thea, kom een keer luisteren.", (GRIEF, OWN_TIME), (MEANING, QUALITY),
        "Samen zingen, van oud tot nieuw. Noten lezen hoeft niet.",
    ),
    Example(
        "Eettafel De Schakel", "Buurthuis De Schakel", "maandag en woensdag 17.30–19.00", (1, 3), (EVENING,),
        "Buurthuis De Schakel, zaal 1", 600, "€ 6 per maaltijd", (W, T, A), "Halal en vegetarisch mogelijk",
        "Een dag van tevoren, voor 12.00 uur.", (GRIEF, ALONE, KNOWS_NOBODY), (TAKE_PART, QUALITY),
        "Aanschuiven bij een warme maaltijd.", walk_in=True, places=30,
    ),
    Example(
        "Buurtmoestuin De Kas", "Stichting Groen Dichtbij", "woensdag 9.30–12.30 (maart–november)", (3,), (MORNING,),
        "Singelpark, achter de kas", 0, "gratis, koffie € 1", (R, Q), "Hoge bakken voor wie niet kan bukken",
        "Kom langs of bel.", (PURPOSE, RHYTHM), (MEANING, DAILY), "Samen zaaien, wieden en oogsten.", walk_in=True,
    ),
    Example(
        "Huiskamer Lindehof", "Sociaal Werk De Waard", "maandag t/m vrijdag 10.00–16.00", (1, 2, 3, 4, 5),
        (MORNING, AFTERNOON), "Lindehof 2", 0, "gratis, koffie € 0,50", (W, L, Q, A), "Begane grond, prikkelarme hoek",
        "Niet nodig.", (ALONE, GRIEF), (TAKE_PART, QUALITY), "Altijd iemand, altijd koffie.", walk_in=True,
    ),
    Example(
        "Rouwgroep Samen Verder", "Steunpunt Verlies en Rouw", "om de week dinsdag 14.00–16.00, 8 keer", (2,),
        (AFTERNOON,), "Kerkgebouw De Ark, kleine zaal", 250, "€ 20 voor de hele groep", (W, Q),
        "Kleine groep; het verlies is minstens 3 maanden geleden", "Kennismaking vooraf.", (GRIEF,), (MIND, MEANING),
        "Praten met mensen die ook iemand verloren.", places=8,
    ),
    Example(
        "Repaircafé", "Vrijwilligers Lindewaard", "eerste zaterdag van de maand 10.00–13.00", (6,), (MORNING,),
        "Buurthuis De Schakel", 0, "vrije gift", (W,), "Ook voor wie wil leren repareren",
        "Als vrijwilliger: mail of kom langs.", (PURPOSE,), (MEANING, TAKE_PART),
        "Kapotte spullen samen weer heel maken.", walk_in=True,
    ),
    Example(
        "Taalcafé", "Bibliotheek Lindewaard", "dinsdag 13.30–15.00 en donderdag 19.00–20.30", (2, 4),
        (AFTERNOON, EVENING), "Bibliotheek, 1e etage", 0, "", (W, L, K), "Alle niveaus, kinderhoek op dinsdag",
        "Niet nodig.", (KNOWS_NOBODY, LANGUAGE), (TAKE_PART, DAILY), "Nederlands oefenen door te praten.",
        ("nl", "ar", "tr", "ti", "uk"), walk_in=True,
    ),
    Example(
        "Mantelzorgcafé", "Mantelzorgpunt De Waard", "derde woensdag van de maand 13.30–15.30", (3,), (AFTERNOON,),
        "Huiskamer Lindehof", 0, "", (W, L), "Vervangende hulp thuis te regelen, 1 week vooraf",
        "Fijn, maar niet nodig.", (CARER,), (MIND, QUALITY), "Even weg, met mensen die het kennen.", walk_in=True,
    ),
    Example(
        "Schilderen zonder moeten", "Atelier Kleur", "maandag 19.00–21.00 en vrijdag 9.30–11.30", (1, 5),
        (EVENING, MORNING), "Oude School, lokaal 3", 750, "€ 7,50 per keer, met minimapas € 2", (Q,),
        "Trap met leuning, geen lift. Materiaal aanwezig", "Proefles na een telefoontje.", (OWN_TIME,),
        (QUALITY, MEANING), "Schilderen voor wie nog nooit schilderde.", months=8,
    ),
    Example(
        "Bordspelavond 18–30", "Jongerenwerk De Waard", "woensdag 19.30–22.00", (3,), (EVENING,),
        "Café de Kade, achterzaal", 0, "gratis, drinken voor eigen rekening", (A,), "Begeleider bij de deur",
        "App of kom langs.", (FRIENDS,), (TAKE_PART, QUALITY), "Spelletjes met leeftijdgenoten, ook als je alleen komt.",
        walk_in=True, months=8,
    ),
    Example(
        "In balans (valpreventie)", "Fysiotherapie Aan de Dijk", "dinsdag 11.00–12.00, 12 weken, vanaf januari en september",
        (2,), (MORNING,), "Sporthal Dijkerveen", 375, "€ 45, deels vergoed", (W, R), "Stoel aanwezig, eerst een korte test",
        "Aanmelden verplicht.", (FALLS,), (BODY, DAILY), "Sterker op uw benen, minder bang om te vallen.", places=12, months=8,
    ),
    Example(
        "Samen fietsen op de duofiets", "Fietsmaatjes Lindewaard", "op afspraak, maandag t/m zaterdag",
        (1, 2, 3, 4, 5, 6), (MORNING, AFTERNOON), "Opgehaald aan huis", 250, "€ 2,50 per rit", (S, V),
        "Voor wie niet (meer) alleen fietst, ook bij slecht zien", "Bel het planbureau.", (FALLS, ALONE), (BODY, QUALITY),
        "Weer fietsen, met iemand naast u.", months=8,
    ),
    Example(
        "Naaicafé Draad", "Vrouwencentrum Nour", "woensdag 9.30–11.30 (schoolweken)", (3,), (MORNING,),
        "Oude School, lokaal 1", 200, "", (K, A), "Alleen voor vrouwen", "Niet nodig; kinderopvang op aanvraag.",
        (LANGUAGE, KNOWS_NOBODY), (TAKE_PART, DAILY), "Naaien, praten en thee.", ("nl", "ar", "tr"), walk_in=True,
        months=0.2,
    ),
    Example(
        "Gastheer of gastvrouw bij de Huiskamer (vrijwilligerswerk)", "Sociaal Werk De Waard",
        "één dagdeel per week, zelf te kiezen", (1, 2, 3, 4, 5), (MORNING, AFTERNOON), "Lindehof 2", 0,
        "onkostenvergoeding", (W, L), "Inwerken met een maatje, ook zonder ervaring", "Gesprek met de coördinator.",
        (PURPOSE, RHYTHM), (MEANING, TAKE_PART), "Iets betekenen voor wie binnenloopt.", months=0.2,
    ),
)  # fmt: skip

KINDS = (
    Kind("Wandelgroep", "Samen wandelen, op een tempo dat iedereen haalt.",
         "We lopen ongeveer een uur en drinken daarna koffie. Een rondje overslaan mag altijd.", "start bij het buurthuis",
         (MORNING, AFTERNOON), (0,), (RHYTHM, ALONE, FALLS), (BODY, TAKE_PART), (R, A), walk_in=True),
    Kind("Avondwandeling", "Na het eten een rondje door de buurt.", "Voor wie overdag werkt of zorgt. Vaste groep, vaste route.",
         "start bij de kerk", (EVENING,), (0,), (OWN_TIME, FRIENDS), (BODY, MIND), (A,), walk_in=True),
    Kind("Eettafel", "Aanschuiven bij een warme maaltijd.", "Een driegangenmaaltijd, gekookt door vrijwilligers uit de buurt.",
         "buurthuis", (EVENING, AFTERNOON), (500, 600, 750), (GRIEF, ALONE, KNOWS_NOBODY), (TAKE_PART, QUALITY), (W, T, A),
         "Zeg het vooraf als u iets niet eet", "Een dag van tevoren bellen.", True, (), (20, 24, 30)),
    Kind("Samen koken", "Koken en eten met zes tot acht mensen.", "Om de beurt kiest iemand het recept. Daarna eten we samen.",
         "buurthuis, keuken", (MORNING, EVENING), (300, 400), (KNOWS_NOBODY, PURPOSE, GRIEF), (DAILY, TAKE_PART), (W, A),
         "", "Bel even, er is plaats voor acht.", False, ("ar", "ti", "tr"), (8,)),
    Kind("Huiskamer", "Binnenlopen voor koffie en een praatje.", "Er is altijd een gastvrouw of gastheer. U hoeft niets.",
         "huiskamer", (MORNING, AFTERNOON), (0,), (ALONE, GRIEF), (TAKE_PART, QUALITY), (W, L, Q, A), "Prikkelarme hoek",
         "Niet nodig.", True),
    Kind("Koffieochtend", "Koffie, krant en praatje.", "Iedere week dezelfde tafel, vaak dezelfde mensen. Nieuwe stoelen genoeg.",
         "dorpshuis", (MORNING,), (0, 100), (ALONE, RHYTHM), (TAKE_PART,), (W, H, R), walk_in=True),
    Kind("Koor", "Zingen voor je plezier.", "We zingen van alles. Voorzingen hoeft niet en noten lezen ook niet.", "zaal van de kerk",
         (EVENING,), (250, 300), (GRIEF, OWN_TIME), (MEANING, QUALITY), (W, H), "", "Kom een keer luisteren."),
    Kind("Buurtmoestuin", "Zaaien, wieden en samen oogsten.", "Iedereen doet wat past. Wie niet kan bukken werkt aan de hoge bakken.",
         "tuin achter het buurthuis", (MORNING,), (0,), (PURPOSE, RHYTHM, KNOWS_NOBODY), (MEANING, DAILY), (R, Q), "Van maart tot november",
         "Kom langs of bel.", True),
    Kind("Taalcafé", "Nederlands oefenen door te praten.", "Aan elke tafel zit een vrijwilliger. Alle niveaus zijn welkom.", "bibliotheek",
         (MORNING, AFTERNOON, EVENING), (0,), (LANGUAGE, KNOWS_NOBODY), (TAKE_PART, DAILY), (W, L, K), "", "Niet nodig.", True,
         ("ar", "ti", "uk", "pl")),
    Kind("Taalmaatje", "Een vaste vrijwilliger om mee te oefenen.", "Eén keer per week een uur, thuis of in de bibliotheek.", "in overleg",
         (AFTERNOON, EVENING), (0,), (LANGUAGE,), (DAILY, TAKE_PART), (A,), "", "Een kennismaking vooraf.", False, ("ar", "ti", "fa", "so")),
    Kind("Naaicafé", "Naaien, verstellen en thee drinken.", "Machines en stof zijn er. Beginners krijgen hulp.", "oude school",
         (MORNING, AFTERNOON), (100, 200), (LANGUAGE, KNOWS_NOBODY, PURPOSE), (TAKE_PART, DAILY), (K, A), "Alleen voor vrouwen", "Niet nodig.",
         True, ("ar", "tr", "ti")),
    Kind("Repaircafé", "Kapotte spullen samen weer heel maken.", "Neem mee wat stuk is, of kom leren repareren.", "buurthuis", (MORNING,),
         (0,), (PURPOSE,), (MEANING, TAKE_PART), (W,), "Vrije gift", "Als vrijwilliger: mail of kom langs.", True),
    Kind("Houtwerkplaats", "Zagen, schaven en timmeren met een vakman erbij.", "Kleine groep, rustige werkplaats. Ervaring hoeft niet.",
         "werkplaats", (MORNING, AFTERNOON), (0, 250, 500), (PURPOSE, SHAME), (MEANING, DAILY), (Q,), "", "Bel voor een proefochtend.", False, (), (6, 8)),
    Kind("Klusgroep", "Kleine klussen doen voor buurtgenoten.", "Met z'n tweeën op pad, één ochtend in de week.", "start bij het buurthuis",
         (MORNING,), (0,), (SHAME, PURPOSE), (MEANING, TAKE_PART), (Q, A), "", "Een gesprek vooraf."),
    Kind("Mantelzorgcafé", "Even weg, met mensen die het kennen.", "Soms met een gast, vaak gewoon praten. Vervangende hulp thuis kan.",
         "dorpshuis", (AFTERNOON,), (0,), (CARER,), (MIND, QUALITY), (W, L), "Hulp thuis te regelen, 1 week vooraf", "Fijn, maar niet nodig.", True),
    Kind("Respijthuis: een vrije middag", "Iemand anders zorgt, u gaat op pad.", "Uw naaste is bij ons, met een vrijwilliger en een verpleegkundige.",
         "logeerhuis", (AFTERNOON,), (0, 500), (CARER, OWN_TIME), (QUALITY, DAILY), (W, T, V), "", "Een kennismaking vooraf.", False, (), (4, 6)),
    Kind("Vrijwillige hulp thuis", "Een vrijwilliger neemt een dagdeel over.", "Zo kunt u weg zonder u zorgen te maken.", "bij u thuis",
         (MORNING, AFTERNOON), (0,), (CARER,), (DAILY, QUALITY), (V,), "", "De coördinator komt kennismaken."),
    Kind("Schilderen", "Schilderen voor wie nog nooit schilderde.", "Materiaal is er. Mooi hoeft het niet te worden.", "oude school", (MORNING, EVENING),
         (500, 750), (OWN_TIME, RHYTHM), (QUALITY, MEANING), (Q,), "Met minimapas € 2", "Proefles na een telefoontje.", False, (), (10, 12)),
    Kind("Breicafé", "Breien, haken en bijpraten.", "Neem uw eigen werk mee of begin hier aan iets nieuws.", "bibliotheek", (AFTERNOON,), (0,),
         (ALONE, GRIEF), (TAKE_PART, QUALITY), (W, L, A), walk_in=True),
    Kind("Bordspelavond", "Spelletjes met leeftijdgenoten, ook als je alleen komt.", "Er is altijd iemand die uitlegt. Voor 18 tot 30 jaar.",
         "café, achterzaal", (EVENING,), (0,), (FRIENDS,), (TAKE_PART, QUALITY), (A,), "Begeleider bij de deur", "App of kom langs.", True),
    Kind("Muziekruimte", "Samen spelen, met of zonder ervaring.", "Instrumenten zijn er. Wie wil vormt een bandje. Voor 18 tot 30 jaar.", "jongerencentrum",
         (EVENING, AFTERNOON), (0, 250), (FRIENDS, DIRECTION), (MEANING, QUALITY), (A,), "", "App of kom langs.", False, ("en",)),
    Kind("Jongerencoach", "Samen uitzoeken wat bij je past.", "Wandelend of aan tafel. Berichten mag ook, bellen hoeft niet.", "in overleg",
         (MORNING, AFTERNOON, EVENING), (0,), (DIRECTION, FRIENDS), (MEANING, MIND), (Q, A), "", "Stuur een bericht.", False, ("en",)),
    Kind("Sporten in een kleine groep", "Bewegen zonder wedstrijd.", "Zes tot tien mensen en een trainer die je naam kent.", "sporthal", (EVENING, MORNING),
         (250, 350, 500), (FRIENDS, OWN_TIME), (BODY, TAKE_PART), (W, A), "", "Eerste keer gratis.", False, (), (10,)),
    Kind("Valpreventie", "Sterker op uw benen, minder bang om te vallen.", "Twaalf weken oefenen met een fysiotherapeut. Een stoel staat klaar.", "sporthal",
         (MORNING,), (350, 400), (FALLS,), (BODY, DAILY), (W, R, T), "Eerst een korte test; deels vergoed", "Aanmelden verplicht.", False, (), (12,)),
    Kind("Stoelyoga", "Zachte oefeningen op een stoel.", "Adem, rug en schouders. Voor alle leeftijden.", "dorpshuis", (MORNING, AFTERNOON), (300, 500, 750),
         (FALLS, CARER), (BODY, MIND), (W, R, Q)),
    Kind("Zwemmen in warm water", "Rustig bewegen in water van 32 graden.", "Met begeleiding. U hoeft geen baantjes te trekken.", "zwembad", (MORNING, EVENING),
         (400, 550), (FALLS, OWN_TIME), (BODY,), (W, T, L), "Tillift aanwezig", "Aan de kassa."),
    Kind("Duofiets", "Weer fietsen, met iemand naast u.", "Een vrijwilliger haalt u op. Ook als u slecht ziet.", "opgehaald aan huis", (MORNING, AFTERNOON), (250,),
         (FALLS, ALONE), (BODY, QUALITY), (S, V), "", "Bel een dag van tevoren."),
    Kind("Jeu de boules", "Een balletje gooien en bijpraten.", "De club heeft ballen te leen. De kantine is warm.", "boulesbaan", (AFTERNOON,), (0, 150),
         (ALONE, RHYTHM), (BODY, TAKE_PART), (R,), walk_in=True),
    Kind("Rouwgroep", "Praten met mensen die ook iemand verloren.", "Acht bijeenkomsten met een kleine, vaste groep.", "kerk, kleine zaal", (AFTERNOON, EVENING),
         (250,), (GRIEF,), (MIND, MEANING), (W, Q), "", "Een kennismaking vooraf.", False, (), (8,)),
    Kind("Rouwwandeling", "Lopen en praten over wie er niet meer is.", "Een begeleider loopt mee. Stil zijn mag ook.", "start bij de begraafplaats", (MORNING,), (0,),
         (GRIEF,), (MIND, BODY), (R, Q), walk_in=True),
    Kind("Maatje", "Iemand die elke week langskomt.", "Voor een praatje, een wandeling of samen naar de markt.", "bij u thuis", (MORNING, AFTERNOON), (0,),
         (ALONE, GRIEF), (QUALITY, TAKE_PART), (V, A), "", "De coördinator zoekt iemand die past."),
    Kind("Boodschappen samen", "Samen met de bus naar de winkel.", "De chauffeur helpt met instappen en dragen.", "opgehaald aan huis", (MORNING,), (200, 300),
         (ALONE, FALLS), (DAILY,), (W, R, V), "", "Een dag van tevoren bellen.", False, (), (8,)),
    Kind("Digitaal spreekuur", "Hulp met telefoon, DigiD en computer.", "Neem uw eigen toestel mee. Eén op één, zolang als nodig.", "bibliotheek",
         (MORNING, AFTERNOON), (0,), (LANGUAGE, PURPOSE), (DAILY,), (W, L), walk_in=True, languages=("en", "ar")),
    Kind("Fietsles voor volwassenen", "Leren fietsen in een rustige groep.", "Twaalf lessen, fietsen te leen.", "plein bij de school", (MORNING,), (0, 200),
         (LANGUAGE, KNOWS_NOBODY), (DAILY, BODY), (K, A), "", "Aanmelden kan het hele jaar.", False, ("ar", "ti", "so"), (10,)),
    Kind("Filmmiddag", "Een goede film en thee in de pauze.", "Met ondertiteling en ringleiding.", "dorpshuis", (AFTERNOON,), (0, 350, 500), (ALONE, RHYTHM),
         (QUALITY,), (W, H, T), walk_in=True),
    Kind("Leeskring", "Elke maand een boek, en wat u ervan vond.", "Meeluisteren zonder lezen mag ook.", "bibliotheek", (AFTERNOON, EVENING), (0,), (RHYTHM, OWN_TIME),
         (MEANING, QUALITY), (W, L, H), "", "Bel even voor het boek van deze maand."),
    Kind("Vrijwilliger in het dierenpark", "Voeren, vegen en bezoekers ontvangen.", "Een vaste ochtend en een vast maatje.", "kinderboerderij", (MORNING,), (0,),
         (PURPOSE, DIRECTION), (MEANING, DAILY), (Q, A), "", "Een ochtend meelopen."),
    Kind("Vrijwilliger bij de voedselbank", "Helpen inpakken en uitdelen.", "Gezellig, praktisch en nuttig.", "loods", (MORNING, AFTERNOON), (0,),
         (PURPOSE, RHYTHM), (MEANING, TAKE_PART), (L,), "", "Een gesprek met de coördinator."),
    Kind("Mindful in het bos", "Langzaam lopen, luisteren en ademen.", "Met een begeleider, een kleine groep en veel stilte.", "parkeerplaats aan de bosrand", (MORNING,),
         (0, 500), (CARER, RHYTHM), (MIND, MEANING), (Q,), "", "Bel even.", False, (), (8,)),
    Kind("Vrouwenochtend", "Koffie, bewegen en iets leren.", "Elke week een ander onderwerp. Kinderen kunnen mee.", "buurthuis", (MORNING,), (0, 100),
         (KNOWS_NOBODY, LANGUAGE), (TAKE_PART, QUALITY), (K, W, A), "Alleen voor vrouwen", "Niet nodig.", True, ("ar", "tr", "ti", "so")),
    Kind("Mannenwerkplaats", "Sleutelen, koffie en weinig poeha.", "Brommers, fietsen en tuingereedschap. Iedereen kan iets.", "schuur", (MORNING, AFTERNOON), (0,),
         (SHAME, GRIEF, PURPOSE), (MEANING, TAKE_PART), (A,), walk_in=True),
    Kind("Buurtsoep", "Een kom soep en een plek aan tafel.", "Van groente die overbleef. Betalen mag, hoeft niet.", "buurthuis", (AFTERNOON,), (0,),
         (ALONE, KNOWS_NOBODY, PURPOSE), (TAKE_PART, DAILY), (W, A), "Vrije gift", "Niet nodig.", True),
    Kind("Bloemschikken", "Met de handen bezig, en iets moois mee naar huis.", "Bloemen zijn er. Neem een schaal mee.", "dorpshuis", (AFTERNOON, EVENING), (750, 1000),
         (OWN_TIME, GRIEF), (QUALITY,), (W, R), "", "Een week vooraf.", False, (), (12,)),
    Kind("Volksdansen", "Dansen uit alle windstreken.", "Een partner is niet nodig, en lopend meedoen mag.", "gymzaal", (EVENING, AFTERNOON), (300, 450),
         (OWN_TIME, KNOWS_NOBODY), (BODY, QUALITY), (W,), "", "Kom een keer proberen."),
    Kind("Buurtrestaurant: meedraaien in de bediening", "Vrijwilligerswerk tussen de mensen.", "Eén avond in de week, met een ervaren maatje.", "buurtrestaurant", (EVENING,),
         (0,), (PURPOSE, DIRECTION), (MEANING, TAKE_PART), (A,), "", "Een gesprek vooraf."),
    Kind("Schaken en dammen", "Een bord, een tegenstander en tijd genoeg.", "Van beginner tot clubspeler.", "dorpshuis", (EVENING, AFTERNOON), (0, 150), (ALONE, RHYTHM),
         (QUALITY, MIND), (W, H), walk_in=True),
    Kind("Spreekuur sociaal raadslieden", "Hulp met brieven, geld en regelingen.", "Gratis en vertrouwelijk. Neem uw post mee.", "gemeentehuis", (MORNING, AFTERNOON), (0,),
         (PURPOSE, LANGUAGE), (DAILY,), (W, L, T), walk_in=True, languages=("en", "ar", "tr")),
    Kind("Telefooncirkel", "Elke ochtend een belletje.", "Een vaste kring van mensen die elkaar bellen. Zo begint de dag met een stem.", "thuis", (MORNING,), (0,),
         (ALONE,), (QUALITY, DAILY), (A, S), "", "Bel om mee te doen."),
    Kind("Tuinmaatjes", "Samen een verwaarloosde tuin opknappen.", "Wie een tuin heeft en wie handen heeft, vinden elkaar.", "in de buurt", (MORNING, AFTERNOON), (0,),
         (PURPOSE, SHAME, ALONE), (BODY, MEANING), (Q,), "", "Bel even."),
)  # fmt: skip

# Left open on purpose, so that a gap can be seen: this cell of the map has no offer in that region.
GAPS = {"rivierenland": SHAME, "heideland": DIRECTION}
