"""manage.py retention: end what has lasted long enough now, or only say what would go."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from wor.retention import services
from wor.retention.rules import Rule
from wor.tenancy.models import Region


class Command(BaseCommand):
    help = (
        "Wist wat zijn bewaartermijn heeft gehad. Met --dry-run: laat alleen zien wat er zou gaan, per regio en soort."
    )
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="alleen laten zien, niets wissen")
        parser.add_argument("--regio", help="slug van één regio")

    def handle(self, *args, dry_run: bool, regio: str | None = None, **options) -> None:
        regions = Region.objects.order_by("slug")
        if regio:
            regions = regions.filter(slug=regio)
        if not regions:
            raise CommandError("Deze regio is er niet.")
        now = timezone.now()
        for region in regions:
            self._table(region.slug, services.report(region, now))
            if not dry_run:
                services.run_region(region, now)
        if not regio:
            self._table("geen regio", services.general_report(now))
            if not dry_run:
                services.run_general(now)
        self.stdout.write("Er is niets gewist." if dry_run else "Gewist.")

    def _table(self, title: str, found: list[tuple[Rule, int]]) -> None:
        self.stdout.write(title)
        for each, count in found:
            self.stdout.write(f"  {count:>8}  {each.label}")
