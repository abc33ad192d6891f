"""Where a client goes: proposed, introduced, begun, going on, stopped; and what there turned out to be none of."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from coaches.checkins import next_check_in
from coaches.models import TAKEN_BACK, Contact, Gap, Intake, Measurement, Placement
from coaches.services.case import locked, saved
from coaches.services.contacts import log_contact
from coaches.services.ending import follow_up as plan_follow_up
from referrals.locking import once
from referrals.models import ClosingReason, Consent, Referral
from referrals.models.referral import TAKEN_ON
from referrals.services.sending import CONSENT_TEXT_VERSION
from wor.accounts.models import Membership
from wor.audit.services import record
from wor.calendar import today
from wor.errors import DomainError, StaleError

Status = Placement.Status


# --- One placement ---------------------------------------------------------------------------------------------------


@transaction.atomic
def propose(
    referral: Referral, *, activity: Activity, why: Collection[str] = (), key: uuid.UUID, by: Membership
) -> Placement:
    """Something to talk about with the client. What a colleague proposed a moment ago is not proposed again."""
    held = locked(referral, by=by)
    mine = Placement.objects.filter(referral=held, welfare_organisation=by.organisation_id)
    already = mine.filter(key=key).first() or mine.filter(activity=activity).exclude(status=Status.STOPPED).first()
    if already is not None:
        return already
    _goes_on(held)
    if not activity.is_shown:
        raise DomainError(_("Deze activiteit staat niet meer op de sociale kaart. Kies een andere."))
    placement = Placement.objects.create(
        region_id=held.region_id,
        referral=held,
        welfare_organisation_id=by.organisation_id,
        activity=activity,
        why=list(why),
        proposed_at=timezone.now(),
        proposed_by=by,
        key=key,
    )
    record("placement.proposed", placement, by=by, referral=held)
    return placement


@transaction.atomic
def introduce(
    placement: Placement,
    *,
    is_warm: bool,
    agreed: bool = False,
    given_on: dt.date | None = None,
    how: str = Consent.How.SPOKEN,
    given_by_kind: str = Consent.GivenBy.PATIENT,
    given_by_name: str = "",
    given_by_relation: str = "",
    version: int | None = None,
    by: Membership,
) -> Placement:
    """The client and the provider meet. *Warm* names the client to the provider, and needs a yes for that one."""
    held, current = _held(placement, by=by)
    if current.status == Status.INTRODUCED and current.is_warm == is_warm:
        return current  # sent twice
    _unchanged(current, version)
    if is_warm and consent_for(current) is None:
        if not agreed:
            raise DomainError(
                _("Noem de naam alleen als de cliënt dat goedvindt. Kruis dat aan, of kies zonder naam."), status=422
            )
        _agree(
            held,
            current,
            given_on=given_on or today(),
            how=how,
            given_by_kind=given_by_kind,
            given_by_name=given_by_name,
            given_by_relation=given_by_relation,
            by=by,
        )
    current.is_warm = is_warm
    _move(held, current, Status.INTRODUCED, by=by, is_warm=is_warm)
    return current


@transaction.atomic
def withdraw_introduction(placement: Placement, *, by: Membership) -> Placement:
    """The client no longer wants to be named to this provider. What was said cannot be unsaid; no more is."""
    held, current = _held(placement, by=by)
    consent = consent_for(current)
    if consent is None:
        return current
    consent.withdrawn_at, consent.withdrawn_by_kind = timezone.now(), Consent.WithdrawnBy.CLIENT
    consent.withdrawn_by = by
    consent.save()
    record("introduction.withdrawn", current, by=by, referral=held)
    return current


@transaction.atomic
def start(
    placement: Placement,
    *,
    since: dt.date | None = None,
    and_follow_up: bool = False,
    version: int | None = None,
    by: Membership,
) -> Placement:
    """The client goes there now. In the same act the case may go on to *opvolging*, on the first check-in's day."""
    held, current = _held(placement, by=by)
    if current.status == Status.STARTED:
        return current  # sent twice
    _unchanged(current, version)
    at = _moment(since)
    _move(held, current, Status.STARTED, by=by, at=at)
    if and_follow_up:
        plan_follow_up(held, on=next_check_in(held, asked_now=False), by=by)
    else:
        saved(held)  # the first day to ask how it goes
    return current


