"""Celery beat that shows that it lives."""

import time

from celery.beat import PersistentScheduler
from django.db import DatabaseError, close_old_connections

EVERY_SECONDS = 10


class HeartbeatScheduler(PersistentScheduler):
    _last = 0.0

    def tick(self, *args, **kwargs):
        wait = super().tick(*args, **kwargs)
        if time.monotonic() - self._last >= EVERY_SECONDS:
            self._last = time.monotonic()
            self._show()
        return min(wait, EVERY_SECONDS)

    @staticmethod
    def _show() -> None:
        from wor.outbox.services import beat

        close_old_connections()
        try:
            beat("beat")
        except DatabaseError:
            close_old_connections()  # the database is away for a moment: beat goes on
