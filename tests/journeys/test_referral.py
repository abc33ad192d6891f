"""The main job, whole: from the consulting room to the coach and back, in a real browser.

Signed in with password and second factor, on a site without WOR_DEMO. Each page it passes is looked at: a picture, axe,
no sideways scrolling, nothing in the console, no request to another host.
"""

import re

import pytest

HELP_REQUEST = "Sinds het overlijden van haar man komt ze weinig buiten. Wil weer zingen."


def fill_referral(page, problem: str, family_name: str = "Zilverschoon") -> None:
    """The nine things a referrer enters."""
    page.fill("[name=given_name]", "Johanna")
    page.fill("[name=family_name]", family_name)
    page.fill("[name=birth_date]", "12-3-1956")
    page.fill("[name=phone]", "06 12345678")
    page.fill("[name=postcode]", "4001 SA")
    page.get_by_text(problem, exact=True).first.click()
    page.fill("[name=help_request]", HELP_REQUEST)
    page.locator("[name=consent]").check(force=True)


def gp_refers(gp, problem: str) -> str:
    """Fills in, sends and prints the leaflet; gives the referral's number."""
    gp.look("01-nieuwe-verwijzing")
    fill_referral(gp.page, problem)
    gp.page.get_by_text(re.compile("Bewaard om")).wait_for()
    gp.look("02-ingevuld")
    gp.press(gp.page.get_by_role("button", name="Verwijzing versturen"))
    gp.page.get_by_role("heading", name="Verwijzing verstuurd").wait_for()
    gp.look("03-verstuurd")
    number = re.search(r"WOR-\d{4}-\w{6}", gp.page.content())[0]
    gp.press(gp.page.get_by_role("button", name="Folder maken en printen"))
    gp.page.get_by_text("U gaat praten met een welzijnscoach").first.wait_for()
    gp.look("04-folder")
    return number


def coach_takes_on(coach) -> str:
    """Finds the new referral and accepts it; gives the case's reference."""
    coach.look("05-werkvoorraad")
    coach.press(coach.page.get_by_role("link", name=re.compile("J. Zilverschoon")))
    coach.look("06-client-nieuw")
    coach.page.get_by_text(HELP_REQUEST).first.wait_for()
    coach.press(coach.page.locator("a, button").filter(has_text=re.compile("^ *Aannemen *$")).first)
    coach.look("07-aangenomen")
    return coach.page.url.split("/werkvoorraad/")[1].split("/")[0]


def coach_talks_and_reports(coach, case: str) -> None:
    """Nobody answers, then the first talk, the terugkoppeling and a question."""
    coach.open(f"/werkvoorraad/{case}/contact/").look("08-contact")
    coach.press(coach.page.get_by_role("button", name="Geen gehoor"))
    coach.look("09-geen-gehoor")
    coach.open(f"/werkvoorraad/{case}/eerste-gesprek/").look("10-eerste-gesprek")
    coach.submit()
    coach.look("11-in-traject")
    coach.open(f"/werkvoorraad/{case}/terugkoppeling/").look("12-terugkoppeling")
    coach.submit()
    coach.look("13-terugkoppeling-verstuurd")
    coach.open(f"/werkvoorraad/{case}/vraag/").look("14-vraag")
    coach.page.locator("main form textarea").first.fill("Is dinsdag een goede dag voor mevrouw?")
    coach.submit()


def gp_reads_and_answers(gp) -> None:
    gp.open("/verwijzingen/").look("15-mijn-verwijzingen")
    gp.press(gp.page.get_by_role("button", name=re.compile("Terugkoppeling lezen")).first)
    gp.look("16-terugkoppeling-gelezen")
    gp.press(gp.page.get_by_role("link", name="Hele verwijzing bekijken")).look("16-verwijzing")
    assert gp.page.get_by_text("Is dinsdag een goede dag").count()
    gp.press(gp.page.locator("a").filter(has_text="eantwoorden").first)
    gp.look("17-beantwoorden")
    gp.page.locator("main form textarea").first.fill("Ja, dinsdag is goed.")
    gp.submit()
    gp.look("18-beantwoord")
    gp.open("/verwijzingen/")
    assert gp.page.get_by_role("button", name=re.compile("Terugkoppeling lezen")).count() == 0


