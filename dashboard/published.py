"""A closed period as people read it: one document for screen, CSV, XLSX and PDF. Read from published cells alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard import charts
from dashboard.choices import Subject
from dashboard.figures import FIGURES, Figure
from dashboard.models import Audience, PeriodKind, Publication, PublishedCell
from wor.tenancy.models import Region

WHY = gettext_lazy("We tonen dit niet, zodat niemand te herkennen is.")

# The tables of a report in their order, each with its figure.
HALF_TABLES = {
    "age": "leeftijd",
    "mean_age": "gemiddelde-leeftijd",
    "sex": "geslacht",
    "target_group": "doelgroepen",
    "problem": "problemen",
    "district": "wijken",
    "outcome": "afloop",
    "started": "activiteit",
    "conversation": "het-andere-gesprek",
    "wellbeing": "hoe-het-gaat",
}
PROCESS_TABLES = {
    "sent": "verwijzingen-per-kwartaal",
    "talked": "eerste-gesprekken",
    "days": "eerste-gesprek",
    "feedback_in_time": "terugkoppeling",
    "hours": "afgesproken-uren",
}
CROSSED_TABLES = {"age_sex": "leeftijd-geslacht", "age_target_group": "leeftijd-doelgroep"}
MEANS = ("mean_age", "wellbeing")
YES_NO = ("started", "conversation")


@dataclass
class Row:
    """One number with what it is about. ``value`` is none when it is not shown; ``text`` always says something."""

    label: str
    text: str
    value: float | None = None
    across: str = ""


@dataclass
class Section:
    """One figure of a report."""

    figure: Figure
    heading: str
    finding: str
    head: list[str]
    rows: list[Row]
    note: str = ""
    chart: SafeString | str = ""
    description: str = ""

    @property
    def is_crossed(self) -> bool:
        return any(row.across for row in self.rows)


@dataclass
class Document:
    """A report, whatever form it takes."""

    region: Region
    subject: Subject
    publication: Publication
    period: str
    people: str
    total: str
    threshold: int
    sections: list[Section] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Is nothing of it large enough to show?"""
        return not any(row.value is not None for section in self.sections for row in section.rows)

    @property
    def rows(self) -> int:
        return sum(len(section.rows) for section in self.sections)


def period_code(publication: Publication) -> str:
    """How a period stands in an address: ``2026-k1``, ``2026-h2``, ``2026``."""
    year, month = publication.first.year, publication.first.month
    if publication.kind == PeriodKind.YEAR:
        return str(year)
    if publication.kind == PeriodKind.HALF:
        return f"{year}-h{1 + month // 7}"
    return f"{year}-k{1 + month // 3}"


def period_name(publication: Publication) -> str:
    year, number = publication.first.year, period_code(publication)[-1]
    if publication.kind == PeriodKind.YEAR:
        return _("Het jaar %d") % year
    half, quarter = _("%(number)se half jaar van %(year)d"), _("%(number)se kwartaal van %(year)d")
    return (half if publication.kind == PeriodKind.HALF else quarter) % {"number": number, "year": year}


def publications_for(subject: Subject, region: Region) -> list[Publication]:
    """The closed periods of which a report about this subject can be read, latest first. One statement."""
    found = Publication.objects.filter(region=region, kind__in=subject.kinds)
    size = {PeriodKind.YEAR: 0, PeriodKind.HALF: 1, PeriodKind.QUARTER: 2}
    return sorted(found, key=lambda each: (-each.end.toordinal(), size[PeriodKind(each.kind)]))


def document(
    subject: Subject,
    publication: Publication,
    region: Region,
    cells: list[PublishedCell] | None = None,
    *,
    among: list[Publication] | None = None,
) -> Document:
    """Read a report, of these cells and ``among`` these periods when they are at hand. At most two statements."""
    threshold = publication.min_cell_core if subject.audience == Audience.CORE else publication.min_cell_funder
    people = _("inwoners") if subject.audience == Audience.FUNDER else _("mensen")
    made = Document(region, subject, publication, period_name(publication), people, "", threshold)
    if publication.kind == PeriodKind.HALF:
        _fill_half(made, cells_of(subject, [publication]) if cells is None else cells)
    elif publication.kind == PeriodKind.QUARTER:
        _fill_process(made, {publication: cells_of(subject, [publication])})
    else:
        _fill_year(made, subject, publication, among or Publication.objects.filter(region=region))
    return made


