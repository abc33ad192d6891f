"""The platform opens a new region: the region itself, its organisation, and an invitation for who will run it."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction
from django.utils.text import slugify

from wor.accounts.models import Role
from wor.accounts.services import invite
from wor.tenancy.context import open_region
from wor.tenancy.models import Organisation, Region


class Command(BaseCommand):
    help = "Maak een regio met haar regio-organisatie, en nodig de eerste regiobeheerder uit."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("slug", help="in elk adres van de regio, zoals 'rivierenland'")
        parser.add_argument("name", help="hoe mensen de regio noemen")
        parser.add_argument("--organisation", required=True, help="naam van de regio-organisatie")
        parser.add_argument("--email", required=True, help="adres van de eerste regiobeheerder")
        parser.add_argument("--person", required=True, help="naam van de eerste regiobeheerder")
        parser.add_argument("--variant", choices=["breed", "gericht"], default="breed")

    def handle(self, *args, **options):
        if "owner" not in connections.databases:
            raise CommandError("Een regio maakt de eigenaar van de tabellen: geef DATABASE_OWNER_URL op.")
        slug = options["slug"]
        if slug != slugify(slug):
            raise CommandError("De slug heeft alleen kleine letters, cijfers en streepjes.")
        region = self._region(slug, options)
        with open_region(region.pk):
            organisation, _made = Organisation.objects.get_or_create(
                region_id=region.pk, kind=Organisation.Kind.SUPPORT, name=options["organisation"]
            )
            invite(organisation, email=options["email"], name=options["person"], role=Role.REGION_ADMIN, by=None)
        self.stdout.write(f"Regio {slug} staat klaar; de uitnodiging gaat per e-mail.")

    def _region(self, slug: str, options) -> Region:
        """The web's role may not make a region. Running this twice changes nothing about the first one."""
        with transaction.atomic(using="owner"):
            Region.objects.using("owner").get_or_create(
                slug=slug, defaults={"name": options["name"], "variant": options["variant"]}
            )
        return Region.objects.get(slug=slug)
