"""The daily job."""

from celery import shared_task
from django.utils import timezone

from wor.retention import services


@shared_task
def end_what_lasted() -> None:
    """End what is due today and not done yet."""
    services.tick(timezone.now())
