"""What was erased, by reference only, and when each region was last looked at."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from wor.tenancy.models import RegionModel


class Erasure(RegionModel):
    """Something that was erased. A restore brings it back; this list takes it away again."""

    class Kind(models.TextChoices):
        TEXT = "text", _("vrije tekst van een begeleiding")
        CASE = "case", _("verwijzing, op de telling na")
        CLIENT = "client", _("gegevens van een cliënt")
        STAFF = "staff", _("naam van wie vertrokken is")

    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=8, choices=Kind)
    subject_ref = models.UUIDField()

    kept = "log"

    class Meta:
        indexes = [models.Index(fields=["region", "at"], name="erasure_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_ref}"


class RetentionRun(RegionModel):
    """One region on one day: what ended, counted by kind. The daily job is due while today's row is not finished."""

    on = models.DateField()
    counts = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)

    kept = "log"
    plain = ("on", "counts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "on"], name="one_retention_run_a_day")]

    def __str__(self) -> str:
        return f"{self.on}"
