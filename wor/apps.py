from django.apps import AppConfig


class WorConfig(AppConfig):
    name = "wor"
    verbose_name = "Welzijn op Recept"
