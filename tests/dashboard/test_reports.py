"""Reports: who may choose what, that a file says what the page says, and that it is made once."""

import csv
import datetime as dt
import io

import openpyxl
import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from dashboard import files, reports
from dashboard.choices import find_subject, subjects_of
from dashboard.models import Publication, Report
from dashboard.published import document
from dashboard.tasks import build_reports
from tests.counting import sql_at_most
from tests.dashboard.years import close_all, make_years
from tests.factories import make_membership, make_organisation
from wor.accounts.models import Role
from wor.audit.models import AccessLogEntry


@pytest.fixture
def years(world):
    """Two closed quarters and their half-year; the kernteam is of a practice in a group."""
    made = make_years(world, seed=1, number=500, first=dt.date(2025, 1, 1))
    close_all(world, dt.date(2025, 8, 1))
    return made


def url(over="", periode="") -> str:
    return reverse("reports", query={"over": over, "periode": periode})


def order(client, over="regio", periode="2025-h1", form="csv"):
    return client.send(reverse("order_report"), {"over": over, "periode": periode, "vorm": form})


def codes(membership) -> set[str]:
    return {each.code for each in subjects_of(membership)}


def test_reports_offers_each_role_its_own(world, years):
    insurer = make_membership(make_organisation(world.region, "insurer"), Role.FUNDER)
    world.funder.organisation.municipality_code = "GM9001"
    world.funder.organisation.save()
    group = str(years.group.reference)

    assert codes(world.funder) == {"GM9001", "regio"}
    assert codes(insurer) == {"regio"}
    assert codes(world.region_admin) == {"regio", "GM9001", "GM9002", "GM9003", group}
    assert codes(world.core_team) == {group, *(str(each.reference) for each in years.practices[:2])}


@pytest.mark.parametrize("who", ["referrer", "coach", "coordinator"])
def test_reports_are_not_for_who_reads_cases(client, world, who):
    client.sign_in(getattr(world, who))

    assert client.get(url()).status_code == 403
    assert order(client).status_code == 403


def test_reports_of_another_municipality_or_region_do_not_exist(client, world, years, elsewhere):
    client.sign_in(world.funder)

    assert client.get(url("GM9002")).status_code == 404
    assert client.get(url(years.group.reference)).status_code == 404
    assert order(client, over="GM9002").status_code == 404
    report = reports.order(
        find_subject(world.funder, "regio"), publication=Publication.objects.first(), form="csv", by=world.funder
    )
    client.sign_in(elsewhere.funder)
    assert client.get(reverse("report", args=[report.reference])).status_code == 404
    assert client.get(reverse("report_file", args=[report.reference])).status_code == 404


@pytest.mark.parametrize("who", ["funder", "region_admin"])
@pytest.mark.parametrize("periode", ["2025-k1", "2025-h1", "2025"])
def test_reports_page_reads_published_cells_in_few_statements(client, world, years, periode, who):
    close_all(world, dt.date(2026, 2, 1))
    client.sign_in(getattr(world, who))

    with sql_at_most(12) as statements:
        answer = client.get(url("regio", periode))

    assert answer.status_code == 200
    assert not [each for each in statements if "referrals_referral" in each]
    assert "inwoners" in answer.content.decode().lower()
    assert AccessLogEntry.objects.filter(object_type="report", kind="list", filter__contains=periode).exists()


def test_reports_shows_why_a_small_number_is_not_there(client, world, years):
    client.sign_in(world.funder)

    body = client.get(url("regio", "2025-h1")).content.decode()

    assert "zodat niemand te herkennen is" in body


def test_reports_of_a_kernteam_with_a_funders_member_keep_the_funders_threshold(world, years):
    assert {each.audience for each in subjects_of(world.core_team)} == {"core"}

    make_membership(world.practice, Role.CORE_TEAM, user=world.funder.user)
    world.core_team.__dict__.pop("report_subjects"), world.core_team.__dict__.pop("practices_with_funder")

    assert {each.audience for each in subjects_of(world.core_team)} == {"strict"}


def test_ordering_twice_makes_one_file(client, world, years):
    client.sign_in(world.funder)

    first, second = order(client), order(client)
    build_reports()
    build_reports()

    report = Report.objects.get()
    assert first["Location"] == second["Location"] == reverse("report", args=[report.reference])
    assert report.progress == 100
    assert report.file.sha256 == report.checksum
    answer = order(client)
    assert answer["Location"] == first["Location"]
    assert client.get(first["Location"]).content.decode().count("CSV downloaden") == 1


@pytest.mark.parametrize("form", Report.Format.values)
def test_every_form_is_made_kept_and_downloaded(client, world, years, form):
    client.sign_in(world.funder)
    page = order(client, form=form)["Location"]

    build_reports()

    answer = client.get(page + "bestand/")
    assert answer["Content-Type"] == files.CONTENT_TYPES[form]
    assert len(answer.content) == Report.objects.get().file.size


