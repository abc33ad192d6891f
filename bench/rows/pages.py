"""Server time of pages: beside a bare view of the same rows, beside a small database, and deep in the list."""

import re
from collections.abc import Iterable
from html import unescape

from bench.clock import medians
from bench.limits import Row, not_measured, ratio
from bench.rows.people import Cast, Page, bare_of, opened
from bench.stage import Stage

BESIDE_FLOOR, BESIDE_SMALL, BESIDE_FIRST = 2.5, 1.3, 1.3
# Pages of a list that are walked to its end; what is longer than this is asked where a key says.
MOST_PAGES = 400


def measure(bench) -> Iterable[Row]:
    for page in Cast(bench.small).pages():
        bare, sql = bare_of(bench.small, bench.handler, page)
        taken = medians({
            "page": seconds(bench.small, bench.handler, page),
            "floor": seconds(bench.small, bench.floor, bare),
        }, bench.rounds)  # fmt: skip
        detail = f"{len(sql)} statements"
        yield ratio(f"{page.name.capitalize()} beside its floor", BESIDE_FLOOR, taken["page"], taken["floor"], detail)
    yield from beside_small(bench)
    yield from deep(bench)


def seconds(stage: Stage, handler, page: Page):
    deed = opened(stage, handler, page)
    return lambda: deed().seconds


def beside_small(bench) -> Iterable[Row]:
    if bench.large is bench.small:
        yield not_measured(
            "Pages beside themselves at 50,000", BESIDE_SMALL, "no larger database: ./run bench-data first"
        )
        return
    for here, there in zip(bench.cast.pages(), Cast(bench.small).pages(), strict=True):
        taken = medians({
            "large": seconds(bench.large, bench.handler, here),
            "small": seconds(bench.small, bench.handler, there),
        }, bench.rounds)  # fmt: skip
        yield ratio(f"{here.name.capitalize()} beside itself at 50,000", BESIDE_SMALL, taken["large"], taken["small"])


def deep(bench) -> Iterable[Row]:
    for page in bench.cast.lists():
        what = f"{page.name.capitalize()}, deepest page beside the first"
        last, walked = deepest(bench, page)
        if walked == 0:
            yield not_measured(what, BESIDE_FIRST, "the list has one page")
            continue
        taken = medians({
            "deep": seconds(bench.large, bench.handler, last),
            "first": seconds(bench.large, bench.handler, page),
        }, bench.rounds)  # fmt: skip
        yield ratio(what, BESIDE_FIRST, taken["deep"], taken["first"], f"page {walked + 1}")


def deepest(bench, page: Page) -> tuple[Page, int]:
    """The last page but one (the last may hold a few rows), and how many pages were turned to get there."""
    here, before, walked = page, page, 0
    while walked < MOST_PAGES and (path := following(opened(bench.large, bench.handler, here)().body, here.path)):
        before, here, walked = here, Page(page.name, path, page.visitor, page.sql), walked + 1
    return (here, walked) if walked == MOST_PAGES else (before, max(0, walked - 1))


def following(body: bytes, path: str) -> str | None:
    """Where *Volgende* leads."""
    for link in re.findall(r"<a [^>]*>", body.decode()):
        if 'rel="next"' in link and (found := re.search(r'href="([^"]+)"', link)):
            target = unescape(found[1])
            return target if target.startswith("/") else path.split("?")[0] + target
    return None
