"""What is counted ahead, and what a kernteam answered. Every figure's meaning stands in ``figures.py``."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from wor.accounts.models import Membership, Role
from wor.tenancy.fields import at_field, by_field, region_fk
from wor.tenancy.models import Organisation, RegionModel, StoredFile

# Waiting is counted in whole days, 0 to 89, and one last place for 90 or more.
LONGEST_DAYS = 90


class MonthCounts(models.Model):
    """The figures of the referrals that were sent in one month (Europe/Amsterdam), whatever became of them since.

    Derived from the rows themselves (``rollup.py``). Codes and numbers only.
    """

    region_id = models.BigIntegerField()
    municipality_code = models.CharField(max_length=6, blank=True)
    month = models.DateField()
    sent = models.PositiveIntegerField()
    taken_on = models.PositiveIntegerField()
    contacted = models.PositiveIntegerField()
    contacted_in_time = models.PositiveIntegerField()
    ended_before_contact = models.PositiveIntegerField()
    talked = models.PositiveIntegerField()
    feedback_given = models.PositiveIntegerField()
    feedback_in_time = models.PositiveIntegerField()
    still_open = models.PositiveIntegerField()
    completed = models.PositiveIntegerField()
    stopped = models.PositiveIntegerField()
    not_started = models.PositiveIntegerField()
    declined = models.PositiveIntegerField()
    withdrawn = models.PositiveIntegerField()
    deceased = models.PositiveIntegerField()
    started_activity = models.PositiveIntegerField()
    talks = models.PositiveIntegerField()
    z68_noted = models.PositiveIntegerField()
    counted_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


COUNTS = (
    *("sent", "taken_on", "contacted", "contacted_in_time", "ended_before_contact", "talked"),
    *("feedback_given", "feedback_in_time", "still_open", "completed", "stopped", "not_started", "declined"),
    *("withdrawn", "deceased", "started_activity", "talks", "z68_noted"),
)


class PracticeMonth(MonthCounts):
    """One practice's month, apart for each municipality its patients live in."""

    pk = models.CompositePrimaryKey("region_id", "practice_id", "month", "municipality_code")
    practice_id = models.BigIntegerField()
    # Each referral's days from sending to first contact and to first talk, at most LONGEST_DAYS.
    contact_days = ArrayField(models.PositiveSmallIntegerField(), default=list)
    talk_days = ArrayField(models.PositiveSmallIntegerField(), default=list)

    plain = (*COUNTS, "pk", "region_id", "practice_id", "municipality_code", "month", "contact_days", "talk_days")

    class Meta:
        indexes = [
            # How many practices sent somebody.
            models.Index(fields=["region_id", "month", "practice_id"], name="practices_of_month"),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.month}"


class MunicipalityMonth(MonthCounts):
    """One municipality's month over all practices of the region. Histograms, so that medians add up."""

    pk = models.CompositePrimaryKey("region_id", "municipality_code", "month")
    # LONGEST_DAYS + 1 numbers: how many referrals waited so many days.
    contact_days = ArrayField(models.PositiveIntegerField(), size=LONGEST_DAYS + 1)
    talk_days = ArrayField(models.PositiveIntegerField(), size=LONGEST_DAYS + 1)

    plain = (*COUNTS, "pk", "region_id", "municipality_code", "month", "contact_days", "talk_days")

    def __str__(self) -> str:
        return f"{self.municipality_code} {self.month}"


class ReflectionQuerySet(models.QuerySet["Reflection"]):
    def visible_to(self, membership: Membership) -> "ReflectionQuerySet":
        """What the kernteams whose figures this membership sees wrote."""
        from dashboard.units import units_of

        if membership.role != Role.CORE_TEAM:
            return self.none()
        return self.filter(unit__in=[unit.organisation_id for unit in units_of(membership)])


