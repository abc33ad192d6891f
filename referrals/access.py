"""The answer to a client's question *wie heeft mijn gegevens bekeken?*, read from the access log."""

from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referrals.models import Client, Referral, Transfer
from wor.accounts.models import Role
from wor.audit.models import AccessLogEntry
from wor.calendar import AMSTERDAM

MOST = 5000
# What the log calls things, in words for who asks.
WORDS = {
    "read": gettext_lazy("bekeken"),
    "list": gettext_lazy("in een lijst gezien"),
    "search": gettext_lazy("gevonden bij het zoeken"),
    "change": gettext_lazy("gewijzigd of aangevuld"),
    "export": gettext_lazy("uitgevoerd naar een bestand"),
    "print": gettext_lazy("afgedrukt"),
    "log-access": gettext_lazy("dit overzicht bekeken"),
}


@dataclass
class Seen:
    """Who (role and organisation, perhaps by name) did what on one day."""

    who: str
    organisation: str
    what: str


@dataclass
class Day:
    label: str
    seen: list[Seen] = field(default_factory=list)


def overview(client: Client, *, with_names: bool = False) -> list[Day]:
    """Per day, newest first: role, organisation and what was done. ``with_names`` tells the persons too."""
    days = []
    rows = sorted(_rows(client), key=lambda row: row["at"], reverse=True)
    for day, of_day in groupby(rows, key=lambda row: timezone.localdate(row["at"], AMSTERDAM)):
        days.append(Day(date_format(day, "l j F Y"), _people(list(of_day), with_names)))
    return days


def _rows(client: Client) -> list[dict]:
    """Rows about the client, and lists in which the client stood; those through organisation and time (an index)."""
    columns = ("at", "kind", "role", "actor_name", "organisation_name", "user_id")
    shown = AccessLogEntry.objects.filter(kind__in=WORDS).values(*columns)
    about = shown.filter(client_ref=client.reference).order_by("-at")[:MOST]
    lists = shown.filter(
        organisation_id__in=_organisations(client), at__gte=client.created_at, client_refs__contains=[client.reference]
    ).order_by("-at")[:MOST]
    return [*about, *lists]


def _organisations(client: Client) -> set[int]:
    """Every organisation that a referral of this client names or named."""
    pairs = Referral.objects.filter(client=client).values_list("practice_id", "welfare_organisation_id")
    handed_over = Transfer.objects.filter(Q(referral__client=client)).values_list("from_organisation_id", flat=True)
    return {pk for pair in pairs for pk in pair if pk} | set(handed_over) | {client.practice_id}


def _people(rows: list[dict], with_names: bool) -> list[Seen]:
    """One line for a role of an organisation on a day (or a person, with names), and all that they did."""
    lines: dict[tuple, list[str]] = {}
    for row in rows:
        role = str(Role(row["role"]).label) if row["role"] in Role.values else _("het systeem")
        who = f"{row['actor_name']}, {role}" if with_names and row["actor_name"] else role
        done = lines.setdefault((row["organisation_name"], who), [])
        word = str(WORDS[row["kind"]])
        if word not in done:
            done.append(word)
    return [Seen(who, organisation, ", ".join(done)) for (organisation, who), done in sorted(lines.items())]
