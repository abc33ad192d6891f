"""Keeping the sociale kaart. Each service writes the index in its own transaction, so that a search is never behind."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities import notices
from activities.freshness import status_when_shown
from activities.index import reindex
from activities.models import (
    Activity,
    ActivityCell,
    ActivityReport,
    ActivityTheme,
    Provider,
    ProviderLink,
    TargetCell,
    Theme,
)
from wor.accounts.models import Membership
from wor.accounts.permissions import Permission, may
from wor.audit.services import record
from wor.calendar import today
from wor.errors import DomainError, StaleError
from wor.outbox.models import Notice
from wor.tenancy.models import Region

Status = Activity.Status
PROVIDER_FIELDS = ("name", "contact_name", "phone", "email", "website")
ACTIVITY_FIELDS = (
    *("title", "summary", "body", "schedule", "weekdays", "day_parts", "starts_on", "ends_on", "cost_cents"),
    *("cost_note", "accessibility", "access_note", "languages", "place_name", "address", "postcode", "town"),
    *("district", "places", "how_to_join", "walk_in", "contact_name", "contact_phone", "contact_email", "website"),
)
# So many reports about one activity may wait; more say nothing new.
MOST_REPORTS = 10

# --- Providers -------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_provider(region: Region, *, key: uuid.UUID, by: Membership, **facts: Any) -> Provider:
    """A provider of the region; the same key gives the same one."""
    made, is_new = Provider.objects.get_or_create(region=region, key=key, defaults=facts)
    if is_new:
        record("provider.created", made, by=by)
    return made


@transaction.atomic
def change_provider(provider: Provider, *, version: int, by: Membership, **facts: Any) -> Provider:
    """Change a provider. Raises StaleError when a colleague was first."""
    provider = Provider.objects.select_for_update().get(pk=provider.pk)
    if provider.version != version:
        raise StaleError
    changed = [name for name in PROVIDER_FIELDS if name in facts and getattr(provider, name) != facts[name]]
    for name in changed:
        setattr(provider, name, facts[name])
    provider.version += 1
    provider.save(update_fields=[*changed, "version"])
    record("provider.changed", provider, by=by, fields=changed)
    if "email" in changed:
        # A link on its way to the former address is nobody's any more.
        ProviderLink.objects.filter(provider=provider, used_at=None, revoked_at=None).update(revoked_at=timezone.now())
    if "name" in changed:
        reindex(provider.region_id, list(provider.activities.values_list("pk", flat=True)))
    return provider


# --- Activities ------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_activity(
    provider: Provider,
    *,
    key: uuid.UUID,
    themes: Iterable[Theme],
    cells: Iterable[TargetCell],
    by: Membership,
    **facts: Any,
) -> Activity:
    """A concept: nobody finds it until it is published. The same key gives the same one."""
    made, is_new = Activity.objects.get_or_create(
        region_id=provider.region_id, key=key, defaults={"provider": provider, **facts}
    )
    if is_new:
        _choose(made, themes, cells)
        record("activity.created", made, by=by)
        if not may(by.role, Permission.MODERATE):
            notices.tell_moderators(Notice.Kind.ACTIVITY_PROPOSED, made, by=by)
    return made


@transaction.atomic
def change_activity(
    activity: Activity,
    *,
    version: int,
    provider: Provider,
    themes: Iterable[Theme],
    cells: Iterable[TargetCell],
    by: Membership | None,
    **facts: Any,
) -> Activity:
    """Change what an entry says. Saving confirms nothing: that is ``confirm``. Raises StaleError."""
    activity = _lock(activity)
    if activity.version != version:
        raise StaleError
    changed = [name for name in ACTIVITY_FIELDS if name in facts and getattr(activity, name) != facts[name]]
    for name in changed:
        setattr(activity, name, facts[name])
    if activity.provider_id != provider.pk:
        activity.provider = provider
        changed.append("provider")
    changed += _choose(activity, themes, cells)
    activity.version += 1
    activity.save()
    record("activity.changed", activity, by=by, fields=changed)
    reindex(activity.region_id, [activity.pk])
    return activity


def copy_of(activity: Activity) -> dict[str, Any]:
    """What a new entry begins with when it is made after an old one."""
    facts = {name: getattr(activity, name) for name in ACTIVITY_FIELDS}
    return facts | {"title": (_("%(title)s (kopie)") % {"title": activity.title})[:120]}


@transaction.atomic
def publish(activity: Activity, *, by: Membership | None, now: dt.datetime | None = None) -> Activity:
    """Anybody may find it from now on; with the warning when nobody confirmed it lately."""
    activity = _lock(activity)
    if activity.ends_on and activity.ends_on < today():
        raise DomainError(_("Deze activiteit is al voorbij. Wijzig eerst de laatste dag."))
    was_paused = activity.status == Status.PAUSED
    _decided(activity)
    activity.become(status_when_shown(activity.region, activity, now or timezone.now()))
    activity.paused_until = None
    return _save(activity, "activity.resumed" if was_paused else "activity.published", by)


@transaction.atomic
def confirm(activity: Activity, *, by: Membership | None, now: dt.datetime | None = None) -> Activity:
    """*Gecontroleerd op*: this moderator, or without ``by`` the provider, says that it is right as it stands."""
    now = now or timezone.now()
    activity = _lock(activity)
    if activity.status == Status.RETIRED:
        raise DomainError(_("Deze activiteit is gestopt. Maak haar eerst weer zichtbaar."))
    activity.checked_at, activity.checked_by = now, by
    activity.checked_by_kind = Activity.CheckedBy.MODERATOR if by else Activity.CheckedBy.PROVIDER
    if activity.status == Status.STALE:
        activity.become(Status.LIVE)
    return _save(activity, "activity.confirmed", by)


@transaction.atomic
def pause(activity: Activity, *, until: dt.date | None, version: int, by: Membership | None) -> Activity:
    """For a while not: nobody finds it. It comes back by itself on ``until``."""
    if until is not None and until <= today():
        raise DomainError(_("Kies een dag na vandaag."))
    activity = _lock(activity)
    if activity.version != version:
        raise StaleError
    activity.become(Status.PAUSED)
    activity.paused_until = until
    return _save(activity, "activity.paused", by)


@transaction.atomic
def retire(activity: Activity, *, by: Membership | None) -> Activity:
    """It stopped. Its page stays for who was placed there."""
    activity = _lock(activity)
    _decided(activity)
    activity.become(Status.RETIRED)
    activity.paused_until = None
    return _save(activity, "activity.retired", by)


def _decided(activity: Activity) -> None:
    """What is to become of a proposal is known: no moderator has to look at it any more."""
    if activity.status == Status.DRAFT:
        notices.settle(activity.reference, region_id=activity.region_id)


def _lock(activity: Activity) -> Activity:
    return Activity.objects.select_for_update().get(pk=activity.pk)


def _save(activity: Activity, event: str, by: Membership | None) -> Activity:
    activity.version += 1
    activity.save()
    record(event, activity, by=by)
    reindex(activity.region_id, [activity.pk])
    return activity


def _choose(activity: Activity, themes: Iterable[Theme], cells: Iterable[TargetCell]) -> list[str]:
    """Bring the links to themes and cells up to date; which of the two changed."""
    changed = []
    inside = {"region_id": activity.region_id, "activity": activity}
    wanted_themes, wanted_cells = {each.pk for each in themes}, {each.pk for each in cells}
    has_themes = set(ActivityTheme.objects.filter(activity=activity).values_list("theme_id", flat=True))
    has_cells = set(ActivityCell.objects.filter(activity=activity).values_list("cell_id", flat=True))
    if wanted_themes != has_themes:
        ActivityTheme.objects.filter(activity=activity, theme_id__in=has_themes - wanted_themes).delete()
        ActivityTheme.objects.bulk_create(
            [ActivityTheme(**inside, theme_id=pk) for pk in sorted(wanted_themes - has_themes)]
        )
        changed.append("themes")
    if wanted_cells != has_cells:
        ActivityCell.objects.filter(activity=activity, cell_id__in=has_cells - wanted_cells).delete()
        ActivityCell.objects.bulk_create(
            [ActivityCell(**inside, cell_id=pk) for pk in sorted(wanted_cells - has_cells)]
        )
        changed.append("cells")
    return changed


# --- Klopt dit niet? -------------------------------------------------------------------------------------------------


@transaction.atomic
def report(activity: Activity, *, key: uuid.UUID, body: str, by: Membership | None) -> ActivityReport:
    """Somebody says that an entry is not right; ``by`` is None for a visitor. The same key gives the same report."""
    known = ActivityReport.objects.filter(region_id=activity.region_id, key=key).first()
    if known is not None:
        return known
    if ActivityReport.objects.to_do().filter(activity=activity).count() >= MOST_REPORTS:
        raise DomainError(_("Over deze activiteit zijn al meldingen binnen. We kijken ernaar."))
    made = ActivityReport.objects.create(
        region_id=activity.region_id, activity=activity, key=key, body=body, by_id=by.pk if by else None
    )
    record("activity_report.created", made, by=by)
    notices.tell_moderators(Notice.Kind.ACTIVITY_REPORTED, made, by=by)
    return made


@transaction.atomic
def handle_report(found: ActivityReport, *, outcome: str, by: Membership) -> ActivityReport:
    """A moderator looked into a report."""
    if not may(by.role, Permission.MODERATE):
        raise DomainError(_("Dit kan een beheerder van de sociale kaart."), status=403)
    found = ActivityReport.objects.select_for_update().get(pk=found.pk)
    if found.handled_at is not None:
        raise DomainError(_("Een collega heeft deze melding al afgehandeld."))
    found.handled_at, found.handled_by, found.outcome = timezone.now(), by, outcome
    found.save(update_fields=["handled_at", "handled_by", "outcome"])
    record("activity_report.handled", found, by=by, outcome=outcome)
    notices.settle(found.reference, region_id=found.region_id)
    return found
