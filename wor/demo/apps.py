from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Accounts, one-click sign-in, mailbox and data for showing the product. Installed with WOR_DEMO=1 only."""

    name = "wor.demo"
    label = "demo"
    verbose_name = "Demo"
