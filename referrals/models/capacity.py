"""When a coach is there, and what the referrer may expect. A referral cannot be sent without it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wor.accounts.models import Membership, Role
from wor.tenancy.fields import by_field, region_fk
from wor.tenancy.models import Organisation, RegionModel


class OfCoachQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "OfCoachQuerySet":
        """A welfare organisation's own planning; a practice sees when somebody is with them."""
        if membership.role in (Role.COACH, Role.COORDINATOR):
            return self.filter(coach__organisation=membership.organisation_id)
        if membership.role == Role.REFERRER:
            return self.filter(practice=membership.organisation_id)
        return self.none()


class AbsenceQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "AbsenceQuerySet":
        """Colleagues only. What a practice has to know stands on its capacity line."""
        if membership.role in (Role.COACH, Role.COORDINATOR):
            return self.filter(coach__organisation=membership.organisation_id)
        return self.none()


class PracticeIntakeQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> "PracticeIntakeQuerySet":
        """The two sides of the line."""
        if membership.role in (Role.COACH, Role.COORDINATOR):
            return self.filter(welfare_organisation=membership.organisation_id)
        if membership.role == Role.REFERRER:
            return self.filter(practice=membership.organisation_id)
        return self.none()


class CoachHours(RegionModel):
    """How many minutes a week a coach works for a practice, in a period."""

    coach = region_fk(Membership, related_name="hours")
    practice = region_fk(Organisation)
    minutes_per_week = models.PositiveIntegerField()
    valid = DateRangeField()

    objects = OfCoachQuerySet.as_manager()

    kept, controller = "staff", "employer"
    plain = ("minutes_per_week", "valid")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="coach_hours_one_at_a_time",
                expressions=[
                    ("coach", RangeOperators.EQUAL),
                    ("practice", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(minutes_per_week__lte=2400), name="coach_hours_at_most_40"),
        ]
        indexes = [models.Index(fields=["practice"], name="coach_hours_of_practice")]

    def __str__(self) -> str:
        return f"{self.coach_id} {self.practice_id}"


class Presence(RegionModel):
    """When a coach is at a practice every week."""

    class Weekday(models.IntegerChoices):
        MONDAY = 1, _("maandag")
        TUESDAY = 2, _("dinsdag")
        WEDNESDAY = 3, _("woensdag")
        THURSDAY = 4, _("donderdag")
        FRIDAY = 5, _("vrijdag")
        SATURDAY = 6, _("zaterdag")
        SUNDAY = 7, _("zondag")

    coach = region_fk(Membership, related_name="presence")
    practice = region_fk(Organisation)
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    starts = models.TimeField()
    ends = models.TimeField()
    room = models.CharField(max_length=40, blank=True)

    objects = OfCoachQuerySet.as_manager()

    kept, controller = "staff", "employer"
    plain = ("starts", "ends", "room")

    class Meta:
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="presence_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="presence_weekday_known"),
            models.UniqueConstraint(fields=["coach", "practice", "weekday", "starts"], name="presence_once"),
        ]
        indexes = [models.Index(fields=["practice"], name="presence_at_practice")]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}"


class Absence(RegionModel):
    """A coach is away, and who covers. No reason is kept."""

    coach = region_fk(Membership, related_name="absences")
    span = DateRangeField()
    cover = region_fk(Membership, null=True)
    reported_by = by_field()

    objects = AbsenceQuerySet.as_manager()

    kept, controller = "staff", "employer"
    plain = ("span",)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="absent_once_at_a_time",
                expressions=[("coach", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coach_id} {self.span}"


class PracticeIntake(RegionModel):
    """The capacity line: what a practice may expect of a welfare organisation now. Kept by the coach's side."""

    class State(models.TextChoices):
        OPEN = "open", _("Plek vrij")
        WAITING_LIST = "waiting_list", _("Wachtlijst")
        ASSESS = "assess", _("Eerst overleg")
        CLOSED = "closed", _("Even dicht")

    practice = region_fk(Organisation)
    welfare_organisation = region_fk(Organisation)
    state = models.CharField(max_length=12, choices=State, default=State.CLOSED)
    # A coordinator's own word stands until they take it back; otherwise hours and caseload decide.
    is_set_by_hand = models.BooleanField(default=False)
    closed_until = models.DateField(null=True, blank=True)
    expected_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    next_free_on = models.DateField(null=True, blank=True)
    default_coach = region_fk(Membership, null=True)
    cover = region_fk(Membership, null=True)
    version = models.PositiveIntegerField(default=0)
    refreshed_at = models.DateTimeField(auto_now=True)

    objects = PracticeIntakeQuerySet.as_manager()

    plain = ("closed_until", "expected_weeks", "next_free_on", "version")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "welfare_organisation"], name="one_capacity_line"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "waiting_list", "assess", "closed"]), name="capacity_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.state}"
