"""What the worker does for the coach's side."""

import random

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from coaches import capacity, looking_again
from referrals.capacity import REFRESH
from wor.outbox.models import Effect
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


@shared_task
def refresh_asked_lines() -> None:
    """A practice sent or ended a referral: bring the lines up to date that this may change. Every few seconds."""
    waiting = Effect.objects.filter(kind=REFRESH, done_at__isnull=True, failed_at__isnull=True)
    region_ids = list(waiting.order_by("region_id").values_list("region_id", flat=True).distinct())
    random.shuffle(region_ids)
    for region_id in region_ids:
        with transaction.atomic(), open_region(region_id):
            capacity.refresh_asked(waiting.filter(region_id=region_id))


@shared_task
def count_terms_anew() -> None:
    """An administrator chose other terms: the days on which coaches look again change. A transaction each step."""
    asked = looking_again.claim(timezone.now())
    for region in Region.objects.filter(pk__in=[each.region_id for each in asked]):
        last: int | None = 0
        while last is not None:
            with open_region(region.pk):
                last = looking_again.step(region, last)
    looking_again.done(asked)
