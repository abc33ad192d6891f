"""The sociale kaart: who offers what, where and when, and when somebody last said that it is right."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.map import District, TargetCell, Theme
from wor.accounts.permissions import Permission, may
from wor.errors import DomainError
from wor.tenancy.fields import at_field, by_field, region_fk
from wor.tenancy.models import Region, RegionModel


class ProviderQuerySet(models.QuerySet["Provider"]):
    def visible_to(self, membership) -> "ProviderQuerySet":
        """Who offers what in a region is public there."""
        return self.filter(region_id=membership.region_id)


class Provider(RegionModel):
    """Aanbieder: runs activities. Confirms or corrects them through a signed link, without an account."""

    name = models.CharField(max_length=120)
    contact_name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    key = models.UUIDField()
    version = models.PositiveIntegerField(default=0)

    # An organisation's contact details, published on purpose; the person to ask for is asked whether that is all right.
    plain = ("name", "contact_name", "phone", "email", "website", "version")

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="provider_named_once"),
            models.UniqueConstraint(fields=["region", "key"], name="provider_key_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, membership) -> "ActivityQuerySet":
        """Concepts are the moderators'; what stopped keeps its page, for somebody may have been placed there."""
        mine = self.filter(region_id=membership.region_id)
        return mine if may(membership.role, Permission.MODERATE) else mine.exclude(status="draft")

    def public_in(self, region: Region) -> "ActivityQuerySet":
        """What anybody may read without signing in."""
        return self.filter(region=region, status__in=[*Activity.SHOWN, Activity.Status.PAUSED])


