"""The coach's own record: first talk, contacts, things to do."""

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, District, TargetCell, Theme
from referrals.models import ClosingReason, Referral
from referrals.models.referral import OPEN
from wor.accounts.models import Membership, Role
from wor.errors import DomainError
from wor.tenancy.fields import at_field, by_field, region_fk
from wor.tenancy.history import keep_old_values
from wor.tenancy.models import Organisation, RegionModel

# The application's own reason: proposed or tapped by mistake. No reason of a client, and never counted as one.
TAKEN_BACK = "taken_back"


class OwnFileQuerySet(models.QuerySet):
    def visible_to(self, membership: Membership) -> Self:
        """A welfare organisation's own notes: after a transfer the next organisation does not see them."""
        if membership.role not in (Role.COACH, Role.COORDINATOR):
            return self.none()
        return self.filter(
            welfare_organisation=membership.organisation_id,
            referral__in=Referral.objects.visible_to(membership).content_open(),
        )


@keep_old_values()
class Intake(RegionModel):
    """Kennismaking: the first talk. What matters to the client; no scores but one figure, and only if they like."""

    referral = region_fk(Referral, related_name="intakes")
    welfare_organisation = region_fk(Organisation)
    theme = region_fk(Theme, null=True)
    wish = models.TextField(max_length=1000, blank=True)
    strengths = models.TextField(max_length=1000, blank=True)
    obstacles = models.TextField(max_length=1000, blank=True)
    prior_needs = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    wellbeing_t0 = models.PositiveSmallIntegerField(null=True, blank=True)
    held_at = models.DateTimeField()
    held_by = by_field()
    version = models.PositiveIntegerField(default=0)

    objects = OwnFileQuerySet.as_manager()

    kept, controller = "case", "welfare"
    personal = ("wish", "strengths", "obstacles", "prior_needs", "wellbeing_t0")
    plain = ("version",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "welfare_organisation"], name="one_intake_each"),
            models.CheckConstraint(
                condition=Q(wellbeing_t0__isnull=True) | Q(wellbeing_t0__lte=10), name="intake_figure_0_to_10"
            ),
        ]

    def __str__(self) -> str:
        return f"Intake {self.reference}"


class ContactQuerySet(OwnFileQuerySet):
    def valid(self) -> "ContactQuerySet":
        """Without those marked as a mistake."""
        return self.filter(entered_in_error_at__isnull=True)