def cells_of(subject: Subject, publications: Sequence[Publication]) -> list[PublishedCell]:
    cells = PublishedCell.objects.filter(
        publication__in=[each.pk for each in publications],
        audience=subject.audience,
        unit=subject.unit_id,
        municipality_code=subject.municipality_code,
    )
    return list(cells.order_by("publication", "table", "position", "id"))


def _fill_year(made: Document, subject: Subject, publication: Publication, periods: Iterable[Publication]) -> None:
    """The four quarters beside each other; for the region also two characteristics together."""
    inside = (each for each in periods if publication.first <= each.first and each.end <= publication.end)
    quarters = sorted((each for each in inside if each.kind == PeriodKind.QUARTER), key=lambda each: each.first)
    parts = [publication, *quarters]
    by_part: dict[int, list[PublishedCell]] = defaultdict(list)
    for cell in cells_of(subject, parts):
        by_part[cell.publication_id].append(cell)
    _fill_process(made, {part: by_part[part.pk] for part in parts[1:]})
    own = _by_table(by_part[publication.pk])
    if subject.municipality_code:
        return
    for table, figure in CROSSED_TABLES.items():
        made.sections.append(_breakdown(made, FIGURES[figure], own.get(table, [])))


def _by_table(cells: Iterable[PublishedCell]) -> dict[str, list[PublishedCell]]:
    found: dict[str, list[PublishedCell]] = defaultdict(list)
    for cell in cells:
        found[cell.table].append(cell)
    return found


# --- Breakdowns -------------------------------------------------------------------------------------------------------


def _fill_half(made: Document, cells: list[PublishedCell]) -> None:
    found = _by_table(cells)
    total = found["total"][0] if found["total"] else None
    if total is None or total.why != PublishedCell.Why.HIDDEN:
        made.total = _shown(total, made.threshold) if total else less_than(made.threshold)
    for table, figure in HALF_TABLES.items():
        if table == "district" and not made.subject.municipality_code:
            continue
        if table in MEANS:
            made.sections.append(_mean(made, FIGURES[figure], found.get(table, [])))
        else:
            made.sections.append(_breakdown(made, FIGURES[figure], found.get(table, [])))


def less_than(threshold: int) -> str:
    return _("minder dan %d") % threshold


def _shown(cell: PublishedCell, threshold: int) -> str:
    if cell.value is not None:
        return formats.number_format(cell.value)
    return less_than(threshold) if cell.why == PublishedCell.Why.SMALL else _("niet getoond")


def _breakdown(made: Document, figure: Figure, cells: list[PublishedCell]) -> Section:
    """A table about people; when it is not published, the sentence that says why."""
    heading = str(figure.title)
    if not cells:
        note = _("Sommige aantallen zijn hier %s, of zouden dat verraden.") % less_than(made.threshold)
        return Section(figure, heading, heading, [_("Onderdeel"), made.people.capitalize()], [], f"{note} {WHY}")
    rows = [Row(each.label, _shown(each, made.threshold), each.value, each.across) for each in cells]
    head = [_("Onderdeel"), made.people.capitalize()]
    section = Section(figure, heading, finding(heading, rows, cells[0].table), head, rows)
    if section.is_crossed:
        section.head.insert(1, _("Samen met"))
    else:
        section.description = ", ".join(f"{row.label.lower()}: {row.text}" for row in rows)
        bars = [charts.Bar(row.label, row.value or 0, row.text) for row in rows]
        section.chart = charts.rows(bars, ident=figure.code, title=section.finding, description=section.description)
    return section


