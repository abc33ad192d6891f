"""Three records, no fourth: what happened, who saw or changed what, and the seals that show nothing was altered."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from wor.tenancy.models import RegionModel


class Xid8Field(models.Field):
    """PostgreSQL's 64-bit transaction id. Filled by the database; tells which rows a seal may cover."""

    def db_type(self, connection) -> str:
        return "xid8"

    def get_internal_type(self) -> str:
        return "Xid8Field"


class CurrentTransaction(models.Func):
    """The id of the running transaction."""

    function = "pg_current_xact_id"
    template = "%(function)s()"
    output_field = Xid8Field()


class Event(RegionModel):
    """Something that happened (``referral.accepted``): the timeline, and the cause of effects. Codes only."""

    at = models.DateTimeField()
    name = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_ref = models.UUIDField()
    referral_id = models.BigIntegerField(null=True)
    actor_membership_id = models.BigIntegerField(null=True)
    # The code of the role or function in which somebody did it (``role_words`` says it in the reader's language).
    actor_label = models.CharField(max_length=160, blank=True)
    data = models.JSONField(default=dict)

    kept, controller = "log", "exchange"
    append_only = True
    plain = ("name", "subject_type", "data", "referral_id", "actor_membership_id", "actor_label")

    class Meta:
        indexes = [models.Index(fields=["region", "subject_ref", "at"], name="event_timeline")]

    def __str__(self) -> str:
        return self.name


class AccessLogQuerySet(models.QuerySet["AccessLogEntry"]):
    def visible_to(self, membership) -> "AccessLogQuerySet":
        """The region's log, by reference, for its administrator. A client's own overview has a path of its own."""
        if membership.role != "region_admin":
            return self.none()
        return self.filter(region_id=membership.region_id)


class AccessLogEntry(RegionModel):
    """One row of the NEN 7513 log: who did what with whose data, and on what ground. No content."""

    class Action(models.TextChoices):
        CREATE = "C", _("aangemaakt")
        READ = "R", _("bekeken")
        UPDATE = "U", _("gewijzigd")
        DELETE = "D", _("verwijderd")
        EXECUTE = "E", _("uitgevoerd")

    class Kind(models.TextChoices):
        READ = "read", _("bekeken")
        LIST = "list", _("in een lijst gezien")
        SEARCH = "search", _("gezocht")
        CHANGE = "change", _("gewijzigd")
        EXPORT = "export", _("uitgevoerd naar een bestand")
        PRINT = "print", _("afgedrukt")
        REFUSED = "refused", _("geweigerd")
        SIGN_IN = "sign-in", _("aangemeld")
        LOG_ACCESS = "log-access", _("logboek bekeken")

    at = models.DateTimeField(db_default=Now())
    action = models.CharField(max_length=1, choices=Action)
    kind = models.CharField(max_length=12, choices=Kind)
    outcome = models.CharField(max_length=10, default="ok")
    user_id = models.BigIntegerField(null=True)
    membership_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=20, blank=True)
    organisation_id = models.BigIntegerField(null=True)
    organisation_name = models.CharField(max_length=120, blank=True)
    on_behalf_of = models.BigIntegerField(null=True)
    ip = models.GenericIPAddressField(null=True)
    purpose = models.CharField(max_length=40, blank=True)
    client_ref = models.UUIDField(null=True)
    client_refs = ArrayField(models.UUIDField(), null=True)
    object_type = models.CharField(max_length=40, blank=True)
    object_ref = models.UUIDField(null=True)
    relation = models.CharField(max_length=40, blank=True)
    consent_version = models.CharField(max_length=20, blank=True)
    row_count = models.IntegerField(null=True)
    filter = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    xid = Xid8Field(db_default=CurrentTransaction(), editable=False)

    objects = AccessLogQuerySet.as_manager()

    kept, controller = "log", "exchange"
    append_only = True
    personal = ("actor_name", "ip")
    plain = (
        *("outcome", "role", "organisation_name", "purpose", "client_refs", "object_type", "relation"),
        *("consent_version", "row_count", "filter", "request_id", "user_id", "membership_id", "organisation_id"),
        *("on_behalf_of", "xid"),
    )

    class Meta:
        verbose_name = _("logregel")
        indexes = [
            models.Index(fields=["region", "client_ref", "at"], name="access_by_client"),
            models.Index(fields=["region", "organisation_id", "at"], name="access_by_organisation"),
            models.Index(fields=["region", "user_id", "at"], name="access_by_user"),
            models.Index(fields=["region", "xid"], name="access_to_seal"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_type} {self.object_ref}"


class AccessSeal(RegionModel):
    """Closes the log up to a transaction: the digest of its rows, chained to the seal before it."""

    up_to_xid = Xid8Field()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.IntegerField()
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    epoch = models.PositiveIntegerField(default=0)
    # A restore begins a new epoch, in which transaction ids start anew: its rows are those with a higher id than this.
    above_id = models.BigIntegerField(default=0)
    # Retention deleted the rows of this seal; the seal itself stays to hold the chain.
    rows_deleted_at = models.DateTimeField(null=True)

    kept, controller = "log", "exchange"
    append_only = True
    plain = ("up_to_xid", "first_id", "last_id", "count", "digest", "previous_digest", "epoch", "above_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "epoch", "previous_digest"], name="one_seal_follows_another"),
        ]

    def __str__(self) -> str:
        return self.digest


class SignInEvent(models.Model):
    """An attempt to sign in, before any region is known. The address is kept as a keyed hash only."""

    at = models.DateTimeField(db_default=Now())
    user_id = models.BigIntegerField(null=True)
    address_hmac = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=30)
    outcome = models.CharField(max_length=10)
    ip = models.GenericIPAddressField(null=True)

    kept, controller = "sign_in", "platform"
    append_only = True
    personal = ("ip",)
    plain = ("user_id", "address_hmac", "kind", "outcome")

    class Meta:
        indexes = [models.Index(fields=["user_id", "at"], name="sign_in_by_user")]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"
