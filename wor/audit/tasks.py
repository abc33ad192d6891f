"""The log's own job."""

import random

from celery import shared_task

from wor.audit.sealing import seal
from wor.tenancy.context import open_region
from wor.tenancy.models import Region


@shared_task
def seal_access_log() -> None:
    """Seal every region's finished rows."""
    region_ids = list(Region.objects.values_list("pk", flat=True))
    random.shuffle(region_ids)
    for region_id in region_ids:
        with open_region(region_id):
            seal(region_id)
