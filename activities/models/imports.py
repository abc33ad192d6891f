"""Files brought into the sociale kaart: looked at line by line first, then applied as a whole or not at all."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.directory import Activity
from wor.tenancy.fields import at_field, by_field, region_fk
from wor.tenancy.models import RegionModel, StoredFile


class Import(RegionModel):
    """One uploaded file."""

    class Kind(models.TextChoices):
        ACTIVITIES = "activities", _("Activiteiten")
        POSTCODES = "postcodes", _("Postcodes met plaats op de kaart")

    class Status(models.TextChoices):
        WAITING = "waiting", _("Wordt nagekeken")
        CHECKED = "checked", _("Nagekeken")
        UNREADABLE = "unreadable", _("Niet te lezen")
        APPLYING = "applying", _("Wordt verwerkt")
        APPLIED = "applied", _("Verwerkt")
        CANCELLED = "cancelled", _("Niet doorgegaan")

    kind = models.CharField(max_length=10, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    file = region_fk(StoredFile)
    file_name = models.CharField(max_length=120)
    encoding = models.CharField(max_length=20, blank=True)
    # One sentence when the file as a whole cannot be read: a code, the page has the words.
    problem = models.CharField(max_length=40, blank=True)
    lines_total = models.PositiveIntegerField(default=0)
    lines_done = models.PositiveIntegerField(default=0)
    by = by_field()
    key = models.UUIDField()
    applied_at = at_field()
    applied_by = by_field()

    plain = ("file_name", "encoding", "problem", "lines_total", "lines_done")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="import_key_once"),
            models.CheckConstraint(
                condition=Q(status="applied", applied_at__isnull=False, applied_by__isnull=False)
                | ~Q(status="applied") & Q(applied_at__isnull=True, applied_by__isnull=True),
                name="import_applied_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class ImportLine(RegionModel):
    """One line of a file: what it would do, or every reason why it cannot be used."""

    class Outcome(models.TextChoices):
        NEW = "new", _("Nieuw")
        CHANGED = "changed", _("Gewijzigd")
        SAME = "same", _("Ongewijzigd")
        REFUSED = "refused", _("Kan niet")

    source = region_fk(Import, related_name="lines")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    # Codes with the column they are about: [{"column": "kosten", "reason": "not_a_number"}].
    reasons = models.JSONField(default=list, blank=True)
    values = models.JSONField(default=dict, blank=True)
    changed_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    activity = region_fk(Activity, null=True)

    # A refused line may hold anything, a BSN included: wiped with the import.
    kept, controller = "import", "region"
    personal = ("values",)
    plain = ("number", "reasons", "changed_fields")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["region", "source", "number"], name="import_line_once")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.number}"
