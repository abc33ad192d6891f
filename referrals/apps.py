from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "Verwijzingen"

    def ready(self) -> None:
        from referrals.reminders import register_reminders

        register_reminders()
