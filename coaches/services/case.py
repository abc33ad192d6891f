"""What every deed on a case begins and ends with."""

import datetime as dt
import uuid

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coaches.capacity import refresh_for
from coaches.checkins import began, check_in_on, heard
from coaches.models import Action, Contact
from referrals import terms
from referrals.attention import QUIET_FOR, feedback_due, next_attention, question_due
from referrals.locking import lock
from referrals.models import Client, Feedback, Referral, Status
from wor.accounts.models import Membership, Role
from wor.audit.models import Event
from wor.calendar import local_day, start_of, today
from wor.errors import DomainError, StaleError

WITHDRAWN_SENTENCE = _(
    "Deze cliënt heeft de toestemming ingetrokken. Neem geen contact meer op. De inhoud is afgesloten."
)

MISTAKE_SENTENCE = _("Deze verwijzing was een vergissing. De inhoud is afgesloten.")
KNOWS_CLIENT = _("%(name)s kent deze cliënt privé. Kies een ander.")


def shut_sentence(referral: Referral) -> str:
    """Why the coach's side can do nothing any more with a case whose content is shut."""
    return str(MISTAKE_SENTENCE if referral.status == Status.ENTERED_IN_ERROR else WITHDRAWN_SENTENCE)


def locked(referral: Referral, *, by: Membership, version: int | None = None) -> Referral:
    """The case as it is now, held until the transaction ends.

    Raises StaleError when somebody saved since this version was shown or handed the case over, and DomainError (403)
    when its content is shut for the coach's side.
    """
    held = lock(referral, version=version, by=by)
    if held.welfare_organisation_id != by.organisation_id:
        raise StaleError
    if not held.content_open_to(by):
        raise DomainError(shut_sentence(held), status=403)
    return held


def unchanged(held: Referral, version: int | None) -> None:
    """Raises StaleError when somebody saved since this version was shown; ``lock`` has raised it by one."""
    if version is not None and held.version - 1 != version:
        raise StaleError


def is_repeated(held: Referral, key: uuid.UUID) -> bool:
    """Was this very form sent before? Its first sending left feedback with this key."""
    return Feedback.objects.filter(referral=held.pk, key=key).exists()


def saved(referral: Referral, *, news: bool = False, moved: bool = False, within: bool = False) -> Referral:
    """Write the case, with the moment at which the coach's side has to look again.

    ``news``: the practice's list shows it. ``moved``: the status changed, and with it perhaps the capacity line.
    ``within``: it happens within the guidance; who may only hear *in traject* or *afgesloten* hears nothing of it, so
    the practice's list, which sorts by news, stays as it is.
    """
    now = timezone.now()
    if (news or moved) and not (within and referral.client.feedback_level == Client.FeedbackLevel.STATUS):
        referral.last_news_at = now
    if referral.is_open:
        referral.attention_at = look_again(referral, now)
    referral.save()
    if moved:
        refresh_for(referral)
    return referral


def look_again(referral: Referral, now: dt.datetime) -> dt.datetime | None:
    """The first of what the status asks, a coach who is still to be named, what somebody promised to do, and asking who
    began with an activity how it goes.

    A pause waits for its own day: what was still to do asks again once the case is taken up. The practice's question
    does not wait for that.
    """
    answer_by = question_due(referral)
    if referral.status == Status.PAUSED:
        asked = next_attention(referral, now)
        return min([asked, start_of(answer_by)]) if asked and answer_by else asked
    planned = local_day(referral.planned_talk_at) if referral.planned_talk_at else None
    coach_by = name_coach_by(referral) if referral.status == Status.ACCEPTED else None
    mine = Action.objects.filter(referral=OuterRef("pk"), welfare_organisation=OuterRef("welfare_organisation"))
    promised = Subquery(mine.to_do().order_by("due_on").values("due_on")[:1])
    facts = Referral.objects.filter(pk=referral.pk).values_list(promised, Subquery(began()), Subquery(heard()))
    due_on, began_at, heard_at = facts.get()
    ask_on = check_in_on(referral, began_at, heard_at)
    asked = _unless_busy(referral, next_attention(referral, now))
    days = [start_of(day) for day in (coach_by, planned, due_on, ask_on, answer_by) if day]
    return min([asked, *days] if asked else days, default=None)


def _unless_busy(referral: Referral, asked: dt.datetime | None) -> dt.datetime | None:
    """Who was spoken to lately, or was taken up again after a pause, is not late because the practice heard nothing.

    Kept apart from the last news: that sorts the practice's list, and a pause is not always the practice's to know.
    """
    if referral.status != Status.ACTIVE or feedback_due(referral) is not None:
        return asked
    spoken = Contact.objects.valid().filter(
        referral=referral,
        welfare_organisation=referral.welfare_organisation_id,
        kind__in=Contact.WITH_CLIENT,
        result=Contact.Result.SPOKEN,
    )
    resumed = Event.objects.filter(region=referral.region_id, subject_ref=referral.reference, name="referral.resumed")
    latest = Greatest(*(Subquery(each.order_by("-at").values("at")[:1]) for each in (spoken, resumed)))
    at = Referral.objects.filter(pk=referral.pk).values_list(latest, flat=True).first()
    busy_until = start_of(local_day(at) + QUIET_FOR) if at else None
    return max((each for each in (asked, busy_until) if each), default=None)


def name_coach_by(referral: Referral) -> dt.date | None:
    """The last day on which a coordinator may keep a case in their own name; None when a coach guides.

    Who waits may stay with the coordinator until there is room; the talk itself is a coach's.
    """
    if referral.accepted_at is None or not referral.before_first_talk:
        return None
    if referral.coach is None or referral.coach.role != Role.COORDINATOR:
        return None
    return terms.NAME_COACH.due_on(referral.region, local_day(referral.accepted_at))


def is_without_coach_too_long(referral: Referral) -> bool:
    """Was the last day on which a coordinator may keep it in their own name before today?"""
    last_day = name_coach_by(referral)
    return last_day is not None and last_day < today()


def needs_coach(held: Referral) -> None:
    """Guiding goes on with a coach only. What was said, worries, waiting and every end stay possible.

    Raises DomainError when a coordinator has kept the case in their own name too long.
    """
    if is_without_coach_too_long(held):
        raise DomainError(
            _("Deze cliënt staat te lang op naam van de coördinator. Kies eerst een coach; daarna kan dit.")
        )