@transaction.atomic
def keep_going(placement: Placement, *, version: int | None = None, by: Membership) -> Placement:
    """Asked, and the client still goes there."""
    held, current = _held(placement, by=by)
    _unchanged(current, version)
    _move(held, current, Status.CONTINUING, by=by)
    return current


@transaction.atomic
def stop(placement: Placement, *, reason: ClosingReason, version: int | None = None, by: Membership) -> Placement:
    """The client does not go there any more, or will not; with the reason."""
    held, current = _held(placement, by=by)
    if current.status == Status.STOPPED and current.stop_reason_id == reason.pk:
        return current  # sent twice
    _unchanged(current, version)
    _stop(held, current, reason, by=by)
    saved(held)
    return current


@transaction.atomic
def take_back(placement: Placement, *, version: int | None = None, by: Membership) -> Placement:
    """It was a slip of the thumb, or came to nothing before anything was said. Counts nowhere as stopping."""
    held, current = _held(placement, by=by)
    if current.is_taken_back:
        return current  # sent twice
    _unchanged(current, version)
    current.stop_reason = _taken_back(held.region_id)
    _move(held, current, Status.STOPPED, by=by, name="taken_back")
    saved(held)
    return current


def consent_for(placement: Placement) -> Consent | None:
    """The standing yes to being named to this provider, asked by this organisation."""
    return Consent.objects.filter(
        referral=placement.referral_id,
        welfare_organisation=placement.welfare_organisation_id,
        kind=Consent.Kind.INTRODUCE,
        provider=placement.activity.provider_id,
        withdrawn_at__isnull=True,
    ).first()


def _agree(held: Referral, current: Placement, *, by: Membership, **given) -> None:
    if given["given_on"] > today():
        raise DomainError(_("De datum van de toestemming ligt in de toekomst."), status=422)
    is_other = given["given_by_kind"] != Consent.GivenBy.PATIENT
    if is_other and not (given["given_by_name"].strip() and given["given_by_relation"].strip()):
        raise DomainError(_("Vul in wie toestemming gaf en wat de relatie is."), status=422)
    consent = Consent.objects.create(
        region_id=held.region_id,
        client_id=held.client_id,
        referral=held,
        welfare_organisation_id=by.organisation_id,
        provider_id=current.activity.provider_id,
        kind=Consent.Kind.INTRODUCE,
        asked_by=by,
        text_version=CONSENT_TEXT_VERSION,
        **given,
    )
    record("consent.created", consent, by=by, referral=held, kind=Consent.Kind.INTRODUCE)


def _held(placement: Placement, *, by: Membership) -> tuple[Referral, Placement]:
    """The case and the placement as they are now, held until the transaction ends."""
    held = locked(placement.referral, by=by)
    _goes_on(held)
    current = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("activity", "stop_reason")
        .get(pk=placement.pk, welfare_organisation=by.organisation_id)
    )
    current.referral = held
    return held, current


def _goes_on(held: Referral) -> None:
    if not held.is_open:
        raise DomainError(_("Deze begeleiding is afgesloten. Heropen haar om hier nog iets te veranderen."))
    if held.status not in TAKEN_ON:
        raise DomainError(_("Neem de verwijzing eerst aan. Daarna kun je activiteiten voorstellen."))


def _unchanged(current: Placement, version: int | None) -> None:
    if version is not None and current.version != version:
        raise StaleError


def _move(
    held: Referral, current: Placement, status: str, *, by: Membership, at: dt.datetime | None = None, name="", **data
) -> None:
    current.become(status, by=by, at=at or timezone.now())
    current.version += 1
    current.save()
    record(f"placement.{name or status}", current, by=by, referral=held, **data)


def _stop(held: Referral, current: Placement, reason: ClosingReason, *, by: Membership) -> None:
    if reason.kind != ClosingReason.Kind.PLACEMENT or reason.code == TAKEN_BACK or reason.retired_at:
        raise DomainError(_("Kies een reden uit de lijst."), status=422)
    current.stop_reason = reason
    _move(held, current, Status.STOPPED, by=by, reason=reason.code)


