"""Referrals that somebody began to write."""

import datetime as dt
import uuid
from collections.abc import Iterator
from random import Random

from referrals.models import ReferralDraft
from wor.demo.setting import Setting

HALF = {
    "given_name": "Geertruida",
    "family_name": "van der Uiterwaard",
    "birth_date": "4-11-1948",
    "phone": "0612345004",
    "help_request": "Is veel alleen sinds de verhuizing. Wil graag",
}
ONLY_A_NAME = {"given_name": "Jesse", "family_name": "Zandhaas", "birth_date": "19-7-2001"}
WAITS_FOR_ROOM = {
    "given_name": "Hendrik",
    "family_name": "op den Akker",
    "birth_date": "2-2-1951",
    "phone": "0612345077",
    "help_request": "Was altijd schaapherder. Mist het buiten zijn. Zoekt iets met dieren.",
}


def drafts(setting: Setting, now: dt.datetime) -> Iterator[ReferralDraft]:
    """Two at the practice of huisarts@; one where the line is closed, with "sein mij"."""
    own = next(person.organisation for person in setting.plan.people if person.account == "huisarts")
    closed = [line.practice for line in setting.plan.lines if line.state == "closed"]
    wanted = [(own, HALF, 1, False), (own, ONLY_A_NAME, 4, False)]
    wanted += [(practice, WAITS_FOR_ROOM, 6, True) for practice in closed]
    rng = Random(setting.plan.slug)  # noqa: S311  not a secret
    for practice, payload, days, signal in wanted:
        begun = now - dt.timedelta(days=days)
        yield ReferralDraft(
            region=setting.region,
            practice=setting.organisations[practice],
            written_by=setting.members_of(practice, "referrer", "gp")[0],
            key=uuid.UUID(int=rng.getrandbits(128), version=4),
            payload=payload,
            signal_when_open=signal,
            created_at=begun,
            changed_at=begun,
        )
