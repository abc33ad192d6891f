"""Somebody lost telephone and recovery codes. Two others answer for it, and both are written down."""

from django.core.management.base import BaseCommand, CommandError

from wor.accounts.models import User
from wor.accounts.services import reset_second_factor
from wor.errors import DomainError


class Command(BaseCommand):
    help = "Haal iemands tweede stap weg, op verzoek van de een en met bevestiging van een ander."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--asked-by", required=True, help="e-mailadres van wie erom vraagt")
        parser.add_argument("--confirmed-by", required=True, help="e-mailadres van wie bevestigt wie dit is")

    def handle(self, *args, email, asked_by, confirmed_by, **options):
        try:
            count = reset_second_factor(active(email), asked_by=active(asked_by), confirmed_by=active(confirmed_by))
        except DomainError as refused:
            raise CommandError(str(refused.sentence)) from refused
        self.stdout.write(f"Weggehaald: {count}. Bij het volgende aanmelden wordt een nieuwe tweede stap ingesteld.")


def active(email: str) -> User:
    found = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        raise CommandError("Dit e-mailadres heeft geen actief account.")
    return found
