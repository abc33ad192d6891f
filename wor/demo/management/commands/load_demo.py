from django.core.management.base import BaseCommand

from wor.demo.load import load


class Command(BaseCommand):
    help = "Vult een lege installatie met twee verzonnen regio's."
    requires_system_checks = []

    def handle(self, *args, **options) -> None:
        load(self.stdout.write)
