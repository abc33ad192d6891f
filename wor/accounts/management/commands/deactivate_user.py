"""Close an account, at once and everywhere."""

from django.core.management.base import BaseCommand

from wor.accounts.management.commands.reset_second_factor import active
from wor.accounts.services import deactivate_user


class Command(BaseCommand):
    help = "Sluit een account: overal afgemeld, en geen weg terug naar binnen."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *args, email, **options):
        ended = deactivate_user(active(email))
        self.stdout.write(f"Gesloten. Beëindigde aanmeldingen: {ended}.")
