"""What has to happen after a change is committed, and the inbox that is the truth about it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wor.tenancy.fields import region_fk
from wor.tenancy.models import RegionModel


class Effect(models.Model):
    """A mail to send, committed with the change that caused it. Ids only: never a name, an address or a text."""

    kind = models.CharField(max_length=40)
    region_id = models.BigIntegerField(null=True)
    subject_ref = models.UUIDField()
    recipient_membership_id = models.BigIntegerField(null=True)
    recipient_user_id = models.BigIntegerField(null=True)
    not_before = models.DateTimeField(default=timezone.now)
    sending_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    kept, controller = "outbox", "platform"
    plain = ("kind", "attempts", "message_id", "region_id", "recipient_membership_id", "recipient_user_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_ref", "recipient_membership_id", "recipient_user_id"],
                name="one_effect_each",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"], name="effect_due", condition=Q(done_at__isnull=True, failed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_ref}"


class Notice(RegionModel):
    """A line in somebody's inbox (*Berichten*). E-mail only says that it is there."""

    class Kind(models.TextChoices):
        NEW_REFERRAL = "referral_new", _("Nieuwe verwijzing")
        ASSIGNED = "referral_assigned", _("Verwijzing voor jou")
        FEEDBACK = "feedback_ready", _("Terugkoppeling")
        QUESTION = "question_asked", _("Vraag")
        ANSWER = "question_answered", _("Antwoord op je vraag")
        DECLINED = "referral_declined", _("Niet passend")
        WITHDRAWN = "referral_withdrawn", _("Verwijzing ingetrokken")
        SUPPLEMENTED = "referral_supplemented", _("Aanvulling op een verwijzing")
        STOPPED = "consent_withdrawn", _("Toestemming ingetrokken")
        DECEASED = "client_deceased", _("Overlijden doorgegeven")
        HANDED_OVER = "referral_handed_over", _("Cliënt naar een collega")
        COACH_ABSENT = "coach_absent", _("Coach afwezig")
        CAPACITY_OPEN = "capacity_open", _("Er is weer plek")
        NEW_COLLEAGUE = "colleague_new", _("Nieuwe collega")
        FAILED = "delivery_failed", _("E-mail niet aangekomen")
        ACTIVITY_REPORTED = "activity_reported", _("Klopt dit niet?")
        ACTIVITY_PROPOSED = "activity_proposed", _("Voorstel voor de sociale kaart")
        PROVIDER_ANSWERED = "provider_answered", _("Antwoord van een aanbieder")
        FILE_CHECKED = "file_checked", _("Bestand nagekeken")
        FILE_APPLIED = "file_applied", _("Bestand verwerkt")
        # Reminders: something waits, and a term of the region has passed.
        UNANSWERED = "unanswered", _("Verwijzing nog niet aangenomen")
        FIRST_CONTACT_DUE = "first_contact_due", _("Eerste contact")
        FEEDBACK_DUE = "feedback_due", _("Terugkoppeling schrijven")
        COACH_DUE = "coach_due", _("Coach kiezen")
        STILL_WANTED = "still_wanted", _("Nog gewenst?")
        PAUSE_OVER = "pause_over", _("Pauze voorbij")
        FOLLOW_UP_DUE = "follow_up_due", _("Vragen hoe het gaat")
        QUESTION_WAITS = "question_waits", _("Vraag wacht op antwoord")
        DRAFT_WAITS = "draft_waits", _("Concept wordt gewist")
        CONFIRM_BY_PHONE = "confirm_by_phone", _("Aanbieder bellen")

    membership = region_fk("accounts.Membership")
    kind = models.CharField(max_length=30, choices=Kind)
    subject_ref = models.UUIDField()
    read_at = models.DateTimeField(null=True)

    kept, controller = "outbox", "employer"
    plain = ("kind",)

    class Meta:
        indexes = [
            models.Index(fields=["membership", "-id"], name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["membership", "-id"], name="notice_of_membership", include=["read_at"]),
        ]

    def __str__(self) -> str:
        return self.kind


class Reminder(RegionModel):
    """Something to say when nobody acted before ``due_at``. Found by polling; said at most once (``reminders.py``).

    ``subject_type`` and ``subject_ref`` name the row it is about. ``step`` is which time: the day the term counts from,
    as a number of days since 2020, so that a second pause has a reminder of its own.
    """

    kind = models.CharField(max_length=30)
    subject_type = models.CharField(max_length=30)
    subject_ref = models.UUIDField()
    step = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    kept, controller = "case", "platform"
    plain = ("kind", "subject_type", "step")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "kind", "subject_ref", "step"], name="one_reminder_each"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(cancelled_at__isnull=True), name="reminder_done_or_cancelled"
            ),
        ]
        indexes = [
            models.Index(
                fields=["region", "due_at", "id"],
                name="reminder_due",
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
            ),
            models.Index(fields=["subject_ref"], name="reminder_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class DirtyMonth(models.Model):
    """A practice's month whose figures have to be counted again. Marked in the transaction of the change. Ids only."""

    pk = models.CompositePrimaryKey("region_id", "practice_id", "month")
    region_id = models.BigIntegerField()
    practice_id = models.BigIntegerField()
    # The first day of the month in which the referrals were sent, in Amsterdam.
    month = models.DateField()
    marked_at = models.DateTimeField(db_default=Now())

    plain = ("pk", "region_id", "practice_id", "month")

    class Meta:
        indexes = [models.Index(fields=["marked_at"], name="dirty_month_oldest")]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.month}"


class Heartbeat(models.Model):
    """When a process last showed that it lives. Read by /readyz."""

    component = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    plain = ("component",)

    def __str__(self) -> str:
        return self.component
