"""The coach's own record: first talk, contacts, things to do."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models import Theme
from referrals.models import Referral
from wor.accounts.models import Membership, Role
from wor.tenancy.fields import at_field, by_field, region_fk
from wor.tenancy.history import keep_old_values
from wor.tenancy.models import Organisation, RegionModel


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
    WITH_CLIENT = (Kind.ARRANGE, Kind.INTRODUCTION, Kind.TALK, Kind.ACCOMPANY, Kind.FOLLOW_UP)

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
        indexes = [models.Index(fields=["referral", "at"], name="contact_of_referral")]

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
