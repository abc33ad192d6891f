"""How long ago somebody said that an entry is right, and what follows from it by itself."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet

from activities.index import reindex
from activities.models import Activity
from wor.audit.models import Event
from wor.calendar import add_months, local_day, start_of
from wor.tenancy.models import Region

Status = Activity.Status


def limit(region: Region, step: str, now: dt.datetime) -> dt.datetime:
    """What was confirmed before this moment is past its term: ``ask`` again, ``stale``, or ``hidden`` from matching."""
    return start_of(add_months(local_day(now), -int(region.setting(f"activity_{step}_months"))))


def is_fresh(region: Region, checked_at: dt.datetime | None, now: dt.datetime) -> bool:
    return checked_at is not None and checked_at >= limit(region, "stale", now)


def status_when_shown(region: Region, activity: Activity, now: dt.datetime) -> str:
    """Live, or with the warning that nobody confirmed it lately."""
    return Status.LIVE if is_fresh(region, activity.checked_at, now) else Status.STALE


@transaction.atomic
def refresh(region: Region, now: dt.datetime) -> int:
    """What days do to entries of the open region; how many changed. One statement for each kind of change."""
    today, stale = local_day(now), limit(region, "stale", now)
    all_of_region = Activity.objects.filter(region=region)
    over = all_of_region.filter(ends_on__lt=today).exclude(status__in=[Status.DRAFT, Status.RETIRED])
    back = all_of_region.filter(status=Status.PAUSED, paused_until__lte=today)
    old = Q(checked_at__isnull=True) | Q(checked_at__lt=stale)
    changed = _move(over, Status.RETIRED, "ended", now)
    changed += _move(back.exclude(old), Status.LIVE, "resumed", now, paused_until=None)
    changed += _move(back.filter(old), Status.STALE, "resumed", now, paused_until=None)
    changed += _move(all_of_region.filter(old, status=Status.LIVE), Status.STALE, "aged", now)
    changed += _move(all_of_region.filter(status=Status.STALE).exclude(old), Status.LIVE, "within_term", now)
    if changed:
        reindex(region.pk, changed)
    return len(changed)


def _move(activities: QuerySet[Activity], status: str, event: str, now: dt.datetime, **fields) -> list[int]:
    """Give all of these a status, and write down that it came by itself."""
    found = list(activities.select_for_update().values_list("pk", "region_id", "reference"))
    if not found:
        return []
    keys = [pk for pk, _region, _reference in found]
    Activity.objects.filter(pk__in=keys).update(status=status, **fields)
    Event.objects.bulk_create(
        [
            Event(region_id=region_id, at=now, name=f"activity.{event}", subject_type="activity", subject_ref=reference)
            for _pk, region_id, reference in found
        ],
        batch_size=1000,
    )
    return keys
