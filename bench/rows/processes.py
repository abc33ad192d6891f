"""The real processes: weight of pages over HTTP, memory, and mixed use by several people at once."""

import gzip
import http.client
import os
import random
import re
import socket
import statistics
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

from bench.limits import Row
from bench.plan import COACHES_PER_PRACTICE
from bench.rows.refer import choices, contact_form, referral_form
from bench.stage import Visitor
from deploy import processes
from deploy.local import environment
from deploy.local.children import Child, group, stop_all
from deploy.local.places import private, state
from deploy.local.say import Problem

HOST = "127.0.0.1"
CLIENTS = 8
# What a page of ours names besides itself; a link to follow is no request.
ASSETS = re.compile(r'<(?:link|script|img|use)\b[^>]*?(?:href|src)="([^"#]+)')
INSIDE_JS = re.compile(r'(?:from|import)\s*"(\.[^"]+)"')


def measure(bench) -> Iterable[Row]:
    with running(bench) as site:
        yield from weight(bench, site)
        yield from mixed(bench, site)


@dataclass
class Site:
    port: int
    children: dict[str, Child]

    def ask(self, path: str, visitor: Visitor | None = None, form: dict | None = None) -> tuple[int, bytes, float]:
        """Status, body as it came over the line, seconds."""
        body = urlencode(form) if form is not None else None
        headers = {"Accept": "text/html", "Accept-Encoding": "gzip", "Cookie": visitor.cookies if visitor else ""}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        began = time.perf_counter()
        try:
            connection.request("POST" if body is not None else "GET", path, body, headers)
            response = connection.getresponse()
            content = response.read()
            return response.status, content, time.perf_counter() - began
        finally:
            connection.close()

    def memory(self, name: str) -> float:
        """MB of a process and all below it; what they share is counted once."""
        return sum(shared_fairly(pid) for pid in group(self.children[name].process.pid)) / 1024


def shared_fairly(pid: int) -> int:
    """kB, proportional set size."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as lines:
            return next(int(each.split()[1]) for each in lines if each.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


@contextmanager
def running(bench) -> Iterator[Site]:
    """Web, worker and beat as ./run demo starts them, on the large database and a port of their own."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{bench.large.name}").geturl()
    env = environment.without_owner(dict(os.environ)) | {
        "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "wor.settings", "SITE_URL": f"http://{HOST}:{port}",
    }  # fmt: skip
    folder = state("bench")
    commands = {
        "web": [*processes.WEB, "--bind", f"{HOST}:{port}"],
        "worker": processes.WORKER,
        "beat": [*processes.BEAT, "--schedule", str(private(folder / "beat") / "schedule")],
    }
    children = {
        name: Child(name, [sys.executable, *argv[1:]], folder=folder, env=env) for name, argv in commands.items()
    }
    site = Site(port, children)
    try:
        for child in children.values():
            child.start()
        wait(site)
        yield site
    finally:
        stop_all(list(children.values()))