class Activity(RegionModel):
    """An activity. ``checked_at`` (*gecontroleerd op*) is set by an explicit act, never by a save."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Concept")
        LIVE = "live", _("Zichtbaar")
        PAUSED = "paused", _("Tijdelijk niet")
        STALE = "stale", _("Nog niet bevestigd")
        RETIRED = "retired", _("Gestopt")

    class DayPart(models.TextChoices):
        MORNING = "morning", _("ochtend")
        AFTERNOON = "afternoon", _("middag")
        EVENING = "evening", _("avond")

    class Access(models.TextChoices):
        WHEELCHAIR = "wheelchair", _("rolstoeltoegankelijk")
        TOILET = "toilet", _("aangepast toilet")
        LIFT = "lift", _("lift of begane grond")
        WALKER = "walker", _("rollator kan")
        HEARING = "hearing", _("ringleiding")
        SIGHT = "sight", _("ook bij slecht zien")
        QUIET = "quiet", _("prikkelarm")
        TRANSPORT = "transport", _("vervoer te regelen")
        CHILDCARE = "childcare", _("kinderopvang")
        ALONE = "alone", _("fijn als je alleen komt")

    class CheckedBy(models.TextChoices):
        PROVIDER = "provider", _("de aanbieder")
        MODERATOR = "moderator", _("de beheerder")

    # What a visitor may find; a stale one carries its warning.
    SHOWN = (Status.LIVE, Status.STALE)
    # From which status to which. Live or stale is decided by when it was last confirmed, not by who clicks.
    BECOMES = {
        Status.DRAFT: (Status.LIVE, Status.STALE, Status.RETIRED),
        Status.LIVE: (Status.STALE, Status.PAUSED, Status.RETIRED),
        Status.STALE: (Status.LIVE, Status.PAUSED, Status.RETIRED),
        Status.PAUSED: (Status.LIVE, Status.STALE, Status.RETIRED),
        Status.RETIRED: (Status.LIVE, Status.STALE),
    }

    provider = region_fk(Provider, related_name="activities")
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=200, blank=True)
    body = models.TextField(max_length=2000, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    schedule = models.CharField(max_length=200)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(7)]),
        default=list,
        blank=True,
    )
    day_parts = ArrayField(models.CharField(max_length=10, choices=DayPart), default=list, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    # Per time, in cents of a euro; 0 is free, none is not known. The note says it in words.
    cost_cents = models.PositiveIntegerField(null=True, blank=True)
    cost_note = models.CharField(max_length=120, blank=True)
    accessibility = ArrayField(models.CharField(max_length=12, choices=Access), default=list, blank=True)
    access_note = models.CharField(max_length=200, blank=True)
    # ISO 639-1, as on the client.
    languages = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    place_name = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=7, blank=True)
    town = models.CharField(max_length=80, blank=True)
    district = region_fk(District, null=True)
    places = models.PositiveSmallIntegerField(null=True, blank=True)
    how_to_join = models.CharField(max_length=200, blank=True)
    # Can somebody go without a coach? Such an activity may be printed for who needs no referral.
    walk_in = models.BooleanField(default=False)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    contact_email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    paused_until = models.DateField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    checked_by_kind = models.CharField(max_length=10, choices=CheckedBy, blank=True)
    checked_by = by_field()
    # The number or code of the list it was imported from: the second import changes nothing.
    external_code = models.CharField(max_length=60, null=True, blank=True)
    key = models.UUIDField()
    version = models.PositiveIntegerField(default=0)

    themes = models.ManyToManyField(Theme, through="ActivityTheme", related_name="activities")
    cells = models.ManyToManyField(TargetCell, through="ActivityCell", related_name="activities")

    plain = (
        *("title", "summary", "body", "schedule", "weekdays", "day_parts", "starts_on", "ends_on", "cost_cents"),
        *("cost_note", "accessibility", "access_note", "languages", "place_name", "address", "postcode", "town"),
        *("places", "how_to_join", "contact_name", "contact_phone", "contact_email", "website", "paused_until"),
        *("external_code", "version"),
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "live", "paused", "stale", "retired"]), name="activity_status_known"
            ),
            # A provider who confirms has no membership; a moderator does.
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by_kind="", checked_by__isnull=True)
                | Q(checked_at__isnull=False, checked_by_kind="provider", checked_by__isnull=True)
                | Q(checked_at__isnull=False, checked_by_kind="moderator", checked_by__isnull=False),
                name="activity_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="activity_ends_after_start",
            ),
            models.UniqueConstraint(fields=["region", "key"], name="activity_key_once"),
            models.UniqueConstraint(fields=["region", "external_code"], name="activity_code_once"),
        ]
        indexes = [
            models.Index(fields=["provider"], name="activity_of_provider"),
            # The moderator's lists: by what is oldest unconfirmed, and by name.
            models.Index(fields=["region", "status", "checked_at", "id"], name="activity_by_freshness"),
            models.Index(fields=["region", "title", "id"], name="activity_by_title"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_shown(self) -> bool:
        return self.status in self.SHOWN

    def may_become(self, status: str) -> bool:
        return status in self.BECOMES[self.Status(self.status)]

    def become(self, status: str) -> None:
        """Change the status. Only here; raises DomainError for what cannot be."""
        if not self.may_become(status):
            raise DomainError(
                _("Deze activiteit staat op “%(status)s”. Dan kan dit niet.") % {"status": self.get_status_display()}
            )
        self.status = status


class ActivityCell(RegionModel):
    """This activity suits a cell of the doelgroepenkaart."""

    activity = region_fk(Activity, related_name="cell_links")
    cell = region_fk(TargetCell, related_name="activity_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "activity", "cell"], name="activity_cell_once")]
        indexes = [models.Index(fields=["cell"], name="activities_of_cell")]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.cell_id}"


class ActivityTheme(RegionModel):
    """This activity touches a theme."""

    activity = region_fk(Activity, related_name="theme_links")
    theme = region_fk(Theme, related_name="activity_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "activity", "theme"], name="activity_theme_once")]
        indexes = [models.Index(fields=["theme"], name="activities_of_theme")]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.theme_id}"


class ActivityIndex(models.Model):
    """What the directory is searched and filtered by: one row for each activity that visitors may find.

    Under a policy PostgreSQL may not use an index for full-text search (its operators are not leakproof), so this
    copy of what is public anyway carries none: **every query names the region**. Written by the services that change an
    activity, in the same transaction; ``search`` holds title (A), summary and labels (B), text and provider (C).
    """

    region_id = models.BigIntegerField()
    activity_id = models.BigIntegerField(unique=True)
    search = SearchVectorField()
    # Lower case without accents, for spelling mistakes by trigrams.
    words = models.TextField()
    title = models.CharField(max_length=120, db_collation="C")
    is_stale = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list)
    day_parts = ArrayField(models.CharField(max_length=10), default=list)
    cost_cents = models.PositiveIntegerField(null=True)
    accessibility = ArrayField(models.CharField(max_length=12), default=list)
    languages = ArrayField(models.CharField(max_length=3), default=list)
    theme_ids = ArrayField(models.BigIntegerField(), default=list)
    cell_ids = ArrayField(models.BigIntegerField(), default=list)
    group_ids = ArrayField(models.BigIntegerField(), default=list)
    problem_ids = ArrayField(models.BigIntegerField(), default=list)
    district_id = models.BigIntegerField(null=True)
    town = models.CharField(max_length=80, blank=True)
    walk_in = models.BooleanField(default=False)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    plain = (
        *("region_id", "activity_id", "search", "words", "title", "weekdays", "day_parts", "cost_cents"),
        *("accessibility", "languages", "theme_ids", "cell_ids", "group_ids", "problem_ids", "district_id", "town"),
        *("latitude", "longitude"),
    )

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="activity_index_search"),
            GinIndex(fields=["words"], name="activity_index_words", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["region_id", "title", "activity_id"], name="activity_index_by_title"),
        ]

    def __str__(self) -> str:
        return self.title


class FacetNumbers(models.Model):
    """How many activities each value of each filter has in a whole region, until something changes.

    Counting 20,000 of them takes a third of a second, and that page is where most visitors begin. Each change gives
    another edition, in its own transaction; numbers are kept only for the edition that was read before counting.
    """

    region_id = models.BigIntegerField(primary_key=True)
    edition = models.UUIDField(default=uuid.uuid4)
    numbers = models.JSONField(null=True)

    plain = ("region_id", "edition", "numbers")

    def __str__(self) -> str:
        return f"{self.region_id} {self.edition}"


class ActivityReportQuerySet(models.QuerySet["ActivityReport"]):
    def visible_to(self, membership) -> "ActivityReportQuerySet":
        """Free text of strangers: for who handles it only."""
        return self.filter(region_id=membership.region_id) if may(membership.role, Permission.MODERATE) else self.none()

    def to_do(self) -> "ActivityReportQuerySet":
        return self.filter(handled_at__isnull=True)


class ActivityReport(RegionModel):
    """*Klopt dit niet?* Somebody, signed in or not, says that an entry is not right."""

    class Outcome(models.TextChoices):
        CORRECTED = "corrected", _("Aangepast")
        FINE = "fine", _("Klopte al")
        UNUSABLE = "unusable", _("Niet bruikbaar")

    activity = region_fk(Activity, related_name="reports")
    body = models.CharField(max_length=500)
    by = by_field()
    key = models.UUIDField()
    handled_at = at_field()
    handled_by = by_field()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    # Free text of a stranger: it may name somebody.
    kept, controller = "remark", "region"
    personal = ("body",)

    objects = ActivityReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="activity_report_key_once"),
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True, handled_by__isnull=True, outcome="")
                | Q(handled_at__isnull=False, handled_by__isnull=False, outcome__in=["corrected", "fine", "unusable"]),
                name="activity_report_handled_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["region", "id"], name="report_to_do", condition=Q(handled_at__isnull=True))]

    def __str__(self) -> str:
        return f"Report {self.reference}"


class ProviderLink(RegionModel):
    """A link with which a provider confirms or corrects its activities: 30 days, the first deed consumes it."""

    provider = region_fk(Provider, related_name="links")
    token_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    # Of the form that consumed it: the same form sent twice gets the same thanks.
    answer_key = models.UUIDField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    kept, controller = "invitation", "region"
    plain = ("token_hash",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "token_hash"], name="provider_link_once")]
        indexes = [models.Index(fields=["provider"], name="links_of_provider")]

    def __str__(self) -> str:
        return f"Link {self.reference}"


class ProviderAnswerQuerySet(models.QuerySet["ProviderAnswer"]):
    def visible_to(self, membership) -> "ProviderAnswerQuerySet":
        return self.filter(region_id=membership.region_id) if may(membership.role, Permission.MODERATE) else self.none()

    def to_do(self) -> "ProviderAnswerQuerySet":
        return self.filter(handled_at__isnull=True)


class ProviderAnswer(RegionModel):
    """What a provider changed through its link: old and new, for a moderator to look at and perhaps put back."""

    class Kind(models.TextChoices):
        CHANGED = "changed", _("Aangepast")
        PAUSED = "paused", _("Tijdelijk niet")
        BACK = "back", _("Is er weer")
        GONE = "gone", _("Bestaat niet meer")

    class Outcome(models.TextChoices):
        KEPT = "kept", _("Zo gelaten")
        PUT_BACK = "put_back", _("Teruggezet")

    activity = region_fk(Activity, related_name="answers")
    kind = models.CharField(max_length=8, choices=Kind)
    # By field, as the field keeps it: {"schedule": "dinsdag 10.00"}.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    handled_at = at_field()
    handled_by = by_field()
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)

    # Free text of somebody without an account: it may name somebody.
    kept, controller = "invitation", "region"
    personal = ("before", "after")

    objects = ProviderAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True, handled_by__isnull=True, outcome="")
                | Q(handled_at__isnull=False, handled_by__isnull=False, outcome__in=["kept", "put_back"]),
                name="provider_answer_handled_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["region", "id"], name="answer_to_do", condition=Q(handled_at__isnull=True))]

    def __str__(self) -> str:
        return f"Answer {self.reference}"
