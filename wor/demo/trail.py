"""The records of what happened: an event for each step, and who saw and changed what.

These are most of the rows, so they are made as plain values for COPY and not as objects.
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterable
from functools import cache

from wor.accounts.models import Membership
from wor.demo.life import Life

ADDRESS = "192.0.2.10"  # a block that is kept free for examples
CREATED = (".sent", ".created", ".logged", ".written")
EVENT = (
    *("region_id", "reference", "created_at", "at", "name", "subject_type", "subject_ref", "referral_id"),
    *("actor_membership_id", "actor_label", "data"),
)
ENTRY = (
    *("region_id", "reference", "created_at", "at", "kind", "action", "outcome", "user_id", "membership_id"),
    *("actor_name", "role", "organisation_id", "organisation_name", "on_behalf_of", "ip", "purpose", "client_ref"),
    *("object_type", "object_ref", "relation", "consent_version", "filter", "request_id"),
)


def events(lives: Iterable[Life]) -> list[tuple]:
    """Rows of ``EVENT``, in the order in which they happened. The referrals are saved: events carry their ids."""
    rows, label = [], cache(lambda member: member.role_code)
    for life in lives:
        referral = life.referral
        for step in life.steps:
            kind, subject = step.subject._meta.model_name, step.subject.reference
            who = (step.by.pk, label(step.by)) if step.by else (None, "")
            moment = (referral.region_id, uuid.uuid4(), step.at, step.at)
            rows.append((*moment, step.name, kind, subject, referral.pk, *who, json.dumps(step.data)))
    return sorted(rows, key=lambda row: row[3])


def log(lives: Iterable[Life]) -> list[tuple]:
    """Rows of ``ENTRY``: every change, and that the case was read just before. In the order of time."""
    rows = []
    for life in lives:
        for step in life.steps:
            if step.by is None:
                continue
            if step.name != "referral.sent":
                rows.append(_entry(life, step.by, step.at - dt.timedelta(minutes=2), "read", life.referral))
            rows.append(_entry(life, step.by, step.at, "change", step.subject, step.name))
    return sorted(rows, key=lambda row: row[3])


def _entry(life: Life, by: Membership, at: dt.datetime, kind: str, target, purpose: str = "") -> tuple:
    referral = life.referral
    action = "R" if not purpose else "C" if purpose.endswith(CREATED) else "U"
    return (
        *(by.region_id, uuid.uuid4(), at, at, kind, action, "ok", by.user_id, by.pk),
        *(by.display_name, by.role, by.organisation_id, by.organisation.name, referral.on_behalf_of_id, ADDRESS),
        *(purpose, referral.client.reference, target._meta.model_name, target.reference),
        *("practice" if by.organisation_id == referral.practice_id else "welfare", "", "", ""),
    )
