"""Example reasons for a new region, marked as an example until the region makes them its own.

The codes have a fixed meaning: services and figures read them. Labels are the region's.
"""

from referrals.models import ClosingReason
from wor.tenancy.models import Region

REASONS = {
    "declined": {
        "too_complex": "Er speelt meer dan Welzijn op Recept aankan",
        "other_help_first": "Eerst andere hulp nodig",
        "urgent": "Spoed: telefonisch teruggegeven aan de praktijk",
        "already_guided": "Heeft al begeleiding die dit doet",
        "outside_area": "Woont buiten ons werkgebied",
        "target_group": "Valt buiten de afgesproken doelgroep",
        "unclear": "Hulpvraag onduidelijk, vraag niet beantwoord",
        "no_capacity": "Geen plek binnen de afgesproken termijn",
        "other": "Anders",
    },
    "not_started": {
        "not_reached": "Niet bereikt na drie pogingen",
        "client_no": "Cliënt ziet ervan af",
        "client_later": "Cliënt wil nu niet, misschien later",
        "solved": "Het gaat vanzelf beter",
        "other_route": "Cliënt vond zelf iets",
        "health": "Te ziek of opgenomen",
        "moved": "Verhuisd",
        "waited_too_long": "Wachten duurde te lang",
        "consent_withdrawn": "Toestemming ingetrokken",
        "deceased": "Overleden",
        "other": "Anders",
    },
    "stopped": {
        "client_stops": "Cliënt wil niet verder",
        "not_fitting": "Aanbod paste niet",
        "practical": "Vervoer, geld of tijd lukte niet",
        "health": "Gezondheid",
        "caring": "Zorg voor een ander",
        "other_help": "Andere hulp nodig (warm overgedragen)",
        "lost_contact": "Contact verloren",
        "moved": "Verhuisd",
        "consent_withdrawn": "Toestemming ingetrokken",
        "deceased": "Overleden",
        "other": "Anders",
    },
    "paused": {
        "money": "Eerst geldzorgen",
        "housing": "Eerst wonen",
        "treatment": "Eerst behandeling",
        "safety": "Eerst veiligheid",
        "health": "Ziek of opgenomen",
        "caring": "Zorg voor een ander",
        "away": "Langere tijd weg",
        "activity_starts_later": "Activiteit begint later",
        "client_asks": "Op verzoek van de cliënt",
    },
    "completed": {
        "joined_activity": "Doet mee aan een activiteit",
        "volunteering": "Doet vrijwilligerswerk",
        "talks_enough": "De gesprekken waren genoeg",
        "own_network": "Eigen netwerk weer opgepakt",
        "found_self": "Zelf iets gevonden",
        "buddy": "Gekoppeld aan een maatje",
        "onward": "Doorverwezen naar andere ondersteuning",
        "no_change": "Geen verandering, wel afgesproken om te stoppen",
    },
    "withdrawn": {
        "duplicate": "Per ongeluk dubbel",
        "client_no": "Patiënt wil niet meer",
        "other_route": "Andere verwijzing gekozen",
        "consent_withdrawn": "Toestemming ingetrokken",
        "deceased": "Overleden",
        "other": "Anders",
    },
    "placement": {
        "not_fitting": "Paste niet",
        "transport": "Vervoer",
        "cost": "Kosten",
        "health": "Gezondheid",
        "full": "Groep vol",
        "ended": "Activiteit gestopt",
        "other_wish": "Wil iets anders",
        "other": "Anders",
    },
}


def add_examples(region: Region) -> None:
    """Fill a region's lists of reasons. Repeating it adds what is missing and changes nothing else."""
    ClosingReason.objects.using(region._state.db).bulk_create(
        [
            ClosingReason(region=region, kind=kind, code=code, label=label, position=position, is_example=True)
            for kind, labels in REASONS.items()
            for position, (code, label) in enumerate(labels.items(), 1)
        ],
        ignore_conflicts=True,
    )
