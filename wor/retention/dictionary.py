"""The data dictionary: each table and field, whether it is about a person, who answers for it, how long it is kept.

Made from the models by ``manage.py data_dictionary``; only what a table means is written here.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from wor.retention.terms import IMPORT_DAYS, SIGN_IN_MONTHS, TERMS
from wor.tenancy.security import KEPT_ELSEWHERE

CONTROLLERS = {
    "practice": "praktijk",
    "welfare": "welzijnsorganisatie",
    "exchange": "praktijk en welzijnsorganisatie, ieder voor het eigen deel",
    "employer": "de organisatie waar iemand werkt",
    "region": "regio-organisatie",
    "platform": "wie de installatie beheert, als verwerker",
}
KEPT = {
    "case": (
        f"vrije tekst {TERMS['case_text'].usual} maanden na afsluiten, al het andere {TERMS['case'].usual} maanden"
        f" ({TERMS['not_started'].usual} als het niet begon); daarna blijft alleen de telling"
    ),
    "client_link": f"{TERMS['client_link'].usual} dagen na afsluiten",
    "draft": "14 dagen na de laatste wijziging",
    "outbox": f"{TERMS['outbox'].usual} dagen nadat het verstuurd of gelezen is",
    "invitation": f"{TERMS['outbox'].usual} dagen na gebruik, intrekken of verlopen",
    "import": f"{IMPORT_DAYS} dagen",
    "remark": f"de tekst {TERMS['case_text'].usual} maanden",
    "log": f"{TERMS['log'].usual} maanden",
    "sign_in": f"{SIGN_IN_MONTHS} maanden",
    "session": "tot de sessie verloopt, hoogstens 12 uur",
    "staff": (
        f"zolang iemand meedoet; {TERMS['staff'].usual} maanden na de laatste dag gaan naam, telefoon en foto, en het"
        " account zodra er nergens meer een naam bij hoort"
    ),
    "region": "zolang de regio meedoet; bevat geen gegevens van cliënten",
    "figures": "blijft: aantallen, geen mensen",
    "demo": "alleen in de demo",
}
MEANING = {
    "tenancy.Region": "Een regio (samenwerkingsverband) en hoe zij is ingesteld.",
    "tenancy.StoredFile": "Een klein bestand: foto van een coach, beeldmerk, ingelezen lijst.",
    "tenancy.Municipality": "Gemeenten van Nederland (CBS).",
    "tenancy.Organisation": "Een partij in de regio: praktijk, welzijnsorganisatie, gemeente, verzekeraar.",
    "tenancy.ServedArea": "Welke welzijnsorganisatie de patiënten van een praktijk in een gemeente begeleidt.",
    "audit.Event": "Wat er gebeurde, als code, met wie en wanneer. Geen tekst.",
    "audit.AccessLogEntry": "Wie keek of wijzigde (NEN 7513). Geen inhoud.",
    "audit.AccessSeal": "Zegel over een deel van het logboek.",
    "audit.SignInEvent": "Een poging om aan te melden; het adres alleen als sleutelwaarde.",
    "outbox.Effect": "Een e-mail die nog weg moet of weg is: alleen verwijzingen, geen adres of tekst.",
    "outbox.Notice": "Een regel in iemands berichten.",
    "outbox.Reminder": "Een herinnering die op een moment moet klinken.",
    "outbox.DirtyMonth": "Een maand waarvan de cijfers opnieuw geteld moeten worden.",
    "outbox.Heartbeat": "Wanneer een proces voor het laatst liet zien dat het leeft.",
    "accounts.User": "Iemand die zich aanmeldt.",
    "accounts.Membership": "Iemand in één organisatie in één rol.",
    "accounts.Invitation": "Een uitnodiging voor een rol.",
    "accounts.IdentityProvider": "De eigen aanbieder van de regio om mee aan te melden.",
    "retention.Erasure": "Wat gewist is, alleen als kenmerk; nodig na het terugzetten van een back-up.",
    "retention.RetentionRun": "Per regio en dag: wat er gewist is, in aantallen.",
    "activities.TargetGroup": "Doelgroep van de doelgroepenkaart.",
    "activities.Problem": "Problematiek van de doelgroepenkaart.",
    "activities.Theme": "Thema van Positieve Gezondheid, als gespreksonderwerp.",
    "activities.TargetCell": "Doelgroep met een problematiek, en de woorden die een huisarts hoort.",
    "activities.District": "Wijk of buurt.",
    "activities.PostcodeArea": "Postcodegebied (vier cijfers) met gemeente en wijk.",
    "activities.Provider": "Aanbieder van activiteiten, met wie bereikbaar is.",
    "activities.Activity": "Een activiteit in de sociale kaart.",
    "activities.ActivityCell": "Voor welke doelgroep en problematiek een activiteit past.",
    "activities.ActivityTheme": "Bij welk thema een activiteit hoort.",
    "activities.ActivityIndex": "Zoekindex van de sociale kaart.",
    "activities.FacetNumbers": "Hoeveel activiteiten er bij elk filter van de sociale kaart zijn.",
    "activities.ActivityReport": "Iemand meldt dat iets in de sociale kaart niet klopt.",
    "activities.ProviderLink": "Link waarmee een aanbieder bevestigt of verbetert; alleen de sleutelwaarde.",
    "activities.ProviderAnswer": "Wat een aanbieder via zijn link wijzigde: oud en nieuw, voor de beheerder.",
    "activities.Import": "Een ingelezen bestand voor de sociale kaart.",
    "activities.ImportLine": "Eén regel van een ingelezen bestand.",
    "referrals.CoachHours": "Hoeveel uur een coach voor een praktijk werkt.",
    "referrals.Presence": "Wanneer een coach op een praktijk is.",
    "referrals.Absence": "Een coach is afwezig, en wie vervangt. Geen reden.",
    "referrals.PracticeIntake": "Wat een praktijk van een welzijnsorganisatie mag verwachten: plek, wachttijd.",
    "referrals.Client": "Wie verwezen is, zoals de praktijk diegene kent.",
    "referrals.Consent": "Een toestemming: waarvoor, door wie, hoe en wanneer; en het intrekken.",
    "referrals.ClientLink": "De toegang van een cliënt zonder account; alleen de sleutelwaarde.",
    "referrals.Message": "Vraag, antwoord of aanvulling tussen praktijk en welzijnsorganisatie.",
    "referrals.Feedback": "Terugkoppeling van de coach aan de verwijzer.",
    "referrals.Recusal": "Een coach kent deze cliënt en ziet de verwijzing niet meer.",
    "referrals.Transfer": "Een verwijzing ging naar een andere welzijnsorganisatie.",
    "referrals.ClosingReason": "Een reden om af te sluiten of te pauzeren.",
    "referrals.Referral": "De verwijzing en haar loop.",
    "referrals.ReferralDraft": "Een verwijzing die nog geschreven wordt.",
    "coaches.Intake": "Het eerste gesprek.",
    "coaches.Contact": "Een contact van de coach.",
    "coaches.Action": "Iets wat de coach nog moet doen.",
    "coaches.Placement": "Een activiteit die cliënt en coach kozen, en hoe ver het kwam.",
    "coaches.Measurement": "Hetzelfde cijfer als bij het eerste gesprek, later nog eens gevraagd.",
    "coaches.Gap": "Gat in het aanbod: er was niets passends.",
    "dashboard.PracticeMonth": "Aantallen van een praktijk in een maand.",
    "dashboard.MunicipalityMonth": "Aantallen van een gemeente in een maand.",
    "dashboard.Publication": "Een afgesloten periode waarvan de cijfers vaststaan.",
    "dashboard.PublishedCell": "Eén vastgesteld getal; kleine aantallen staan er niet in.",
    "dashboard.Report": "Een rapport over een afgesloten periode, één keer gemaakt en bewaard.",
    "dashboard.Reflection": "Wat een kernteam bij een cijfer opschreef.",
    "demo.SentMail": "E-mail van de demo, aan verzonnen mensen.",
}
# Tables of libraries: what they hold and how long.
LIBRARIES = {
    "sessions": "Sessies van wie aangemeld is: sessie, verlooptijd.",
    "usersessions": "Lijst van iemands eigen sessies: netwerkadres, browser. Persoonlijk.",
    "account": "E-mailadres om mee aan te melden. Persoonlijk; zolang het account bestaat.",
    "mfa": "Tweede stap: versleutelde geheimen en herstelcodes. Persoonlijk; zolang het account bestaat.",
    "socialaccount": "Koppeling met de aanbieder van de regio. Persoonlijk; zolang het account bestaat.",
    "auth": "Van Django; niet in gebruik.",
    "contenttypes": "Van Django; geen gegevens van mensen.",
    "pghistory": "Van django-pghistory; niet in gebruik.",
}


def described() -> list[type[models.Model]]:
    """Our own models, in the order of the apps."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label not in LIBRARIES and not hasattr(model, "pgh_tracked_model")
    ]


