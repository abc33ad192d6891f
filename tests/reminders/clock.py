"""Going through days as beat and worker would: plan, then tell."""

import datetime as dt

from wor.calendar import AMSTERDAM
from wor.outbox import reminders
from wor.outbox.models import Notice
from wor.tenancy.context import set_region


def at(day: str, hour: float = 8) -> dt.datetime:
    """A moment in Amsterdam."""
    minutes = dt.timedelta(minutes=round(hour * 60))
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time.min, AMSTERDAM) + minutes


def turn(world, now: dt.datetime) -> list[tuple]:
    """One turn of planning and telling in this region. What it told: (kind, membership id), in a fixed order."""
    last = Notice.objects.order_by("-id").values_list("id", flat=True).first() or 0
    reminders.plan(world.region, now=now)
    reminders.tell(world.region, now=now)
    set_region(world.region.pk)
    return sorted(Notice.objects.filter(id__gt=last).values_list("kind", "membership_id"))


def told_on(world, first: str, last: str, hour: float = 8) -> list[tuple]:
    """Every day from ``first`` to ``last``: (day, kind, membership id) of what was told."""
    found, day = [], dt.date.fromisoformat(first)
    while day <= dt.date.fromisoformat(last):
        found += [(str(day), *each) for each in turn(world, at(str(day), hour))]
        day += dt.timedelta(days=1)
    return found
