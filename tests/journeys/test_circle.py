"""The circle, whole: referred, placed, reminded of after six weeks, counted, and read by who pays for it.

Everybody signs in as on any day, on a site without WOR_DEMO with its own web, worker and beat. In the middle the site's
clock is turned six weeks on: reminders, closed periods and figures then come as beat and worker bring them.
"""

import csv
import datetime as dt
import io
import os
import re
import signal
from contextlib import contextmanager

import openpyxl
import pypdf
import pytest

from tests.journeys.conftest import OUTPUT
from tests.journeys.site import as_owner, eventually
from tests.journeys.test_referral import fill_referral
from wor.calendar import next_working_hour

pytestmark = pytest.mark.turns_clock
CHOIR = "Koor De Waalzangers"
ANSWER = "We bespreken in december met De Waard hoe het eerste gesprek eerder kan."


# --- Before: from the consulting room to the choir --------------------------------------------------------------------


def gp_refers(gp, problem: str) -> None:
    gp.open("/verwijzingen/nieuw/")
    fill_referral(gp.page, problem, "Kringloop")
    gp.press(gp.page.get_by_role("button", name="Verwijzing versturen"))
    gp.page.get_by_role("heading", name="Verwijzing verstuurd").wait_for()


def coach_talks(coach) -> str:
    """Accepts, holds the first talk and tells the GP; gives the address of the client's page."""
    coach.press(coach.page.get_by_role("link", name=re.compile("J. Kringloop")))
    coach.press(coach.page.locator("a, button").filter(has_text=re.compile("^ *Aannemen *$")).first)
    case = "/werkvoorraad/" + coach.page.url.split("/werkvoorraad/")[1].split("/")[0] + "/"
    coach.open(f"{case}eerste-gesprek/")
    coach.page.fill("[name=wish]", "Weer zingen, en mensen zien.")
    coach.page.get_by_text("Zingeving", exact=True).click()
    coach.submit()
    coach.open(f"{case}terugkoppeling/").submit()
    return case


def coach_places(coach, case: str) -> None:
    """Proposes what is suggested with the reason why, lets them meet, and writes down that it began."""
    coach.open(case)
    coach.press(coach.page.get_by_role("link", name="Iets vinden in de buurt"))
    choir = coach.page.locator("li.row", has_text=CHOIR)
    why = choir.locator(".why").inner_text()
    assert "past bij: rouw en leegte" in why
    assert "thema: zingeving" in why
    coach.look("40-iets-vinden")
    coach.press(choir.get_by_role("button", name=re.compile("Voorstellen")))
    coach.look("41-voorgesteld")
    coach.open(case).press(coach.page.get_by_role("link", name=re.compile("^Kennis")).first)
    coach.look("42-kennismaken")
    coach.submit()
    coach.press(coach.page.get_by_role("link", name=re.compile("^Begonnen|^Is begonnen")).first)
    coach.page.locator("[name=and_follow_up]").last.check(force=True)
    coach.look("43-begonnen")
    coach.submit()
    coach.look("44-geplaatst")


# --- Six weeks later --------------------------------------------------------------------------------------------------


def six_weeks_later(site) -> None:
    """Ten o'clock on a working day: nobody is reminded of anything at night or in a weekend."""
    now = dt.datetime.now(dt.UTC)
    site.turn_clock(next_working_hour(now + dt.timedelta(weeks=6, days=1), 10) - now)


def is_planned(site) -> bool:
    with as_owner(site.database) as cursor:
        cursor.execute("SELECT count(*) FROM outbox_reminder WHERE kind = 'follow_up'")
        return cursor.fetchone()[0] == 1


