from django.apps import AppConfig


class WorConfig(AppConfig):
    name = "wor"
    verbose_name = "Welzijn op Recept"

    def ready(self) -> None:
        from wor import checks, lookups  # noqa: F401 - registers them
