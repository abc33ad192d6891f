"""Telling people: a line in their inbox, and a mail that says no more than that it is there."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.utils import timezone

from wor.calendar import next_working_hour
from wor.outbox.models import Effect, Heartbeat, Notice

# Who hears of the news in one mail a working day: a GP refers about once a month, and a practice reads mail together.
DIGEST_ROLE = "referrer"
# What a practice should know today, each person concerned by a mail of their own: somebody waits for them, or would
# do the wrong thing without it. Decision 0007.
AT_ONCE = frozenset({Notice.Kind.QUESTION, Notice.Kind.DECLINED, Notice.Kind.DECEASED, Notice.Kind.CAPACITY_OPEN})
# What can wait for the next working morning, also by mail: work on the sociale kaart. Nobody waits in a room for it.
NEXT_MORNING = frozenset(
    {
        *(Notice.Kind.ACTIVITY_REPORTED, Notice.Kind.ACTIVITY_PROPOSED, Notice.Kind.PROVIDER_ANSWERED),
        *(Notice.Kind.FILE_CHECKED, Notice.Kind.FILE_APPLIED),
    }
)


def notify(kind: str, subject, recipients: Iterable, *, by=None, mail: bool = True) -> None:
    """Put a notice in each recipient's inbox, and queue a mail. In the transaction of the change.

    Several notices that wait for one person go out as one mail (see relay.py). A practice's mail waits for the hour
    its region chose, and goes to its contact point alone when that is among the recipients. Nobody is told of their
    own deed.
    """
    people = {person.pk: person for person in recipients if person is not None and person != by}
    if not people:
        return
    now = timezone.now()
    notices = Notice.objects.bulk_create(
        [
            Notice(region_id=subject.region_id, membership_id=pk, kind=kind, subject_ref=subject.reference)
            for pk in people
        ]
    )
    if not mail:
        return
    mailed_at = _when_mailed(kind, people, region=(by or next(iter(people.values()))).region, now=now)
    Effect.objects.bulk_create(
        [
            Effect(
                kind="notice",
                region_id=notice.region_id,
                subject_ref=notice.reference,
                recipient_membership_id=notice.membership_id,
                not_before=mailed_at[notice.membership_id],
            )
            for notice in notices
            if notice.membership_id in mailed_at
        ]
    )


def _when_mailed(kind: str, people: dict, *, region, now: dt.datetime) -> dict[int, dt.datetime]:
    """Who of these gets a mail, and when. The others find it in their inbox."""
    if kind in AT_ONCE:
        return dict.fromkeys(people, now)
    digest_at = next_working_hour(now, region.setting("news_hour"))
    if kind in NEXT_MORNING:
        return dict.fromkeys(people, digest_at)
    practice = {pk: person for pk, person in people.items() if person.role == DIGEST_ROLE}
    points = [pk for pk, person in practice.items() if person.is_contact_point]
    return dict.fromkeys(people.keys() - practice.keys(), now) | dict.fromkeys(points or practice, digest_at)


def enqueue(
    kind: str, subject_ref: uuid.UUID, *, region_id: int | None, membership_id=None, user_id=None, not_before=None
) -> None:
    """Queue one mail; asking twice for the same one changes nothing."""
    Effect.objects.bulk_create(
        [
            Effect(
                kind=kind,
                subject_ref=subject_ref,
                region_id=region_id,
                recipient_membership_id=membership_id,
                recipient_user_id=user_id,
                not_before=not_before or timezone.now(),
            )
        ],
        ignore_conflicts=True,
    )


def mark_read(membership, *, subject_ref: uuid.UUID) -> None:
    """Clear a person's notices about something they have just seen."""
    Notice.objects.filter(membership=membership, subject_ref=subject_ref, read_at__isnull=True).update(
        read_at=timezone.now()
    )


def mark_done(memberships: Iterable, *, subject_refs: Iterable[uuid.UUID]) -> None:
    """What these people were told of was seen or done: it waits for none of them any more."""
    waiting = Notice.objects.filter(membership__in=memberships, subject_ref__in=subject_refs, read_at__isnull=True)
    waiting.update(read_at=timezone.now())


def mark_all_read(membership, *, at: dt.datetime) -> int:
    """Clear all of a person's notices; how many there were."""
    return Notice.objects.filter(membership=membership, read_at__isnull=True).update(read_at=at)


def mark_unread(membership, *, read_at: dt.datetime) -> None:
    """Take back ``mark_all_read``: what was marked at exactly that moment is new again."""
    Notice.objects.filter(membership=membership, read_at=read_at).update(read_at=None)


def unread_count(membership) -> int:
    return Notice.objects.filter(membership=membership, read_at__isnull=True).count()


def beat(component: str, at: dt.datetime | None = None) -> None:
    """A process shows that it lives."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(component=component, at=at or timezone.now())],
        update_conflicts=True,
        unique_fields=["component"],
        update_fields=["at"],
    )
