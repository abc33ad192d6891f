"""Worker and beat: ``celery -A wor``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wor.settings")
app = Celery("wor")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.update(
    beat_scheduler="wor.outbox.beat.HeartbeatScheduler", broker_transport_options=app.conf.broker_transport_options
)
