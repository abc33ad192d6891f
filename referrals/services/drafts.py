"""Referrals being written: kept as typed, for the whole practice, for two weeks."""

import datetime as dt
import uuid
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.fields import may_hold_bsn
from referrals.locking import once
from referrals.models import Referral, ReferralDraft
from wor.accounts.models import Membership
from wor.audit.services import log
from wor.errors import DomainError, StaleError
from wor.tenancy.models import Region

ALREADY_SENT = _("Deze verwijzing is al verstuurd.")
CHANGED_ELSEWHERE = _("Dit concept is net ook op een ander scherm gewijzigd, door een collega of door uzelf.")
PUT_BACK_WITHIN = dt.timedelta(hours=1)


class Screen(NamedTuple):
    """The screen that saves: the version of the draft it knows, its own mark, and how often it saved before."""

    version: int = 0
    sheet: uuid.UUID | None = None
    turn: int = 0


UNKNOWN = Screen()


@transaction.atomic
def save_draft(
    key: uuid.UUID, *, typed: dict[str, str], screen: Screen = UNKNOWN, signal: bool | None = None, by: Membership
) -> tuple[ReferralDraft, list[str]]:
    """Keep what was typed. Returns the draft and the fields that were not kept, because they may hold a BSN.

    Raises StaleError when another screen saved in between, and DomainError when it was sent already.
    """
    refused = [name for name, text in typed.items() if may_hold_bsn(name, text)]
    payload = {name: text[:2000] for name, text in typed.items() if name not in refused}

    def make() -> ReferralDraft:
        # On a slow line the last save while typing comes in long after the sending itself, whose draft may be gone.
        if Referral.objects.filter(key=key, practice=by.organisation).exists():
            raise DomainError(ALREADY_SENT)
        return ReferralDraft.objects.create(
            region=by.region,
            practice=by.organisation,
            written_by=by,
            key=key,
            payload=payload,
            version=1,
            sheet=screen.sheet,
            turn=screen.turn,
            signal_when_open=bool(signal),
        )

    draft, is_new = once(ReferralDraft.objects.select_for_update().filter(practice=by.organisation), key, make)
    if is_new or _replace(draft, payload, screen, signal):
        log("change", draft, by=by, action="C" if is_new else "U", purpose="draft.saved")
    return draft, refused


def _replace(draft: ReferralDraft, payload: dict[str, str], screen: Screen, signal: bool | None) -> bool:
    """Write over what was kept; not when this screen itself did so later, and this save was on its way for long."""
    if draft.sent_referral_id is not None:
        raise DomainError(ALREADY_SENT)
    if draft.changed_elsewhere(screen.version, screen.sheet):
        raise StaleError(CHANGED_ELSEWHERE)
    if draft.sheet == screen.sheet and screen.turn < draft.turn:
        return False
    draft.payload, draft.version = payload, draft.version + 1
    draft.sheet, draft.turn = screen.sheet, screen.turn
    draft.discarded_at = draft.discarded_by = None
    if signal is not None:
        draft.signal_when_open = signal
    draft.save()
    return True


def save_beside(*, typed: dict[str, str], by: Membership) -> ReferralDraft:
    """After another screen saved first: the second text becomes a draft of its own, so that both are kept."""
    return save_draft(uuid.uuid4(), typed=typed, by=by)[0]


@transaction.atomic
def discard(draft: ReferralDraft, *, by: Membership) -> ReferralDraft:
    """Throw a draft away. It can be put back for an hour."""
    return _mark(draft, timezone.now(), by)


@transaction.atomic
def put_back(draft: ReferralDraft, *, by: Membership) -> ReferralDraft:
    return _mark(draft, None, by)


def _mark(draft: ReferralDraft, at: dt.datetime | None, by: Membership) -> ReferralDraft:
    fresh = ReferralDraft.objects.select_for_update().filter(pk=draft.pk, sent_referral__isnull=True).first()
    if fresh is None:
        raise DomainError(_("Dit concept is al verstuurd of gewist."))
    fresh.discarded_at, fresh.discarded_by = at, by if at else None
    fresh.save(update_fields=["discarded_at", "discarded_by"])
    log("change", fresh, by=by, action="D" if at else "U", purpose="draft.discarded" if at else "draft.put_back")
    return fresh


def delete_expired(region: Region, now: dt.datetime) -> int:
    """Wipe drafts that nobody touched for the region's term, those thrown away, and the empty rows of what was sent.

    Returns how many. No save is under way any more that would have to meet such an empty row: each finds the referral.
    """
    old, hour_ago = now - dt.timedelta(days=region.setting("draft_days")), now - PUT_BACK_WITHIN
    gone = (
        Q(changed_at__lt=old) | Q(discarded_at__lt=hour_ago) | Q(sent_referral__isnull=False, changed_at__lt=hour_ago)
    )
    return ReferralDraft.objects.filter(gone).delete()[0]
