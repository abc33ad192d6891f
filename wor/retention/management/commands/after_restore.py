"""manage.py after_restore: make a restored database honest again, before anybody uses it.

The access log gets a new epoch, because a restored database counts its transactions anew; and what was erased after the
backup was made is erased again.
"""

import json
import sys
import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from wor.audit.sealing import raise_epoch
from wor.retention.services import ERASED_KINDS, listed, replay, replay_accounts
from wor.tenancy.context import open_region
from wor.tenancy.models import Region


class Command(BaseCommand):
    help = "Na het terugzetten van een back-up: verzegelt het logboek opnieuw en wist wat al gewist was."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--gewist", help="de lijst van wat gewist is (ERASURES_LIST), of - voor standaardinvoer")

    def handle(self, *args, gewist: str | None = None, **options) -> None:
        given = self._read(gewist)
        for region in Region.objects.order_by("slug"):
            with open_region(region.pk):
                epoch = raise_epoch(region.pk)
            erased = self._sorted([*listed(region), *given], region.slug)
            counts = replay(region, erased)
            self.stdout.write(
                f"{region.slug}: logboek in tijdvak {epoch}; opnieuw gewist: {sum(counts.values())}"
                f" van {sum(map(len, erased.values()))} op de lijst."
            )
        self.stdout.write(f"accounts van wie nergens meer werkt: opnieuw gewist: {replay_accounts(timezone.now())}.")

    def _read(self, path: str | None) -> list[str]:
        if path is None:
            return []
        if path == "-":
            return sys.stdin.read().splitlines()
        try:
            with open(path, encoding="utf-8") as file:
                return file.read().splitlines()
        except OSError as error:
            raise CommandError(f"De lijst {path} is niet te lezen: {error.strerror}.") from error

    def _sorted(self, lines: Iterable[str], slug: str) -> dict[str, list[uuid.UUID]]:
        """The references of one region by kind: words first, clients last."""
        found: dict[str, set[uuid.UUID]] = defaultdict(set)
        for number, line in enumerate(filter(None, lines), start=1):
            try:
                each = json.loads(line)
                kind, reference = each["kind"], uuid.UUID(each["reference"])
                mine = each["region"] == slug
            except (ValueError, KeyError, TypeError) as error:
                raise CommandError(f"Regel {number} van de lijst klopt niet.") from error
            if kind not in ERASED_KINDS:
                raise CommandError(f"Regel {number} van de lijst heeft een onbekende soort.")
            if mine:
                found[kind].add(reference)
        return {kind: sorted(found[kind]) for kind in ERASED_KINDS if found[kind]}
