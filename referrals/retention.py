"""What ends of a case: first its words, later all that leads to a person. The coarse row stays, for the figures.

Runs over every model that belongs to a case (``kept = "case"``), those of the apps above included: each has a
``referral``, its ``personal`` fields, and perhaps a history.
"""

from __future__ import annotations

import datetime as dt
import functools
import uuid

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.models import Client, Consent, Referral, Status
from wor.retention.models import Erasure
from wor.retention.rows import emptied, history_table, personal_fields
from wor.retention.rules import ROWS_PER_TURN, Rule, Turn, ask, deleting, register, run
from wor.retention.services import erases
from wor.retention.terms import ends_before
from wor.tenancy.models import Region

# A case has about ten rows: this many cases make a turn.
CASES_PER_TURN = ROWS_PER_TURN // 10
GUIDED = (Status.COMPLETED, Status.STOPPED)
NEVER_STARTED = (Status.WITHDRAWN, Status.DECLINED, Status.NOT_STARTED, Status.ENTERED_IN_ERROR)
# Of these the row stays, without anything personal: how many talks, which theme and activity, handed over to whom.
# All other rows of a case go.
COUNTED = {"referrals.transfer", "coaches.contact", "coaches.intake", "coaches.placement"}
# What names a case or client by reference, and ends with it.
NAMING = ("outbox_notice", "outbox_reminder", "audit_event")


# --- Which rows ------------------------------------------------------------------------------------------------------


@functools.cache
def parts() -> list[type[models.Model]]:
    """Every model whose rows belong to one referral, those that refer to others first."""
    found = [
        model
        for model in apps.get_models()
        if getattr(model, "kept", "") == "case"
        and any(field.name == "referral" and field.remote_field.model is Referral for field in _references(model))
    ]
    return sorted(found, key=lambda model: _depth(model, found), reverse=True)


def _references(model) -> list:
    return [field for field in model._meta.local_fields if field.remote_field]


def _depth(model, among) -> int:
    """How many rows have to be there before this one can be."""
    inner = [f.remote_field.model for f in _references(model) if f.remote_field.model in among]
    return 1 + max((_depth(each, among) for each in inner if each is not model), default=0)


# --- The words, a year after closing ---------------------------------------------------------------------------------

ENDED_WORDS = "text_erased_at IS NULL AND status = ANY(%s) AND closed_at < %s"
ENDED_CASE = "erased_at IS NULL AND ((status = ANY(%s) AND closed_at < %s) OR (status = ANY(%s) AND closed_at < %s))"


def _words_due(region: Region, now: dt.datetime) -> list:
    return [list(GUIDED), ends_before(region, "case_text", now)]


def _case_due(region: Region, now: dt.datetime) -> list:
    never = [list(NEVER_STARTED), ends_before(region, "not_started", now)]
    return [list(GUIDED), ends_before(region, "case", now), *never]


def _pick(using: str, condition: str, values: list) -> list[tuple[int, uuid.UUID]]:
    """Cases of the open region to end now. One that somebody reopens at this moment is left alone."""
    return ask(
        using,
        f"SELECT id, reference FROM referrals_referral WHERE {condition}"  # noqa: S608
        f" ORDER BY id LIMIT {CASES_PER_TURN} FOR UPDATE SKIP LOCKED",
        values,
    )


def erase_words(ids: list[int], using: str) -> None:
    """Empty what was typed in these cases, with its old values."""
    for model in parts():
        if model is not Consent:  # who agreed for somebody else is evidence until the case ends
            _empty(model, "referral_id", ids, using, words_only=True)
            _forget(model, "referral_id", ids, using)
    _empty(Referral, "id", ids, using, words_only=True)
    _forget(Referral, "id", ids, using)
    run(using, "UPDATE referrals_referral SET text_erased_at = %s WHERE id = ANY(%s)", [timezone.now(), ids])


def _empty(model, key: str, ids: list[int], using: str, *, words_only: bool) -> None:
    changes = ", ".join(map(emptied, personal_fields(model, words_only=words_only)))
    if changes:
        run(using, f'UPDATE "{model._meta.db_table}" SET {changes} WHERE "{key}" = ANY(%s)', [ids])  # noqa: S608


def _forget(model, key: str, ids: list[int], using: str) -> None:
    if table := history_table(model):
        run(using, f'DELETE FROM "{table}" WHERE "{key}" = ANY(%s)', [ids])  # noqa: S608


# --- The case and the client -----------------------------------------------------------------------------------------


def erase_cases(ids: list[int], using: str) -> list[uuid.UUID]:
    """Take away all that belongs to these cases but what figures count; the references of clients erased with them."""
    erase_words(ids, using)
    for model in parts():
        table = model._meta.db_table
        _forget(model, "referral_id", ids, using)
        if model._meta.label_lower in COUNTED:
            _empty(model, "referral_id", ids, using, words_only=False)
        else:
            run(using, f'DELETE FROM "{table}" WHERE referral_id = ANY(%s)', [ids])  # noqa: S608
    run(using, "DELETE FROM referrals_clientlink WHERE referral_id = ANY(%s)", [ids])
    run(using, "DELETE FROM audit_event WHERE referral_id = ANY(%s)", [ids])
    _unname("referrals_referral", ids, using)
    run(using, "UPDATE referrals_referral SET erased_at = %s WHERE id = ANY(%s)", [timezone.now(), ids])
    clients = ask(
        using,
        "SELECT c.id FROM referrals_client c WHERE c.erased_at IS NULL"
        " AND c.id IN (SELECT client_id FROM referrals_referral WHERE id = ANY(%s)) AND NOT EXISTS"
        " (SELECT FROM referrals_referral r WHERE r.client_id = c.id AND r.erased_at IS NULL) FOR UPDATE",
        [ids],
    )
    return erase_clients([pk for (pk,) in clients], using)


