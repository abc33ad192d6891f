from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RetentionConfig(AppConfig):
    name = "wor.retention"
    label = "retention"
    verbose_name = "Bewaartermijnen"

    def ready(self) -> None:
        from wor.retention import people  # noqa: F401 - registers what ends of those who work here

        # Each app above says in its retention.py what ends of its rows, and how.
        autodiscover_modules("retention")
