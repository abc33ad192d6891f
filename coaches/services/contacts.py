"""Logging what was done, in seconds, and what follows from it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coaches.checkins import next_check_in
from coaches.models import Action, Contact
from coaches.services.case import locked, needs_coach, saved
from coaches.services.talks import begin_guidance, tick_off
from referrals.models import Referral, Status
from referrals.models.referral import TAKEN_ON
from wor.accounts.models import Membership
from wor.audit.services import record
from wor.calendar import local_day
from wor.errors import DomainError


def before_sending(day: dt.date, sent_on: dt.date) -> str:
    """Why nobody can have spoken the client on this day; "" when it can be. Else waiting times would be negative."""
    if day >= sent_on:
        return ""
    return gettext("De verwijzing is van %(day)s. Deze dag ligt daarvoor.") % {"day": date_format(sent_on, "j F Y")}


@transaction.atomic
def log_contact(
    referral: Referral,
    *,
    kind: str,
    way: str,
    result: str,
    key,
    at: dt.datetime | None = None,
    line: str = "",
    minutes: int | None = None,
    told_to: str = "",
    ticks_off: Action | None = None,
    by: Membership,
) -> Contact:
    """Something was done. Sets *eerste contact* and *eerste gesprek*, and ticks off a thing to do.

    A spoken introduction is the first talk: the client is then *in traject*.
    """
    held = locked(referral, by=by)
    already = Contact.objects.filter(referral=held, key=key).first()
    if already is not None:
        return already
    at = at or timezone.now()
    if at > timezone.now() + dt.timedelta(minutes=5):
        raise DomainError(_("Dit moment is nog niet geweest. Wil je het plannen?"), status=422)
    if kind in Contact.WITH_CLIENT and (why := before_sending(local_day(at), local_day(held.sent_at))):
        raise DomainError(why, status=422)
    if kind in Contact.WITH_CLIENT and held.status not in TAKEN_ON:
        raise DomainError(_("Neem de verwijzing eerst aan. Daarna kun je contact met de cliënt vastleggen."))
    if kind == Contact.Kind.INTRODUCTION and result == Contact.Result.SPOKEN:
        needs_coach(held)
    contact = Contact.objects.create(
        region_id=held.region_id,
        referral=held,
        welfare_organisation_id=by.organisation_id,
        by=by,
        at=at,
        kind=kind,
        way=way,
        result=result,
        line=line,
        minutes=minutes,
        told_to=told_to,
        key=key,
    )
    if ticks_off is not None:
        tick_off(ticks_off, by=by, contact=contact)
    before = held.status
    if contact.is_with_client:
        _follow_from(held, contact)
    saved(held, moved=held.status != before)
    record("contact.logged", contact, by=by, referral=held, kind=kind, result=result)
    return contact


def _follow_from(held: Referral, contact: Contact) -> None:
    """What a contact with the client changes about the case."""
    reached, days = _reached_and_tried(held)
    held.attempts = days
    held.first_contact_at = held.first_contact_at or reached
    if held.planned_talk_at is not None and held.planned_talk_at <= timezone.now():
        held.planned_talk_at = None
    if contact.result != Contact.Result.SPOKEN:
        return
    if contact.kind == Contact.Kind.INTRODUCTION:
        held.planned_talk_at = None
        begin_guidance(held, contact)
    if contact.kind == Contact.Kind.FOLLOW_UP and held.status == Status.FOLLOW_UP:
        held.follow_up_on = next_check_in(held, asked_now=True)


def _reached_and_tried(held: Referral) -> tuple[dt.datetime | None, int]:
    """When the client was first reached, and on how many days (Europe/Amsterdam) since somebody tried in vain.

    *Eerste contact* is: spoken to, or the third attempt on a third day.
    """
    reached: dt.datetime | None = None
    days: set[dt.date] = set()
    contacts = (
        Contact.objects.valid()
        .filter(referral=held, welfare_organisation=held.welfare_organisation_id, kind__in=Contact.WITH_CLIENT)
        .order_by("at", "id")
    )
    for at, result in contacts.values_list("at", "result"):
        if result == Contact.Result.SPOKEN:
            reached = reached or at
            days.clear()
        elif result in Contact.ATTEMPTS:
            days.add(local_day(at))
            if len(days) >= held.region.setting("attempts_on_days"):
                reached = reached or at
    return reached, len(days)


@transaction.atomic
def mark_contact_in_error(contact: Contact, *, by: Membership) -> Contact:
    """It was a mistake: struck through, never removed. What followed from it is counted again.

    A case that went *in traject* because of it stays so; the next talk logged sets the date right.
    """
    held = locked(contact.referral, by=by)
    marked = Contact.objects.select_for_update().get(pk=contact.pk)
    if marked.entered_in_error_at is not None:
        return marked
    marked.entered_in_error_at, marked.entered_in_error_by = timezone.now(), by
    marked.save(update_fields=["entered_in_error_at", "entered_in_error_by"])
    reached, held.attempts = _reached_and_tried(held)
    held.first_contact_at = reached or held.first_talk_at
    saved(held)
    record("contact.entered_in_error", marked, by=by, referral=held)
    return marked


@transaction.atomic
def log_concern(referral: Referral, *, told_to: str, key, at=None, line: str = "", by: Membership) -> Contact:
    """*Zorgen: bel de praktijk*: who was told, and when."""
    if not told_to.strip():
        raise DomainError(_("Vul in wie je van de praktijk gesproken hebt."), status=422)
    return log_contact(
        referral,
        kind=Contact.Kind.CONCERN,
        way=Contact.Way.PHONE,
        result=Contact.Result.SPOKEN,
        told_to=told_to,
        line=line,
        at=at,
        key=key,
        by=by,
    )
