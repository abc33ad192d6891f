from django.core.management.base import BaseCommand

from wor.texts import compile_catalogue


class Command(BaseCommand):
    help = "Maakt van de Engelse vertalingen het bestand dat de site leest (.po → .mo)."
    requires_system_checks = []

    def handle(self, *args, **options) -> None:
        made = compile_catalogue()
        self.stdout.write(f"{made.name} gemaakt" if made else "Er zijn nog geen vertalingen")
