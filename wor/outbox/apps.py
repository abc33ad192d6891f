from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "wor.outbox"
    label = "outbox"
    verbose_name = "Berichten"
