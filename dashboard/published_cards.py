"""The cards about people: of the last closed half-year, or of a former one, from published cells alone."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, Subquery
from django.utils.translation import gettext as _

from dashboard import charts
from dashboard.cards import Card, Table
from dashboard.choices import Subject, audience_of
from dashboard.figures import FIGURES
from dashboard.models import Audience, PeriodKind, Publication, PublishedCell
from dashboard.periods import Period
from dashboard.published import WHY, Row, Section, document, less_than
from dashboard.units import Unit
from wor.accounts.models import Membership
from wor.tenancy.models import Region

CODES = ("leeftijd", "doelgroepen", "afloop", "stoppen", "hoe-het-gaat")


@dataclass
class HalfYears:
    """A unit's closed half-years, latest first, and the cells of the one that is shown, for either threshold."""

    publications: list[Publication]
    chosen: Publication | None
    cells: list[PublishedCell]

    @property
    def period(self) -> Period | None:
        return Period(self.chosen.first, self.chosen.end) if self.chosen else None


def read(unit: Unit, region: Region, code: str) -> HalfYears:
    """The half-year that an address names, or the last one. One statement: a unit has a total in each of its own."""
    halves = Publication.objects.filter(region=region, kind=PeriodKind.HALF)
    first = _first_day(code)
    latest = halves.order_by("-first").values("first")[:1]
    wanted = Q(table="total") | Q(publication__first=first if first else Subquery(latest))
    cells = PublishedCell.objects.filter(
        wanted, publication__in=halves, unit=unit.organisation_id, audience__in=(Audience.CORE, Audience.STRICT)
    )
    found = list(cells.select_related("publication").order_by("table", "position", "id"))
    publications = sorted({cell.publication for cell in found}, key=lambda each: each.first, reverse=True)
    chosen = next((each for each in publications if each.first == first), publications[0] if publications else None)
    return HalfYears(publications, chosen, [cell for cell in found if cell.publication == chosen])


def _first_day(code: str) -> dt.date | None:
    """``2026-h2`` is 1 July 2026; none for another word."""
    found = re.fullmatch(r"(20[0-9]{2})-h([12])", code)
    return dt.date(int(found[1]), 1 if found[2] == "1" else 7, 1) if found else None


def cards_of(membership: Membership, unit: Unit, halves: HalfYears) -> dict[str, Card]:
    """Each card, ready to show; none without a closed half-year. At most two statements: who sits in the kernteam."""
    if halves.chosen is None:
        return {}
    audience = audience_of(membership, unit)
    subject = Subject("", unit.name, audience, (), unit.organisation_id)
    cells = [cell for cell in halves.cells if cell.audience == audience]
    made = document(subject, halves.chosen, membership.region, cells)
    sections = {section.figure.code: section for section in made.sections}
    cards = {code: _card(sections[code], made.threshold) for code in CODES if code in sections}
    cards["stoppen"] = _card(_reasons(sections["afloop"]), made.threshold)
    mean = sections["gemiddelde-leeftijd"].rows
    if mean:
        # Where the bands are too small to show, their reason stays beside the mean.
        why = cards["leeftijd"].words
        cards["leeftijd"].words = " ".join(filter(None, [_("Gemiddeld %s jaar.") % mean[0].text, why]))
    return {code: cards[code] for code in CODES}


def _reasons(outcomes: Section) -> Section:
    """The reasons to stop, out of the one table that holds all outcomes. Their labels are frozen with the numbers."""
    figure = FIGURES["stoppen"]
    rows = [row for row in outcomes.rows if row.label.startswith(("Gestopt", "Niet gestart"))]
    made = Section(figure, str(figure.title), str(figure.title), outcomes.head, rows, outcomes.note)
    if rows:
        bars = [charts.Bar(row.label, row.value or 0, row.text) for row in rows]
        made.description = ", ".join(f"{row.label.lower()}: {row.text}" for row in rows)
        made.chart = charts.rows(bars, ident="stoppen", title=made.heading, description=made.description)
    return made


def _card(section: Section, threshold: int) -> Card:
    if not section.rows:
        return Card(section.figure, value=less_than(threshold), words=section.note or str(WHY))
    return Card(
        section.figure,
        value=_value(section.rows, is_mean=section.figure.code == "hoe-het-gaat"),
        chart=section.chart,
        table=Table(section.head, [[row.label, row.text] for row in section.rows]),
    )


def _value(rows: Sequence[Row], *, is_mean: bool) -> str:
    """What stands out, in a few words."""
    if is_mean:
        return _("van %(first)s naar %(last)s") % {"first": rows[0].text, "last": rows[-1].text}
    most = max(rows, key=lambda row: row.value or 0)
    return _("%(label)s: %(number)s") % {"label": most.label, "number": most.text}
