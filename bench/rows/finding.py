"""Finding: people by the beginning of their name, and activities among 20,000, beside an index look-up page.

The bare page asks the rows that were found by one index look-up each, and makes as many statements (``floor.py``).
What was found on the sociale kaart is the answer with its numbers beside every filter, drawn as in use.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from activities.models import Activity
from bench import directory, floor
from bench.clock import medians
from bench.limits import Row, ratio
from bench.rows.people import top
from bench.stage import Answer, Visitor, call, counted
from referrals.models import Client
from wor.audit.models import AccessLogEntry

BESIDE_LOOKUP = 3


@dataclass(frozen=True)
class Search:
    """A page that finds. ``typed``: a form, for names never stand in an address."""

    name: str
    path: str
    visitor: Visitor
    shown: tuple[floor.Shown, ...]
    typed: dict[str, str] | None = None


def measure(bench) -> Iterable[Row]:
    directory.fill(bench.large, bench.cast.region)
    for search in searches(bench):
        asked = answering(bench, search)
        with bench.large.statements() as captured:
            asked()
        sql = counted(captured)
        bare = lookups(bench, search, sql)
        taken = medians({"search": lambda asked=asked: asked().seconds, "bare": bare}, bench.rounds)
        what = f"{search.name} beside an index look-up page"
        yield ratio(what, BESIDE_LOOKUP, taken["search"], taken["bare"], f"{len(sql)} statements")


def searches(bench) -> Iterable[Search]:
    cast = bench.cast
    coach, gp = bench.large.sign_in(cast.coach), bench.large.sign_in(cast.gp)
    [(name,)] = bench.large.as_owner("SELECT family_name FROM referrals_client WHERE id = %s", [cast.busy_case[2]])
    names = ("given_name", "prefix", "family_name")
    of_coach = Client.objects.filter(search_name__gte=name.lower()).order_by("search_name")
    of_practice = Client.objects.filter(practice=cast.practice).order_by("search_name")
    shown = ("title", "schedule", "town")
    entries = Activity.objects.filter(region_id=cast.region).select_related("provider").order_by("id")
    yield Search(
        "Search of people by a coach", "/werkvoorraad/", coach, (top(of_coach, *names),), coach.form(name=name)
    )
    yield Search(
        "Search of people by a practice", "/verwijzingen/zoeken/", gp, (top(of_practice, *names),), gp.form(name=name)
    )
    for what, query in (
        ("Search of 20,000 activities", "zoek=wandelen"),
        ("Search of 20,000 activities with filters", "zoek=koor&dag=2&taal=ar"),
        ("20,000 activities with nothing asked", ""),
    ):
        yield Search(what, f"/sociale-kaart/?{query}", coach, (top(entries, *shown),))


def answering(bench, search: Search) -> Callable[[], Answer]:
    """Asks; refuses to measure an error."""

    def deed() -> Answer:
        with bench.large.open():
            answer = call(bench.handler, search.visitor, search.path, search.typed)
        if answer.status[:3] != "200":
            raise RuntimeError(f"{search.path} answers {answer.status}")
        return answer

    return deed


def lookups(bench, search: Search, sql: list[str]) -> Callable[[], float]:
    logged = []
    region_id = search.visitor.membership.region_id
    with bench.large.in_region(region_id):
        if any('INSERT INTO "audit_accesslogentry"' in each for each in sql):
            logged = [AccessLogEntry.objects.order_by("-id").first()]
    key = f"search-{len(floor.PAGES)}"
    floor.PAGES[key] = floor.Bare(region_id, len(sql), search.shown, logged)

    def deed() -> float:
        with bench.large.open():
            return call(bench.floor, search.visitor, f"/vloer/{key}/").seconds

    return deed
