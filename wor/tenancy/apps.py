from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TenancyConfig(AppConfig):
    name = "wor.tenancy"
    label = "tenancy"
    verbose_name = "Regio's en organisaties"

    def ready(self) -> None:
        # Once per migrate, after the last app: tables of every app exist by then.
        post_migrate.connect(_secure, sender=_last_app())


def _last_app() -> AppConfig:
    from django.apps import apps

    return list(apps.get_app_configs())[-1]


def _secure(using: str, **kwargs) -> None:
    from wor.tenancy.security import secure_tables

    secure_tables(using)
