"""The person who is referred, what they agreed to, and their way in without an account."""

import datetime as dt
import re
import unicodedata

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activities.models import Provider
from referrals.fields import split_name
from wor.accounts.models import Membership, Role
from wor.tenancy.fields import at_field, by_field, region_fk
from wor.tenancy.history import keep_old_values
from wor.tenancy.models import Organisation, RegionModel


def search_key(family_name: str, given_name: str = "") -> str:
    """A name as it is searched: without accents, case, hyphens or spaces ("Van der Méér" → "vandermeer").

    Kept in a column with C collation, because under a policy ``lower()`` and LIKE cannot use an index (platform.md).
    """
    text = unicodedata.normalize("NFKD", f"{family_name} {given_name}".lower().replace("ı", "i").replace("ø", "o"))
    letters = "".join(sign for sign in text if not unicodedata.combining(sign))
    return re.sub(r"[^\w]+", "", letters)[:120]


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, membership: Membership) -> "ClientQuerySet":
        """The practice's own clients; for welfare those whom a referral names that is not shut. Nobody else, ever."""
        from referrals.models.referral import Referral

        named_by = Referral.objects.visible_to(membership).filter(client=OuterRef("pk"))
        if membership.role == Role.REFERRER:
            own = self.filter(practice_id=membership.organisation_id, erased_at__isnull=True)
            hidden = (
                Referral.objects.filter(client=OuterRef("pk"), is_shielded=True)
                .exclude(referrer=membership.pk)
                .exclude(on_behalf_of=membership.pk)
            )
            return own.exclude(Exists(hidden))
        if membership.role in (Role.COACH, Role.COORDINATOR):
            return self.filter(Exists(named_by.content_open()))
        return self.none()

    def named_like(self, text: str) -> "ClientQuerySet":
        """Family names that begin so, typed with their prefix or without.

        A range on the stored key, which an index can serve under a policy.
        """
        ranges = Q(pk__in=[])
        for key in {search_key(text), search_key(split_name(text)[1])} - {""}:
            ranges |= Q(search_name__gte=key, search_name__lt=key[:-1] + chr(ord(key[-1]) + 1))
        return self.filter(ranges)


@keep_old_values(exclude=["search_name"])
class Client(RegionModel):
    """A patient of one practice. Belongs to the practice; welfare sees it through a referral."""

    class Sex(models.TextChoices):
        FEMALE = "f", _("vrouw")
        MALE = "m", _("man")
        OTHER = "x", _("anders")

    class ReachVia(models.TextChoices):
        PHONE = "phone", _("Bellen met de patiënt")
        PRACTICE = "practice", _("Afspraak via de praktijk")
        CONTACT = "contact", _("Via een contactpersoon")

    class FeedbackLevel(models.TextChoices):
        ALL = "all", _("Wat we doen en hoe het gaat")
        OUTCOME = "outcome", _("Alleen de afloop")
        STATUS = "status", _("Alleen of ik in begeleiding ben")

    practice = region_fk(Organisation)
    given_name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=20, blank=True)
    family_name = models.CharField(max_length=80)
    search_name = models.CharField(max_length=120, db_collation="C", editable=False)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex, blank=True)
    reach_via = models.CharField(max_length=8, choices=ReachVia, default=ReachVia.PHONE)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    postcode = models.CharField(max_length=6)
    language = models.CharField(max_length=40, default="Nederlands")
    needs_interpreter = models.BooleanField(default=False)
    # Nothing without an explicit yes; calling is the default.
    may_voicemail = models.BooleanField(default=False)
    may_text = models.BooleanField(default=False)
    may_email = models.BooleanField(default=False)
    may_post = models.BooleanField(default=False)
    best_time = models.CharField(max_length=60, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_relation = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    feedback_level = models.CharField(max_length=8, choices=FeedbackLevel, default=FeedbackLevel.ALL)
    care_note = models.CharField(max_length=200, blank=True)
    is_direct_only = models.BooleanField(default=False)
    deceased_at = at_field()
    deceased_by = by_field()
    erased_at = at_field()
    version = models.PositiveIntegerField(default=0)

    objects = ClientQuerySet.as_manager()

    kept, controller = "case", "practice"
    personal = (
        *("given_name", "prefix", "family_name", "search_name", "birth_date", "phone", "email", "postcode"),
        *("language", "best_time", "contact_name", "contact_relation", "contact_phone", "care_note"),
    )
    plain = ("version",)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sex__in=["", "f", "m", "x"]), name="client_sex_known"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False)
                | (Q(reach_via="phone") & ~Q(phone=""))
                | Q(reach_via="practice")
                | (Q(reach_via="contact") & ~Q(contact_name="") & ~Q(contact_phone="")),
                name="client_can_be_reached",
            ),
            models.CheckConstraint(
                condition=Q(is_direct_only=False)
                | Q(may_voicemail=False, may_text=False, may_email=False, may_post=False),
                name="client_direct_only_means_no_messages",
            ),
            models.CheckConstraint(
                condition=Q(feedback_level__in=["all", "outcome", "status"]), name="client_level_known"
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "birth_date"], name="client_by_birth_date"),
            models.Index(fields=["practice", "search_name"], name="client_by_name"),
        ]

    def __str__(self) -> str:
        return f"Client {self.reference}"  # never the name: this ends up in logs and errors

    def save(self, *args, **kwargs) -> None:
        self.search_name = search_key(self.family_name, self.given_name)
        super().save(*args, **kwargs)

    @property
    def practice_hears(self) -> str:
        """The level of feedback, said to the practice."""
        return str(PRACTICE_HEARS[self.feedback_level])

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.given_name, self.prefix, self.family_name) if part)

    @property
    def short_name(self) -> str:
        """ "J. de Vries": enough to recognise in a list."""
        initial = f"{self.given_name[:1]}." if self.given_name else ""
        return " ".join(part for part in (initial, self.prefix, self.family_name) if part)

    def age_on(self, day: dt.date) -> int:
        """Age in whole years on a day."""
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (0 if had_birthday else 1)

    @property
    def age(self) -> int:
        return self.age_on(timezone.localdate())

    @property
    def audit_client_ref(self):
        return self.reference


