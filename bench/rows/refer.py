"""Sending a referral and logging a contact, beside a bare view that makes as many statements of the same kinds.

The bare view writes copies of the very rows that the product wrote, in one transaction, after as many look-ups; it
reads no form, decides nothing and draws nothing. Like the product it answers only after the commit.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from bench import floor
from bench.clock import medians
from bench.limits import Row, ratio
from bench.stage import Answer, Visitor, call, counted, fresh_key

BESIDE_FLOOR = 2.3


@dataclass(frozen=True)
class Post:
    """A form that is sent. ``limit`` beside its floor; None where platform.md sets none."""

    name: str
    sql: int
    limit: float | None
    who: Callable[..., Visitor]
    path: Callable[..., str]
    typed: Callable[..., dict[str, str]]

    def send(self, bench, visitor: Visitor, typed: dict) -> Answer:
        with bench.large.open():
            answer = call(bench.handler, visitor, self.path(bench), typed)
        if not answer.status.startswith("303") and not answer.status.startswith("302"):
            raise RuntimeError(f"{self.name}: {self.path(bench)} answers {answer.status}")
        return answer

    def once(self, bench) -> tuple[Answer, list[str]]:
        visitor = self.who(bench)
        typed = self.typed(bench, visitor)
        with bench.large.statements() as captured:
            answer = self.send(bench, visitor, typed)
        return answer, counted(captured)


def measure(bench) -> Iterable[Row]:
    for post in POSTS:
        if post.limit is None:
            continue
        what = f"{post.name.capitalize()} (POST) beside its floor"
        _answer, sql = post.once(bench)
        visitor = post.who(bench)
        path = f"/vloer/{bare_of(bench, sql, visitor)}/"

        def of_floor(visitor=visitor, path=path) -> float:
            with bench.large.open():
                answer = call(bench.floor, visitor, path, visitor.form())
            if not answer.ok:
                raise RuntimeError(f"{path} answers {answer.status}")
            return answer.seconds

        taken = medians({
            "post": lambda post=post, visitor=visitor: post.send(bench, visitor, post.typed(bench, visitor)).seconds,
            "floor": of_floor,
        }, bench.rounds)  # fmt: skip
        yield ratio(what, post.limit, taken["post"], taken["floor"], f"{len(sql)} statements")


def bare_of(bench, sql: list[str], visitor: Visitor) -> str:
    """The floor page with the same statements: inserts copied row by row, updates of one row, the rest look-ups."""
    models = {model._meta.db_table: model for model in apps.get_models()}
    made: list[Model] = []
    changed: list[Model] = []
    with bench.large.in_region(visitor.membership.region_id):
        for statement in sql:
            table = re.match(r'(INSERT INTO|UPDATE) "(\w+)"', statement)
            if table is None or table[2] == "django_session":
                continue
            row = models[table[2]].objects.order_by("-pk").first()
            if table[1] == "UPDATE":
                changed.append(row)
            else:
                made.append(row)
    key = f"post-{len(floor.PAGES)}"
    region_id = visitor.membership.region_id
    floor.PAGES[key] = floor.Bare(region_id, len(sql), (), made, changed)
    return key


def typed_referral(bench, visitor: Visitor) -> dict[str, str]:
    """What a GP types about somebody new; each time a client of their own."""
    cell, welfare = choices(bench, bench.cast.practice)
    return referral_form(visitor, cell, welfare)


def choices(bench, practice: int) -> tuple[str, str]:
    """References of a target cell and of the organisation that serves a practice."""
    [(cell, welfare)] = bench.large.as_owner(
        "SELECT c.reference, w.reference FROM activities_targetcell c, tenancy_servedarea s"
        " JOIN tenancy_organisation w ON w.id = s.welfare_organisation_id WHERE s.practice_id = %s"
        " AND c.region_id = s.region_id ORDER BY c.position, c.id LIMIT 1",
        [practice],
    )
    return str(cell), str(welfare)


def referral_form(visitor: Visitor, cell: str, welfare: str) -> dict[str, str]:
    key = fresh_key()
    return visitor.form(
        key=key, consent_for=welfare, given_name="Toos", family_name=f"Bench {letters(key)}", birth_date="12-3-1956",
        phone="06 1234 5678", postcode="4001 SA", reach_via="phone", language="Nederlands", feedback_level="all",
        target_cell=cell, help_request="Wil weer onder de mensen komen.", consent="on", consent_how="spoken",
        given_by_kind="patient", given_on=f"{timezone.localdate():%d-%m-%Y}",
    )  # fmt: skip


def letters(key: str) -> str:
    """A key without digits: a family name with a number in it could be a BSN."""
    return key.translate(str.maketrans("0123456789-", "ghijklmnopq"))


def contact_form(visitor: Visitor) -> dict[str, str]:
    return visitor.form(
        key=fresh_key(), kind="talk", way="phone", result="spoken", line="Gaat donderdag mee naar de soep.",
        held_on=f"{timezone.localdate():%d-%m-%Y}",
    )  # fmt: skip


POSTS = (
    Post(
        "refer",
        20,
        BESIDE_FLOOR,
        lambda bench: bench.large.sign_in(bench.cast.gp),
        lambda bench: "/verwijzingen/nieuw/",
        typed_referral,
    ),
    Post(
        "log a contact",
        18,
        None,
        lambda bench: bench.large.sign_in(bench.cast.coach),
        lambda bench: f"/werkvoorraad/{bench.cast.busy_case[1]}/contact/",
        lambda bench, visitor: contact_form(visitor),
    ),
)
