"""The region chose other terms: every open case gets anew the day on which its coach looks again.

Reminders ask the terms themselves; this day is stored, because the worklist sorts by it. The rule stays the one that a
deed on the case uses (``services.case.look_again``): a second one in SQL would drift away from it.
"""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from coaches.services.case import look_again
from referrals.models import Referral
from wor.audit.models import Event
from wor.outbox.models import Effect
from wor.tenancy.models import Region
from wor.terms import CHANGED

PER_STEP = 200
# Longer than it takes: who died halfway is followed by another, who begins anew.
DEAD_AFTER = dt.timedelta(minutes=10)


def claim(now: dt.datetime) -> list[Effect]:
    """What was asked for and nobody is at work on."""
    waiting = Effect.objects.filter(kind=CHANGED, done_at__isnull=True)
    with transaction.atomic():
        free = waiting.exclude(sending_at__gt=now - DEAD_AFTER).select_for_update(skip_locked=True)
        found = list(free.order_by("pk"))
        Effect.objects.filter(pk__in=[each.pk for each in found]).update(sending_at=now)
    return found


def step(region: Region, after: int) -> int | None:
    """A few hundred of the open region's cases, beginning after this one; the last, None when there are no more."""
    held = list(Referral.objects.open().filter(region=region, pk__gt=after).order_by("pk")[:PER_STEP])
    for referral, touched in _with_last_deed(region, held):
        referral.region = region
        _look(referral, touched)
    return held[-1].pk if held else None


def _with_last_deed(region: Region, held: list[Referral]) -> list[tuple[Referral, dt.datetime]]:
    """With when somebody last did something with it: some terms count from there, and not from today."""
    references = [each.reference for each in held]
    events = Event.objects.filter(region=region, subject_ref__in=references).values("subject_ref")
    last: dict[uuid.UUID, dt.datetime] = dict(events.annotate(last=Max("at")).values_list("subject_ref", "last"))
    return [(each, last.get(each.reference, each.sent_at)) for each in held]


def _look(referral: Referral, touched: dt.datetime) -> None:
    """Unless somebody saved meanwhile: that deed knew the new terms."""
    day = look_again(referral, touched)
    if day is not None and day != referral.attention_at:
        Referral.objects.filter(pk=referral.pk, version=referral.version).update(attention_at=day)


def done(effects: list[Effect]) -> None:
    Effect.objects.filter(pk__in=[each.pk for each in effects]).update(done_at=timezone.now())