# The labels of ``FeedbackLevel`` are the client's own words.
PRACTICE_HEARS: dict[str, Promise] = {
    Client.FeedbackLevel.ALL: _("Wat de coach doet en hoe het gaat"),
    Client.FeedbackLevel.OUTCOME: _("Alleen de afloop"),
    Client.FeedbackLevel.STATUS: _("Alleen of de begeleiding loopt"),
}


@keep_old_values()
class Consent(RegionModel):
    """One purpose to which a person said yes, and by whom, how and when. Withdrawing fills in the last fields."""

    class Kind(models.TextChoices):
        SHARE = "share", _("Gegevens delen met de welzijnsorganisatie")
        MESSAGES = "messages", _("Berichten sturen")
        INTRODUCE = "introduce", _("Voorstellen bij een aanbieder")
        STORY = "story", _("Ervaringsverhaal")
        RESEARCH = "research", _("Onderzoek")
        FOLLOW_UP = "follow_up", _("Later nog eens bellen")

    class GivenBy(models.TextChoices):
        PATIENT = "patient", _("Patiënt zelf")
        REPRESENTATIVE = "representative", _("Wettelijk vertegenwoordiger (curator, mentor, ouder met gezag)")
        AUTHORISED = "authorised", _("Schriftelijk gemachtigde")
        RELATIVE = "relative", _("Partner of familielid namens een patiënt die dit zelf niet kan beslissen")

    class How(models.TextChoices):
        SPOKEN = "spoken", _("Mondeling in het consult")
        PHONE = "phone", _("Telefonisch")
        PAPER = "paper", _("Op papier")
        INTERPRETER = "interpreter", _("Via een tolk")

    class WithdrawnBy(models.TextChoices):
        PATIENT = "patient", _("Patiënt, gezegd tegen de praktijk")
        CLIENT = "client", _("Cliënt, gezegd tegen de welzijnsorganisatie")
        LINK = "link", _("Cliënt, via de eigen pagina")

    client = region_fk(Client, related_name="consents")
    referral = region_fk("referrals.Referral", null=True, related_name="consents")
    welfare_organisation = region_fk(Organisation, null=True)
    # An introduction names the client to one provider, and is agreed to for that one alone.
    provider = region_fk(Provider, null=True)
    kind = models.CharField(max_length=10, choices=Kind)
    asked_by = by_field()
    given_by_kind = models.CharField(max_length=14, choices=GivenBy, default=GivenBy.PATIENT)
    given_by_name = models.CharField(max_length=120, blank=True)
    given_by_relation = models.CharField(max_length=60, blank=True)
    given_by_phone = models.CharField(max_length=20, blank=True)
    given_on = models.DateField()
    how = models.CharField(max_length=12, choices=How, default=How.SPOKEN)
    interpreter_service = models.CharField(max_length=80, blank=True)
    text_version = models.CharField(max_length=20)
    withdrawn_at = at_field()
    withdrawn_by_kind = models.CharField(max_length=10, choices=WithdrawnBy, blank=True)
    withdrawn_by = by_field()

    kept, controller = "case", "exchange"
    personal = ("given_by_name", "given_by_relation", "given_by_phone")
    plain = ("given_on", "text_version", "interpreter_service")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(given_by_kind="patient") | (~Q(given_by_name="") & ~Q(given_by_relation="")),
                name="consent_by_another_names_them",
            ),
            models.CheckConstraint(
                condition=Q(kind="introduce", provider__isnull=False) | (~Q(kind="introduce") & Q(provider=None)),
                name="consent_introduces_to_one_provider",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by_kind="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by_kind="")),
                name="consent_withdrawn_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["client"], name="consent_of_client"),
            models.Index(fields=["referral"], name="consent_of_referral"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class ClientLink(RegionModel):
    """A client's way in without an account. Only the hash of the token is kept."""

    class Kind(models.TextChoices):
        ACTION = "answer", _("Actielink in een bericht")
        LEAFLET = "leaflet_page", _("Pagina van de folder")

    client = region_fk(Client)
    referral = region_fk("referrals.Referral", null=True)
    kind = models.CharField(max_length=12, choices=Kind)
    purpose = models.CharField(max_length=20, blank=True)
    token_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    kept, controller = "client_link", "exchange"
    plain = ("purpose", "token_hash")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "token_hash"], name="client_link_token_once")]
        indexes = [models.Index(fields=["referral"], name="client_link_of_referral")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
