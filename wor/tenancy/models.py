"""The tenant (region), its organisations, and what every row of a region has in common."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.base import ModelBase
from django.db.models.functions import Now
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _

from wor.tenancy.constraints import RegionForeignKey
from wor.tenancy.fields import region_fk


class Region(models.Model):
    """A *samenwerkingsverband*: practices, welfare organisations, municipalities and insurers that work together."""

    class Variant(models.TextChoices):
        TARGETED = "gericht", _("Gericht")
        BROAD = "breed", _("Breed")

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    primary = models.CharField(max_length=7, default="#0B5D63")
    accent = models.CharField(max_length=7, default="#C8502D")
    variant = models.CharField(max_length=8, choices=Variant, default=Variant.BROAD)
    settings = models.JSONField(default=dict, blank=True)
    min_cell_core = models.PositiveSmallIntegerField(default=5)
    min_cell_funder = models.PositiveSmallIntegerField(default=10)
    is_fictional = models.BooleanField(default=False)
    # A region starts paused until these say that it may work with real people's data.
    dpia_adopted_on = models.DateField(null=True, blank=True)
    processing_agreements_on = models.DateField(null=True, blank=True)
    joint_arrangement_on = models.DateField(null=True, blank=True)
    privacy_statement = models.TextField(blank=True)
    data_protection_officer = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())

    plain = (
        *("name", "primary", "accent", "settings", "privacy_statement", "data_protection_officer", "slug"),
        *("dpia_adopted_on", "processing_agreements_on", "joint_arrangement_on", "min_cell_core", "min_cell_funder"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(min_cell_core__gte=5, min_cell_funder__gte=5), name="region_thresholds_at_least_five"
            ),
            models.CheckConstraint(condition=Q(variant__in=["gericht", "breed"]), name="region_variant_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """May referrals be sent? Only when the agreements that the AVG asks for are in place."""
        return self.is_fictional or all(
            (
                self.dpia_adopted_on,
                self.processing_agreements_on,
                self.joint_arrangement_on,
                self.privacy_statement,
                self.data_protection_officer,
            )
        )

    def setting(self, name: str):
        """A term or choice of this region, or the default that ``REGION_SETTINGS`` documents."""
        return self.settings.get(name, REGION_SETTINGS[name])


# Terms in days unless the name says otherwise; content_nl.md 7 and product.md "Life of a referral".
REGION_SETTINGS = {
    "minimum_age_years": 18,
    "first_contact_days": 14,
    "first_feedback_days": 7,
    "unanswered_coach_working_days": 3,
    "unanswered_coordinator_working_days": 5,
    "unanswered_referrer_working_days": 7,
    "question_working_days": 5,
    "coach_named_working_days": 5,
    "waitlist_still_wanted_weeks": 6,
    "pause_default_weeks": 6,
    "pause_maximum_months": 3,
    "reopen_months": 3,
    "draft_days": 14,
    "draft_reminder_days": 7,
    # After the start of an activity or of the follow-up the coach asks twice how it goes.
    "follow_up_first_weeks": 6,
    "follow_up_second_months": 3,
    "attempts_on_days": 3,
    "sign_in_trust_days": 30,
    # The capacity line (coaches/capacity.py): what a running case takes of a coach's week, how many weeks it runs on
    # average, and how many working days at least lie between a referral and the first talk that may be promised.
    "case_minutes_per_week": 40,
    "case_weeks": 12,
    "first_talk_working_days": 2,
    # Do coaches log how long a contact took (in steps of 15 minutes)? Off: used hours come from the rota.
    "log_minutes": False,
    # The hour of a working day at which a practice gets its one mail about the news since the last
    # (outbox/services.py), and everybody the one about what waits. From the other hour on nobody is reminded of
    # anything (reminders.py).
    "news_hour": 8,
    "quiet_from_hour": 18,
    # The sociale kaart: months after the last confirmation until the provider is asked again, until an entry carries a
    # warning ("bel even vooraf"), and until it is no longer suggested to anybody (activities/freshness.py).
    "activity_ask_months": 5,
    "activity_stale_months": 6,
    "activity_hidden_months": 12,
}


class RegionModelBase(ModelBase):
    """Gives every model of a region UNIQUE (region, id), and each reference to such a model its composite key.

    Done here and not by hand in each Meta, so that nobody can forget it.
    """

    def __new__(mcs, name, bases, attrs, **kwargs):
        model: Any = super().__new__(mcs, name, bases, attrs, **kwargs)  # a model, whose metaclass this is
        if model._meta.abstract or model._meta.proxy:
            return model
        table = model._meta.db_table
        constraints: list[models.BaseConstraint] = [
            models.UniqueConstraint(fields=["region", "id"], name=f"{table}_region_id")
        ]
        constraints += [
            RegionForeignKey(field=field.name, name=f"{table}_{field.name}_same_region")
            for field in model._meta.local_fields
            if isinstance(field, models.ForeignKey) and not field.db_constraint  # type: ignore[attr-defined] # the stubs lack it
        ]
        model._meta.constraints = [*constraints, *model._meta.constraints]
        model._meta.original_attrs["constraints"] = model._meta.constraints
        mcs._drop_needless_indexes(model)
        return model

    @staticmethod
    def _drop_needless_indexes(model: Any) -> None:
        """No index on a reference alone where a wider one begins with it: every write would keep both."""
        wider = [
            each.fields
            for each in (*model._meta.indexes, *model._meta.constraints)
            if type(each) in (models.Index, models.UniqueConstraint) and each.condition is None and each.fields
        ]
        begins = {fields[0].removeprefix("-") for fields in wider}
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.name in begins and not field.unique:
                field.db_index = False  # type: ignore[attr-defined] # the stubs lack it


class RegionModel(models.Model, metaclass=RegionModelBase):
    """A row of one region. ``reference`` is what addresses carry; ``id`` never leaves the server.

    Each model names its ``personal`` fields (data about a person: scrubbed from logs, exported, erased) and its
    ``plain`` ones; a test fails for a field in neither, and for a model with personal fields that says not how long
    they are ``kept``.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, editable=False, related_name="+")
    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())

    personal: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    append_only = False
    # How long a row is kept and who answers for it: codes of wor/retention/dictionary.py.
    kept = "region"
    controller = "region"

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field) -> Any:
        """The word for a choice, as Django's own finds it: that one translates the whole list for each value."""
        value = getattr(self, field.attname)
        return force_str(dict(field.flatchoices).get(value, value), strings_only=True)


