"""What is counted ahead, and what a kernteam answered. Every figure's meaning stands in ``figures.py``."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from wor.accounts.models import Membership, Role
from wor.tenancy.fields import by_field, region_fk
from wor.tenancy.models import Organisation, RegionModel

# Waiting is counted in whole days, 0 to 89, and one last place for 90 or more.
LONGEST_DAYS = 90


class MonthCounts(models.Model):
    """The figures of the referrals that were sent in one month (Europe/Amsterdam), whatever became of them since.

    Derived: deleted and counted again from the rows themselves (``rollup.py``), never added to. Codes and numbers only.
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
            models.Index(fields=["region_id", "municipality_code", "month"], name="practice_month_by_place"),
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
