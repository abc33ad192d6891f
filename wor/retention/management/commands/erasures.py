"""manage.py erasures: the list of what was erased, references only, to keep beside the backups."""

from django.core.management.base import BaseCommand

from wor.retention.services import listed
from wor.tenancy.models import Region


class Command(BaseCommand):
    help = "Schrijft de lijst van wat gewist is: één regel per verwijzing of cliënt, zonder persoonsgegevens."
    requires_system_checks = []

    def handle(self, *args, **options) -> None:
        for region in Region.objects.order_by("slug"):
            for each in listed(region):
                self.stdout.write(each)