def coach_is_reminded(site, coach) -> None:
    """By a mail that says nothing of whom, which leads to the message, which leads to the client."""
    mails = site.wait_for_mail("Er wacht iets op je")
    mine = [text for text in mails if site.people["coach"]["email"] in text]
    assert len(mine) == 1, mails
    assert not any("Kringloop" in text or "Johanna" in text or CHOIR in text for text in mails)
    coach.sign_in("coach")
    coach.open(re.search(r"http://\S+(/ga/\S+)", mine[0])[1]).look("45-berichten")
    for_whom = coach.page.get_by_role("link", name=re.compile("Vraag een cliënt hoe het gaat"))
    coach.press(for_whom.first)
    coach.page.get_by_role("heading", name=re.compile("Kringloop")).wait_for()
    coach.look("46-aan-de-beurt")


def coach_asks(coach) -> None:
    coach.press(coach.page.locator("a[href$='/hoe-gaat-het/']:visible").first)
    coach.page.get_by_text("Doet nog mee", exact=True).click()
    coach.page.fill("[name=line]", "Ze zingt elke donderdag en heeft er iemand leren kennen.")
    coach.look("47-hoe-gaat-het")
    coach.press(coach.page.get_by_role("button", name="Vastleggen en terugkoppeling schrijven"))
    coach.look("48-terugkoppeling")
    coach.submit()


def gp_reads(gp) -> None:
    gp.sign_in("referrer")
    gp.open("/verwijzingen/")
    gp.look("49-huisarts-lijst")
    gp.press(gp.page.get_by_role("link", name=re.compile("J. Kringloop")).first)
    while (unread := gp.page.get_by_role("button", name="Terugkoppeling lezen")).count():
        gp.press(unread.first)
        gp.press(gp.page.get_by_role("link", name="Hele verwijzing bekijken"))
    assert gp.page.get_by_text("iemand leren kennen").count()
    gp.look("50-huisarts-verwijzing")


# --- What it adds up to -----------------------------------------------------------------------------------------------


def kernteam_learns(member) -> None:
    """Reads the dashboard, answers the question beside one figure, and finds the answer on the dashboard."""
    member.open("/cijfers/").look("51-dashboard")
    dashboard = member.page.url
    member.press(member.page.get_by_role("link", name="Tot het eerste gesprek"))
    member.page.locator("main form textarea").fill(ANSWER)
    member.look("52-cijfer")
    member.submit()
    assert member.page.get_by_text(ANSWER).count() == 1
    member.page.goto(dashboard)
    assert member.page.get_by_text(ANSWER).count() == 1
    member.look("53-dashboard-met-antwoord")
    member.press(member.page.get_by_role("link", name="Over de mensen")).look("54-over-de-mensen")


def own_work(visit) -> None:
    """Who divides, who keeps the sociale kaart and the region, and who insures each open their own."""
    coordinator = visit("coordinator")
    coordinator.open("/verdelen/").look("55-coordinator")
    coordinator.open("/beheer/sociale-kaart/").look("56-kaartbeheer")
    admin = visit("region_admin")
    admin.open("/").look("57-beheer")
    visit("insurer").open("/rapporten/").look("58-verzekeraar")


