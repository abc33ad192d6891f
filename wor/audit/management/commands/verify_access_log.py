"""manage.py verify_access_log: has anybody changed the sealed part of the access log?"""

import datetime as dt

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from wor.audit.models import AccessLogEntry, AccessSeal
from wor.audit.sealing import broken_seals
from wor.tenancy.context import open_region
from wor.tenancy.models import Region

# Sealing runs each minute. Rows that stay open for longer mean that the task does not run.
UNSEALED_FOR = dt.timedelta(minutes=10)


class Command(BaseCommand):
    help = (
        "Controleert van elke regio (of van één) of het verzegelde logboek nog klopt. Eindigt met 1 als dat niet zo is."
    )
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--regio", help="slug van één regio")

    def handle(self, *args, regio: str | None = None, **options) -> None:
        regions = Region.objects.order_by("slug")
        if regio:
            regions = regions.filter(slug=regio)
        if not regions:
            raise CommandError("Deze regio is er niet.")
        wrong = [region.slug for region in regions if not self._check(region)]
        if wrong:
            raise CommandError(f"Het logboek klopt niet in: {', '.join(wrong)}.")
        self.stdout.write("Het logboek klopt.")

    def _check(self, region: Region) -> bool:
        with open_region(region.pk):
            broken = broken_seals(region.pk)
            seals = AccessSeal.objects.filter(region_id=region.pk)
            last = seals.order_by("-id").first()
            waiting = AccessLogEntry.objects.filter(region_id=region.pk, at__lt=timezone.now() - UNSEALED_FOR)
            if last is not None:
                waiting = waiting.filter(id__gt=last.above_id, xid__gte=last.up_to_xid)
            late = waiting.count()
            count = seals.count()
        for each in broken:
            self.stderr.write(
                f"{region.slug}: zegel {each.reference} klopt niet (regels {each.first_id}–{each.last_id})."
            )
        if late:
            self.stderr.write(f"{region.slug}: {late} regels zijn na tien minuten nog niet verzegeld.")
        self.stdout.write(f"{region.slug}: {count} zegels bekeken, {len(broken)} gebroken, {late} regels te laat.")
        return not broken and not late
