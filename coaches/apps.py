from django.apps import AppConfig


class CoachesConfig(AppConfig):
    name = "coaches"
    verbose_name = "Begeleiding"

    def ready(self) -> None:
        from coaches.reminders import register_reminders

        register_reminders()