def coach_closes(coach, case: str) -> None:
    coach.open(f"/werkvoorraad/{case}/")
    assert coach.page.get_by_text("Ja, dinsdag is goed.").count()
    coach.open(f"/werkvoorraad/{case}/afsluiten/").look("19-afsluiten")
    coach.page.locator("main form [name=reason]").first.check(force=True)
    if not coach.page.locator("main form [name=sentence]").input_value():
        coach.page.fill("main form [name=sentence]", "Ze zingt nu elke donderdag mee.")
    coach.submit()
    coach.look("20-afgerond")


def test_a_referral_travels_to_the_coach_and_back(site, visit):
    gp = visit("referrer")
    number = gp_refers(gp, site.seed["problem"])

    mails = site.wait_for_mail("Er staat iets voor je klaar")
    assert not any("Zilverschoon" in text or "Johanna" in text or number in text for text in mails)

    coach = visit("coach", width=360)
    case = coach_takes_on(coach)
    coach_talks_and_reports(coach, case)
    gp_reads_and_answers(gp)
    coach_closes(coach, case)

    gp.open("/verwijzingen/").look("21-lijst-na-afronden")
    gp.press(gp.page.get_by_role("button", name=re.compile("Terugkoppeling lezen")).first)
    gp.look("22-slotterugkoppeling")


def test_a_double_click_makes_one_referral(site, visit):
    gp = visit("referrer")
    gp.open("/verwijzingen/nieuw/")
    fill_referral(gp.page, site.seed["problem"], "Dubbelklik")
    gp.page.get_by_role("button", name="Verwijzing versturen").dblclick()
    gp.page.get_by_role("heading", name="Verwijzing verstuurd").wait_for()

    gp.open("/verwijzingen/")
    assert gp.page.get_by_role("link", name=re.compile("J. Dubbelklik")).count() == 1


@pytest.mark.parametrize("width", [360, 1920])
def test_referring_works_without_javascript(site, visit, width):
    gp = visit("assistant", javascript=False, width=width)
    gp.open("/verwijzingen/nieuw/")
    page = gp.page
    page.fill("[name=given_name]", "Willem")
    page.fill("[name=family_name]", f"Zonder-{width}")
    page.fill("[name=birth_date]", "1-2-1949")
    page.fill("[name=phone]", "0612345679")
    page.fill("[name=postcode]", "4001")
    page.get_by_text(site.seed["problem"], exact=True).first.click()
    page.fill("[name=help_request]", HELP_REQUEST)
    page.locator("[name=consent]").check(force=True)
    gp.look(f"30-zonder-javascript-{width}")
    page.get_by_role("button", name="Verwijzing versturen").click()

    assert page.get_by_role("heading", name="Verwijzing verstuurd").count(), page.locator("main").inner_text()


def test_referring_works_by_keyboard_alone(site, visit):
    gp = visit("referrer")
    gp.open("/verwijzingen/nieuw/")
    page = gp.page

    def tab_to(selector: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} cannot be reached by keyboard")

    for name, text in {
        "given_name": "Toets",
        "family_name": "Enbord",
        "birth_date": "01021950",
        "postcode": "4001",
        "phone": "0612345670",
    }.items():
        tab_to(f"[name={name}]")
        page.keyboard.type(text)
    tab_to("[name=target_cell]")
    page.keyboard.press("Space")
    tab_to("[name=help_request]")
    page.keyboard.type(HELP_REQUEST)
    tab_to("[name=consent]")
    page.keyboard.press("Space")
    tab_to("main form button[type=submit]")
    while "versturen" not in page.evaluate("document.activeElement.textContent"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Verwijzing verstuurd").wait_for()
