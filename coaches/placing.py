"""*Iets vinden in de buurt*: what might suit this client and why, and how placements read on a page and on paper."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Subquery, prefetch_related_objects
from django.http import QueryDict
from django.utils.translation import gettext as _

from activities import pages
from activities.matching import Suggestion, Wish, suggest
from activities.models import Activity, ActivityCell
from activities.search import DISTANCES, Catalogue, Criteria, corrected, read_criteria
from activities.words import language_code
from coaches.drafting import day_in_words
from coaches.models import Intake, Placement
from referrals.models import Consent, Referral
from wor.accounts.models import Membership
from wor.fields import show_phone
from wor.pages import address
from wor.tenancy.models import Region

# What may stand in the address. Nothing in it is about the client: their postcode and what plays stay on the server.
FILTERS = ("dag", "dagdeel", "kosten", "toegang", "taal", "thema")
OPEN_FILTERS = ("dag", "kosten")
SOME, MOST = 12, 60
# Filters that have to hold, by the reason of which they are the strict form.
STRICT = {"dag": "day", "kosten": "cost", "taal": "language", "thema": "theme"}
DUTCH = "nl"


# --- What is asked ---------------------------------------------------------------------------------------------------


def read_asked(query: QueryDict, lists: Catalogue) -> Criteria:
    """The filters and words of the address. Where the client lives is known; a postcode there is not listened to."""
    asked = read_criteria(query, lists)
    chosen = {name: asked.chosen.get(name, ()) for name in FILTERS}
    return Criteria(text=asked.text, chosen=chosen, km=asked.km)


def address_of(asked: Criteria, *, more: bool = False, without: str = "", value: str = "") -> str:
    """The same as the query of an address, perhaps less one filter or one of its values."""
    pairs: list[tuple[str, str]] = [("zoek", asked.text)] if asked.text and without != "zoek" else []
    pairs += [("km", str(asked.km))] if asked.km and without != "km" else []
    for name in FILTERS:
        codes = asked.chosen.get(name, ())
        pairs += [(name, code) for code in codes if name != without or (value and code != value)]
    return urlencode([*pairs, ("meer", "1")] if more else pairs)


def wish_of(referral: Referral, theme_id: int | None, asked: Criteria, lists: Catalogue) -> Wish:
    """What plays, where the client lives and what they speak, with what the coach asked besides."""
    client, chosen = referral.client, asked.chosen
    themes = [each.value for each in lists.choices["thema"] if each.code in chosen["thema"]]
    language = language_code(client.language)
    cells = (referral.target_cell_id, referral.second_cell_id, referral.third_cell_id)
    return Wish(
        cells=[cell for cell in cells if cell],
        themes=themes or ([theme_id] if theme_id else []),
        pc4=client.postcode[:4],
        district_id=referral.district_id,
        languages=chosen["taal"] or ([language] if language not in ("", DUTCH) else []),
        weekdays=[int(day) for day in chosen["dag"]],
        # Free is worth saying, also for who did not ask.
        most_cents=int(chosen["kosten"][0]) if chosen["kosten"] else 0,
        access=chosen["toegang"],
        text=asked.text,
        day_parts=chosen["dagdeel"],
        within_km=asked.km,
        only=[reason for name, reason in STRICT.items() if chosen[name]],
    )


# --- What is offered -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """One suggestion, ready for the page."""

    activity: Activity
    reasons: list[str]
    codes: Collection[str]
    when: str
    where: str
    cost: str
    state: Mapping[str, str] | None
    room: str
    is_full: bool
    propose_url: str
    key: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True)
class Offers:
    """What fits best, in that order."""

    rows: list[Offer]
    has_more: bool
    suggestion: str = ""  # nothing found: the nearest words that would find something


def offers(
    region: Region, referral: Referral, wish: Wish, lists: Catalogue, *, without: Collection[int], most: int = SOME
) -> Offers:
    """The activities that fit, with each reason in words and how many places are taken."""
    found = suggest(region, wish, without=without, most=most + 1, activities=_with_room(wish.cells))
    if not found:
        return Offers([], False, corrected(region.pk, wish.text) if wish.text else "")
    theme = lists.label("thema", next(iter(wish.themes))) if len(wish.themes) == 1 else ""
    rows = [_offer(referral, each, theme) for each in found[:most]]
    return Offers(rows, len(found) > most)


def _with_room(cells: Collection[int]) -> QuerySet[Activity]:
    """Activities with which of these cells each is for, and how many places are taken: of nobody in particular."""
    links = ActivityCell.objects.filter(activity=OuterRef("pk"), cell__in=cells)
    going = Placement.objects.taking_a_place().filter(activity=OuterRef("pk")).order_by()
    number = going.values("activity").annotate(number=Count("pk")).values("number")
    return Activity.objects.annotate(for_cells=ArraySubquery(links.values("cell")), taken=Subquery(number))


def _offer(referral: Referral, found: Suggestion, theme: str) -> Offer:
    activity: Any = found.activity  # with what ``_with_room`` adds
    words, label = dict(found.reasons), _label(referral, activity.for_cells)
    if label and "cell" in words:
        words["cell"] = _("past bij: %(problem)s") % {"problem": label}
    if theme and "theme" in words:
        words["theme"] = _("thema: %(theme)s") % {"theme": _small(theme)}
    room, is_full = room_in(activity, activity.taken or 0)
    return Offer(
        activity=activity,
        reasons=list(words.values()),
        codes=found.codes,
        when=activity.schedule,
        # What is among the reasons is not said twice.
        where=" · ".join(
            part for part in (pages.place(activity), "" if "near" in words else pages.show_km(found.km)) if part
        ),
        cost="" if words.get("cost") == pages.costs(activity) else pages.costs(activity),
        state=pages.state(activity),
        room=room,
        is_full=is_full,
        propose_url=address("case_propose", referral.reference, activity.reference),
    )


def _label(referral: Referral, for_cells: Collection[int]) -> str:
    """What of all that plays an activity is for."""
    cells = (referral.target_cell, referral.second_cell, referral.third_cell)
    problems = [_small(str(cell.problem)) for cell in cells if cell is not None and cell.pk in for_cells]
    return _(" en ").join(dict.fromkeys(problems))


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def room_in(activity: Activity, taken: int) -> tuple[str, bool]:
    """How many places are left, in words, and whether that is none."""
    if not activity.places:
        return "", False
    left = activity.places - taken
    if left <= 0:
        return _("Vol, voor zover wij weten (%(places)s plaatsen). Bel even vooraf.") % {
            "places": activity.places
        }, True
    return _("nog %(left)s van %(places)s plaatsen") % {"left": left, "places": activity.places}, False


def talked_about(membership: Membership) -> Subquery:
    """Of a referral: what the first talk was mostly about, as the theme's id."""
    own = Intake.objects.filter(referral=OuterRef("pk"), welfare_organisation=membership.organisation_id)
    return Subquery(own.values("theme")[:1])


