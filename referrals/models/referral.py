"""The referral: its statuses, who sees it, and what each status needs."""

import datetime as dt
import secrets
import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import District, TargetCell
from referrals.models.client import Client
from wor.accounts.models import Membership, Role
from wor.errors import DomainError
from wor.tenancy.fields import at_field, by_field, region_fk
from wor.tenancy.history import keep_old_values
from wor.tenancy.models import Organisation, RegionModel


class Status(models.TextChoices):
    SENT = "sent", _("Verzonden")
    ACCEPTED = "accepted", _("Aangenomen")
    WAITLISTED = "waitlisted", _("Wachtlijst")
    ACTIVE = "active", _("In traject")
    PAUSED = "paused", _("Gepauzeerd")
    FOLLOW_UP = "follow_up", _("Opvolging")
    COMPLETED = "completed", _("Afgerond")
    STOPPED = "stopped", _("Tussentijds gestopt")
    NOT_STARTED = "not_started", _("Niet gestart")
    DECLINED = "declined", _("Niet passend")
    WITHDRAWN = "withdrawn", _("Ingetrokken")
    ENTERED_IN_ERROR = "entered_in_error", _("Vergissing")


S = Status
# From → to, schema.md 9. ``become`` allows nothing else. Deceased and consent withdrawn use the same arrows.
TRANSITIONS: dict[str, frozenset[str]] = {
    S.SENT: frozenset({S.ACCEPTED, S.DECLINED, S.NOT_STARTED, S.WITHDRAWN, S.ENTERED_IN_ERROR}),
    S.ACCEPTED: frozenset(
        {S.WAITLISTED, S.ACTIVE, S.PAUSED, S.DECLINED, S.NOT_STARTED, S.WITHDRAWN, S.ENTERED_IN_ERROR, S.SENT}
    ),
    S.WAITLISTED: frozenset(
        {S.ACCEPTED, S.ACTIVE, S.PAUSED, S.DECLINED, S.NOT_STARTED, S.WITHDRAWN, S.ENTERED_IN_ERROR, S.SENT}
    ),
    S.ACTIVE: frozenset({S.PAUSED, S.FOLLOW_UP, S.COMPLETED, S.STOPPED, S.ENTERED_IN_ERROR, S.SENT}),
    S.PAUSED: frozenset(
        {
            *(S.ACCEPTED, S.WAITLISTED, S.ACTIVE, S.FOLLOW_UP),
            *(S.NOT_STARTED, S.WITHDRAWN, S.COMPLETED, S.STOPPED, S.ENTERED_IN_ERROR, S.SENT),
        }
    ),
    S.FOLLOW_UP: frozenset({S.ACTIVE, S.COMPLETED, S.STOPPED, S.ENTERED_IN_ERROR, S.SENT}),
    S.COMPLETED: frozenset({S.ACTIVE}),
    S.STOPPED: frozenset({S.ACTIVE}),
    S.NOT_STARTED: frozenset({S.ACCEPTED}),
    S.DECLINED: frozenset({S.SENT}),
    S.WITHDRAWN: frozenset(),
    S.ENTERED_IN_ERROR: frozenset(),
}
OPEN = frozenset({S.SENT, S.ACCEPTED, S.WAITLISTED, S.ACTIVE, S.PAUSED, S.FOLLOW_UP})
BEFORE_FIRST_TALK = frozenset({S.SENT, S.ACCEPTED, S.WAITLISTED})
CLOSED = frozenset(set(Status) - OPEN)
TAKEN_ON = frozenset({S.ACCEPTED, S.WAITLISTED, S.ACTIVE, S.PAUSED, S.FOLLOW_UP, S.COMPLETED, S.STOPPED})
AFTER_FIRST_TALK = frozenset({S.ACTIVE, S.FOLLOW_UP, S.COMPLETED, S.STOPPED})

# Crockford's base 32: no I, L, O or U, so that a number can be read aloud.
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
AGE_BANDS = ((18, "0-17"), (35, "18-34"), (50, "35-49"), (65, "50-64"), (80, "65-79"), (999, "80+"))


def new_number(year: int) -> str:
    """A referral number: ``WOR-2026-`` and six random characters. Tells nothing about how many there are."""
    return f"WOR-{year}-" + "".join(secrets.choice(CROCKFORD) for _ in range(6))


def age_band(age: int) -> str:
    """The age band of the figures for an age in whole years."""
    return next(label for below, label in AGE_BANDS if age < below)


