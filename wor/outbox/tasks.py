"""What the worker does with the outbox."""

from celery import shared_task

from wor.outbox import relay
from wor.outbox.services import beat


@shared_task
def heartbeat() -> None:
    """The worker shows that it lives."""
    beat("worker")


@shared_task
def dispatch_effects() -> None:
    """Send what is due."""
    relay.dispatch()