def wait(site: Site) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if site.ask("/readyz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise Problem("Web, worker en beat antwoorden na 60 seconden nog niet; zie .run/bench/log.")


# Weight


def weight(bench, site: Site) -> Iterable[Row]:
    status, page, _seconds = site.ask("/aanmelden/")
    weighed, elsewhere = with_all_it_names(site, "/aanmelden/", page)
    detail = f"sign-in page, status {status}"
    yield Row("Weight of the first page, compressed", 160, sum(weighed.values()) / 1000, "kB", detail)
    yield Row("Requests of the first page", 12, len(weighed), "requests")
    later = {each.name: len(site.ask(each.path, each.visitor)[1]) for each in bench.cast.pages()}
    heaviest = max(later, key=lambda name: later[name])
    yield Row("Weight of a later page, compressed", 40, later[heaviest] / 1000, "kB", f"the heaviest: {heaviest}")
    extra = requests_beyond(site, bench, weighed)
    yield Row("Requests of a later page", 5, 1 + len(extra), "requests", ", ".join(sorted(extra)))
    yield Row("Requests to another host", 0, len(elsewhere), "requests")


def with_all_it_names(site: Site, path: str, page: bytes) -> tuple[dict[str, int], set[str]]:
    """Bytes by address of a page with its styles, scripts, fonts and images; and what is asked of somebody else."""
    weighed, elsewhere, waiting = {path: len(page)}, set(), named(path, page, ASSETS)
    while waiting:
        address = waiting.pop()
        if urlsplit(address).netloc:
            elsewhere.add(address)
        elif address not in weighed and not address.startswith("data:"):
            _status, content, _seconds = site.ask(address)
            weighed[address] = len(content)
            # A style names more fonts than a page uses: what the page itself asks beforehand counts.
            if address.endswith(".js"):
                waiting |= named(address, content, INSIDE_JS)
    return weighed, elsewhere


def named(base: str, content: bytes, pattern: re.Pattern) -> set[str]:
    text = (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode()
    return {urljoin(base, each) for each in pattern.findall(text) if not each.startswith("data:")}


def requests_beyond(site: Site, bench, known: dict[str, int]) -> set[str]:
    """What the pages of a signed-in person ask once besides the page itself and what they have from the first."""
    found: dict[str, set[str]] = {}
    for each in bench.cast.pages():
        _status, page, _seconds = site.ask(each.path, each.visitor)
        found[each.name] = {name for name in named(each.path, page, ASSETS) if name not in known}
    return max(found.values(), key=len)


# Mixed use


@dataclass
class Person:
    """Somebody at work: opens pages and sends forms one after the other, by chance from a fixed seed."""

    visitor: Visitor
    deeds: list[tuple[int, str, object]]  # how often, path, what is sent
    chance: random.Random
    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def work(self, site: Site, until: float) -> None:
        weights = [deed[0] for deed in self.deeds]
        while time.monotonic() < until:
            _weight, path, typed = self.chance.choices(self.deeds, weights)[0]
            form = typed(self.visitor) if callable(typed) else None
            try:
                status, _body, seconds = site.ask(path, self.visitor, form)
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(f"{path}: {type(error).__name__}")
                continue
            self.seconds.append(seconds)
            if status >= 400:
                self.failed.append(f"{path}: {status}")


def mixed(bench, site: Site) -> Iterable[Row]:
    people = [person(bench, number) for number in range(CLIENTS)]
    until = time.monotonic() + bench.mixed_seconds
    threads = [threading.Thread(target=each.work, args=(site, until)) for each in people]
    for thread in threads:
        thread.start()
    memory, peak = [], 0.0
    while time.monotonic() < until:
        time.sleep(1)
        memory.append(site.memory("web"))
        peak = max(peak, memory[-1] + site.memory("worker") + site.memory("beat"))
    for thread in threads:
        thread.join()
    yield from told(people, memory, peak, bench.mixed_seconds)


def told(people: list[Person], memory: list[float], peak: float, seconds: int) -> Iterable[Row]:
    taken = sorted(each for person in people for each in person.seconds)
    failed = [each for person in people for each in person.failed]
    p50, p99 = statistics.median(taken), taken[int(len(taken) * 0.99)]
    quarter = max(1, len(memory) // 4)
    grown = statistics.median(memory[-quarter:]) / statistics.median(memory[quarter : 2 * quarter])
    detail = f"{len(taken)} requests by {CLIENTS} clients in {seconds} s, p50 {p50 * 1000:.0f} ms"
    yield Row("Mixed use, errors", 0, len(failed), "errors", "; ".join(failed[:3]) or detail)
    yield Row("Mixed use, p99 beside p50", 10, p99 / p50, detail=f"p99 {p99 * 1000:.0f} ms")
    yield Row(
        "Mixed use, memory of web at the end beside earlier", 1.1, grown, detail=f"{memory[-1]:.0f} MB at the end"
    )
    yield Row("Memory of web, worker and beat at most", 700, peak, "MB", "while used by 8 clients")


def person(bench, number: int) -> Person:
    """Every other one a coach, the rest GPs; each of a practice of their own."""
    chance = random.Random(number)
    practice = 1 + number % bench.large.plan.practices
    if number % 2:
        return gp(bench, 3 * practice - 2, practice, chance)
    plan = bench.large.plan
    coach = plan.practice_members + 1 + (number // 2) % (plan.slots * COACHES_PER_PRACTICE)
    return coach_of(bench, coach, chance)


def coach_of(bench, coach: int, chance: random.Random) -> Person:
    cases = bench.large.as_owner(
        "SELECT reference FROM referrals_referral WHERE coach_id = %s AND status = 'active' ORDER BY id LIMIT 20",
        [coach],
    )
    references = [row[0] for row in cases]
    deeds: list = [
        (30, "/werkvoorraad/", None),
        (5, "/werkvoorraad/?lijst=afgesloten", None),
        (10, "/berichten/", None),
    ]
    deeds += [(3, f"/werkvoorraad/{each}/", None) for each in references]
    deeds += [(1, f"/werkvoorraad/{each}/contact/", None) for each in references]
    deeds += [(1, f"/werkvoorraad/{each}/contact/", contact_form) for each in references]
    return Person(bench.large.sign_in(coach), deeds, chance)


def gp(bench, member: int, practice: int, chance: random.Random) -> Person:
    sent = bench.large.as_owner(
        "SELECT reference FROM referrals_referral WHERE practice_id = %s ORDER BY id DESC LIMIT 20", [practice]
    )
    visitor = bench.large.sign_in(member)
    cell, welfare = choices(bench, practice)
    deeds: list = [(30, "/verwijzingen/", None), (15, "/verwijzingen/nieuw/", None)]
    deeds += [(2, f"/verwijzingen/{row[0]}/", None) for row in sent]
    deeds.append((5, "/verwijzingen/nieuw/", lambda who: referral_form(who, cell, welfare)))
    deeds.append((5, "/verwijzingen/zoeken/", lambda who: who.form(name="Wilg")))
    return Person(visitor, deeds, chance)
