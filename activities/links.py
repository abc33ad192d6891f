"""The provider's link: a mail *Klopt dit nog?*, and what the provider answers through it, without an account.

The token is made by the relay when it writes the mail, as an HMAC of the link's reference, and kept as a hash only; a
mail that is sent again carries the same link. Opening a link changes nothing. Its first answer consumes it, and closes
whatever other links the provider still has. What the provider changes is on the kaart at once; a moderator sees old and
new and can put it back.
"""

import base64
import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as listed
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from activities import notices, services
from activities.freshness import status_when_shown
from activities.index import reindex
from activities.models import Activity, Provider, ProviderAnswer, ProviderLink
from activities.reminders import CONFIRM_MAIL
from wor.accounts import mails
from wor.accounts.models import Membership
from wor.audit.services import record
from wor.calendar import today
from wor.errors import DomainError, StaleError
from wor.outbox import relay
from wor.outbox.models import Effect, Notice, Reminder
from wor.outbox.services import enqueue

VALID = dt.timedelta(days=30)
# Who was asked so shortly ago is not asked again: by a button within a day, by a reminder within a week.
ASKED_TODAY, ASKED_LATELY = dt.timedelta(days=1), dt.timedelta(days=7)
# So many activities on one page; who offers more is asked about the others the next time.
MOST_SHOWN = 25
MAIL = "provider_link"
STATUSES = (*Activity.SHOWN, Activity.Status.PAUSED)
# What a provider may correct. Title, target groups and themes are the moderator's.
FIELDS = (
    *("schedule", "cost_cents", "cost_note", "place_name", "address", "postcode", "town", "how_to_join"),
    *("contact_name", "contact_phone", "contact_email", "summary", "body"),
)
Kind, Status = ProviderAnswer.Kind, Activity.Status


# --- Asking -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask(provider: Provider, *, key: uuid.UUID, by: Membership) -> ProviderLink:
    """A moderator asks now whether everything is still right. The same key asks once."""
    known = ProviderLink.objects.filter(region_id=provider.region_id, reference=key).first()
    if known is not None:
        return known
    if not provider.email:
        raise DomainError(_("Deze aanbieder heeft geen e-mailadres. Bel om na te vragen of alles nog klopt."))
    if not to_confirm(provider).exists():
        raise DomainError(_("Deze aanbieder heeft geen zichtbare activiteiten om na te kijken."))
    if open_links(provider).filter(created_at__gte=timezone.now() - ASKED_TODAY).exists():
        raise DomainError(_("De vraag is vandaag al gesteld. Wacht tot morgen, of bel."))
    made = _add_link(provider, key)
    record("provider.asked", provider, by=by)
    enqueue(MAIL, made.reference, region_id=made.region_id)
    return made


@transaction.atomic
def revoke(provider: Provider, *, by: Membership) -> int:
    """The links that were sent and not used stop working; how many."""
    count = open_links(provider).update(revoked_at=timezone.now())
    if count:
        record("provider.links_revoked", provider, by=by, count=count)
    return count


def open_links(provider: Provider) -> QuerySet[ProviderLink]:
    """Sent, or on their way, and still to be used."""
    return ProviderLink.objects.filter(
        provider=provider, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now()
    )


def to_confirm(provider: Provider) -> QuerySet[Activity]:
    """What a provider is asked about: what anybody can find, and what is away for a while. The oldest first."""
    mine = Activity.objects.filter(region_id=provider.region_id, provider=provider, status__in=STATUSES)
    return mine.order_by(F("checked_at").asc(nulls_first=True), "id")


def _add_link(provider: Provider, reference: uuid.UUID) -> ProviderLink:
    made, _new = ProviderLink.objects.get_or_create(
        region_id=provider.region_id,
        reference=reference,
        # Of no token: as long as no mail is written nothing opens it.
        defaults={"provider": provider, "token_hash": reference.hex, "expires_at": timezone.now() + VALID},
    )
    return made


# --- The mail ---------------------------------------------------------------------------------------------------------


def register_mails() -> None:
    """Tell the relay who writes these. Called when the app is ready."""
    relay.register(MAIL, asked_mail)
    relay.register(CONFIRM_MAIL, reminder_mail, at_most_once=True)


def asked_mail(effects: list[Effect]) -> relay.Mail | None:
    """The mail a moderator asked for; None when it is answered, revoked or has nowhere to go any more."""
    link = ProviderLink.objects.select_related("provider", "region").filter(reference=effects[0].subject_ref).first()
    return _write(link) if link else None


