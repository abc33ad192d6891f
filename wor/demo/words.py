"""What people write in the demo. Filled in for name and pronoun; no sentence is about anybody who exists."""

import datetime as dt
from random import Random

from django.utils.formats import date_format

# By problem: what the referrer writes. {she} {She} {her} {hers} {partner} are filled in.
HELP_REQUESTS = {
    "rouw": (
        "Sinds het overlijden van {hers} {partner} ({month}) slaapt {she} slecht en komt {she} weinig buiten. Zong "
        "vroeger in een koor. Wil weer iets om naar uit te kijken.",
        "Verloor vorig jaar {hers} zus. Het huis is stil. Zou graag met anderen eten die weten hoe dat is.",
        "Mist {hers} {partner} vooral in het weekend. Wil mensen ontmoeten, maar weet niet waar te beginnen.",
    ),
    "dagritme": (
        "Na het overlijden van {hers} {partner} is de dag leeg. Staat laat op. Zoekt iets vasts in de ochtend.",
        "Sinds de scheiding geen ritme meer. De lege weken vallen zwaar. Zoekt iets actiefs op doordeweekse avonden.",
        "Moe en hoofdpijn, geen lichamelijke oorzaak. Wil weer op tijd {hers} bed uit, het liefst om iets te doen.",
    ),
    "weinig-contact": (
        "Net verhuisd om dicht bij {hers} dochter te wonen. Kent niemand. Houdt van tuinieren en kaarten. Wil graag "
        "contact in de eigen buurt.",
        "Komt vaak met kleine klachten. Zegt zelf: “Ik spreek soms dagen niemand.” Wil graag aanspraak.",
        "Ziet slecht en is gestopt met autorijden. De wereld wordt klein. Zoekt gezelschap en vervoer dat {she} zelf "
        "kan regelen.",
    ),
    "valangst": (
        "Durft na een val niet meer alleen naar buiten. Woont op de derde etage met lift. Zou graag weer zelf naar de "
        "markt gaan.",
        "Loopt onzeker en blijft daarom binnen. Wil weer bewegen, maar niet alleen.",
        "Ging altijd fietsen, durft niet meer. Zoekt iemand om samen op pad te gaan.",
    ),
    "overbelast": (
        "Zorgt al drie jaar voor {hers} {partner}. Komt zelf nergens meer aan toe. Vraag: hoe krijg ik één middag in "
        "de week voor mezelf?",
        "Zorgt voor {hers} moeder en werkt halve dagen. Kan niet weg. Wil met anderen praten die dit ook doen.",
        "Slaapt kort, is prikkelbaar. Zorgt dag en nacht. Zoekt iemand die het af en toe overneemt.",
    ),
    "geen-eigen-tijd": (
        "Sportte vroeger veel, nu niet meer door de zorg voor {hers} zoon. Wil één avond per week voor zichzelf.",
        "Moe. Zorgt voor iedereen behalve voor zichzelf. Zou graag weer gaan zwemmen of schilderen.",
        "Wil weer iets doen waar {she} blij van wordt. Eén uur per week zou al fijn zijn.",
    ),
    "structuur": (
        "Vaak hoofdpijn en moe, geen lichamelijke oorzaak gevonden. Zit sinds een jaar zonder werk. Wil weer ritme en "
        "mensen zien, nog geen sollicitaties.",
        "Wil zich graag nuttig voelen na vervroegd pensioen. Was altijd in de bouw. Zegt zelf: “Ik zit de hele dag "
        "naar de klok te kijken.”",
        "Piekert en slaapt slecht. Wil iets met {hers} handen doen, liefst buiten.",
    ),
    "schaamte": (
        "Zegt afspraken af en blijft thuis. Wil wel onder de mensen, maar in een kleine groep.",
        "Schaamt zich dat {she} geen werk heeft. Zoekt een plek waar niemand daarnaar vraagt.",
        "Durft moeilijk ergens binnen te stappen. Zou het fijn vinden als iemand de eerste keer meegaat.",
    ),
    "weinig-vrienden": (
        "Student, gestopt met de opleiding, veel alleen op de kamer. Bellen vindt {she} lastig, berichten gaan goed. "
        "Wil graag iets doen met muziek.",
        "Gamet veel en komt weinig buiten. Zou graag leeftijdgenoten ontmoeten die van bordspellen houden.",
        "Pas op zichzelf gaan wonen, kent hier niemand. Wil sporten in een kleine groep.",
    ),
    "richting": (
        "Gestopt met de opleiding. Weet niet wat {she} wil. Zou graag een paar dingen uitproberen.",
        "Niets lijkt te lukken. Tekent graag. Zoekt iets waar {she} energie van krijgt.",
        "Wil iets voor een ander doen. Weet niet welk vrijwilligerswerk bij {her} past.",
    ),
    "kent-niemand": (
        "Spreekt weinig Nederlands. Mist gezelschap nu de kinderen naar school zijn. Kan goed koken en naaien. Graag "
        "een tolk bij het eerste gesprek.",
        "Woont hier een jaar en kent de buren niet. Voetbalde vroeger. Wil mensen leren kennen.",
        "Heeft heimwee en veel pijn zonder oorzaak. Zou graag met anderen koken.",
    ),
    "taal": (
        "Komt met {hers} dochter als tolk. Wil zelf Nederlands leren, in een rustige groep.",
        "Begrijpt brieven niet en schaamt zich daarvoor. Wil oefenen met iemand die geduld heeft.",
        "Wil leren fietsen en Nederlands praten. Liefst allebei tegelijk.",
    ),
}
ONE_WORD = ("Aanspraak.", "Ritme.", "Weer onder de mensen.", "Ontspanning.")
DISCUSSED = (
    "We hebben besproken wat vroeger energie gaf en wat nu in de weg zit. {She} wil het graag proberen.",
    "{She} begrijpt dat de klachten ook met de omstandigheden te maken hebben. Ziet ernaar uit om gebeld te worden.",
    "Het andere gesprek gevoerd in twee consulten. {She} twijfelt nog, maar wil de coach wel spreken.",
    "Samen de folder gelezen. {She} vindt het spannend en wil rustig beginnen.",
)
# By problem: activities in each region, as they stand in a sentence after "naar".
ACTIVITIES = {
    "rivierenland": {
        "rouw": ("koor De Waalzangers", "de eettafel van De Schakel", "de rouwgroep Samen Verder"),
        "dagritme": ("de wandelgroep Rustig Aan", "de buurtmoestuin", "het repaircafé"),
        "weinig-contact": ("de huiskamer in Lindehof", "de eettafel van De Schakel", "de kaartmiddag in De Schakel"),
        "valangst": ("de cursus In balans", "de wandelgroep Rustig Aan", "de duofiets"),
        "overbelast": ("het mantelzorgcafé", "de eettafel van De Schakel"),
        "geen-eigen-tijd": ("het schilderen bij Atelier Kleur", "het zwemuur", "de wandelgroep Rustig Aan"),
        "structuur": ("de buurtmoestuin", "het repaircafé", "het taalcafé, als taalmaatje"),
        "schaamte": ("de klusgroep", "de buurtmoestuin"),
        "weinig-vrienden": ("de bordspelavond", "het bandje in De Kade"),
        "richting": ("het vrijwilligerswerk in Lindehof", "het schilderen bij Atelier Kleur"),
        "kent-niemand": ("naaicafé Draad", "de kookgroep", "het taalcafé"),
        "taal": ("het taalcafé", "naaicafé Draad", "de fietslessen"),
    },
    "heideland": {
        "rouw": ("koor De Heideklanken", "de eettafel in de Brinkhof", "de lotgenotengroep"),
        "dagritme": ("de ochtendwandeling over de hei", "de dorpstuin", "de werkplaats"),
        "weinig-contact": ("de huiskamer van de Brinkhof", "de koffieochtend in Zandloo", "de eettafel in de Brinkhof"),
        "valangst": ("de beweeggroep", "de wandelgroep Stap voor Stap", "de duofiets"),
        "overbelast": ("het mantelzorgcafé", "de koffieochtend in Zandloo"),
        "geen-eigen-tijd": ("de schilderavond", "het zwemuur", "de ochtendwandeling over de hei"),
        "structuur": ("de schaapskooi, als helper", "de dorpstuin", "de werkplaats"),
        "schaamte": ("de klusgroep", "de dorpstuin"),
        "weinig-vrienden": ("de spelavond in de Brinkhof", "de bootcamp in een kleine groep"),
        "richting": ("de schaapskooi, als helper", "de creatieve werkplaats"),
        "kent-niemand": ("de kookgroep", "het taalcafé", "de buurtsport"),
        "taal": ("het taalcafé", "de fietslessen", "de naaigroep"),
    },
}
# By problem: what the client turned out to want most.
WISHES = {
    "rouw": ("mist vooral het samen eten", "wil weer zingen", "zoekt mensen die hetzelfde meemaakten"),
    "dagritme": ("wil een vaste ochtend", "wil weer een reden om op te staan"),
    "weinig-contact": ("mist aanspraak in de eigen straat", "wil kaarten en koffie drinken met anderen"),
    "valangst": ("wil weer zelf naar de markt", "wil sterker worden en durven"),
    "overbelast": ("wil graag één middag vrij", "zoekt iemand die het even overneemt"),
    "geen-eigen-tijd": ("wil één avond voor zichzelf", "mist het bewegen"),
    "structuur": ("wil iets met de handen doen", "wil zich weer nuttig voelen"),
    "schaamte": ("wil rustig beginnen in een kleine groep", "vindt de eerste stap het moeilijkst"),
    "weinig-vrienden": ("zoekt leeftijdgenoten", "wil iets met muziek doen"),
    "richting": ("wil twee dingen uitproberen en dan kiezen", "wil iets voor een ander doen"),
    "kent-niemand": ("wil graag samen koken", "wil de buren leren kennen"),
    "taal": ("wil beter Nederlands spreken", "wil zelf naar de dokter kunnen"),
}
# By problem: what the first talk was mostly about, where it is not one of the usual themes.
THEMES = {
    "valangst": ("lichaamsfuncties", "dagelijks-functioneren"),
    "dagritme": ("dagelijks-functioneren", "zingeving"),
    "structuur": ("dagelijks-functioneren", "zingeving"),
    "overbelast": ("mentaal-welbevinden", "kwaliteit-van-leven"),
}
USUAL_THEMES = ("meedoen", "meedoen", "zingeving", "kwaliteit-van-leven", "mentaal-welbevinden")
FIRST_FEEDBACK = (
    "Kennisgemaakt op {day}. {Madam} {wish}. We gaan samen een keer naar {activity}. Ik bel {her} over twee weken.",
    "Op {day} gesproken. {Madam} {wish}. {She} denkt na over {activity}. U hoort van mij bij het afsluiten.",
    "Kennismaking op {day}. {Madam} {wish}. De eerste keer ga ik mee naar {activity}.",
)
INTERIM = "{Madam} is twee keer geweest bij {activity}. {She} vindt het prettig. Ik vraag over zes weken hoe het gaat."
CLOSING = {
    "joined_activity": (
        "{Count} gesprekken. {Madam} gaat nu elke week naar {activity}. Zegt zelf: “Ik heb weer iets om naar uit te "
        "kijken.” Geen verdere begeleiding nodig.",
        "{Madam} doet sinds {month} mee bij {activity} en heeft daar mensen leren kennen. We hebben het goed afgerond.",
        "Gaat nog steeds naar {activity}. {She} redt zich verder zelf en weet waar {she} mij vindt.",
    ),
    "volunteering": (
        "{Madam} is vrijwilliger geworden. Begon bij {activity} en helpt nu zelf mee. Zegt: “Ze rekenen op me.”",
    ),
    "buddy": ("{Madam} heeft een maatje. Ze zien elkaar elke week. {Count} gesprekken waren daarvoor genoeg.",),
    "talks_enough": (
        "{Count} gesprekken waren genoeg. {She} heeft zelf weer contact gezocht. {She} weet waar {she} mij vindt.",
    ),
    "own_network": ("{Madam} heeft {hers} zus en de oude buren weer opgezocht. Meer is nu niet nodig.",),
    "found_self": ("{Madam} vond zelf iets in de buurt voordat we begonnen met zoeken. Daar ben ik blij mee.",),
    "onward": ("{Madam} heeft nu meer aan maatschappelijk werk. Met {hers} toestemming warm overgedragen.",),
    "no_change": ("{Count} gesprekken. Er is weinig veranderd. Samen besloten om te stoppen; later kan altijd weer.",),
    "not_fitting": ("Na twee keer gestopt: {activity} paste niet. {She} wil nu liever rust.",),
    "client_stops": ("{Madam} wil nu niet verder. Ik mag in een ander seizoen nog een keer bellen.",),
    "practical": ("Het vervoer lukte niet en taxi's zijn te duur. Samen besloten om te stoppen.",),
    "health": ("De gezondheid laat het nu niet toe. Als het beter gaat, is {she} weer welkom.",),
    "caring": ("De zorg voor {hers} {partner} vraagt nu alles. Opnieuw verwijzen kan altijd.",),
    "lost_contact": ("Ik krijg al twee maanden geen contact meer. Wilt u het bij het volgende consult noemen?",),
    "not_reached": (
        "Drie keer gebeld op verschillende dagen. Geen reactie. Wilt u het bij het volgende consult noemen? Opnieuw "
        "verwijzen kan altijd.",
    ),
    "client_no": ("Gesproken aan de telefoon. {Madam} ziet er nu van af. Dat mag.",),
    "client_later": ("{Madam} wil nu niet, misschien in het voorjaar. Opnieuw verwijzen kan altijd.",),
    "other_route": ("{Madam} heeft zelf al iets gevonden en heeft ons niet meer nodig.",),
    "waited_too_long": ("Het wachten duurde te lang. {Madam} wil nu niet meer. Dat spijt ons.",),
    "too_complex": ("Er speelt meer dan past bij Welzijn op Recept. Advies: eerst POH-GGZ. Daarna is {she} welkom.",),
    "other_help_first": ("Er zijn geldzorgen die eerst komen. Advies: schuldhulp van de gemeente. Daarna graag weer.",),
    "already_guided": ("{Madam} heeft al begeleiding die dit doet. Ik heb met die collega overlegd.",),
    "moved": ("{Madam} is verhuisd naar een andere gemeente.",),
    "solved": ("Het gaat vanzelf beter, zegt {she}. Geen begeleiding nodig.",),
    "unclear": ("De hulpvraag bleef onduidelijk. Wilt u samen kijken wat {she} zelf wil? Dan graag opnieuw.",),
}
PAUSES = {
    "money": "Er zijn zorgen over geld die eerst aandacht vragen. Met {hers} toestemming aangemeld bij schuldhulp.",
    "health": "{Madam} is opgenomen geweest en moet eerst opknappen. We kijken later opnieuw.",
    "caring": "De zorg voor {hers} {partner} vraagt nu veel. We kijken over een paar weken opnieuw.",
    "activity_starts_later": "De activiteit begint over een paar weken. Tot die tijd wachten we.",
    "treatment": "Er loopt nu een behandeling. Daarna gaan we samen verder.",
}
PLANNED = ("Afspraak gemaakt voor een kennismaking.", "Vindt het fijn dat er gebeld wordt. Afspraak gemaakt.")
TALKS = (
    "Verteld over vroeger. Wil volgende week een kijkje nemen.",
    "Twijfelt nog. Samen opgeschreven wat wel en niet lukt.",
    "Ging beter dan verwacht. Nieuwe afspraak gemaakt.",
    "Vooral geluisterd. Vervoer besproken.",
    "De eerste stap gezet: heeft zelf gebeld.",
)
ACCOMPANIED = ("Samen geweest. Bleef langer dan gedacht.", "Samen geweest. Wil volgende week zelf gaan.")
CHECK_INS = ("Gaat nog elke week.", "Gaat goed, mist soms een keer.", "Heeft er twee mensen beter leren kennen.")
OBSTACLES = ("vervoer", "weinig geld", "durft niet alleen", "vermoeidheid", "zorg voor een ander")
STRENGTHS = ("kan goed koken", "houdt van muziek", "handig", "maakt makkelijk een praatje", "heeft geduld", "humor")
TASKS = (
    "Bellen hoe de eerste keer was",
    "Vervoer uitzoeken",
    "Aanbieder bellen over een plek",
    "Folder en adres opsturen",
    "Vragen naar de minimapas",
)
QUESTIONS = (
    ("Mag ik ook op vrijdag bellen?", "Ja, dat mag. Het liefst na tien uur."),
    ("Is er een contactpersoon die mee kan komen?", "De dochter gaat graag mee. Vraag de patiënt naar haar nummer."),
    ("Klopt het telefoonnummer? Ik krijg geen gehoor.", "Het nummer klopt. ’s Ochtends lukt het vaak beter."),
    ("Kan uw patiënt traplopen? Het lokaal is op de eerste verdieping.", "Een trap met leuning gaat goed."),
)
OPEN_QUESTION = "Waar kijkt uw patiënt het meest naar uit? In het gesprek bleef dat onduidelijk."
SUPPLEMENT = "De patiënt heeft een nieuw telefoonnummer doorgegeven. Het staat nu in de verwijzing."
PRONOUNS = {
    "f": {"she": "ze", "She": "Ze", "her": "haar", "hers": "haar", "Madam": "Mevrouw", "partner": "man"},
    "m": {"she": "hij", "She": "Hij", "her": "hem", "hers": "zijn", "Madam": "Meneer", "partner": "vrouw"},
}
COUNTS = {1: "Een paar", 2: "Twee", 3: "Drie", 4: "Vier", 5: "Vijf", 6: "Zes"}


def pick(texts: tuple[str, ...], rng: Random, sex: str, **fill: str) -> str:
    """One of the texts, about somebody of this sex."""
    return rng.choice(texts).format(**{**PRONOUNS[sex], **fill})


def month_before(day: dt.date, rng: Random) -> str:
    """The name of a month, some months before a day."""
    return date_format(day - dt.timedelta(days=rng.randrange(60, 300)), "F")