def _taken_back(region_id: int) -> ClosingReason:
    return ClosingReason.objects.get_or_create(
        region_id=region_id,
        kind=ClosingReason.Kind.PLACEMENT,
        code=TAKEN_BACK,
        defaults={"label": _text("Teruggenomen"), "position": 90},
    )[0]


def _moment(day: dt.date | None) -> dt.datetime:
    if day is None or day == today():
        return timezone.now()
    if day > today():
        raise DomainError(_("Deze dag moet nog komen."), status=422)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


# --- Following up ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What a client said about one placement: goes there, or stopped for this reason."""

    placement: Placement
    goes_on: bool
    reason: ClosingReason | None = None
    version: int | None = None


@transaction.atomic
def check_in(
    referral: Referral,
    *,
    is_reached: bool,
    answers: Sequence[Answer] = (),
    value: int | None = None,
    line: str = "",
    key: uuid.UUID,
    by: Membership,
) -> Contact:
    """*Hoe gaat het?* after some weeks and some months: one contact, with what became of each placement and, when the
    client likes, the figure of the first talk once more. Not reached: the contact alone."""
    held = locked(referral, by=by)
    already = Contact.objects.filter(referral=held, key=key).first()
    if already is not None:
        return already
    _goes_on(held)
    if is_reached:
        for answer in answers:
            _write_down(held, answer, by=by)
        if value is not None:
            _measure(held, value, by=by)
    result = Contact.Result.SPOKEN if is_reached else Contact.Result.NO_ANSWER
    return log_contact(
        held, kind=Contact.Kind.FOLLOW_UP, way=Contact.Way.PHONE, result=result, line=line, key=key, by=by
    )


def _write_down(held: Referral, answer: Answer, *, by: Membership) -> None:
    current = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("activity", "stop_reason")
        .get(pk=answer.placement.pk, referral=held, welfare_organisation=by.organisation_id)
    )
    current.referral = held
    _unchanged(current, answer.version)
    if answer.goes_on:
        _move(held, current, Status.CONTINUING if current.has_started else Status.STARTED, by=by)
    elif answer.reason is None:
        raise DomainError(_("Kies waarom de cliënt met deze activiteit stopte."), status=422)
    else:
        _stop(held, current, answer.reason, by=by)


def _measure(held: Referral, value: int, *, by: Membership) -> None:
    """The last answer counts."""
    if not 0 <= value <= 10:
        raise DomainError(_("Kies een cijfer van 0 tot en met 10."), status=422)
    measurement, _made = Measurement.objects.update_or_create(
        referral=held,
        welfare_organisation_id=by.organisation_id,
        moment=Measurement.Moment.T1,
        defaults={"region_id": held.region_id, "value": value, "at": timezone.now(), "by": by},
    )
    record("measurement.written", measurement, by=by, referral=held)


# --- Gat in het aanbod -----------------------------------------------------------------------------------------------


@transaction.atomic
def report_gap(referral: Referral, *, kind: str, note: str = "", key: uuid.UUID, by: Membership) -> Gap:
    """Nothing fitted. It keeps what plays and where, and nothing that leads to the client: no event of the case."""
    themes = Intake.objects.filter(referral=referral.pk, welfare_organisation=by.organisation_id)
    gap, is_new = once(
        Gap.objects.filter(welfare_organisation=by.organisation_id),
        key,
        lambda: Gap.objects.create(
            region_id=referral.region_id,
            kind=kind,
            welfare_organisation_id=by.organisation_id,
            practice_id=referral.practice_id,
            target_cell_id=referral.target_cell_id,
            theme_id=themes.values_list("theme", flat=True).first(),
            district_id=referral.district_id,
            note=note,
            by=by,
            key=key,
        ),
    )
    if is_new:
        record("gap.created", gap, by=by, kind=kind)
    return gap


@transaction.atomic
def handle_gap(gap: Gap, *, by: Membership) -> Gap:
    """Something was done with it, or nothing can be."""
    current = Gap.objects.select_for_update(of=("self",)).get(pk=gap.pk)
    if current.handled_at is not None:
        raise DomainError(_("Een collega heeft dit gat al afgehandeld."))
    current.handled_at, current.handled_by = timezone.now(), by
    current.save(update_fields=["handled_at", "handled_by"])
    record("gap.handled", current, by=by)
    return current
