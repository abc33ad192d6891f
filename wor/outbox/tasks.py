"""What the worker does with the outbox."""

from celery import shared_task
from celery.signals import worker_ready
from django.db import Error, connection

from wor.outbox import relay, reminders
from wor.outbox.services import beat


@shared_task
def heartbeat() -> None:
    """The worker shows that it lives."""
    beat("worker")


@worker_ready.connect
def first_heartbeat(**_signal) -> None:
    """At once, before beat's first tick comes in: a site that starts need not wait for it."""
    try:
        beat("worker")
    except Error:
        return  # the database is away for a moment: the next tick shows it
    finally:
        connection.close()  # this process only watches over the ones that work


@shared_task
def dispatch_effects() -> None:
    """Send what is due."""
    relay.dispatch()


@shared_task
def plan_reminders() -> None:
    """Make rows of what falls due."""
    reminders.plan_everywhere()


@shared_task
def tell_reminders() -> None:
    """Tell what is due, when people may be disturbed."""
    reminders.tell_everywhere()
