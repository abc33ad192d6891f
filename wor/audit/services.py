"""Writing down what happened and who saw it, in the transaction of the deed itself."""

from __future__ import annotations

import contextvars
import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from wor.audit.models import AccessLogEntry, Event

Kind, Action = AccessLogEntry.Kind, AccessLogEntry.Action


@dataclass
class Access:
    """One request (or one run of a task): who, from where, and the log rows it will write when it ends."""

    ip: str | None = None
    request_id: str = ""
    membership: Any = None
    entries: list[AccessLogEntry] = field(default_factory=list)


_access: contextvars.ContextVar[Access | None] = contextvars.ContextVar("access", default=None)


@contextmanager
def access(**who) -> Iterator[Access]:
    """Collect log rows for the length of a request; ``flush`` writes them in one statement before the commit."""
    token = _access.set(Access(**who))
    try:
        yield _access.get()  # type: ignore[misc]
    finally:
        _access.reset(token)


def flush() -> None:
    """Write the collected rows. Called inside the transaction: when they cannot be written, the deed fails too."""
    current = _access.get()
    if current and current.entries:
        entries, current.entries = current.entries, []
        AccessLogEntry.objects.bulk_create(entries)


def record(name: str, target, *, by=None, at: dt.datetime | None = None, referral=None, **data) -> Event:
    """Write that something happened to ``target``: an event for the timeline and a row in the access log.

    ``name`` is ``noun.past``; ``data`` holds codes and numbers, never a name or text. ``by`` is a Membership, or
    None for the system and for a client's own link.
    """
    if referral is None and target._meta.model_name == "referral":
        referral = target
    event = Event.objects.create(
        region_id=target.region_id,
        at=at or timezone.now(),
        name=name,
        subject_type=target._meta.model_name,
        subject_ref=target.reference,
        referral_id=referral.pk if referral is not None else None,
        actor_membership_id=by.pk if by else None,
        actor_label=by.role_code if by else "",
        data=data,
    )
    action = Action.CREATE if name.endswith((".sent", ".created", ".logged", ".invited", ".written")) else Action.UPDATE
    log(Kind.CHANGE, target, by=by, action=action, referral=referral, purpose=name)
    return event


def log(
    kind: str,
    target=None,
    *,
    by=None,
    action: str = Action.READ,
    referral=None,
    clients: Iterable[uuid.UUID] | None = None,
    count: int | None = None,
    filter_codes: str = "",
    outcome: str = "ok",
    purpose: str = "",
    object_type: str = "",
) -> None:
    """Add one row to the access log: ``by`` saw or changed ``target``, or listed ``clients``. No content."""
    current = _access.get()
    by = by or (current.membership if current else None)
    refs = list(clients) if clients is not None else None
    entry = AccessLogEntry(
        region_id=target.region_id if target is not None else by.region_id,
        at=timezone.now(),
        action=action,
        kind=kind,
        outcome=outcome,
        user_id=by.user_id if by else None,
        membership_id=by.pk if by else None,
        actor_name=by.display_name if by else "",
        role=by.role if by else "",
        organisation_id=by.organisation_id if by else None,
        organisation_name=by.organisation.name if by else "",
        on_behalf_of=getattr(referral, "on_behalf_of_id", None),
        ip=current.ip if current else None,
        request_id=current.request_id if current else "",
        purpose=purpose,
        client_ref=_client_ref(target, referral),
        client_refs=refs,
        row_count=count if count is not None else (len(refs) if refs is not None else None),
        object_type=object_type or (target._meta.model_name if target is not None else ""),
        object_ref=target.reference if target is not None else None,
        relation=_relation(by, referral),
        filter=filter_codes[:200],
    )
    if current is None:
        entry.save(force_insert=True)
    elif not _already_there(current.entries, entry):
        current.entries.append(entry)


def _already_there(entries: list[AccessLogEntry], new: AccessLogEntry) -> bool:
    """One row per request and object: a page that reads a case in three places saw it once."""
    return any(
        (old.kind, old.object_type, old.object_ref, old.purpose)
        == (new.kind, new.object_type, new.object_ref, new.purpose)
        and new.object_ref is not None
        for old in entries
    )


def _client_ref(target, referral) -> uuid.UUID | None:
    for holder in (target, referral):
        reference = getattr(holder, "audit_client_ref", None)
        if reference is not None:
            return reference
    return None


def _relation(by, referral) -> str:
    if by is None or referral is None:
        return ""
    if referral.practice_id == by.organisation_id:
        return "practice"
    return "welfare" if referral.welfare_organisation_id == by.organisation_id else ""
