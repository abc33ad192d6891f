"""People, and the roles in which they act."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Case, Q, When
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wor.tenancy.fields import at_field, by_field, region_fk
from wor.tenancy.models import Organisation, Region, RegionModel, StoredFile


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").strip().lower())


class User(AbstractBaseUser):
    """Someone who signs in. What they may do follows from their memberships, never from this row."""

    email = models.EmailField(_("e-mailadres"), unique=True)
    name = models.CharField(_("naam"), max_length=120)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    kept, controller = "staff", "employer"
    personal = ("email", "name")
    plain = ("password",)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="address_in_lower_case")]

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """There is no Django admin; some libraries ask."""
        return False


class Role(models.TextChoices):
    REFERRER = "referrer", _("verwijzer")
    COACH = "coach", _("welzijnscoach")
    COORDINATOR = "coordinator", _("coördinator")
    CORE_TEAM = "core_team", _("kernteamlid")
    FUNDER = "funder", _("gemeente of zorgverzekeraar")
    REGION_ADMIN = "region_admin", _("regiobeheerder")


class Function(models.TextChoices):
    GP = "gp", _("huisarts")
    PRACTICE_NURSE = "practice_nurse", _("praktijkondersteuner")
    ASSISTANT = "assistant", _("doktersassistent")


# Which kinds of organisation a role belongs to.
ROLE_HOMES: dict[str, tuple[str, ...]] = {
    Role.REFERRER: (Organisation.Kind.PRACTICE,),
    Role.COACH: (Organisation.Kind.WELFARE,),
    Role.COORDINATOR: (Organisation.Kind.WELFARE,),
    Role.CORE_TEAM: tuple(Organisation.Kind.values),
    Role.FUNDER: (Organisation.Kind.MUNICIPALITY, Organisation.Kind.INSURER),
    Role.REGION_ADMIN: (Organisation.Kind.SUPPORT,),
}

# Roles that open the records of people who are referred.
READS_CASES = frozenset({Role.REFERRER, Role.COACH, Role.COORDINATOR})


def goes_together(roles: Iterable[str]) -> bool:
    """May one person have these roles in one region? Who pays does not guide; who manages accounts reads no cases."""
    held = set(roles)
    if Role.FUNDER in held and held & {Role.COACH, Role.COORDINATOR}:
        return False
    return not (Role.REGION_ADMIN in held and held & READS_CASES)


# What pages call somebody whose name has had its time (wor/retention/people.py).
FORMER = _("oud-medewerker")


class ShownName(models.CharField):
    """A name to show. Once it is erased the column is empty, and every page, list and file reads ``FORMER`` instead.

    A word in the column would be Dutch on an English page, and one that somebody may also type.
    """

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def from_db_value(self, value: str | None, expression, connection) -> str | None:
        return str(FORMER) if value == "" else value

    def get_prep_value(self, value):
        """Who saves such a row again does not write the word."""
        return "" if value == FORMER else super().get_prep_value(value)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        """In force today: begun, not past its end date (a locum's), not ended."""
        today = timezone.localdate()
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=today),
            Q(valid_until__isnull=True) | Q(valid_until__gte=today),
            ended_at__isnull=True,
        )

    def of_role(self, *roles: str) -> "MembershipQuerySet":
        return self.filter(role__in=roles)

    def in_organisation(self, organisation_id: int) -> "MembershipQuerySet":
        return self.filter(organisation_id=organisation_id)

    def named(self) -> "MembershipQuerySet":
        """Without those who left so long ago that their name is erased."""
        return self.exclude(display_name="")

    def visible_to(self, membership: "Membership") -> "MembershipQuerySet":
        """Colleagues; the region's administrator sees everybody's account of the region."""
        if membership.role == Role.REGION_ADMIN:
            return self.filter(region_id=membership.region_id)
        return self.filter(region_id=membership.region_id, organisation_id=membership.organisation_id)