# --- The filters of the page -----------------------------------------------------------------------------------------


def filters(asked: Criteria, lists: Catalogue) -> list[dict[str, Any]]:
    """Each filter with its values, as ``pages.filters`` gives them for the sociale kaart."""
    shown = []
    for name in FILTERS:
        chosen = asked.chosen.get(name, ())
        options = [
            {"code": code, "label": label, "chosen": code in chosen}
            for code, label in pages.values_of(name, {}, chosen, lists)
        ]
        if options:
            shown.append(
                {
                    "name": name,
                    "legend": pages.LEGENDS[name],
                    "options": options,
                    "type": "radio" if name == "kosten" else "checkbox",
                    "is_open": bool(chosen) or name in OPEN_FILTERS,
                    "any": not chosen,
                }
            )
    return shown


def chips(asked: Criteria, lists: Catalogue) -> list[dict[str, str]]:
    """What is asked for now, each with the address without it."""
    found = [("zoek", "", f"“{asked.text}”")] if asked.text else []
    found += [("km", "", _("binnen %(km)s km") % {"km": asked.km})] if asked.km else []
    for name in FILTERS:
        chosen = asked.chosen.get(name, ())
        labels = pages.values_of(name, {}, chosen, lists)
        found += [(name, code, label) for code, label in labels if code in chosen]
    return [{"label": label, "url": f"?{address_of(asked, without=name, value=code)}"} for name, code, label in found]


def distances() -> list[tuple[str, str]]:
    return [(str(km), _("%(km)s km") % {"km": km}) for km in DISTANCES]


def with_text(asked: Criteria, text: str) -> str:
    return address_of(replace(asked, text=text))


# --- How a placement reads -------------------------------------------------------------------------------------------

