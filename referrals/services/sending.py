"""Sending a referral: who it goes to, what is kept of it, who is told."""

import datetime as dt
import uuid
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Exists, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import PostcodeArea, TargetCell, TargetGroup
from referrals.attention import next_attention
from referrals.capacity import ask_refresh
from referrals.locking import lock
from referrals.models import Client, Consent, PracticeIntake, Referral, ReferralDraft, Status
from referrals.models.referral import age_band, new_number
from referrals.people import coach_side
from referrals.services.drafts import ALREADY_SENT, Screen
from wor.accounts.models import Function, Membership, Role
from wor.audit.services import record
from wor.calendar import local_day
from wor.errors import DomainError, StaleError
from wor.outbox.models import Notice
from wor.outbox.services import notify
from wor.tenancy.models import Organisation, Region, ServedArea

CONSENT_TEXT_VERSION = "2026-11"
NAMED_BY = ("given_name", "prefix", "family_name", "birth_date")
MAY_SEND = ("may_voicemail", "may_text", "may_email", "may_post")
# Answered at every referral, also by leaving it as it stands.
SAID_ANEW = ("postcode", "reach_via", *MAY_SEND)


def check_age(birth_date: dt.date, region: Region, today: dt.date) -> None:
    """Raises DomainError below the region's minimum age."""
    minimum = region.setting("minimum_age_years")
    if Client(birth_date=birth_date).age_on(today) < minimum:
        raise DomainError(_("Verwijzen kan vanaf %(age)s jaar.") % {"age": minimum}, status=422)


class Destination(NamedTuple):
    """Where a patient goes, and where they live."""

    welfare: Organisation | None
    municipality_code: str
    district_id: int | None
    is_known: bool = True  # the postcode; one that is not counts as the practice's own municipality


def destination(practice: Organisation, postcode: str) -> Destination:
    """The welfare organisation that serves this practice in the municipality of a postcode; None when none does.

    A postcode that the region does not know counts as the practice's own municipality, district unknown.
    """
    area = PostcodeArea.objects.filter(pc4=postcode[:4]).exclude(municipality_code="")
    served = (
        ServedArea.objects.filter(
            practice=practice,
            municipality_code=Coalesce(
                Subquery(area.values("municipality_code")[:1]), Value(practice.municipality_code)
            ),
        )
        .annotate(district=Subquery(area.values("district_id")[:1]), is_known=Exists(area))
        .select_related("welfare_organisation")
        .first()
    )
    if served is None:
        return Destination(None, "", None)
    return Destination(
        served.welfare_organisation,
        served.municipality_code,
        served.district,  # type: ignore[attr-defined]
        served.is_known,  # type: ignore[attr-defined]
    )


def send(
    key: uuid.UUID,
    *,
    person: dict[str, Any],
    known: Client | None = None,
    cells: list[TargetCell],
    target_group: TargetGroup | None = None,
    consent: dict[str, Any],
    consent_for: uuid.UUID | None = None,
    begun_open: bool = False,
    screen: Screen | None = None,
    bsn_overruled: tuple[str, ...] = (),
    on_behalf_of: Membership | None = None,
    by: Membership,
    **content: Any,
) -> Referral:
    """Send a referral. The same key gives the same referral, also when it is sent eleven times at once.

    ``person`` are fields of Client, ``consent`` of Consent, ``content`` of Referral; ``known`` is the client of this
    practice that the sender chose. ``consent_for`` refers to the organisation named in the consent that was ticked.
    """
    try:
        with transaction.atomic():
            draft = _locked_draft(key, by)
            if draft is not None and draft.sent_referral_id:
                return _earlier(key, by)
            _check_draft(draft, screen)
            area = destination(by.organisation, person["postcode"])
            welfare, line = _check(area.welfare, consent_for, begun_open, by)
            _check_sender(on_behalf_of, by)
            now = timezone.now()
            check_age(person["birth_date"], by.region, local_day(now))
            client = _client(person, known, by)
            referral = Referral(
                region=by.region,
                practice=by.organisation,
                welfare_organisation=welfare,
                client=client,
                referrer=by,
                on_behalf_of=on_behalf_of,
                number=new_number(local_day(now).year),
                key=key,
                **_cells(cells, target_group),
                sent_at=now,
                sent_by=by,
                last_news_at=now,
                **_snapshots(client, area, local_day(now)),
                **content,
            )
            _hand_over(referral, line, consent, by)
            if bsn_overruled:
                record("bsn.overruled", referral, by=by, fields=list(bsn_overruled))
            return referral
    except IntegrityError:
        # The other of two at once was first: the unique key made this one wait, and everything of it is undone.
        if not Referral.objects.filter(key=key).exists():
            raise
        return _earlier(key, by)


