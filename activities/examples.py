"""Example doelgroepenkaart for a new region, marked as an example until the region makes it its own.

Made up: it comes from no existing region.
"""

from activities.models import Problem, TargetCell, TargetGroup, Theme
from wor.tenancy.models import Region

GROUPS = {
    "ouderen-alleen": "Ouderen die alleen wonen",
    "na-verlies": "Mensen na een verlies",
    "mantelzorgers": "Mantelzorgers",
    "zonder-werk": "Mensen zonder betaald werk",
    "jongvolwassenen": "Jongvolwassenen (18–30)",
    "nieuwkomers": "Nieuwkomers in de buurt",
}
THEMES = {
    "lichaamsfuncties": "Lichaamsfuncties",
    "mentaal-welbevinden": "Mentaal welbevinden",
    "zingeving": "Zingeving",
    "kwaliteit-van-leven": "Kwaliteit van leven",
    "meedoen": "Meedoen",
    "dagelijks-functioneren": "Dagelijks functioneren",
}
# Target group, code of the problem, problem, what the GP hears (search words), what often fits, what follows.
CELLS = (
    (
        *("na-verlies", "rouw", "Rouw en leegte"),
        ("slaap", "slecht slapen", "moe", "geen eetlust", "het huis is zo stil"),
        "lotgenotengroep, samen eten, koor",
        "kennismaking binnen 14 dagen, coach gaat de eerste keer mee als dat helpt",
    ),
    (
        *("na-verlies", "dagritme", "Dagritme kwijt"),
        ("moe", "hoofdpijn", "laat op", "somber"),
        "ochtendwandelgroep, vrijwilligerswerk",
        "samen een vaste dag kiezen",
    ),
    (
        *("ouderen-alleen", "weinig-contact", "Weinig contact"),
        ("vaak op het spreekuur", "kleine klachten", "ik spreek niemand"),
        "huiskamer, eettafel, maatje",
        "coach komt zo nodig thuis",
    ),
    (
        *("ouderen-alleen", "valangst", "Bang om te vallen, komt de deur niet uit"),
        ("duizelig", "slaap", "slecht slapen", "stijf", "valangst"),
        "valpreventie, beweeggroep, duofiets",
        "vervoer wordt meteen geregeld",
    ),
    (
        *("mantelzorgers", "overbelast", "Overbelast"),
        ("rugpijn", "prikkelbaar", "ik kan niet weg"),
        "respijt, mantelzorgcafé, vrijwillige thuishulp",
        "eerst ruimte maken, dan pas een activiteit",
    ),
    (
        *("mantelzorgers", "geen-eigen-tijd", "Geen tijd meer voor zichzelf"),
        ("moe", "hoofdpijn", "niet meer sporten"),
        "schilderavond, zwemmen, wandelmaatje",
        "klein beginnen, bijvoorbeeld één avond per maand",
    ),
    (
        *("zonder-werk", "structuur", "Geen doel of structuur"),
        ("slaap", "slecht slapen", "somber", "piekeren"),
        "buurtmoestuin, repaircafé, taalmaatje worden",
        "proefochtend zonder verplichting",
    ),
    (
        *("zonder-werk", "schaamte", "Schaamte en terugtrekken"),
        ("buikpijn", "zegt afspraken af"),
        "kleine groep, klusgroep",
        "kennismaken op een rustig moment",
    ),
    (
        *("jongvolwassenen", "weinig-vrienden", "Eenzaam, weinig vrienden"),
        ("hyperventilatie", "veel binnen", "gamen"),
        "bordspelavond, sport in een kleine groep, bandje",
        "contact per bericht als bellen niet lukt",
    ),
    (
        *("jongvolwassenen", "richting", "Zoekt richting, zingeving"),
        ("moe", "niets lukt", "gestopt met opleiding"),
        "vrijwilligerswerk, jongerencoach, creatieve werkplaats",
        "twee dingen uitproberen, daarna kiezen",
    ),
    (
        *("nieuwkomers", "kent-niemand", "Kent niemand"),
        ("pijn zonder oorzaak", "heimwee"),
        "taalcafé, kookgroep, buurtsport",
        "tolk of taalgenoot bij het eerste gesprek",
    ),
    (
        *("nieuwkomers", "taal", "Taal als drempel"),
        ("komt met kind als tolk", "vaak terug"),
        "taalmaatje, naaicafé, samen fietsen leren",
        "folder in eigen taal",
    ),
)


def add_examples(region: Region) -> None:
    """Fill a region's doelgroepenkaart and themes. Repeating it adds what is missing and changes nothing else."""
    using = region._state.db
    groups = _add_list(TargetGroup, region, GROUPS)
    problems = _add_list(Problem, region, {code: label for _group, code, label, *_rest in CELLS})
    _add_list(Theme, region, THEMES)
    TargetCell.objects.using(using).bulk_create(
        [
            TargetCell(
                region=region,
                target_group=groups[group],
                problem=problems[problem],
                keywords=list(keywords),
                often_fits=often_fits,
                what_follows=what_follows,
                position=position,
                is_example=True,
            )
            for position, (group, problem, _label, keywords, often_fits, what_follows) in enumerate(CELLS, 1)
        ],
        ignore_conflicts=True,
    )


def _add_list(model, region: Region, labels: dict[str, str]) -> dict:
    rows = model.objects.using(region._state.db)
    rows.bulk_create(
        [
            model(region=region, code=code, label=label, position=position, is_example=True)
            for position, (code, label) in enumerate(labels.items(), 1)
        ],
        ignore_conflicts=True,
    )
    return {row.code: row for row in rows.filter(region=region)}
