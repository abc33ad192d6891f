"""What happens by itself."""

import random

from celery import shared_task
from django.utils import timezone

from referrals.services.drafts import delete_expired
from wor.tenancy.context import open_region
from wor.tenancy.models import Region


@shared_task
def delete_expired_drafts() -> None:
    """Wipe drafts past their term in every region."""
    regions = list(Region.objects.all())
    random.shuffle(regions)
    for region in regions:
        with open_region(region.pk):
            delete_expired(region, timezone.now())