def reminder_mail(effects: list[Effect]) -> relay.Mail | None:
    """The same by the region's term. None when the provider was asked within the last week anyway."""
    reminder = Reminder.objects.filter(reference=effects[0].subject_ref).first()
    provider = Provider.objects.filter(reference=reminder.subject_ref).first() if reminder else None
    if reminder is None or provider is None:
        return None
    own = uuid.uuid5(uuid.NAMESPACE_OID, f"provider link {reminder.reference}")
    lately = open_links(provider).filter(created_at__gte=timezone.now() - ASKED_LATELY).exclude(reference=own)
    if lately.exists() or not provider.email:
        return None
    made = _add_link(provider, own)
    return _write(ProviderLink.objects.select_related("provider", "region").get(pk=made.pk))


def _write(link: ProviderLink) -> relay.Mail | None:
    provider = link.provider
    if not is_open(link, timezone.now()) or not provider.email or not to_confirm(provider).exists():
        return None
    path = reverse("provider_page", args=[link.region.slug, issue_token(link)])
    return mails.write(provider.email, "provider_link", address=f"{settings.SITE_URL}{path}")


def issue_token(link: ProviderLink) -> str:
    """The token of a link, always the same one; kept as a hash."""
    secret = salted_hmac("activities.provider_link", str(link.reference), algorithm="sha256").digest()
    token = base64.urlsafe_b64encode(secret).decode().rstrip("=")
    ProviderLink.objects.filter(pk=link.pk).update(token_hash=hash_of(token))
    return token


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def is_open(link: ProviderLink, now: dt.datetime) -> bool:
    return link.used_at is None and link.revoked_at is None and link.expires_at > now


def find(token: str) -> ProviderLink | None:
    """The link of this token in the open region, used or not: who looks decides what to say (``is_open``)."""
    return ProviderLink.objects.select_related("provider").filter(token_hash=hash_of(token)).first()


# --- Answering --------------------------------------------------------------------------------------------------------


@dataclass
class Answer:
    """What a provider says about one activity. ``kind`` is "" for *klopt*; ``facts`` are the fields as typed."""

    activity: Activity
    version: int
    kind: str = ""
    until: dt.date | None = None
    facts: dict[str, Any] = listed(default_factory=dict)


class StaleAnswers(StaleError):
    """A moderator changed some of these meanwhile. Nothing was written."""

    def __init__(self, references: Iterable[uuid.UUID]):
        super().__init__(_("Intussen is er iets gewijzigd. Kijk het nog eens na; wat u typte staat er nog."))
        self.references = set(references)


@transaction.atomic
def answer(link: ProviderLink, answers: list[Answer], *, key: uuid.UUID) -> bool:
    """Do all of it at once and consume the link; the same form sent again changes nothing. False when it was closed.

    Raises StaleAnswers when an activity is no longer as the provider saw it.
    """
    now = timezone.now()
    link = ProviderLink.objects.select_for_update(of=("self",)).select_related("provider").get(pk=link.pk)
    if link.answer_key == key:
        return True
    if not is_open(link, now):
        return False
    wanted = [each.activity.pk for each in answers]
    held = {
        each.pk: each
        for each in Activity.objects.select_for_update(of=("self",))
        .filter(provider=link.provider, pk__in=wanted)
        .order_by("id")
    }
    stale = [each.activity.reference for each in answers if _is_stale(held.get(each.activity.pk), each)]
    if stale:
        raise StaleAnswers(stale)
    changed = [_do(held[each.activity.pk], each) for each in answers]
    if any(changed):
        notices.tell_moderators(Notice.Kind.PROVIDER_ANSWERED, link.provider, by=None)
    link.used_at, link.answer_key = now, key
    link.save(update_fields=["used_at", "answer_key"])
    open_links(link.provider).update(revoked_at=now)
    record("provider_link.answered", link, count=len(answers))
    return True


def _is_stale(held: Activity | None, said: Answer) -> bool:
    return held is None or held.version != said.version or held.status not in STATUSES


