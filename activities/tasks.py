"""What the worker does for the sociale kaart."""

import random

from celery import shared_task
from django.utils import timezone

from activities.freshness import refresh
from wor.tenancy.context import open_region
from wor.tenancy.models import Region


@shared_task
def refresh_directory() -> None:
    """Days pass: pauses end, activities end, and what nobody confirmed for long gets its warning."""
    regions = list(Region.objects.all())
    random.shuffle(regions)
    for region in regions:
        with open_region(region.pk):
            refresh(region, timezone.now())
