"""What the worker does for the sociale kaart."""

import random
import time

import structlog
from celery import shared_task
from django.utils import timezone

from activities import importing
from activities.freshness import refresh
from wor.tenancy.context import open_region
from wor.tenancy.models import Region

logger = structlog.get_logger(__name__)
# Shorter than others in the queue should wait; a part of a file takes less.
SECONDS_PER_TURN = 5.0


@shared_task
def refresh_directory() -> None:
    """Days pass: pauses end, activities end, and what nobody confirmed for long gets its warning."""
    regions = list(Region.objects.all())
    random.shuffle(regions)
    for region in regions:
        with open_region(region.pk):
            refresh(region, timezone.now())


@shared_task(time_limit=240)
def work_on_imports() -> None:
    """Files that wait: a part of each region's oldest by turns, for some seconds. The next tick goes on."""
    regions = list(Region.objects.all())
    random.shuffle(regions)
    started = time.monotonic()
    while regions and time.monotonic() - started < SECONDS_PER_TURN:
        regions = [region for region in regions if _a_part(region)]


def _a_part(region: Region) -> bool:
    """What goes wrong in one region keeps no other waiting; after a few times the file is put aside."""
    try:
        with open_region(region.pk):
            begun = importing.begin()
        if begun is None:
            return False
        with open_region(region.pk):
            return importing.step(region, begun, timezone.now())
    except Exception as error:
        logger.error("import-failed", exc_type=type(error).__name__)
        return False