def _snapshots(client: Client, area: Destination, day: dt.date) -> dict[str, Any]:
    """What figures count by, as it was on the day of sending."""
    return {
        "age_band": age_band(client.age_on(day)),
        "sex": client.sex,
        "municipality_code": area.municipality_code,
        "district_id": area.district_id,
    }


def _locked_draft(key: uuid.UUID, by: Membership) -> ReferralDraft | None:
    found = ReferralDraft.objects.select_for_update().filter(key=key).first()
    if found is not None and found.practice_id != by.organisation_id:
        raise DomainError(ALREADY_SENT)
    return found


def _check_draft(draft: ReferralDraft | None, screen: Screen | None) -> None:
    if draft is not None and screen is not None and draft.changed_elsewhere(screen.version, screen.sheet):
        raise StaleError(
            _(
                "Dit concept is net ook op een ander scherm gewijzigd, door een collega of door uzelf. Bekijk eerst de "
                "wijziging. Wilt u versturen wat hieronder staat? Kies dan nog eens “Verwijzing versturen”."
            )
        )


def _cells(cells: list[TargetCell], group: TargetGroup | None) -> dict[str, TargetCell]:
    """The main cell and the others by field. With a corrected target group the main cell is that group's.

    A group and a problem that the region did not put together yet become a cell that is kept off the map.
    """
    main, *others = cells
    if group is not None and group.pk != main.target_group_id:
        main = TargetCell.objects.get_or_create(
            region_id=main.region_id,
            target_group=group,
            problem_id=main.problem_id,
            defaults={"retired_at": timezone.now()},
        )[0]
    return dict(zip(("target_cell", "second_cell", "third_cell"), [main, *others], strict=False))


def _earlier(key: uuid.UUID, by: Membership) -> Referral:
    """What was sent with this key, for who may see it."""
    found = Referral.objects.visible_to(by).filter(key=key).first()
    if found is None:
        raise DomainError(ALREADY_SENT)
    return found


def _check(
    welfare: Organisation | None, consent_for: uuid.UUID | None, begun_open: bool, by: Membership
) -> tuple[Organisation, PracticeIntake]:
    """May this practice send to this organisation now? Says why not."""
    welfare = check_open(welfare, by)
    if consent_for is not None and consent_for != welfare.reference:
        raise DomainError(
            _(
                "Deze patiënt woont in het gebied van %(name)s. Vraag toestemming voor die organisatie en vink die "
                "hieronder aan."
            )
            % {"name": welfare.name},
            status=422,
        )
    line = PracticeIntake.objects.filter(practice=by.organisation_id, welfare_organisation=welfare).first()
    if line is None or (line.state == PracticeIntake.State.CLOSED and not begun_open):
        raise DomainError(
            _("%(name)s neemt nu even geen nieuwe verwijzingen aan. Bewaar het concept; wij seinen u als het weer kan.")
            % {"name": welfare.name}
        )
    return welfare, line


def check_open(welfare: Organisation | None, by: Membership) -> Organisation:
    """Are region, practice and welfare organisation all working? Raises DomainError with the reason if not."""
    if not by.region.is_open:
        raise DomainError(_("Deze regio is nog niet open. De regiobeheerder moet eerst de afspraken vastleggen."))
    if by.organisation.is_paused:
        raise DomainError(_("Uw praktijk staat op pauze. Vraag de regiobeheerder om de praktijk te openen."))
    if welfare is None:
        raise DomainError(
            _("Voor deze postcode werkt nog geen welzijnsorganisatie met uw praktijk samen. Klopt de postcode?"),
            status=422,
        )
    if welfare.is_paused:
        raise DomainError(_("%(name)s staat op pauze en kan nu niets aannemen.") % {"name": welfare.name})
    return welfare


def _check_sender(on_behalf_of: Membership | None, by: Membership) -> None:
    """An assistant refers in the name of a GP of the own practice."""
    if on_behalf_of is None:
        if by.function == Function.ASSISTANT:
            raise DomainError(_("Kies namens welke huisarts u verwijst."), status=422)
        return
    if on_behalf_of.organisation_id != by.organisation_id or on_behalf_of.function != Function.GP:
        raise DomainError(_("Kies een huisarts van uw eigen praktijk."), status=422)


def _client(person: dict[str, Any], known: Client | None, by: Membership) -> Client:
    """A new client, or the known one with what was typed now: the newest telephone number is the right one."""
    if known is None:
        return Client.objects.create(region=by.region, practice=by.organisation, **person)
    if known.deceased_at is not None:
        raise DomainError(_("Deze patiënt staat als overleden in uw lijst."))
    newer = _newer(person, known)
    for name, value in newer.items():
        setattr(known, name, value)
    known.version += 1
    # Only what was typed: a colleague may just have noted a death on this row.
    known.save(update_fields=[*newer, "version"])
    return known