@contextmanager
def busy(site, name: str = "worker"):
    """The worker is at something else for a while."""
    process = site.children[name].pid
    os.killpg(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(process, signal.SIGCONT)


def municipality_downloads(site, town) -> dict[str, bytes]:
    """Reads the half-year, asks for it in three forms, sees how far it is, and saves the files."""
    page = town.open("/rapporten/").page
    page.select_option("[name=periode]", label=half_year(page))
    town.press(page.get_by_role("button", name="Rapport tonen")).look("59-rapport")
    chosen, reports = page.url, {}
    with busy(site):
        for form in ("xlsx", "csv", "pdf"):
            page.goto(chosen)
            page.locator(f"[name=vorm][value={form}]").check(force=True)
            town.press(page.get_by_role("button", name="Rapport maken"))
            reports[form] = page.url
        page.get_by_text("We maken het rapport").first.wait_for()
        town.look("60-voortgang")
    page.get_by_role("link", name=re.compile("downloaden")).wait_for()
    town.look("61-klaar")
    files = {form: download(page, address) for form, address in reports.items()}
    for form, body in files.items():
        (OUTPUT / f"rapport.{form}").write_bytes(body)
    return files


def half_year(page) -> str:
    """The latest one that is closed, as the list calls it."""
    names = page.locator("[name=periode] option").all_inner_texts()
    return next(name for name in names if "half jaar" in name)


def download(page, address: str) -> bytes:
    page.goto(address)
    link = page.get_by_role("link", name=re.compile("downloaden"))
    link.wait_for()
    with page.expect_download() as coming:
        link.click()
    return coming.value.path().read_bytes()


# --- The files --------------------------------------------------------------------------------------------------------


def numbers_of_csv(body: bytes) -> dict[tuple[str, ...], float]:
    """As a spreadsheet with Dutch settings reads it: UTF-8 by its mark, semicolons, a comma before the decimals."""
    assert body.startswith(b"\xef\xbb\xbf")
    text = body.decode("utf-8-sig")
    assert text.count("\n") == text.count("\r\n")
    head, *rows = csv.reader(io.StringIO(text), delimiter=";")
    assert head == ["Cijfer", "Onderdeel", "Samen met", "Getal", "Getoond als"]
    found = {tuple(row[:3]): row[3] for row in rows if len(row) == 5 and row[3]}
    assert all(re.fullmatch(r"-?\d+(,\d+)?", number) for number in found.values()), found
    return {key: float(number.replace(",", ".")) for key, number in found.items()}


def numbers_of_xlsx(body: bytes) -> dict[tuple[str, ...], float]:
    sheet = openpyxl.load_workbook(io.BytesIO(body))["Cijfers"]
    shown = [row for row in sheet.iter_rows(min_row=2) if row[3].value is not None]
    assert {row[3].data_type for row in shown} == {"n"}
    return {tuple(cell.value or "" for cell in row[:3]): row[3].value for row in shown}


def check_pdf(body: bytes) -> None:
    """Tagged, in Dutch, with a title that a reader shows; every picture says what it shows."""
    pdf = pypdf.PdfReader(io.BytesIO(body))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert re.fullmatch(r"Lindewaard: [12]e half jaar van \d{4}", pdf.metadata.title)
    tags = list(tagged(root["/StructTreeRoot"]))
    kinds = {kind for kind, _alt in tags}
    assert {"/H1", "/H2", "/P", "/Table", "/TR", "/TH", "/TD", "/Figure"} <= kinds, kinds
    assert all(alt for kind, alt in tags if kind == "/Figure")


def tagged(node):
    """Every element of the tree: its kind, and what it says when it is a picture."""
    for child in children(node):
        if "/S" in child:
            yield child["/S"], child.get("/Alt", "")
            yield from tagged(child)


def children(node) -> list:
    below = node.get("/K", [])
    below = below.get_object() if hasattr(below, "get_object") else below
    found = [each.get_object() for each in (below if isinstance(below, list) else [below])]
    return [each for each in found if isinstance(each, dict)]


# --- The journey ------------------------------------------------------------------------------------------------------


def test_the_circle_closes(site, visit):
    gp, coach = visit("referrer"), visit("coach", width=360)
    gp_refers(gp, site.seed["problem"])
    coach.open("/werkvoorraad/")
    case = coach_talks(coach)
    coach_places(coach, case)

    six_weeks_later(site)
    own_work(visit)
    eventually(lambda: is_planned(site))
    site.let_a_minute_pass()
    kernteam_learns(visit("core_team"))
    coach_is_reminded(site, coach)
    coach_asks(coach)
    gp_reads(gp)

    town = visit("funder")
    files = municipality_downloads(site, town)
    numbers = numbers_of_csv(files["csv"])
    assert len(numbers) > 20
    assert any(number % 1 for number in numbers.values()), numbers
    assert numbers == numbers_of_xlsx(files["xlsx"])
    check_pdf(files["pdf"])

    stranger = visit(width=360)
    stranger.open("/r/rivierenland/sociale-kaart/?zoek=zingen")
    assert stranger.page.get_by_role("link", name=CHOIR).count()
    stranger.look("62-sociale-kaart")
    assert stranger.context.cookies() == []
