"""The records of what happened: an event for each step, and who saw and changed what."""

import datetime as dt
from collections.abc import Iterable

from referrals.models import Referral
from wor.accounts.models import Membership
from wor.audit.models import AccessLogEntry, Event
from wor.demo.life import Life, Step

ADDRESS = "192.0.2.10"  # a block that is kept free for examples
CREATED = (".sent", ".created", ".logged", ".written")


def events(lives: Iterable[Life]) -> list[Event]:
    """In the order in which they happened. The referrals are saved: events carry their ids."""
    found = [_event(life, step) for life in lives for step in life.steps]
    return sorted(found, key=lambda each: each.at)


def _event(life: Life, step: Step) -> Event:
    return Event(
        region=life.region,
        at=step.at,
        name=step.name,
        subject_type=step.subject._meta.model_name,
        subject_ref=step.subject.reference,
        referral_id=life.referral.pk,
        actor_membership_id=step.by.pk if step.by else None,
        actor_label=step.by.role_label if step.by else "",
        data=step.data,
        created_at=step.at,
    )


def log(lives: Iterable[Life]) -> list[AccessLogEntry]:
    """Every change, and that the case was read just before. In the order in which it happened."""
    found: list[AccessLogEntry] = []
    for life in lives:
        for step in life.steps:
            if step.by is None:
                continue
            action = "C" if step.name.endswith(CREATED) else "U"
            if step.name != "referral.sent":
                found.append(_entry(life, step.by, step.at - dt.timedelta(minutes=2), "read", "R", life.referral))
            entry = _entry(life, step.by, step.at, "change", action, step.subject)
            entry.purpose = step.name
            found.append(entry)
    return sorted(found, key=lambda each: each.at)


def _entry(life: Life, by: Membership, at: dt.datetime, kind: str, action: str, target) -> AccessLogEntry:
    referral: Referral = life.referral
    return AccessLogEntry(
        region=life.region,
        at=at,
        kind=kind,
        action=action,
        user_id=by.user_id,
        membership_id=by.pk,
        actor_name=by.display_name,
        role=by.role,
        organisation_id=by.organisation_id,
        organisation_name=by.organisation.name,
        on_behalf_of=referral.on_behalf_of_id,
        ip=ADDRESS,
        client_ref=referral.client.reference,
        object_type=target._meta.model_name,
        object_ref=target.reference,
        relation="practice" if by.organisation_id == referral.practice_id else "welfare",
        created_at=at,
    )