def test_reports_page_finds_back_what_was_made(client, world, years):
    client.sign_in(world.funder)
    order(client, form="pdf"), order(client, form="csv")
    assert "Al gemaakt" not in client.get(url("regio", "2025-h1")).content.decode()
    build_reports()

    page = client.get(url("regio", "2025-h1"))

    assert [each.format for each in page.context["made"]] == ["csv", "pdf"]
    assert f"/rapporten/{page.context['made'][0].reference}/bestand/" in page.content.decode()
    assert "Al gemaakt" not in client.get(url("regio", "2025-k1")).content.decode()


def test_a_report_whose_worker_died_is_taken_up_again(client, world, years):
    client.sign_in(world.funder)
    order(client)
    Report.objects.update(started_at=timezone.now(), attempts=1)

    assert reports.build_due(world.region) == 0
    Report.objects.update(started_at=timezone.now() - reports.TAKEN_FOR)
    assert reports.build_due(world.region) == 1


def test_a_report_that_keeps_failing_says_so_and_can_be_asked_again(client, world, years):
    client.sign_in(world.funder)
    page = order(client)["Location"]
    Report.objects.update(attempts=reports.ATTEMPTS)

    reports.build_due(world.region)
    assert "niet gelukt" in client.get(page).content.decode()
    order(client)
    assert reports.build_due(world.region) == 1


def test_a_report_that_failed_once_says_that_it_takes_longer(client, world, years, monkeypatch):
    client.sign_in(world.funder)
    page, other = order(client)["Location"], order(client, form="xlsx")["Location"]
    assert "langer dan gewoonlijk" not in client.get(page).content.decode()
    monkeypatch.setitem(files.WRITERS, "csv", lambda *_: 1 / 0)

    assert reports.build_due(world.region) == 1

    assert "langer dan gewoonlijk" in client.get(page).content.decode()
    assert "staat klaar" in client.get(other).content.decode()


def test_progress_is_a_fragment_for_htmx(client, world, years):
    client.sign_in(world.funder)
    page = order(client)["Location"]

    body = client.get(page, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in body
    assert "We maken het rapport" in body
    assert client.get(page + "bestand/").status_code == 404


def test_download_is_logged_as_export_with_count_and_filter(client, world, years):
    client.sign_in(world.funder)
    page = order(client)["Location"]
    build_reports()

    answer = client.get(page + "bestand/")

    assert answer["Content-Disposition"].startswith("attachment; filename=")
    entry = AccessLogEntry.objects.get(kind="export")
    assert (entry.row_count, entry.filter) == (Report.objects.get().rows, "periode=2025-h1 over=regio vorm=csv")


@pytest.fixture
def half(world, years):
    subject = find_subject(world.funder, "regio")
    publication = Publication.objects.get(kind="half", first=dt.date(2025, 1, 1))
    report = reports.order(subject, publication=publication, form="csv", by=world.funder)
    return document(subject, publication, world.region), report


def numbers(half) -> list[tuple[str, float]]:
    return [(row.label, row.value) for section in half[0].sections for row in section.rows]


def test_csv_holds_the_numbers_of_the_page(half):
    body = files.as_csv(*half)

    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    found = [(row[1], float(row[3].replace(",", "."))) for row in rows[1:] if len(row) == 5 and row[3]]
    assert found == numbers(half)


@pytest.mark.parametrize("text", ["=1+1", " +31", "-2", "@som", "\tx", "\rx"])
def test_csv_makes_no_formula_of_a_name(half, text):
    half[0].region.name = text

    rows = files.as_csv(*half).decode("utf-8-sig")

    assert f"'{text}" in rows


def test_xlsx_holds_real_numbers_and_no_formula(half):
    half[0].region.name = "=1+1"

    book = openpyxl.load_workbook(io.BytesIO(files.as_xlsx(*half)))

    sheet = book["Cijfers"]
    found = [(row[1].value, row[3].value) for row in sheet.iter_rows(min_row=2) if row[3].value is not None]
    assert found == numbers(half)
    assert sheet.print_title_rows == "$1:$1"
    assert {cell.data_type for row in book["Over dit rapport"].iter_rows() for cell in row} <= {"s", "n"}


def test_pdf_is_tagged_and_holds_the_numbers(half):
    half[0].subject.__dict__["name"] = "#panic() *Lindewaard* <x>"

    reader = pypdf.PdfReader(io.BytesIO(files.as_pdf(*half)))

    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "#panic() *Lindewaard* <x>" in text
    assert half[0].publication.checksum[:20] in text.replace("\n", "")
    assert all(row.text in text for section in half[0].sections for row in section.rows)


def test_figure_words_say_what_each_figure_means(client, world):
    client.sign_in(world.funder)

    body = client.get(reverse("figure_words")).content.decode()

    assert "Terugkoppeling op tijd" in body
    assert "Kleine aantallen" in body