def finding(heading: str, rows: Sequence[Row], table: str = "") -> str:
    """What stands out, from what is shown and nothing else. What was merged of many things says nothing."""
    shown = sorted((row for row in rows if row.value), key=lambda row: -(row.value or 0))
    if table in YES_NO:
        total = sum(row.value or 0 for row in rows)
        return _("%(heading)s: %(part)s van %(whole)d") % {"heading": heading, "part": rows[0].text, "whole": total}
    if not shown or shown[0].label == _("Overige") or (len(shown) > 1 and shown[0].value == shown[1].value):
        return heading
    most = f"{shown[0].label}, {shown[0].across.lower()}" if shown[0].across else shown[0].label
    return _("%(heading)s: het vaakst %(what)s") % {"heading": heading, "what": most[:1].lower() + most[1:]}


def _mean(made: Document, figure: Figure, cells: list[PublishedCell]) -> Section:
    heading = str(figure.title)
    if not cells:
        note = _("Van te weinig mensen is dit bekend.")
        return Section(figure, heading, heading, [_("Onderdeel"), _("Gemiddeld")], [], f"{note} {WHY}")
    rows = []
    for cell in cells:
        mean = (cell.value or 0) / 10
        digits = 0 if cell.table == "mean_age" else 1
        rows.append(Row(cell.label, formats.number_format(mean, decimal_pos=digits), mean))
    found = _("%(heading)s: %(first)s") % {"heading": heading, "first": rows[0].text}
    if len(rows) > 1:
        found = _("%(heading)s: van %(first)s naar %(last)s") % {
            "heading": heading,
            "first": rows[0].text,
            "last": rows[-1].text,
        }
    return Section(figure, heading, found, [_("Onderdeel"), _("Gemiddeld")], rows)


# --- The process ------------------------------------------------------------------------------------------------------


def _fill_process(made: Document, parts: dict[Publication, list[PublishedCell]]) -> None:
    """Each figure with a row for each quarter."""
    tables = {part: _by_table(cells) for part, cells in parts.items()}
    units = {"days": _("Dagen"), "hours": _("Uren")}
    for table, code in PROCESS_TABLES.items():
        figure = FIGURES[code]
        rows = [
            _process_row(period_name(part), found.get(table, []), part.min_cell_funder)
            for part, found in tables.items()
        ]
        head = [_("Kwartaal"), units.get(table, made.people.capitalize())]
        section = Section(figure, str(figure.title), "", head, rows)
        section.finding = _process_finding(section)
        if any(row.value is None for row in rows):
            section.note = str(WHY)
        if len(rows) > 1 and any(row.value for row in rows):
            section.description = ", ".join(f"{row.label}: {row.text}" for row in rows)
            # "1e kwartaal": which year stands above.
            bars = [
                charts.Bar(" ".join(row.label.split()[:2]), row.value or 0, row.text, is_hidden=row.value is None)
                for row in rows
            ]
            section.chart = charts.rows(bars, ident=code, title=section.finding, description=section.description)
        made.sections.append(section)


def _process_row(label: str, cells: list[PublishedCell], threshold: int) -> Row:
    if not cells:
        return Row(label, less_than(threshold))
    return Row(label, _shown(cells[0], threshold), cells[0].value)


def _with_unit(figure: str, row: Row) -> str:
    """A number that is not of people says what it is of."""
    if figure == PROCESS_TABLES["days"]:
        return ngettext("%d dag", "%d dagen", round(row.value or 0)) % round(row.value or 0)
    return _("%s uur") % row.text if figure == PROCESS_TABLES["hours"] else row.text


def _process_finding(section: Section) -> str:
    shown = [row for row in section.rows if row.value is not None]
    if not shown:
        return section.heading
    if len(section.rows) == 1:
        return f"{section.heading}: {_with_unit(section.figure.code, shown[0])}"
    first, last = shown[0].value or 0, shown[-1].value or 0
    if len(shown) < 2 or first == last:
        return section.heading
    more, less = _("%s: meer dan aan het begin van het jaar"), _("%s: minder dan aan het begin van het jaar")
    if section.figure.code == "eerste-gesprek":
        more, less = _("%s: langer dan aan het begin van het jaar"), _("%s: korter dan aan het begin van het jaar")
    return (more if last > first else less) % section.heading