def _unname(table: str, ids: list[int], using: str) -> None:
    for naming in NAMING:
        run(
            using,
            f"DELETE FROM {naming} WHERE subject_ref IN (SELECT reference FROM {table} WHERE id = ANY(%s))",  # noqa: S608
            [ids],
        )


def erase_clients(ids: list[int], using: str) -> list[uuid.UUID]:
    """Empty the rows of people who have no case any more."""
    if not ids:
        return []
    run(using, "DELETE FROM referrals_consent WHERE client_id = ANY(%s)", [ids])
    run(using, "DELETE FROM referrals_consentevent WHERE client_id = ANY(%s)", [ids])
    run(using, "DELETE FROM referrals_clientlink WHERE client_id = ANY(%s)", [ids])
    _unname("referrals_client", ids, using)
    changes = ", ".join(map(emptied, personal_fields(Client, words_only=False)))
    rows = ask(
        using,
        f"UPDATE referrals_client SET {changes}, sex = '', deceased_at = NULL, deceased_by_id = NULL,"  # noqa: S608
        " may_voicemail = false, may_text = false, may_email = false, may_post = false, needs_interpreter = false,"
        " erased_at = %s WHERE id = ANY(%s) RETURNING reference",
        [timezone.now(), ids],
    )
    _forget(Client, "id", ids, using)
    return [reference for (reference,) in rows]


# --- The rules -------------------------------------------------------------------------------------------------------


def _count_words(region: Region | None, now: dt.datetime, using: str) -> int:
    assert region is not None
    condition = f"region_id = {region.pk:d} AND {ENDED_WORDS}"
    return ask(using, f"SELECT count(*) FROM referrals_referral WHERE {condition}", _words_due(region, now))[0][0]  # noqa: S608


def _turn_words(region: Region | None, now: dt.datetime, using: str) -> Turn:
    assert region is not None
    return _end_words(_pick(using, ENDED_WORDS, _words_due(region, now)), using)


def _end_words(rows: list[tuple[int, uuid.UUID]], using: str) -> Turn:
    erase_words([pk for pk, _reference in rows], using)
    erased = {Erasure.Kind.TEXT.value: [reference for _pk, reference in rows]}
    return Turn(count=len(rows), is_last=len(rows) < CASES_PER_TURN, erased=erased)


def _count_cases(region: Region | None, now: dt.datetime, using: str) -> int:
    assert region is not None
    condition = f"region_id = {region.pk:d} AND {ENDED_CASE}"
    return ask(using, f"SELECT count(*) FROM referrals_referral WHERE {condition}", _case_due(region, now))[0][0]  # noqa: S608


def _turn_cases(region: Region | None, now: dt.datetime, using: str) -> Turn:
    assert region is not None
    return _end_cases(_pick(using, ENDED_CASE, _case_due(region, now)), using)


def _end_cases(rows: list[tuple[int, uuid.UUID]], using: str) -> Turn:
    clients = erase_cases([pk for pk, _reference in rows], using)
    erased = {
        Erasure.Kind.CASE.value: [reference for _pk, reference in rows],
        Erasure.Kind.CLIENT.value: clients,
    }
    return Turn(count=len(rows), is_last=len(rows) < CASES_PER_TURN, erased=erased)


register(Rule("cases", _("Verwijzingen en begeleidingen, op de telling na"), _count_cases, _turn_cases))
register(Rule("words", _("Vrije tekst van begeleidingen"), _count_words, _turn_words))
deleting(
    "client_links",
    _("Eigen pagina's van cliënten"),
    "referrals_clientlink",
    lambda region, now: (
        "region_id = %s AND CASE WHEN referral_id IS NULL THEN expires_at < %s ELSE EXISTS (SELECT FROM"
        " referrals_referral r WHERE r.id = referrals_clientlink.referral_id AND r.closed_at < %s) END",
        [region.pk, *[ends_before(region, "client_link", now)] * 2] if region else [],
    ),
)
deleting(
    "drafts",
    _("Concepten"),
    "referrals_referraldraft",
    lambda region, now: (
        "region_id = %s AND changed_at < %s",
        [region.pk, now - dt.timedelta(days=region.setting("draft_days"))] if region else [],
    ),
)


# --- By reference: after a restore -----------------------------------------------------------------------------------


def _rows_of(references: list[uuid.UUID], using: str, condition: str) -> list[tuple[int, uuid.UUID]]:
    return ask(
        using,
        f"SELECT id, reference FROM referrals_referral WHERE reference = ANY(%s::uuid[]) AND {condition} FOR UPDATE",  # noqa: S608
        [list(map(str, references))],
    )


def _replay_clients(region: Region, references: list[uuid.UUID], using: str) -> Turn:
    """Last of all: a client whose cases were erased is erased by then; one who asked for it is not."""
    rows = ask(
        using,
        "SELECT id FROM referrals_client WHERE reference = ANY(%s::uuid[]) AND erased_at IS NULL AND NOT EXISTS"
        " (SELECT FROM referrals_referral r WHERE r.client_id = referrals_client.id AND r.erased_at IS NULL)",
        [list(map(str, references))],
    )
    clients = erase_clients([pk for (pk,) in rows], using)
    return Turn(count=len(clients), erased={Erasure.Kind.CLIENT.value: clients})


erases(
    Erasure.Kind.TEXT, lambda region, refs, using: _end_words(_rows_of(refs, using, "text_erased_at IS NULL"), using)
)
erases(Erasure.Kind.CASE, lambda region, refs, using: _end_cases(_rows_of(refs, using, "erased_at IS NULL"), using))
erases(Erasure.Kind.CLIENT, _replay_clients)
