from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "wor.audit"
    label = "audit"
    verbose_name = "Logboek"
