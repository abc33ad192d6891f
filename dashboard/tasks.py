"""What the worker does for the figures."""

import random

from celery import shared_task

from dashboard import closing, reports, rollup
from wor.calendar import today
from wor.outbox.models import DirtyMonth
from wor.tenancy.context import open_region
from wor.tenancy.models import Region


@shared_task
def refresh_figures() -> None:
    """Count every dirty month again, region by region, until there is none."""
    region_ids = list(DirtyMonth.objects.values_list("region_id", flat=True).distinct())
    random.shuffle(region_ids)
    for region in Region.objects.filter(pk__in=region_ids).order_by("?"):
        counted = rollup.KEYS_A_TURN
        while counted == rollup.KEYS_A_TURN:
            with open_region(region.pk):
                counted = rollup.recount(region)


@shared_task
def rebuild_figures() -> None:
    """Count every month of every region from the rows."""
    for region in Region.objects.order_by("?"):
        with open_region(region.pk):
            rollup.rebuild(region)


@shared_task
def close_periods() -> None:
    """Publish what has been over for some weeks: once for each region and period."""
    regions = list(Region.objects.all())
    random.shuffle(regions)
    for region in regions:
        close_region(region)


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
    for region in regions:
        reports.build_due(region)
