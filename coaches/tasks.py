"""What the worker does for the coach's side."""

import random

from celery import shared_task

from coaches import capacity
from wor.tenancy.context import open_region
from wor.tenancy.models import Region


@shared_task
def refresh_capacity() -> None:
    """Days pass and hours begin or end without anybody doing anything: bring every capacity line up to date."""
    region_ids = list(Region.objects.values_list("pk", flat=True))
    random.shuffle(region_ids)
    for region_id in region_ids:
        with open_region(region_id):
            capacity.refresh_region()
