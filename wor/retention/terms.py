"""How long what is kept: the defaults, what a region may choose, and from which moment something has to go.

A region's own terms stand in ``Region.settings["keep"]``. Longer than the default only with a written ground.
"""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from wor.tenancy.models import Region

GROUND = "ground"


@dataclass(frozen=True)
class Term:
    """A period in months or days: what is usual, and between which bounds a region may choose. ``note``: what stays."""

    label: Any
    usual: int
    least: int
    most: int
    in_months: bool = True
    note: Any = ""

    @property
    def unit(self):
        return _("maanden") if self.in_months else _("dagen")


TERMS = {
    "case": Term(_("Verwijzing en begeleiding, na afsluiten"), 24, 12, 240),
    "case_text": Term(_("Vrije tekst van een begeleiding, na afsluiten"), 12, 3, 240),
    "not_started": Term(_("Ingetrokken, niet passend of niet gestart, na afsluiten"), 12, 3, 240),
    "client_link": Term(_("Eigen pagina van de cliënt, na afsluiten"), 30, 1, 90, in_months=False),
    "staff": Term(
        _("Naam, telefoon en foto van wie hier werkte, na de laatste dag"),
        *(24, 12, 60),
        note=_("Rol en organisatie blijven staan bij wat iemand deed."),
    ),
    "outbox": Term(_("Verstuurde e-mails, gelezen berichten en oude uitnodigingen"), 90, 7, 365, in_months=False),
    "log": Term(_("Logboek: wie keek of wijzigde"), 60, 60, 240),
}
# What belongs to no region: who signed in from where, and sessions that ran out.
SIGN_IN_MONTHS = 12
# Files that were brought into the sociale kaart, and their lines: for nobody longer, whatever they hold.
IMPORT_DAYS = 30


def chosen(region: Region) -> dict[str, int]:
    """The terms of a region, by name."""
    own = region.settings.get("keep", {})
    return {name: own.get(name, term.usual) for name, term in TERMS.items()}


def ground_of(region: Region) -> str:
    """Why this region keeps something longer than usual."""
    return region.settings.get("keep", {}).get(GROUND, "")


def ends_before(region: Region, name: str, now: dt.datetime) -> dt.datetime:
    """What was closed, sent or written before this moment has to go.

    A term that is longer than usual without a ground counts as the usual one. Nothing goes of what can still be
    reopened.
    """
    length = chosen(region)[name]
    if length > TERMS[name].usual and not ground_of(region):
        length = TERMS[name].usual
    if not TERMS[name].in_months:
        return now - dt.timedelta(days=length)
    if name in ("case", "case_text", "not_started"):
        length = max(length, region.setting("reopen_months") + 1)
    return months_before(now, length)


def months_before(now: dt.datetime, months: int) -> dt.datetime:
    """The same day so many months ago, or the last day of a shorter month."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, calendar.monthrange(year, month + 1)[1]))
