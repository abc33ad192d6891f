"""A report as CSV, XLSX and PDF: the same rows, texts made harmless for spreadsheets."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typst
import xlsxwriter
from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from dashboard.models import Audience, Report
from dashboard.published import Document, Row

CONTENT_TYPES: dict[str, str] = {
    Report.Format.PDF: "application/pdf",
    Report.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Report.Format.CSV: "text/csv; charset=utf-8",
}
TEMPLATE = Path(__file__).with_name("report.typ")
FONTS = Path(settings.BASE_DIR) / "static/vendor/atkinson-hyperlegible-next"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("\t", "\r")) or text.strip().startswith(DANGEROUS) else text


def about(document: Document, report: Report) -> list[tuple[str, str]]:
    """What every form of a report says about itself."""
    publication = document.publication
    return [
        (_("Regio"), document.region.name),
        (_("Gaat over"), document.subject.name),
        (_("Periode"), document.period),
        (_("Vastgesteld op"), formats.date_format(timezone.localtime(publication.created_at), "j F Y")),
        (_("Versie van het rapport"), str(report.version)),
        (_("Versie van de begrippen"), str(publication.definition_version)),
        (_("Kleinste aantal dat we tonen"), str(document.threshold)),
        (_("Afronding"), _("op vijftallen") if document.subject.audience == Audience.FUNDER else _("geen")),
        (_("Controlegetal van de cijfers"), publication.checksum),
    ]


def lines(document: Document) -> list[tuple[str, str, str, float | None, str]]:
    """One for each number: figure, part, what it is combined with, the number, and what stands for it."""
    total = [(_("Totaal"), document.people.capitalize(), "", None, document.total)] if document.total else []
    return total + [
        (section.heading, row.label, row.across, row.value, row.text)
        for section in document.sections
        for row in section.rows or [Row("", section.note)]
    ]


def head() -> list[str]:
    return [_("Cijfer"), _("Onderdeel"), _("Samen met"), _("Getal"), _("Getoond als")]


def as_csv(document: Document, report: Report) -> bytes:
    """RFC 4180 with semicolons and a byte order mark: opens right in a Dutch spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(head())
    for figure, part, across, value, shown in lines(document):
        number = "" if value is None else formats.localize(value, use_l10n=False).replace(".", ",")
        writer.writerow([harmless(figure), harmless(part), harmless(across), number, harmless(shown)])
    writer.writerow([])
    writer.writerows([harmless(name), harmless(value)] for name, value in about(document, report))
    return "\ufeff".encode() + text.getvalue().encode()


def as_xlsx(document: Document, report: Report) -> bytes:
    """Real numbers, and nothing that a spreadsheet would compute."""
    body = io.BytesIO()
    book = xlsxwriter.Workbook(body, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"{document.subject.name}, {document.period}"})
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(_("Cijfers"))
    sheet.write_row(0, 0, head(), bold)
    for number, (figure, part, across, value, shown) in enumerate(lines(document), 1):
        sheet.write_row(number, 0, [figure, part, across], wrapped)
        if value is not None:
            sheet.write_number(number, 3, value)
        sheet.write_string(number, 4, shown, wrapped)
    sheet.set_column(0, 2, 32)
    sheet.set_column(3, 3, 10)
    sheet.set_column(4, 4, 30)
    sheet.freeze_panes(1, 0)
    _set_up_print(sheet, document)
    _write_about(book.add_worksheet(_("Over dit rapport")), document, report, (bold, wrapped))
    book.close()
    return body.getvalue()


def _set_up_print(sheet, document: Document) -> None:
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{document.subject.name.replace('&', '&&')}, {document.period}&R&P / &N")


def _write_about(sheet, document: Document, report: Report, looks) -> None:
    bold, wrapped = looks
    rows = about(document, report)
    for number, (name, value) in enumerate(rows):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, value, wrapped)
    for number, section in enumerate(document.sections, len(rows) + 1):
        sheet.write_string(number, 0, section.heading, bold)
        sheet.write_string(number, 1, str(section.figure.definition), wrapped)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 90)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def as_pdf(document: Document, report: Report) -> bytes:
    """Tagged PDF (PDF/UA-1). Everything reaches the template as data: typst takes no text for markup that way."""
    return typst.compile(
        TEMPLATE,
        format="pdf",
        font_paths=[FONTS],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(pdf_data(document, report))},
    )


def pdf_data(document: Document, report: Report) -> dict[str, Any]:
    return {
        "title": f"{document.subject.name}: {document.period}",
        "subject": document.subject.name,
        "period": document.period,
        "colour": document.region.primary,
        "lead": _("Welzijn op Recept in cijfers"),
        "total": _("Het gaat over %(total)s %(people)s.") % {"total": document.total, "people": document.people}
        if document.total
        else "",
        "about": about(document, report),
        "about_title": _("Over dit rapport"),
        "definition": _("Hoe tellen we dit?"),
        "page": _("bladzijde"),
        "sections": [
            {
                "title": section.finding,
                "definition": str(section.figure.definition),
                "note": section.note,
                "head": section.head,
                "rows": [_pdf_row(section.is_crossed, row) for row in section.rows],
                "chart": str(section.chart),
                "alt": f"{section.finding}. {section.description}",
            }
            for section in document.sections
        ],
    }


def _pdf_row(is_crossed: bool, row: Row) -> list[str]:
    return [row.label, row.across, row.text] if is_crossed else [row.label, row.text]


WRITERS: dict[str, Callable[[Document, Report], bytes]] = {
    Report.Format.PDF: as_pdf,
    Report.Format.XLSX: as_xlsx,
    Report.Format.CSV: as_csv,
}
