"""A real Chromium on a running site. When it cannot be had these tests fail with the reason; they do not hide."""

import datetime as dt
import os
import re
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.conftest import clone_database, drop_database
from tests.journeys.site import Site, as_owner

# Playwright keeps an event loop in this thread; the tests beside it use the database as ever.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
FAILED = pytest.StashKey[bool]()
OUTPUT = Path(__file__).parent / "output"
# WCAG 2.2 AA, and what axe knows to be good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "journeys" in Path(item.fspath).parts:
            item.add_marker(pytest.mark.journey)
    # This one turns the site's clock, which ends every session.
    items.sort(key=lambda item: item.get_closest_marker("turns_clock") is not None)


@pytest.fixture(scope="session")
def site(django_db_setup, django_db_blocker):
    name = f"wor_journey_{os.environ.get('TEST_DB_SUFFIX', 'x')}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        clone_database(name)
        add_municipalities(name)
    running = Site(name)
    yield running
    running.stop()
    with django_db_blocker.unblock():
        drop_database(name)


def add_municipalities(database: str) -> None:
    """Two that do not exist; the list of real ones is kept by who owns the tables."""
    with as_owner(database) as cursor:
        cursor.executemany(
            "INSERT INTO tenancy_municipality (gm_code, name, province) VALUES (%s, %s, 'Gelderland')",
            [("GM9001", "Lindewaard"), ("GM9002", "Esserheide")],
        )


@pytest.fixture(scope="session")
def browser():
    chromium = os.environ.get("CHROMIUM")
    if not chromium:
        pytest.fail(os.environ.get("CHROMIUM_MISSING_REASON", "CHROMIUM names no browser"))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


class Visitor:
    """Somebody at a screen: signs in, and looks at every page for what axe, a phone or a console would complain of."""

    def __init__(self, browser: Browser, site: Site, *, width: int = 1120, javascript: bool = True, language="nl-NL"):
        self.site = site
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=javascript, locale=language
        )
        self.page: Page = self.context.new_page()
        self.javascript = javascript
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self._heard(message.type, message.text + str(message.location)))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._requested)

    def _heard(self, kind: str, text: str) -> None:
        # An answer of 4xx is logged by the browser as an error; we test those on purpose.
        if kind == "error" and "the server responded with a status of 4" not in text:
            self.complaints.append(text)

    def _requested(self, request) -> None:
        if not request.url.startswith((self.site.url, "data:")):
            self.complaints.append(f"request to another host: {request.url}")

    def open(self, path: str) -> "Visitor":
        self.page.goto(self.site.url + path)
        return self

    def press(self, what: Locator) -> "Visitor":
        """Click what leads to another page, and wait for it."""
        with self.page.expect_navigation():
            what.click()
        return self

    def submit(self) -> "Visitor":
        """Press the last button of the page's own form."""
        return self.press(self.page.locator("main form button[type=submit]:visible").last)

    def look(self, name: str, *, axe: bool = True) -> None:
        """Take a picture; nothing may scroll sideways, and axe finds nothing, where it is asked."""
        OUTPUT.mkdir(exist_ok=True)
        self.page.screenshot(path=OUTPUT / f"{name}.png", full_page=True)
        assert self.complaints == [], f"{name}: {self.complaints}"
        if self.javascript:
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name} scrolls sideways by {wide} px"
        if self.javascript and axe:
            found = Axe().run(self.page, options={"runOnly": RULES, "resultTypes": ["violations"]})
            assert found.violations_count == 0, f"{name}: {found.generate_report()}"

    def sign_in(self, who: str) -> "Visitor":
        """With e-mail, password and the code of an authenticator app; later visits keep that session.

        A code counts once, and the next one comes after half a minute.
        """
        if who in self.site.sessions:
            self.context.add_cookies(self.site.sessions[who])
            return self.open("/")
        person = self.site.people[who]
        self.open("/aanmelden/")
        self.page.fill("input[name=login]", person["email"])
        self.page.fill("input[name=password]", person["password"])
        self.press(self.page.locator("main form:has(input[name=password]) button[type=submit]:visible").last)
        if self.page.locator("input[name=code]").count():
            self.page.fill("input[name=code]", code_of(person["secret"], self.site.now()))
            self.press(self.page.locator("main form:has(input[name=code]) button[type=submit]:visible").first)
        self.site.sessions[who] = self.context.cookies()
        return self

    def tell(self) -> None:
        """After a failure: what stood on the screen, and what web wrote last."""
        shown = self.page.locator("body").inner_text()[:3000]
        sys.stderr.write(f"--- {self.page.url}\n{shown}\n{self.complaints}\n{self.site.log('web')}\n")

    def close(self) -> None:
        self.context.close()


def code_of(secret: str, now: dt.datetime) -> str:
    """The six digits an authenticator app shows at a moment."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(now.timestamp()) // 30))


def slug(text: str) -> str:
    return re.sub(r"\W+", "-", text.lower()).strip("-")


@pytest.fixture
def visit(request, browser, site):
    """``visit("coach", width=360)``: a new browser with this person signed in; ``visit(None)`` for a stranger."""
    opened: list[Visitor] = []

    def begin(who: str | None = None, **how) -> Visitor:
        visitor = Visitor(browser, site, **how)
        opened.append(visitor)
        return visitor.sign_in(who) if who else visitor

    yield begin
    for visitor in opened:
        if request.node.stash.get(FAILED, False):
            visitor.tell()
        visitor.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed
    return report
