"""What the worker does for the figures."""

import random
from collections.abc import Callable, Iterable

import structlog
from celery import Task, shared_task
from django.db import connection

from dashboard import closing, reports, rollup
from wor.calendar import today
from wor.outbox.models import DirtyMonth
from wor.tenancy.context import open_region
from wor.tenancy.models import Region

logger = structlog.get_logger(__name__)


class RegionsFailed(Exception):
    """Some regions could not be done. Each stands in the log by itself; the others were done."""


def each_by_itself(deed: Callable[[Region], object], regions: Iterable[Region]) -> list[int]:
    """Do it for every region: one that fails keeps no other waiting. The ids of those that failed."""
    failed = []
    for region in regions:
        try:
            deed(region)
        except Exception:
            # By id, with the kind of error and its place: what the error says may hold what somebody typed.
            logger.error("region-failed", region_id=region.pk, kind=deed.__name__, exc_info=True)
            failed.append(region.pk)
            if not connection.is_usable():
                connection.close()  # the next region gets one that works
    return failed


def end_as_failed(failed: list[int]) -> None:
    """The task failed when a region did. The next turn tries that region again, as the rows still ask for it."""
    if failed:
        raise RegionsFailed(len(failed))


@shared_task
def refresh_figures() -> None:
    """Count every dirty month again, region by region, until there is none."""
    region_ids = list(DirtyMonth.objects.values_list("region_id", flat=True).distinct())
    end_as_failed(each_by_itself(refresh_region, Region.objects.filter(pk__in=region_ids).order_by("?")))


def refresh_region(region: Region) -> None:
    counted = rollup.KEYS_A_TURN
    while counted == rollup.KEYS_A_TURN:
        with open_region(region.pk):
            counted = rollup.recount(region)


@shared_task(bind=True, max_retries=3, default_retry_delay=600)
def rebuild_figures(task: Task, region_ids: list[int] | None = None) -> None:
    """Count every month from the rows: of every region, and again of those in which that failed."""
    regions = Region.objects.order_by("?")
    failed = each_by_itself(rebuild_region, regions if region_ids is None else regions.filter(pk__in=region_ids))
    if failed:
        # Nothing but the night asks for this, so the task itself does; after the last time it ends as failed.
        raise task.retry(kwargs={"region_ids": failed}, exc=RegionsFailed(len(failed)))


def rebuild_region(region: Region) -> None:
    with open_region(region.pk):
        rollup.rebuild(region)


@shared_task
def close_periods() -> None:
    """Publish what has been over for some weeks: once for each region and period."""
    regions = list(Region.objects.all())
    random.shuffle(regions)
    end_as_failed(each_by_itself(close_region, regions))


def close_region(region: Region) -> None:
    """Each period in a transaction of its own: a worker that dies has lost at most one."""
    with open_region(region.pk):
        found = closing.due(region, today())
    for kind, period in found:
        with open_region(region.pk):
            closing.close(region, kind, period)


@shared_task
def build_reports() -> None:
    """Make the reports that were asked for, region by region."""
    regions = list(Region.objects.all())
    random.shuffle(regions)
    end_as_failed(each_by_itself(reports.build_due, regions))