class Contact(RegionModel):
    """Something that was done. Append-only but for the mark that it was a mistake."""

    class Kind(models.TextChoices):
        ARRANGE = "arrange", _("Afspraak maken")
        INTRODUCTION = "introduction", _("Kennismaking")
        TALK = "talk", _("Vervolggesprek")
        ACCOMPANY = "accompany", _("Meegaan naar activiteit")
        FOLLOW_UP = "follow_up", _("Opvolging")
        REFERRER = "referrer", _("Overleg met verwijzer")
        PROVIDER = "provider", _("Overleg met aanbieder")
        MDO = "mdo", _("MDO")
        OTHER_HELP = "other_help", _("Overleg met andere hulp")
        CONCERN = "concern", _("Zorgen: praktijk gebeld")

    class Way(models.TextChoices):
        PRACTICE = "practice", _("In de praktijk")
        OFFICE = "office", _("Bij de welzijnsorganisatie")
        HOME = "home", _("Thuis")
        WALKING = "walking", _("Wandelend of onderweg")
        PHONE = "phone", _("Telefoon")
        VIDEO = "video", _("Beeldbellen")
        MESSAGE = "message", _("Bericht")
        LETTER = "letter", _("Brief")

    class Result(models.TextChoices):
        SPOKEN = "spoken", _("Gesproken")
        NO_ANSWER = "no_answer", _("Geen gehoor")
        VOICEMAIL = "voicemail", _("Voicemail ingesproken")
        CALLBACK = "callback", _("Terugbelverzoek achtergelaten")
        NO_SHOW = "no_show", _("Niet gekomen")
        CANCELLED_BY_CLIENT = "cancelled_by_client", _("Afgezegd door cliënt")
        MOVED = "moved", _("Verzet")
        CANCELLED_BY_US = "cancelled_by_us", _("Afgezegd door ons")
        WRONG_NUMBER = "wrong_number", _("Nummer klopt niet")

    # What counts towards the three attempts on three days.
    ATTEMPTS = (Result.NO_ANSWER, Result.VOICEMAIL, Result.CALLBACK, Result.NO_SHOW, Result.WRONG_NUMBER)
    TALKS = (Kind.INTRODUCTION, Kind.TALK, Kind.ACCOMPANY, Kind.FOLLOW_UP)
    WITH_CLIENT = (Kind.ARRANGE, *TALKS)

    referral = region_fk(Referral, related_name="contacts")
    welfare_organisation = region_fk(Organisation)
    by = by_field()
    at = models.DateTimeField()
    kind = models.CharField(max_length=14, choices=Kind)
    way = models.CharField(max_length=10, choices=Way)
    result = models.CharField(max_length=20, choices=Result, default=Result.SPOKEN)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    line = models.CharField(max_length=300, blank=True)
    told_to = models.CharField(max_length=120, blank=True)
    key = models.UUIDField()
    entered_in_error_at = at_field()
    entered_in_error_by = by_field()

    objects = ContactQuerySet.as_manager()

    kept, controller = "case", "welfare"
    personal = ("line", "told_to")
    plain = ("minutes",)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="contact_key_once"),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__lte=600), name="contact_minutes_sane"
            ),
        ]
        indexes = [
            models.Index(fields=["referral", "at"], name="contact_of_referral"),
            # A referral's talks, counted in the index alone (dashboard/counting.py): hence the region, of the policy.
            models.Index(
                fields=["region", "referral"],
                name="contact_talks",
                condition=Q(
                    entered_in_error_at__isnull=True,
                    result="spoken",
                    kind__in=("introduction", "talk", "accompany", "follow_up"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def is_with_client(self) -> bool:
        return self.kind in self.WITH_CLIENT


class ActionQuerySet(OwnFileQuerySet):
    def to_do(self) -> "ActionQuerySet":
        return self.filter(done_at__isnull=True)


class Action(RegionModel):
    """Something to do, by somebody, on a day."""

    referral = region_fk(Referral, related_name="actions")
    welfare_organisation = region_fk(Organisation)
    owner = region_fk(Membership)
    due_on = models.DateField()
    text = models.CharField(max_length=200)
    key = models.UUIDField()
    done_at = at_field()
    done_by = by_field()
    done_in = region_fk(Contact, null=True)
    version = models.PositiveIntegerField(default=0)

    objects = ActionQuerySet.as_manager()

    kept, controller = "case", "welfare"
    personal = ("text",)
    plain = ("due_on", "version")

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="action_key_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="action_done_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on"], name="action_to_do", condition=Q(done_at__isnull=True)),
            models.Index(fields=["referral"], name="action_of_referral"),
        ]

    def __str__(self) -> str:
        return f"Action {self.reference}"


class PlacementQuerySet(OwnFileQuerySet):
    def running(self) -> "PlacementQuerySet":
        """Still to come or going on, in guidance that goes on.

        What ends the guidance closes its placements by this condition alone, whoever ended it and why: nobody is
        written down as having dropped out. The same for a case that went to another organisation.
        """
        return self.exclude(status=Placement.Status.STOPPED).filter(
            referral__status__in=OPEN, referral__welfare_organisation=F("welfare_organisation")
        )

    def taking_a_place(self) -> "PlacementQuerySet":
        """Those for whom a provider keeps a place now."""
        return self.running().exclude(status=Placement.Status.PROPOSED)

    def stopped_for_a_reason(self) -> "PlacementQuerySet":
        """Begun or agreed on and ended with a reason of the client's: what figures may count as stopping."""
        return self.filter(status=Placement.Status.STOPPED).exclude(stop_reason__code=TAKEN_BACK)


@keep_old_values()
class Placement(RegionModel):
    """An activity that coach and client chose, and how far it came."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Voorgesteld")
        INTRODUCED = "introduced", _("Kennisgemaakt")
        STARTED = "started", _("Begonnen")
        CONTINUING = "continuing", _("Doet nog mee")
        STOPPED = "stopped", _("Gestopt")

    # From which status to which. Who stopped and comes back gets a placement of its own.
    BECOMES = {
        Status.PROPOSED: (Status.INTRODUCED, Status.STARTED, Status.STOPPED),
        Status.INTRODUCED: (Status.STARTED, Status.STOPPED),
        Status.STARTED: (Status.CONTINUING, Status.STOPPED),
        Status.CONTINUING: (Status.CONTINUING, Status.STOPPED),
        Status.STOPPED: (),
    }

    referral = region_fk(Referral, related_name="placements")
    welfare_organisation = region_fk(Organisation)
    activity = region_fk(Activity)
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    # Why it was suggested, as codes (problem, theme, near, day, cost, access, language): the page has the words.
    why = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    # A warm introduction names the client to the provider, and needs consent (c).
    is_warm = models.BooleanField(default=False)
    proposed_at = at_field()
    proposed_by = by_field()
    introduced_at = at_field()
    introduced_by = by_field()
    started_at = at_field()
    started_by = by_field()
    continuing_at = at_field()
    continuing_by = by_field()
    stopped_at = at_field()
    stopped_by = by_field()
    stop_reason = region_fk(ClosingReason, null=True)
    key = models.UUIDField()
    version = models.PositiveIntegerField(default=0)

    objects = PlacementQuerySet.as_manager()

    # What somebody does in their free time says something about them.
    kept, controller = "case", "welfare"
    personal = ("why", "is_warm")
    plain = ("version",)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="placement_key_once"),
            # The same activity again is possible once the former time has stopped.
            models.UniqueConstraint(
                fields=["referral", "welfare_organisation", "activity"],
                name="placement_running_once",
                condition=~Q(status="stopped"),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "introduced", "started", "continuing", "stopped"]),
                name="placement_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="stopped", stopped_at__isnull=False, stop_reason__isnull=False)
                | ~Q(status="stopped") & Q(stopped_at__isnull=True, stop_reason__isnull=True),
                name="placement_stopped_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["started", "continuing"]) | Q(started_at__isnull=False),
                name="placement_started_before_it_goes_on",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{step}_at__isnull": True, f"{step}_by__isnull": True})
                    | Q(**{f"{step}_at__isnull": False, f"{step}_by__isnull": False}),
                    name=f"placement_{step}_by_somebody",
                )
                for step in ("proposed", "introduced", "started", "continuing", "stopped")
            ),
        ]
        indexes = [
            models.Index(fields=["referral"], name="placement_of_referral"),
            models.Index(fields=["activity"], name="placement_in_activity", condition=~Q(status="stopped")),
        ]

    def __str__(self) -> str:
        return f"Placement {self.reference}"

    def may_become(self, status: str) -> bool:
        return status in self.BECOMES[self.Status(self.status)]

    def become(self, status: str, *, by: Membership, at: dt.datetime) -> None:
        """Change the status, with who and when. Only here; raises DomainError for what cannot be."""
        if not self.may_become(status):
            raise DomainError(
                _("Deze activiteit staat op “%(status)s”. Dan kan dit niet.") % {"status": self.get_status_display()}
            )
        self.status = status
        setattr(self, f"{status}_at", at)
        setattr(self, f"{status}_by", by)

    @property
    def has_started(self) -> bool:
        return self.started_at is not None

    @property
    def is_taken_back(self) -> bool:
        return self.stop_reason is not None and self.stop_reason.code == TAKEN_BACK


class Measurement(RegionModel):
    """The same question as at the first talk, asked again at follow-up: 0 is very bad, 10 is very good. Optional."""

    class Moment(models.TextChoices):
        T1 = "t1", _("Bij de opvolging")

    referral = region_fk(Referral, related_name="measurements")
    welfare_organisation = region_fk(Organisation)
    moment = models.CharField(max_length=2, choices=Moment, default=Moment.T1)
    value = models.PositiveSmallIntegerField()
    at = at_field()
    by = by_field()

    objects = OwnFileQuerySet.as_manager()

    kept, controller = "case", "welfare"
    personal = ("value",)

    class Meta:
        constraints = [
            # Each organisation that guides asks for itself.
            models.UniqueConstraint(
                fields=["region", "referral", "welfare_organisation", "moment"], name="measured_once_each_moment"
            ),
            models.CheckConstraint(condition=Q(value__lte=10), name="measurement_0_to_10"),
        ]

    def __str__(self) -> str:
        return f"Measurement {self.reference}"


class GapQuerySet(models.QuerySet["Gap"]):
    def visible_to(self, membership: Membership) -> Self:
        """Who keeps the sociale kaart sees the region's; a welfare organisation those of its own people."""
        if membership.role == Role.REGION_ADMIN:
            return self.filter(region=membership.region_id)
        if membership.role in (Role.COACH, Role.COORDINATOR):
            return self.filter(welfare_organisation=membership.organisation_id)
        return self.none()

    def to_do(self) -> Self:
        return self.filter(handled_at__isnull=True)


class Gap(RegionModel):
    """*Gat in het aanbod*: nothing fitted. Without a person: for the moderator and the kernteam."""

    class Kind(models.TextChoices):
        MISSING = "missing", _("Bestaat niet")
        TOO_FAR = "too_far", _("Wel, maar te ver")
        TOO_EXPENSIVE = "too_expensive", _("Te duur")
        WRONG_TIME = "wrong_time", _("Verkeerd moment (avond, weekend)")
        FULL = "full", _("Vol")
        NOT_ACCESSIBLE = "not_accessible", _("Niet toegankelijk")
        LANGUAGE = "language", _("Niet in eigen taal")
        AGE = "age", _("Niet voor deze leeftijd")

    kind = models.CharField(max_length=14, choices=Kind)
    welfare_organisation = region_fk(Organisation)
    # For the figures of a practice; never which client.
    practice = region_fk(Organisation)
    target_cell = region_fk(TargetCell, null=True)
    theme = region_fk(Theme, null=True)
    district = region_fk(District, null=True)
    note = models.CharField(max_length=140, blank=True)
    by = by_field()
    key = models.UUIDField()
    handled_at = at_field()
    handled_by = by_field()

    objects = GapQuerySet.as_manager()

    # Asked to name nobody; treated as personal all the same.
    kept, controller = "remark", "welfare"
    personal = ("note",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="gap_key_once"),
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True, handled_by__isnull=True)
                | Q(handled_at__isnull=False, handled_by__isnull=False),
                name="gap_handled_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "created_at"], name="gap_of_practice"),
            models.Index(fields=["region", "id"], name="gap_to_do", condition=Q(handled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"Gap {self.reference}"
