"""SQL per request: sign-in state, region and access log included; BEGIN, COMMIT and savepoints not."""

from collections.abc import Iterable

from bench.limits import Row
from bench.rows.people import bare_of
from bench.rows.refer import POSTS


def measure(bench) -> Iterable[Row]:
    for page in (*bench.cast.pages(), *bench.cast.figures()):
        _bare, sql = bare_of(bench.large, bench.handler, page)
        yield Row(f"SQL of the {page.name}", page.sql, len(sql), unit="statements")
    for post in POSTS:
        _answer, sql = post.once(bench)
        yield Row(f"SQL of {post.name} (POST)", post.sql, len(sql), unit="statements")