def _newer(person: dict[str, Any], known: Client) -> dict[str, Any]:
    """What a second referral changes of a known client: what was filled in, and to what the client said yes now.

    Who refers does not see what is known. So a field left as the empty form had it takes nothing away: no note, no
    interpreter, and no limit to what the referrer may hear. The name stays as it is known.
    """
    empty = Client()
    newer = {
        name: value
        for name, value in person.items()
        if name not in NAMED_BY and (name in SAID_ANEW or value != getattr(empty, name))
    }
    asks_more = person.get("reach_via") == Client.ReachVia.CONTACT or any(person.get(name) for name in MAY_SEND)
    if known.is_direct_only and asks_more:
        raise DomainError(
            _(
                "Bij deze patiënt staat “alleen direct met de patiënt zelf”. Haal de vinkjes bij berichten en de "
                "contactpersoon weg. Klopt het niet meer? Wijzig dan eerst de gegevens bij de eerdere verwijzing."
            ),
            status=422,
        )
    return newer


def _hand_over(referral: Referral, line: PracticeIntake, consent: dict[str, Any], by: Membership) -> None:
    """Save it with its consent, close the draft, and tell the coach side. A shielded one goes to one coach only."""
    told = _address(referral, line)
    referral.attention_at = next_attention(referral, referral.sent_at)
    referral.save(force_insert=True)
    Consent.objects.create(
        region=by.region,
        client=referral.client,
        referral=referral,
        welfare_organisation=referral.welfare_organisation,
        kind=Consent.Kind.SHARE,
        asked_by=by,
        text_version=CONSENT_TEXT_VERSION,
        **consent,
    )
    _close_draft(referral, by)
    ask_refresh(referral)
    record("referral.sent", referral, by=by)
    notify(Notice.Kind.NEW_REFERRAL, referral, told, by=by)


def _close_draft(referral: Referral, by: Membership) -> None:
    """The text lives on in the referral; a second copy would outlive an erasure.

    There is a row also when nothing was saved yet. Its key is where sending meets a save that is still under way: who
    comes second waits for the other, and sending wins. It goes an hour later (``delete_expired``).
    """
    closed = ReferralDraft(
        region=by.region, practice=by.organisation, written_by=by, key=referral.key, sent_referral=referral
    )
    ReferralDraft.objects.bulk_create(
        [closed],
        update_conflicts=True,
        unique_fields=["region", "key"],
        update_fields=["sent_referral", "payload", "changed_at"],
    )


def _address(referral: Referral, line: PracticeIntake) -> list[Membership]:
    """Who hears of it. A shielded one goes to one coach; without any the coordinators hear that it waits."""
    told = coach_side(referral, line)
    if not referral.is_shielded:
        return told
    referral.coach = next((person for person in told if person.role == Role.COACH), None)
    return [referral.coach] if referral.coach else told


@transaction.atomic
def send_again(referral: Referral, *, sentence: str = "", by: Membership) -> Referral:
    """After *niet passend*: the practice sends it once more, when the organisation works and takes new ones."""
    current = lock(referral, by=by)
    if current.practice_id != by.organisation_id:
        raise DomainError(_("Alleen de praktijk kan opnieuw verwijzen."), status=403)
    if current.client.deceased_at is not None or current.consent_withdrawn_at is not None:
        raise DomainError(_("Voor deze patiënt kan dat niet meer: er is geen toestemming."))
    current.become(Status.SENT)
    _welfare, line = _check(current.welfare_organisation, None, False, by)
    now = timezone.now()
    current.sent_at, current.sent_by, current.last_news_at = now, by, now
    current.closed_at = current.closed_by = current.closing_reason = None
    current.closing_sentence, current.coach, current.accepted_at, current.accepted_by = "", None, None, None
    if sentence:
        current.discussed = f"{current.discussed}\n\n{sentence}".strip()[:2000]
    told = _address(current, line)
    current.attention_at = next_attention(current, now)
    current.save()
    ask_refresh(current)
    record("referral.sent", current, by=by, again=True)
    notify(Notice.Kind.NEW_REFERRAL, current, told, by=by)
    return current


def possible_senders(practice: Organisation) -> "list[Membership]":
    """The GPs of a practice, in whose name an assistant may refer."""
    return list(Membership.objects.active().filter(Q(role=Role.REFERRER), organisation=practice, function=Function.GP))