def _do(activity: Activity, said: Answer) -> bool:
    """Write what was typed, then what was said; the provider looked at it, so it is confirmed unless it is gone.

    Is there something for a moderator to look at?
    """
    before = _kept(activity, said.facts)
    changed = {name: value for name, value in said.facts.items() if getattr(activity, name) != value}
    kind = said.kind or (Kind.CHANGED if changed else "")
    if changed:
        activity = services.change_activity(
            activity,
            version=activity.version,
            provider=activity.provider,
            themes=activity.themes.all(),
            cells=activity.cells.all(),
            by=None,
            **changed,
        )
    if kind == Kind.GONE:
        activity = services.retire(activity, by=None)
    else:
        if kind == Kind.PAUSED and activity.status != Status.PAUSED:
            activity = services.pause(activity, until=said.until, version=activity.version, by=None)
        activity = services.confirm(activity, by=None)
        if kind == Kind.BACK and activity.status == Status.PAUSED:
            activity = services.publish(activity, by=None)
    if kind:
        names = sorted(changed)
        after = _kept(activity, names)
        ProviderAnswer.objects.create(
            region_id=activity.region_id,
            activity=activity,
            kind=kind,
            before={name: before[name] for name in (*names, *_ALWAYS)},
            after=after,
        )
    return bool(kind)


_ALWAYS = ("status", "paused_until", "checked_at", "checked_by_kind", "checked_by")


def _kept(activity: Activity, names: Iterable[str]) -> dict[str, Any]:
    """These fields and the state, as JSON keeps them."""
    kept = {name: getattr(activity, name) for name in names}
    return kept | {
        "status": activity.status,
        "paused_until": activity.paused_until.isoformat() if activity.paused_until else None,
        "checked_at": activity.checked_at.isoformat() if activity.checked_at else None,
        "checked_by_kind": activity.checked_by_kind,
        "checked_by": activity.checked_by_id,
    }


# --- What a moderator does with it ------------------------------------------------------------------------------------


@transaction.atomic
def keep(found: ProviderAnswer, *, by: Membership) -> ProviderAnswer:
    """Seen, and left as the provider has it."""
    return _handle(_lock(found), ProviderAnswer.Outcome.KEPT, by)


@transaction.atomic
def put_back(found: ProviderAnswer, *, by: Membership) -> ProviderAnswer:
    """As it was before the provider changed it, its last confirmation included. Raises StaleError when somebody
    changed the same since."""
    found = _lock(found)
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=found.activity_id)
    if differs_since(found, activity):
        raise StaleError(
            _("Dit is na de aanbieder nog eens gewijzigd. Er is niets teruggezet: hieronder staan alle drie.")
        )
    before = found.before
    facts = {name: before[name] for name in FIELDS if name in before}
    activity = services.change_activity(
        activity,
        version=activity.version,
        provider=activity.provider,
        themes=activity.themes.all(),
        cells=activity.cells.all(),
        by=by,
        **facts,
    )
    _restore(activity, before, by)
    return _handle(found, ProviderAnswer.Outcome.PUT_BACK, by)


def _restore(activity: Activity, before: dict[str, Any], by: Membership) -> None:
    """The state of before: the provider's confirmation was about what is no longer there."""
    activity.checked_at = dt.datetime.fromisoformat(before["checked_at"]) if before["checked_at"] else None
    activity.checked_by_kind, activity.checked_by_id = before["checked_by_kind"], before["checked_by"]
    until = dt.date.fromisoformat(before["paused_until"]) if before["paused_until"] else None
    if before["status"] == Status.PAUSED and (until is None or until > today()):
        status, activity.paused_until = Status.PAUSED, until
    else:
        status, activity.paused_until = Status(status_when_shown(by.region, activity, timezone.now())), None
    if activity.status == Status.RETIRED and status == Status.PAUSED:
        activity.become(Status.STALE)
    if activity.status != status:
        activity.become(status)
    activity.save()
    record("activity.put_back", activity, by=by)
    reindex(activity.region_id, [activity.pk])


def differs_since(found: ProviderAnswer, activity: Activity) -> list[str]:
    """The fields that are no longer as the provider left them."""
    fields = [name for name in FIELDS if name in found.after and getattr(activity, name) != found.after[name]]
    # Live and stale are one: time alone goes from one to the other.
    shown = {str(each) for each in Activity.SHOWN}
    same = activity.status == found.after["status"] or {activity.status, found.after["status"]} <= shown
    return fields if same else [*fields, "status"]


def _lock(found: ProviderAnswer) -> ProviderAnswer:
    found = ProviderAnswer.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if found.handled_at is not None:
        raise DomainError(_("Een collega heeft dit antwoord al bekeken."))
    return found


def _handle(found: ProviderAnswer, outcome: str, by: Membership) -> ProviderAnswer:
    found.handled_at, found.handled_by, found.outcome = timezone.now(), by, outcome
    found.save(update_fields=["handled_at", "handled_by", "outcome"])
    record("provider_answer.handled", found, by=by, outcome=outcome)
    provider = found.activity.provider
    if not ProviderAnswer.objects.to_do().filter(activity__provider=provider).exists():
        notices.settle(provider.reference, region_id=found.region_id)
    return found
