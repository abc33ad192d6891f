"""The first talk, and the things to do that come out of it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import Theme
from coaches.models import Action, Contact, Intake
from coaches.services.case import locked, saved
from referrals.models import Referral, Status
from referrals.models.referral import TAKEN_ON
from wor.accounts.models import Membership
from wor.audit.services import record
from wor.errors import DomainError, StaleError


@transaction.atomic
def hold_first_talk(
    referral: Referral,
    *,
    key,
    at: dt.datetime | None = None,
    way: str = Contact.Way.PRACTICE,
    theme: Theme | None = None,
    wish: str = "",
    strengths: str = "",
    obstacles: str = "",
    prior_needs: list[str] | None = None,
    wellbeing_t0: int | None = None,
    version: int | None = None,
    by: Membership,
) -> Intake:
    """*Kennismaking*: what matters to the client. Before *in traject* this logs the talk itself too.

    ``version`` is the version of an intake that was shown; a colleague's save in between is a StaleError.
    """
    from coaches.services.contacts import log_contact

    held = locked(referral, by=by)
    if held.status not in TAKEN_ON or not held.is_open:
        raise DomainError(_("Neem de verwijzing eerst aan. Daarna leg je het eerste gesprek vast."))
    intake = (
        Intake.objects.select_for_update()
        .filter(referral=held, welfare_organisation=held.welfare_organisation_id)
        .first()
    )
    if intake is not None and version is not None and intake.version != version:
        raise StaleError
    if held.before_first_talk:
        log_contact(held, kind="introduction", way=way, result="spoken", at=at, key=key, by=by)
    intake = intake or Intake(
        region_id=held.region_id,
        referral=held,
        welfare_organisation_id=by.organisation_id,
        held_at=at or timezone.now(),
        held_by=by,
        version=-1,
    )
    intake.theme, intake.wish, intake.strengths, intake.obstacles = theme, wish, strengths, obstacles
    intake.prior_needs, intake.wellbeing_t0 = prior_needs or [], wellbeing_t0
    intake.version += 1
    intake.save()
    record("intake.written", intake, by=by, referral=held)
    return intake


def begin_guidance(held: Referral, contact: Contact) -> None:
    """A first talk was held: *in traject*. The caller holds the row and saves it."""
    if held.status == Status.PAUSED and held.before_first_talk:
        held.become(held.paused_from_status)
    if held.before_first_talk:
        held.become(Status.ACTIVE)
        held.first_talk_at = contact.at
        return
    others = Contact.objects.valid().filter(
        referral=held,
        welfare_organisation=held.welfare_organisation_id,
        kind=Contact.Kind.INTRODUCTION,
        result=Contact.Result.SPOKEN,
    )
    if not others.exclude(pk=contact.pk).exists():
        held.first_talk_at = contact.at  # the talk that made it active was marked as a mistake


@transaction.atomic
def add_action(
    referral: Referral, *, text: str, due_on: dt.date, key, owner: Membership | None = None, by: Membership
) -> Action:
    """Something to do, on a day; by default by whoever writes it down."""
    held = locked(referral, by=by)
    already = Action.objects.filter(referral=held, key=key).first()
    if already is not None:
        return already
    if not held.is_open:
        raise DomainError(_("Deze verwijzing is gesloten. Heropen haar om nog iets af te spreken."))
    owner = owner or by
    if owner.organisation_id != by.organisation_id:
        raise DomainError(_("Kies een collega van je eigen organisatie."), status=422)
    action = Action.objects.create(
        region_id=held.region_id,
        referral=held,
        welfare_organisation_id=by.organisation_id,
        owner=owner,
        due_on=due_on,
        text=text,
        key=key,
    )
    saved(held)
    record("action.created", action, by=by, referral=held)
    return action


@transaction.atomic
def change_action(
    action: Action, *, text: str, due_on: dt.date, owner: Membership, version: int, by: Membership
) -> Action:
    """Other words, another day, or a colleague does it. What is done stays as it was."""
    held = locked(action.referral, by=by)
    changed = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if changed.version != version:
        raise StaleError
    if changed.done_at is not None:
        raise DomainError(_("Deze taak is al gedaan."))
    if owner.organisation_id != by.organisation_id:
        raise DomainError(_("Kies een collega van je eigen organisatie."), status=422)
    changed.text, changed.due_on, changed.owner = text, due_on, owner
    changed.version += 1
    changed.save()
    saved(held)
    record("action.changed", changed, by=by, referral=held)
    return changed


@transaction.atomic
def complete_action(action: Action, *, by: Membership) -> Action:
    """Done. Ticking off twice changes nothing."""
    held = locked(action.referral, by=by)
    done = tick_off(action, by=by)
    saved(held)
    return done


def tick_off(action: Action, *, by: Membership, contact: Contact | None = None) -> Action:
    """Mark one thing as done; the caller holds the referral."""
    done = Action.objects.select_for_update(of=("self",)).select_related("referral__client").get(pk=action.pk)
    if done.done_at is None:
        done.done_at, done.done_by, done.done_in = timezone.now(), by, contact
        done.version += 1
        done.save()
        record("action.done", done, by=by, referral=done.referral)
    return done
