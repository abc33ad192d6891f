from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "wor.accounts"
    label = "accounts"
    verbose_name = "Mensen en rollen"

    def ready(self) -> None:
        from wor.accounts.mails import register_mails

        register_mails()
