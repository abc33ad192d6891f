"""Files brought into the sociale kaart: looked at line by line first, then applied as a whole or not at all."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.directory import Activity
from wor.accounts.permissions import Permission, may
from wor.errors import DomainError
from wor.tenancy.fields import at_field, by_field, region_fk
from wor.tenancy.models import RegionModel, StoredFile


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, membership) -> "ImportQuerySet":
        """A file may hold anything until it was looked at: for who keeps the sociale kaart only."""
        return self.filter(region_id=membership.region_id) if may(membership.role, Permission.MODERATE) else self.none()


class Import(RegionModel):
    """One uploaded file. A worker looks at it and applies it; ``lines_done`` says how far it came, whoever goes on."""

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

    # From which status to which. What changed on the kaart after the preview was made sends it back to be looked at.
    BECOMES = {
        Status.WAITING: (Status.CHECKED, Status.UNREADABLE, Status.CANCELLED),
        Status.CHECKED: (Status.APPLYING, Status.CANCELLED),
        Status.UNREADABLE: (Status.CANCELLED,),
        Status.APPLYING: (Status.APPLIED, Status.WAITING, Status.CHECKED),
        Status.APPLIED: (),
        Status.CANCELLED: (),
    }

    kind = models.CharField(max_length=10, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    file = region_fk(StoredFile)
    file_name = models.CharField(max_length=120)
    encoding = models.CharField(max_length=20, blank=True)
    # One sentence when the file as a whole cannot be read: a code, the page has the words.
    problem = models.CharField(max_length=40, blank=True)
    lines_total = models.PositiveIntegerField(default=0)
    lines_done = models.PositiveIntegerField(default=0)
    delimiter = models.CharField(max_length=1, blank=True)
    # Heads that mean nothing to us: the preview says that these columns are left out.
    unknown_heads = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # Where the file comes from, in words: *CBS, postcodegebieden 2024*.
    source_name = models.CharField(max_length=120, blank=True)
    # Turns begun and not ended. A file that takes a worker down with it is put aside after a few.
    attempts = models.PositiveSmallIntegerField(default=0)
    by = by_field()
    key = models.UUIDField()
    # Somebody saw the preview and chose: apply it, what is new to be seen at once or not, without the refused lines.
    asked_at = at_field()
    asked_by = by_field()
    publishes = models.BooleanField(default=False)
    leaves_out = models.BooleanField(default=False)
    applied_at = at_field()
    applied_by = by_field()

    plain = (
        *("file_name", "encoding", "problem", "lines_total", "lines_done", "delimiter", "unknown_heads"),
        *("source_name", "attempts"),
    )

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="import_key_once"),
            models.CheckConstraint(
                condition=Q(status="applied", applied_at__isnull=False, applied_by__isnull=False)
                | ~Q(status="applied") & Q(applied_at__isnull=True, applied_by__isnull=True),
                name="import_applied_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["applying", "applied"], asked_at__isnull=False, asked_by__isnull=False)
                | ~Q(status__in=["applying", "applied"]) & Q(asked_at__isnull=True, asked_by__isnull=True),
                name="import_asked_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "id"], name="import_to_do", condition=Q(status__in=["waiting", "applying"]))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def is_busy(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.APPLYING)

    def may_become(self, status: str) -> bool:
        return status in self.BECOMES[self.Status(self.status)]

    def become(self, status: str) -> None:
        """Change the status. Only here; raises DomainError for what cannot be."""
        if not self.may_become(status):
            raise DomainError(
                _("Dit bestand staat op “%(status)s”. Dan kan dit niet.") % {"status": self.get_status_display()}
            )
        self.status = status


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