class ClosingReason(RegionModel):
    """Why a referral left a status. The region may rename and add; the codes are fixed meaning."""

    class Kind(models.TextChoices):
        DECLINED = "declined", _("Niet passend")
        NOT_STARTED = "not_started", _("Niet gestart")
        STOPPED = "stopped", _("Tussentijds gestopt")
        PAUSED = "paused", _("Gepauzeerd")
        COMPLETED = "completed", _("Afgerond")
        WITHDRAWN = "withdrawn", _("Ingetrokken")
        PLACEMENT = "placement", _("Met een activiteit gestopt")

    kind = models.CharField(max_length=12, choices=Kind)
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    is_example = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    plain = ("code", "label", "position")

    class Meta:
        ordering = ["kind", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["region", "kind", "code"], name="reason_code_once")]

    def __str__(self) -> str:
        return self.label


def _known_to(membership_id: int) -> Exists:
    """Did this person say *ik ken deze cliënt*?"""
    from referrals.models.exchange import Recusal

    return Exists(Recusal.objects.filter(referral=OuterRef("pk"), membership=membership_id))


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, membership: Membership) -> "ReferralQuerySet":
        """Referrals this membership has a relation with: its practice's, or its welfare organisation's.

        A shielded one only for who referred and who guides (``shielded_without_coach`` tells a coordinator that one
        waits); one whose client a coach knows privately not for that coach. Everybody else has no path to a person, and
        nobody to one whose term has ended.
        """
        me = membership.pk
        if membership.role == Role.REFERRER:
            mine = Q(is_shielded=False) | Q(referrer=me) | Q(on_behalf_of=me)
            return self.filter(mine, erased_at__isnull=True, practice=membership.organisation_id)
        if membership.role in (Role.COACH, Role.COORDINATOR):
            mine = (Q(is_shielded=False) | Q(coach=me)) & Q(erased_at__isnull=True)
            return self.filter(mine, ~_known_to(me), welfare_organisation=membership.organisation_id)
        return self.none()

    def shielded_without_coach(self, membership: Membership) -> "ReferralQuerySet":
        """Open shielded referrals that nobody guides: none was named, who guided left, or is away today. For a
        coordinator to name a coach, by number and practice alone; what they say only that coach reads.

        Who covers for the coach reads nothing: to whom a shielded referral goes is a coordinator's choice.
        """
        from referrals.models.capacity import Absence

        if membership.role != Role.COORDINATOR:
            return self.none()
        guides = Membership.objects.active().filter(pk=OuterRef("coach_id"))
        away = Absence.objects.filter(coach=OuterRef("coach_id"), span__contains=timezone.localdate())
        return self.open().filter(
            ~Exists(guides) | Exists(away),
            ~_known_to(membership.pk),
            is_shielded=True,
            consent_withdrawn_at__isnull=True,
            welfare_organisation=membership.organisation_id,
        )

    def content_open(self) -> "ReferralQuerySet":
        """Those of which the coach side may still read the content (``content_open_to``)."""
        return self.filter(consent_withdrawn_at__isnull=True).exclude(status=S.ENTERED_IN_ERROR)

    def open(self) -> "ReferralQuerySet":
        return self.filter(status__in=OPEN)

    def of_coach(self, membership: Membership) -> "ReferralQuerySet":
        return self.filter(coach=membership.pk)

    def unassigned(self) -> "ReferralQuerySet":
        return self.filter(coach__isnull=True, status=S.SENT)

    def with_people(self) -> "ReferralQuerySet":
        """Bring client, practice and coach along in queries of their own: a join would sort the whole region."""
        return self.prefetch_related("client", "practice", "coach", "target_cell__problem")


