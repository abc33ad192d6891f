"""What goes back and forth inside a referral."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from referrals.models.client import Client
from wor.accounts.models import Membership, Role
from wor.tenancy.fields import at_field, by_field, region_fk
from wor.tenancy.history import keep_old_values
from wor.tenancy.models import Organisation, RegionModel


class Message(RegionModel):
    """A question, its answer, or a supplement, between practice and welfare organisation. Never changed."""

    class Side(models.TextChoices):
        PRACTICE = "practice", _("Praktijk")
        WELFARE = "welfare", _("Welzijnsorganisatie")

    class Kind(models.TextChoices):
        QUESTION = "question", _("Vraag")
        ANSWER = "answer", _("Antwoord")
        SUPPLEMENT = "supplement", _("Aanvulling")

    referral = region_fk("referrals.Referral", related_name="messages")
    side = models.CharField(max_length=8, choices=Side)
    kind = models.CharField(max_length=10, choices=Kind)
    by = by_field()
    body = models.TextField(max_length=1000)
    answers = region_fk("referrals.Message", null=True)
    key = models.UUIDField()

    kept, controller = "case", "exchange"
    append_only = True
    personal = ("body",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="message_key_once"),
            models.UniqueConstraint(
                fields=["answers"], condition=Q(answers__isnull=False), name="question_answered_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="answer", answers__isnull=False) | (~Q(kind="answer") & Q(answers__isnull=True)),
                name="answer_to_a_question",
            ),
        ]
        indexes = [
            models.Index(fields=["referral", "id"], name="message_of_referral"),
            models.Index(
                fields=["region", "created_at"],
                name="message_asked_of_practice",
                condition=Q(kind="question", side="welfare"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def unread_by_practice(self, membership: Membership) -> "FeedbackQuerySet":
        """Feedback that nobody of the practice whose reading counts has opened, minus colleagues' shielded cases."""
        mine = Q(referral__is_shielded=False) | Q(referral__referrer=membership.pk)
        return self.filter(
            mine | Q(referral__on_behalf_of=membership.pk), practice=membership.organisation_id, read_at__isnull=True
        )


@keep_old_values()
class Feedback(RegionModel):
    """Terugkoppeling: what the coach tells the referrer, within what the client agreed to."""

    class Moment(models.TextChoices):
        INTAKE = "intake", _("Na het eerste gesprek")
        INTERIM = "interim", _("Tussendoor")
        CLOSING = "closing", _("Bij afsluiten")

    referral = region_fk("referrals.Referral", related_name="feedback")
    practice = region_fk(Organisation)
    moment = models.CharField(max_length=8, choices=Moment)
    body = models.TextField(max_length=1000)
    level = models.CharField(max_length=8, choices=Client.FeedbackLevel)
    key = models.UUIDField()
    sent_at = models.DateTimeField()
    sent_by = by_field()
    read_at = at_field()
    read_by = by_field()
    version = models.PositiveIntegerField(default=0)

    objects = FeedbackQuerySet.as_manager()

    kept, controller = "case", "exchange"
    personal = ("body",)
    plain = ("version",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="feedback_key_once"),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False),
                name="feedback_read_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["referral", "id"], name="feedback_of_referral"),
            models.Index(fields=["practice", "-id"], name="feedback_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.moment} {self.reference}"

    def clears_when_read_by(self, membership: Membership) -> bool:
        """A GP or practice nurse of the practice, or who it was sent for (schema.md 17)."""
        if membership.role != Role.REFERRER or membership.organisation_id != self.practice_id:
            return False
        return membership.may_read_feedback or membership.pk == self.referral.responsible_id


class Recusal(RegionModel):
    """*Ik ken deze cliënt*: this coach does not see this referral any more."""

    referral = region_fk("referrals.Referral")
    membership = region_fk(Membership)

    kept, controller = "case", "welfare"
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["referral", "membership"], name="recused_once")]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.membership_id}"


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, membership: Membership) -> "TransferQuerySet":
        """What the organisation that handed over keeps: a stub."""
        if membership.role not in (Role.COACH, Role.COORDINATOR):
            return self.none()
        return self.filter(from_organisation=membership.organisation_id)


class Transfer(RegionModel):
    """A referral handed over to another welfare organisation, with new consent. The former one keeps this stub."""

    referral = region_fk("referrals.Referral", related_name="transfers")
    from_organisation = region_fk(Organisation)
    to_organisation = region_fk(Organisation)
    by = by_field()

    objects = TransferQuerySet.as_manager()
    kept, controller = "case", "exchange"
    append_only = True

    class Meta:
        indexes = [models.Index(fields=["from_organisation", "-id"], name="transfer_from")]

    def __str__(self) -> str:
        return f"Transfer {self.reference}"
