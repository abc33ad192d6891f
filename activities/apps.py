from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "Sociale kaart"

    def ready(self) -> None:
        from activities.links import register_mails
        from activities.reminders import register_reminders

        register_reminders()
        register_mails()