@keep_old_values()
class Referral(RegionModel):
    """A *welzijnsrecept*: one client, from one practice, to one welfare organisation at a time."""

    class Channel(models.TextChoices):
        WEB = "web", _("Deze website")
        IMPORT = "import", _("Overgenomen")

    practice = region_fk(Organisation)
    welfare_organisation = region_fk(Organisation, null=True)
    client = region_fk(Client, related_name="referrals")
    referrer = region_fk(Membership)
    on_behalf_of = region_fk(Membership, null=True)
    coach = region_fk(Membership, null=True)
    number = models.CharField(max_length=16)
    key = models.UUIDField(default=uuid.uuid4)
    status = models.CharField(max_length=16, choices=Status, default=Status.SENT)
    is_shielded = models.BooleanField(default=False)
    # What plays: one main cell and at most two more.
    target_cell = region_fk(TargetCell)
    second_cell = region_fk(TargetCell, null=True)
    third_cell = region_fk(TargetCell, null=True)
    help_request = models.CharField(max_length=300)
    other_conversation = models.BooleanField(default=False)
    discussed = models.TextField(max_length=2000, blank=True)
    comes_with = models.CharField(max_length=120, blank=True)
    # The practice's own: never for the coach, an export, an MDO sheet or a report.
    reason_code = models.CharField(max_length=4, blank=True)
    his_number = models.CharField(max_length=20, blank=True)
    z68_noted_at = at_field()
    z68_noted_by = by_field()
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.WEB)
    is_warm = models.BooleanField(default=False)

    sent_at = models.DateTimeField()
    sent_by = by_field()
    # When it came to the organisation that has it now, if that is not the one it was sent to. Terms count from it.
    transferred_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_at = at_field()
    accepted_by = by_field()
    expected_week = models.DateField(null=True, blank=True)
    planned_talk_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    first_contact_at = at_field()
    first_talk_at = at_field()
    feedback_at = at_field()
    paused_until = models.DateField(null=True, blank=True)
    paused_from_status = models.CharField(max_length=16, choices=Status, blank=True)
    pause_reason = region_fk(ClosingReason, null=True)
    follow_up_on = models.DateField(null=True, blank=True)
    # When the practice asked what the coach's side did not answer yet; of several the first.
    question_at = models.DateTimeField(null=True, blank=True, editable=False)
    consent_withdrawn_at = at_field()
    closed_at = at_field()
    closed_by = by_field()
    closing_reason = region_fk(ClosingReason, null=True)
    closing_sentence = models.TextField(max_length=1000, blank=True)

    # Snapshots at sending, for figures (schema.md 14).
    age_band = models.CharField(max_length=6)
    sex = models.CharField(max_length=1, blank=True)
    municipality_code = models.CharField(max_length=6, blank=True)
    district = region_fk(District, null=True)

    # When the coach side has to look again; NULL when there is nothing to do. Stored, because lists sort by it.
    attention_at = models.DateTimeField(null=True, blank=True)
    # Retention (referrals/retention.py): first the words go, later everything but the row that figures count.
    text_erased_at = at_field()
    erased_at = at_field()
    last_news_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    objects = ReferralQuerySet.as_manager()

    kept, controller = "case", "exchange"
    personal = ("help_request", "discussed", "comes_with", "closing_sentence", "his_number", "reason_code")
    plain = (
        *("number", "expected_week", "attempts", "paused_until", "follow_up_on", "age_band", "municipality_code"),
        *("sex", "version"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="referral_number_once"),
            models.UniqueConstraint(fields=["region", "key"], name="referral_key_once"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="referral_status_known"),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(welfare_organisation__isnull=False), name="referral_sent_to_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=TAKEN_ON)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, coach__isnull=False),
                name="referral_taken_on_by_a_coach",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=AFTER_FIRST_TALK) | Q(first_talk_at__isnull=False),
                name="referral_active_after_first_talk",
            ),
            models.CheckConstraint(
                condition=~Q(status="waitlisted") | Q(expected_week__isnull=False), name="referral_waits_until_a_week"
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="paused", paused_until__isnull=False, pause_reason__isnull=False)
                    & Q(paused_from_status__in=["accepted", "waitlisted", "active", "follow_up"])
                )
                | (
                    ~Q(status="paused") & Q(paused_until__isnull=True, pause_reason__isnull=True, paused_from_status="")
                ),
                name="referral_paused_until_and_why",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=CLOSED) & Q(closed_at__isnull=False))
                | (Q(status__in=OPEN) & Q(closed_at__isnull=True)),
                name="referral_closed_when_ended",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["completed", "stopped", "not_started", "declined", "withdrawn"])
                | Q(closing_reason__isnull=False),
                name="referral_ended_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(status__in=CLOSED, attention_at__isnull=True)
                | Q(status__in=OPEN, attention_at__isnull=False),
                name="referral_open_asks_attention",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "-last_news_at", "-id"], name="referral_practice_list"),
            models.Index(fields=["welfare_organisation", "status", "attention_at", "id"], name="referral_welfare_list"),
            models.Index(
                fields=["welfare_organisation", "-closed_at", "-id"],
                name="referral_welfare_closed",
                condition=Q(closed_at__isnull=False),
            ),
            # The open ones are those without a closing date.
            models.Index(fields=["coach", "closed_at", "attention_at", "id"], name="referral_of_coach"),
            models.Index(fields=["client"], name="referral_of_client"),
            # What runs in a region, by status: few beside all that ever was. Reminders look here.
            models.Index(
                fields=["region", "status", "sent_at"], name="referral_running", condition=Q(closed_at__isnull=True)
            ),
            # All that dashboard/counting.py reads, so that the index alone answers: hence the region, of the policy.
            models.Index(
                fields=["region", "practice", "sent_at"],
                name="referral_figures",
                include=[
                    *("id", "status", "municipality_code", "accepted_at", "first_contact_at", "first_talk_at"),
                    *("feedback_at", "closed_at", "closing_reason", "z68_noted_at"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def audit_client_ref(self):
        return self.client.reference

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def responsible_id(self) -> int:
        """The membership of the GP in whose name it was sent."""
        return self.on_behalf_of_id or self.referrer_id

    @property
    def arrived_at(self) -> dt.datetime:
        """When it came to the organisation that has it now: terms count from here, figures from ``sent_at``."""
        return max(self.sent_at, self.transferred_at or self.sent_at)

    @property
    def days_waiting(self) -> int:
        """Calendar days in Europe/Amsterdam since sending."""
        return (timezone.localdate() - timezone.localdate(self.sent_at)).days

    @property
    def before_first_talk(self) -> bool:
        return self.first_talk_at is None

    def may_become(self, status: str) -> bool:
        if status not in TRANSITIONS[self.status]:
            return False
        if self.status == S.PAUSED:
            if status in (S.ACCEPTED, S.WAITLISTED, S.ACTIVE, S.FOLLOW_UP):
                return status == self.paused_from_status
            if status in (S.NOT_STARTED, S.WITHDRAWN):
                return self.before_first_talk
            if status in (S.COMPLETED, S.STOPPED):
                return not self.before_first_talk
        return True

    def become(self, status: str) -> None:
        """The only place where ``status`` changes. Does not save.

        Raises DomainError when the table has no such arrow.
        """
        if not self.may_become(status):
            raise DomainError(
                _("De verwijzing staat op “%(status)s”. Bekijk de pagina opnieuw.")
                % {"status": self.get_status_display()}
            )
        self.status = status
        if status != S.PAUSED:
            self.paused_until, self.pause_reason, self.paused_from_status = None, None, ""
        if status in CLOSED:
            self.attention_at = None

    def can_reopen(self, now: dt.datetime, months: int) -> bool:
        """Closed, and not longer ago than the region's term in months of 31 days at most."""
        return (
            self.status in (S.COMPLETED, S.STOPPED, S.NOT_STARTED)
            and self.consent_withdrawn_at is None
            and self.client.deceased_at is None
            and self.closed_at is not None
            and now - self.closed_at <= dt.timedelta(days=31 * months)
        )

    def content_open_to(self, membership: Membership) -> bool:
        """May this membership read what the referral says, or only that it exists (a stub)?"""
        on_coach_side = membership.role in (Role.COACH, Role.COORDINATOR)
        if self.status == S.ENTERED_IN_ERROR:
            return not on_coach_side
        return not (on_coach_side and self.consent_withdrawn_at)


class ReferralDraftQuerySet(models.QuerySet["ReferralDraft"]):
    def visible_to(self, membership: Membership) -> "ReferralDraftQuerySet":
        """The practice's drafts that are not sent yet; one that will be shielded only for who writes or sends it."""
        if membership.role != Role.REFERRER:
            return self.none()
        mine = Q(written_by=membership.pk) | Q(payload__on_behalf_of=str(membership.reference))
        shared = ~Q(payload__has_key="is_shielded")
        return self.filter(mine | shared, practice=membership.organisation_id, sent_referral__isnull=True)

    def kept(self) -> "ReferralDraftQuerySet":
        """Without those thrown away, which can be put back for a while."""
        return self.filter(discarded_at__isnull=True)


class ReferralDraft(RegionModel):
    """A referral being written: raw text per field. In no figure, seen by the practice only, gone after 14 days."""

    practice = region_fk(Organisation)
    written_by = by_field()
    key = models.UUIDField(default=uuid.uuid4)
    payload = models.JSONField(default=dict)
    signal_when_open = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)
    sent_referral = region_fk(Referral, null=True)
    # The screen that wrote last, and which of its saves that was: a screen is no colleague of itself.
    sheet = models.UUIDField(null=True)
    turn = models.PositiveIntegerField(default=0)
    discarded_at = at_field()
    discarded_by = by_field()
    version = models.PositiveIntegerField(default=0)

    objects = ReferralDraftQuerySet.as_manager()

    kept, controller = "draft", "practice"
    personal = ("payload",)
    plain = ("version", "sheet", "turn")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "key"], name="draft_key_once")]
        indexes = [
            models.Index(fields=["practice", "-changed_at"], name="draft_of_practice"),
            models.Index(fields=["changed_at"], name="draft_by_age"),
        ]

    def __str__(self) -> str:
        return f"Draft {self.reference}"

    def changed_elsewhere(self, version: int, sheet: uuid.UUID | None) -> bool:
        """Did another screen write since ``version``? One whose answer got lost knows an older version than its own."""
        return self.version != version and (sheet is None or self.sheet != sheet)
