from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "wor.accounts"
    label = "accounts"
    verbose_name = "Mensen en rollen"