class Membership(RegionModel):
    """One person in one organisation in one role: the unit in which somebody acts, reads and is logged."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = region_fk(Organisation, related_name="memberships")
    role = models.CharField(max_length=14, choices=Role)
    function = models.CharField(max_length=16, choices=Function, blank=True)
    display_name = ShownName(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    photo = region_fk(StoredFile, null=True)
    is_contact_point = models.BooleanField(default=False)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    ended_at = at_field()
    ended_by = by_field()

    objects = MembershipQuerySet.as_manager()

    kept, controller = "staff", "employer"
    personal = ("display_name", "phone")
    plain = ("valid_from", "valid_until")
    # What a page tells of somebody beside a case.
    SHOWN = ("display_name", "role", "function", "phone", "organisation")

    class Meta:
        ordering = ["display_name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "user", "organisation", "role"],
                condition=Q(ended_at__isnull=True),
                name="one_membership_per_role",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(condition=Q(function__in=["", *Function.values]), name="membership_function_known"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=models.F("valid_from")),
                name="membership_ends_after_it_begins",
            ),
            # Who pays does not guide: nobody is funder and coach or coordinator in one region.
            ExclusionConstraint(
                name="funder_does_not_guide",
                expressions=[
                    ("region", "="),
                    ("user", "="),
                    (Case(When(role="funder", then=1), default=2, output_field=models.IntegerField()), "<>"),
                ],
                condition=Q(ended_at__isnull=True, role__in=["funder", "coach", "coordinator"]),
            ),
            # Who manages the accounts reads no cases (trust.md 2): nobody is both in one region.
            ExclusionConstraint(
                name="administrator_reads_no_cases",
                expressions=[
                    ("region", "="),
                    ("user", "="),
                    (Case(When(role="region_admin", then=1), default=2, output_field=models.IntegerField()), "<>"),
                ],
                condition=Q(ended_at__isnull=True, role__in=["region_admin", "referrer", "coach", "coordinator"]),
            ),
        ]
        indexes = [
            models.Index(fields=["user"], name="membership_of_user"),
            models.Index(fields=["organisation", "role"], name="membership_of_organisation"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_active(self) -> bool:
        today = timezone.localdate()
        return (
            self.ended_at is None
            and (self.valid_from is None or self.valid_from <= today)
            and (self.valid_until is None or self.valid_until >= today)
        )

    @property
    def role_code(self) -> str:
        """What an event remembers of who did it; ``role_words`` says it in the reader's language."""
        return str(self.function or self.role)

    @property
    def role_label(self) -> str:
        """How a person would say it: the function in a practice, else the role."""
        return str(self.get_function_display() or self.get_role_display())

    @property
    def is_former(self) -> bool:
        """Did this person leave so long ago that the name is erased?"""
        return self.display_name == FORMER

    @property
    def who(self) -> str:
        """Who did it, beside a deed. Without a name still in which role: "oud-medewerker (huisarts)"."""
        return f"{self.display_name} ({self.role_label})" if self.is_former else self.display_name

    @property
    def may_read_feedback(self) -> bool:
        """A GP's or practice nurse's reading clears feedback; an assistant's is logged only (schema.md 17)."""
        return self.function in (Function.GP, Function.PRACTICE_NURSE)


def with_names(rows: models.QuerySet, *who: str) -> models.QuerySet:
    """Rows with who wrote or read them: name and role, and nothing else of those people."""
    own = [each.name for each in rows.model._meta.concrete_fields]
    shown = (f"{each}__{name}" for each in who for name in ("display_name", "role", "function"))
    return rows.select_related(*who).only(*own, *shown)


def role_words(code: str) -> str:
    """A role or function by its code, as a person would say it. What is no code is said as it is."""
    return str(dict(Function.choices).get(code) or dict(Role.choices).get(code) or code)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, membership: "Membership") -> "InvitationQuerySet":
        """Only the region's administrator works with invitations."""
        if membership.role != Role.REGION_ADMIN:
            return self.none()
        return self.filter(region_id=membership.region_id)

    def waiting(self) -> "InvitationQuerySet":
        """Not accepted and not revoked; some may have run out."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)


class Invitation(RegionModel):
    """An invitation to one role in one organisation. The token itself is only in the mail."""

    email = models.EmailField()
    name = models.CharField(max_length=120)
    organisation = region_fk(Organisation)
    role = models.CharField(max_length=14, choices=Role)
    function = models.CharField(max_length=16, choices=Function, blank=True)
    is_contact_point = models.BooleanField(default=False)
    valid_until = models.DateField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    invited_by = by_field()
    expires_at = models.DateTimeField()
    accepted_at = at_field()
    accepted_by = by_field()
    revoked_at = at_field()
    revoked_by = by_field()

    objects = InvitationQuerySet.as_manager()

    kept, controller = "invitation", "employer"
    personal = ("email", "name")
    plain = ("token_hash", "valid_until")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "token_hash"], condition=~Q(token_hash=""), name="invitation_token_once"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.reference}"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > timezone.now()


class IdentityProvider(RegionModel):
    """A region's own OpenID Connect provider; its provider id is the region's slug."""

    name = models.CharField(max_length=60)
    issuer = models.URLField()
    client_id = models.CharField(max_length=200)
    secret_encrypted = models.TextField()
    is_active = models.BooleanField(default=True)

    plain = ("name", "issuer", "client_id", "secret_encrypted")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region"], name="one_identity_provider_per_region")]

    def __str__(self) -> str:
        return self.name

    @property
    def origin(self) -> str:
        """Where a form of the sign-in page may lead, for the Content-Security-Policy."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"


__all__ = ["Function", "IdentityProvider", "Invitation", "Membership", "Region", "Role", "User"]