class StoredFile(RegionModel):
    """A small file (a coach's photo, a region's mark), kept in the database so that the policy covers it."""

    kind = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    kept, controller = "staff", "employer"
    plain = ("kind", "sha256", "content_type", "size")
    personal = ("content",)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__lte=5 * 1024 * 1024), name="file_at_most_5_mb"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Municipality(models.Model):
    """Dutch municipality. Source: CBS, Gemeentelijke indeling 2025, CC BY 4.0."""

    gm_code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=80)
    province = models.CharField(max_length=40, blank=True)

    plain = ("gm_code", "name", "province")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, membership) -> "OrganisationQuerySet":
        """Names of the parties of a region are no secret inside it."""
        return self.filter(region_id=membership.region_id)

    def of_kind(self, *kinds: str) -> "OrganisationQuerySet":
        return self.filter(kind__in=kinds)


class Organisation(RegionModel):
    """A party in the region."""

    class Kind(models.TextChoices):
        PRACTICE = "practice", _("Huisartsenpraktijk")
        PRACTICE_GROUP = "practice_group", _("Gezondheidscentrum of zorggroep")
        WELFARE = "welfare", _("Welzijnsorganisatie")
        MUNICIPALITY = "municipality", _("Gemeente")
        INSURER = "insurer", _("Zorgverzekeraar")
        SUPPORT = "support", _("Regio-organisatie")

    kind = models.CharField(max_length=14, choices=Kind)
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    agb = models.CharField(max_length=8, blank=True)
    municipality_code = models.CharField(max_length=6, blank=True)
    registered_patients = models.PositiveIntegerField(null=True, blank=True)
    is_paused = models.BooleanField(default=False)
    parent = region_fk("tenancy.Organisation", null=True)

    objects = OrganisationQuerySet.as_manager()

    plain = ("kind", "name", "place", "phone", "agb", "municipality_code", "registered_patients")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["region", "kind", "name"], name="organisation_named_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["practice", "practice_group", "welfare", "municipality", "insurer", "support"]),
                name="organisation_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ServedArea(RegionModel):
    """Which welfare organisation serves a practice's patients who live in a municipality."""

    practice = region_fk(Organisation)
    municipality_code = models.CharField(max_length=6)
    welfare_organisation = region_fk(Organisation)

    plain = ("municipality_code",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "practice", "municipality_code"], name="served_by_one"),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.municipality_code}"