def kept_as(model) -> str:
    """The code of how long, also for tables without a region."""
    if getattr(model, "kept", ""):
        return model.kept
    return "figures" if model._meta.app_label == "dashboard" else "region"


def kind_of(model, field) -> str:
    """Is this field about a person?"""
    if field.name in getattr(model, "personal", ()):
        return "persoonlijk"
    if field.remote_field or field.name in ("id", "pk", "reference", "client_ref", "client_refs", "subject_ref"):
        return "verwijzing"
    return "gewoon"


def document() -> str:
    """The whole dictionary as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Gegevenswoordenboek"
    yield ""
    yield "Gemaakt uit de code met `./run manage data_dictionary`; een test ziet het als dit achterloopt."
    yield ""
    yield "- **persoonlijk**: zegt iets over een mens; komt niet in een log, adres of e-mail en wordt gewist."
    yield "- **verwijzing**: wijst naar een andere rij; zegt op zichzelf niets over iemand."
    yield "- **gewoon**: een code, datum, aantal of instelling."
    yield ""
    yield "Termijnen zijn de gewone; een regio kan er op haar eigen pagina van afwijken, langer alleen met een reden."
    yield "Tabellen met *oude waarden* houden bij hoe een rij eerder was; zij gaan met de rij mee."
    for model in described():
        yield from _table(model)
    yield ""
    yield "## Tabellen van bibliotheken"
    yield ""
    yield "| Tabel | Wat | Bewaard |"
    yield "|---|---|---|"
    for model in apps.get_models(include_auto_created=True):
        label, table = model._meta.app_label, model._meta.db_table
        if label in LIBRARIES and model._meta.managed:
            yield f"| `{table}` | {LIBRARIES[label]} | {KEPT.get(KEPT_ELSEWHERE.get(table, ''), '–')} |"


def _table(model) -> Iterator[str]:
    history = any(getattr(each, "pgh_tracked_model", None) is model for each in apps.get_models())
    yield ""
    yield f"## `{model._meta.db_table}`"
    yield ""
    yield MEANING[model._meta.label] + (" Met oude waarden." if history else "")
    yield ""
    yield f"Verantwoordelijk: {CONTROLLERS[getattr(model, 'controller', 'platform')]}. Bewaard: {KEPT[kept_as(model)]}."
    yield ""
    for kind in ("persoonlijk", "gewoon", "verwijzing"):
        names = [
            f"`{each.column}`" for each in model._meta.local_fields if each.column and kind_of(model, each) == kind
        ]
        if names:
            yield f"- {kind}: {', '.join(names)}"