ICONS = {
    "proposed": "lightbulb",
    "introduced": "heart-handshake",
    "started": "sprout",
    "continuing": "sprout",
    "stopped": "circle-minus",
    "taken_back": "undo-2",
}
TONES = {"proposed": "quiet", "introduced": "info", "started": "success", "continuing": "success", "stopped": "quiet"}


@dataclass(frozen=True)
class Deed:
    label: str
    url: str


@dataclass(frozen=True)
class Shown:
    """One placement as the client's page tells it."""

    placement: Placement
    title: str
    url: str
    status: str
    tone: str
    icon: str
    since: str
    meta: str
    deeds: list[Deed]


def shown(placement: Placement, referral: Referral) -> Shown:
    activity = placement.activity
    since = _since(placement)
    if not referral.is_open and placement.status != Placement.Status.STOPPED:
        since = _("%(since)s; afgesloten met de begeleiding") % {"since": since}
    return Shown(
        placement=placement,
        title=activity.title,
        url=address("activity", activity.reference),
        status=str(placement.get_status_display()),
        tone=TONES[placement.status],
        icon=ICONS[placement.status],
        since=since,
        meta=" · ".join(part for part in (activity.schedule, pages.place(activity)) if part),
        deeds=deeds(placement, referral) if referral.is_open else [],
    )


def _since(placement: Placement) -> str:
    S = Placement.Status
    day = day_in_words(getattr(placement, f"{placement.status}_at"))
    if placement.status == S.STOPPED:
        reason = _small(placement.stop_reason.label) if placement.stop_reason else ""
        return _("op %(day)s: %(reason)s") % {"day": day, "reason": reason}
    if placement.status == S.CONTINUING:
        began = day_in_words(placement.started_at)
        return _("sinds %(began)s, gevraagd op %(day)s") % {"began": began, "day": day}
    if placement.status == S.INTRODUCED and placement.is_warm:
        return _("op %(day)s, met naam") % {"day": day}
    return _("op %(day)s") % {"day": day}


def deeds(placement: Placement, referral: Referral) -> list[Deed]:
    """What can be done with it now; the likeliest first."""
    S, found = Placement.Status, []
    if placement.may_become(S.INTRODUCED):
        found.append(("introduce", _("Kennis laten maken")))
    if placement.may_become(S.STARTED):
        found.append(("start_activity", _("Begonnen")))
    if placement.may_become(S.CONTINUING):
        found.append(("keep_going", _("Doet nog mee")))
    if placement.may_become(S.STOPPED):
        label = _("Gestopt") if placement.has_started else _("Gaat niet door")
        found += [("stop_activity", label), ("take_back", _("Terugnemen"))]
    if placement.status != S.STOPPED and _may_be_named(referral, placement.activity.provider_id):
        found.append(("withdraw_introduction", _("Naam niet meer noemen")))
    args = [referral.reference, placement.reference]
    return [Deed(str(label), address(f"case_{name}", *args)) for name, label in found]


def _may_be_named(referral: Any, provider: int) -> bool:
    """Does the client's yes to being named to this provider stand (``services.consent_for``)?"""
    return any(
        each["kind"] == Consent.Kind.INTRODUCE and each["provider_id"] == provider and each["withdrawn_at"] is None
        for each in referral.agreed  # comes along with the referral (casefile.agreed_with)
    )


def on_paper(placements: Iterable[Placement], *statuses: str) -> list[dict[str, Any]]:
    """Activities in these statuses, for the client: when, where, what it costs, how to join, whom to call."""
    chosen = [each for each in placements if each.status in statuses]
    prefetch_related_objects([each.activity for each in chosen], "provider")
    return [
        {
            "title": each.activity.title,
            "facts": [
                (label, text)
                for label, text in pages.facts(each.activity)
                if label in (_("Wanneer"), _("Periode"), _("Waar"), _("Kosten"), _("Aanmelden"))
            ],
            "contact": each.activity.contact_name or each.activity.provider.contact_name,
            "phone": phone_of(each.activity),
            "provider": each.activity.provider.name,
        }
        for each in chosen
    ]


def phone_of(activity: Activity) -> str:
    """Whom to call about it, as the number is read aloud."""
    phone = activity.contact_phone or activity.provider.phone
    return show_phone(phone) if phone else ""


def own_placements(referral: Referral, membership: Membership) -> list[Placement]:
    """The organisation's own, newest first, of a case that was found visible before."""
    return list(
        Placement.objects.filter(referral=referral.pk, welfare_organisation=membership.organisation_id)
        .select_related("activity", "stop_reason")
        .order_by("-id")
    )
