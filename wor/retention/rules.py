"""What ends, and how. Each app registers the rules for its own rows; the keeper runs them all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connections
from django.utils.translation import gettext_lazy as _

from wor.audit import sealing
from wor.retention.rows import emptied, personal_fields
from wor.retention.terms import SIGN_IN_MONTHS, ends_before, months_before
from wor.tenancy.models import Region

KEEPER = "keeper"
# A turn is one transaction: short enough that nobody waits for it.
ROWS_PER_TURN = 5_000


@dataclass
class Turn:
    """What one transaction ended. ``erased`` goes on the list that is replayed after a restore."""

    count: int = 0
    is_last: bool = True
    erased: dict[str, list] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """One kind of data. ``count`` says how much has to go, ``turn`` ends a part of it."""

    code: str
    label: Any
    count: Callable[[Region | None, dt.datetime, str], int]
    turn: Callable[[Region | None, dt.datetime, str], Turn]
    of_region: bool = True


_rules: dict[str, Rule] = {}


def register(rule: Rule) -> None:
    _rules[rule.code] = rule


def rules(*, of_region: bool) -> list[Rule]:
    """Of one region, or of the whole installation."""
    return [each for each in _rules.values() if each.of_region is of_region]


def rule(code: str) -> Rule:
    return _rules[code]


def label_of(code: str) -> str:
    """What a count of a run is about, in words."""
    return str(_rules[code].label) if code in _rules else code


Where = Callable[[Region | None, dt.datetime], tuple[str, list]]


def deleting(code: str, label: Any, table: str, where: Where, *, of_region: bool = True, key: str = "id") -> None:
    """Register a rule that simply deletes rows."""

    def count(region: Region | None, now: dt.datetime, using: str) -> int:
        condition, values = where(region, now)
        return int(ask(using, f'SELECT count(*) FROM "{table}" WHERE {condition}', values)[0][0])  # noqa: S608

    def turn(region: Region | None, now: dt.datetime, using: str) -> Turn:
        condition, values = where(region, now)
        gone = run(
            using,
            f'DELETE FROM "{table}" WHERE {key} IN'  # noqa: S608
            f' (SELECT {key} FROM "{table}" WHERE {condition} LIMIT {ROWS_PER_TURN})',
            values,
        )
        return Turn(count=gone, is_last=gone < ROWS_PER_TURN)

    register(Rule(code, label, count, turn, of_region))


def ask(using: str, sql: str, values: Iterable = ()) -> list[tuple]:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, list(values))
        return cursor.fetchall()


def run(using: str, sql: str, values: Iterable = ()) -> int:
    """Run one statement; how many rows it touched."""
    with connections[using].cursor() as cursor:
        cursor.execute(sql, list(values))
        return cursor.rowcount


# --- What wor itself keeps -------------------------------------------------------------------------------------------


def lasting(name: str, condition: str) -> Where:
    """Rows of a region that are past a term: ``condition`` has one place for the moment."""

    def where(region: Region | None, now: dt.datetime) -> tuple[str, list]:
        assert region is not None
        return f"region_id = %s AND {condition}", [region.pk, ends_before(region, name, now)]

    return where


deleting("effects", _("Verstuurde e-mails"), "outbox_effect", lasting("outbox", "coalesce(done_at, failed_at) < %s"))
deleting("notices", _("Gelezen berichten"), "outbox_notice", lasting("outbox", "read_at < %s"))
deleting(
    "invitations",
    _("Gebruikte en verlopen uitnodigingen"),
    "accounts_invitation",
    lasting("outbox", "coalesce(accepted_at, revoked_at, expires_at) < %s"),
)
# What belongs to a case goes with the case: its timeline is needed for as long as it is open.
deleting("events", _("Gebeurtenissen in de regio"), "audit_event", lasting("log", "referral_id IS NULL AND at < %s"))
deleting("erasures", _("Lijst van wat gewist is"), "retention_erasure", lasting("log", "at < %s"))
deleting("runs", _("Verslag van het wissen"), "retention_retentionrun", lasting("log", "created_at < %s"))


def _count_log(region: Region | None, now: dt.datetime, using: str) -> int:
    assert region is not None
    return sealing.count_old(region.pk, ends_before(region, "log", now), using=using)


def _turn_log(region: Region | None, now: dt.datetime, using: str) -> Turn:
    assert region is not None
    gone = sealing.delete_old(region.pk, ends_before(region, "log", now), limit=ROWS_PER_TURN, using=using)
    return Turn(count=gone, is_last=gone == 0)


register(Rule("log", _("Regels van het logboek"), _count_log, _turn_log))


# --- Remarks that should name nobody, and may ------------------------------------------------------------------------


def _remarks(region: Region | None, now: dt.datetime) -> list[tuple[Any, str, list]]:
    """Models whose words are kept as long as those of a case, and which of their rows are due."""
    assert region is not None
    found = []
    for model in apps.get_models():
        if getattr(model, "kept", "") == "remark":
            filled = " OR ".join(f"\"{each.column}\" <> ''" for each in personal_fields(model, words_only=True))
            condition = f"region_id = %s AND created_at < %s AND ({filled})"
            found.append((model, condition, [region.pk, ends_before(region, "case_text", now)]))
    return found


def _count_remarks(region: Region | None, now: dt.datetime, using: str) -> int:
    return sum(
        ask(using, f'SELECT count(*) FROM "{model._meta.db_table}" WHERE {condition}', values)[0][0]  # noqa: S608
        for model, condition, values in _remarks(region, now)
    )


def _turn_remarks(region: Region | None, now: dt.datetime, using: str) -> Turn:
    """Remarks are few: one statement a table."""
    count = 0
    for model, condition, values in _remarks(region, now):
        changes = ", ".join(map(emptied, personal_fields(model, words_only=True)))
        count += run(using, f'UPDATE "{model._meta.db_table}" SET {changes} WHERE {condition}', values)  # noqa: S608
    return Turn(count=count)


register(Rule("remarks", _("Opmerkingen in vrije tekst"), _count_remarks, _turn_remarks))


# --- What belongs to no region ---------------------------------------------------------------------------------------

deleting(
    "sign_ins",
    _("Aanmeldpogingen"),
    "audit_signinevent",
    lambda region, now: ("at < %s", [months_before(now, SIGN_IN_MONTHS)]),
    of_region=False,
)
deleting(
    "session_list",
    _("Lijst van verlopen sessies"),
    "usersessions_usersession",
    lambda region, now: (
        "NOT EXISTS (SELECT FROM django_session s WHERE s.session_key = usersessions_usersession.session_key"
        " AND s.expire_date >= %s)",
        [now],
    ),
    of_region=False,
)
deleting(
    "sessions",
    _("Verlopen sessies"),
    "django_session",
    lambda region, now: ("expire_date < %s", [now]),
    of_region=False,
    key="session_key",
)
deleting(
    "general_effects",
    _("Verstuurde e-mails over accounts"),
    "outbox_effect",
    lambda region, now: ("region_id IS NULL AND coalesce(done_at, failed_at) < %s", [now - dt.timedelta(days=90)]),
    of_region=False,
)