class Reflection(RegionModel):
    """A kernteam's answer to the question beside a figure, for a period; found back next time."""

    unit = region_fk(Organisation)
    figure = models.CharField(max_length=30)
    starts_on = models.DateField()
    ends_on = models.DateField()
    body = models.TextField(max_length=1000)
    by = by_field()
    key = models.UUIDField()
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ReflectionQuerySet.as_manager()

    # Asked to name nobody; treated as personal all the same.
    kept, controller = "region", "region"
    personal = ("body",)
    plain = ("figure", "starts_on", "ends_on", "version")

    class Meta:
        ordering = ["-ends_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["region", "key"], name="reflection_key_once")]
        indexes = [models.Index(fields=["unit", "figure", "-ends_on"], name="reflection_of_figure")]

    def __str__(self) -> str:
        return f"Reflection {self.reference}"


class Audience(models.TextChoices):
    """For whom numbers are published. A kernteam with a funder's member reads with the funder's threshold."""

    CORE = "core", _("Kernteam")
    STRICT = "strict", _("Kernteam met een lid van gemeente of verzekeraar")
    FUNDER = "funder", _("Gemeente en zorgverzekeraar")


class PeriodKind(models.TextChoices):
    QUARTER = "quarter", _("Kwartaal")
    HALF = "half", _("Half jaar")
    YEAR = "year", _("Jaar")


class Publication(RegionModel):
    """A closed period: computed once for a region, and never again. ``checksum`` is over all its cells."""

    kind = models.CharField(max_length=7, choices=PeriodKind)
    first = models.DateField()
    end = models.DateField()
    definition_version = models.PositiveSmallIntegerField()
    min_cell_core = models.PositiveSmallIntegerField()
    min_cell_funder = models.PositiveSmallIntegerField()
    checksum = models.CharField(max_length=64)

    append_only = True
    kept, controller = "figures", "region"
    plain = ("kind", "first", "end", "definition_version", "min_cell_core", "min_cell_funder", "checksum")

    class Meta:
        ordering = ["-end", "kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["region", "kind", "first"], name="period_closed_once"),
            models.CheckConstraint(condition=models.Q(kind__in=PeriodKind.values), name="period_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first}"


class PublishedCell(RegionModel):
    """One number of a closed period. Without unit and municipality it is the region's; ``value`` NULL is not shown.

    Funders' numbers are rounded already: what is not shown is not stored either.
    """

    class Why(models.TextChoices):
        SHOWN = "", _("getoond")
        SMALL = "small", _("te klein")
        HIDDEN = "hidden", _("verraadt een klein aantal")

    publication = region_fk(Publication, related_name="cells")
    audience = models.CharField(max_length=6, choices=Audience)
    unit = region_fk(Organisation, null=True)
    municipality_code = models.CharField(max_length=6, blank=True)
    table = models.CharField(max_length=20)
    rung = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=200)
    across = models.CharField(max_length=200, blank=True)
    value = models.IntegerField(null=True)
    why = models.CharField(max_length=6, choices=Why, blank=True)

    append_only = True
    kept, controller = "figures", "region"
    plain = ("audience", "municipality_code", "table", "rung", "position", "label", "across", "value", "why")

    class Meta:
        ordering = ["table", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(audience__in=Audience.values), name="cell_audience_known"),
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) ^ models.Q(why=""), name="cell_shown_or_not_and_why"
            ),
        ]
        indexes = [
            models.Index(fields=["publication", "audience", "unit", "municipality_code"], name="cell_of_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.position}"


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, membership: Membership) -> "ReportQuerySet":
        """The reports this membership may choose; asked of what it may choose, not of who asked for it first."""
        from dashboard.choices import visible_reports

        return visible_reports(self, membership)

    def made_of(self, publication: "Publication", *, unit_id: int | None, municipality_code: str) -> "ReportQuerySet":
        """The files there are of one report, each in its newest version."""
        of_report = self.filter(publication=publication, unit_id=unit_id, municipality_code=municipality_code)
        return of_report.filter(done_at__isnull=False).order_by("format", "-version")


class Report(RegionModel):
    """A report of one unit over one closed period in one format: made once, and kept.

    The worker makes it (``reports.py``): due while it has no file. A worker that died is followed by another.
    """

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel"
        CSV = "csv", "CSV"

    publication = region_fk(Publication)
    audience = models.CharField(max_length=6, choices=Audience)
    unit = region_fk(Organisation, null=True)
    municipality_code = models.CharField(max_length=6, blank=True)
    format = models.CharField(max_length=4, choices=Format)
    definition_version = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    by = by_field()
    progress = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = at_field()
    done_at = at_field()
    failed_at = at_field()
    file = region_fk(StoredFile, null=True)
    checksum = models.CharField(max_length=64, blank=True)
    rows = models.PositiveIntegerField(default=0)

    objects = ReportQuerySet.as_manager()

    kept, controller = "figures", "region"
    plain = (
        *("audience", "municipality_code", "format", "definition_version", "version", "progress", "attempts"),
        *("checksum", "rows"),
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("region", "publication", "audience", "unit", "municipality_code", "format"),
                    "definition_version",
                ],
                name="report_made_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True)
                | models.Q(done_at__isnull=False, file__isnull=False) & ~models.Q(checksum=""),
                name="report_done_with_file",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "id"], name="report_due", condition=models.Q(done_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"Report {self.reference}"

    @property
    def is_late(self) -> bool:
        """Making it went wrong, or its worker died, and it is tried again. A worker that fails puts progress to 0."""
        return self.attempts > 1 or (self.attempts == 1 and self.progress == 0)
