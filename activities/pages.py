"""What the pages of the sociale kaart show: each thing said once, for a row, a page and paper."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from activities.models import Activity
from activities.search import COSTS, DISTANCES, FILTERS, Catalogue, Criteria, Found
from activities.words import LANGUAGES, show_euros
from wor.calendar import today
from wor.tenancy.models import Region

ACCESS = dict(Activity.Access.choices)
# The order in which filters are offered, and what they are called.
LEGENDS = {
    "dag": _l("Dag"),
    "dagdeel": _l("Dagdeel"),
    "kosten": _l("Kosten"),
    "wijk": _l("Wijk of buurt"),
    "plaats": _l("Plaats"),
    "doelgroep": _l("Voor wie"),
    "probleem": _l("Wat speelt er?"),
    "thema": _l("Thema"),
    "toegang": _l("Toegankelijkheid"),
    "taal": _l("Taal"),
    "zelf": _l("Aanmelden"),
}
# These stand open on a first visit: they are used most.
OPEN = ("dag", "kosten")
ORDER_WORDS = {"relevantie": _l("Wat het best past"), "afstand": _l("Dichtbij eerst"), "naam": _l("Naam")}


@dataclass(frozen=True)
class Where:
    """The same pages twice: for who is signed in, and for anybody under the region's public address."""

    region: Region
    is_public: bool = False

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"public_{name}", args=[self.region.slug, *args]) if self.is_public else reverse(name, args=args)


# --- One activity ----------------------------------------------------------------------------------------------------


def costs(activity: Activity) -> str:
    """In words: what the provider wrote, else the amount."""
    if activity.cost_note:
        return activity.cost_note
    return show_euros(activity.cost_cents)


def place(activity: Activity) -> str:
    name, town = activity.place_name, activity.town
    return ", ".join(part for part in (name, town if town.casefold() not in name.casefold() else "") if part)


def show_km(km: Decimal | None) -> str:
    if km is None:
        return ""
    return _("vlakbij") if km < Decimal("0.3") else _("%(km)s km") % {"km": number_format(km, 1)}


def show_day(moment: dt.datetime | dt.date | None) -> str:
    if moment is None:
        return ""
    day = timezone.localdate(moment) if isinstance(moment, dt.datetime) else moment
    return formats.date_format(day, "j F Y")


def state(activity: Activity) -> dict[str, str] | None:
    """What a reader has to know first, if anything: (tone, short word, sentence)."""
    S = Activity.Status
    if activity.status == S.STALE:
        return {
            "tone": "warning",
            "word": _("Nog niet bevestigd"),
            "text": _("Nog niet bevestigd, bel even vooraf."),
        }
    if activity.status == S.PAUSED:
        until = show_day(activity.paused_until)
        text = _("Dit is er tijdelijk niet, tot %(day)s.") % {"day": until} if until else _("Dit is er tijdelijk niet.")
        return {"tone": "quiet", "word": _("Tijdelijk niet"), "text": text}
    if activity.status == S.RETIRED:
        return {"tone": "quiet", "word": _("Gestopt"), "text": _("Deze activiteit is gestopt.")}
    if activity.status == S.DRAFT:
        return {"tone": "info", "word": _("Concept"), "text": _("Dit is een concept. Alleen beheerders zien het.")}
    if activity.starts_on and activity.starts_on > today():
        day = show_day(activity.starts_on)
        return {"tone": "info", "word": _("Begint later"), "text": _("Dit begint op %(day)s.") % {"day": day}}
    return None


def facts(activity: Activity) -> list[tuple[str, str]]:
    """What somebody asks before going: when, where, what it costs, can I get in, how do I join."""
    access = [str(ACCESS.get(code, code)) for code in activity.accessibility]
    access_text = ", ".join(access)
    if activity.access_note:
        access_text = f"{access_text}. {activity.access_note}" if access_text else activity.access_note
    town = f"{activity.postcode[:4]} {activity.postcode[4:]} {activity.town}"
    address = ", ".join(part for part in (activity.address, " ".join(town.split())) if part)
    period = ""
    if activity.starts_on and activity.ends_on:
        period = _("%(first)s tot en met %(last)s") % {
            "first": show_day(activity.starts_on),
            "last": show_day(activity.ends_on),
        }
    elif activity.ends_on:
        period = _("tot en met %(last)s") % {"last": show_day(activity.ends_on)}
    found = [
        (_("Wanneer"), activity.schedule),
        (_("Periode"), period),
        (_("Waar"), "\n".join(part for part in (activity.place_name, address) if part)),
        (_("Kosten"), costs(activity)),
        (_("Toegankelijkheid"), access_text[:1].upper() + access_text[1:]),
        (_("Taal"), ", ".join(str(LANGUAGES.get(code, code)) for code in activity.languages)),
        (_("Plaatsen"), str(activity.places or "")),
        (_("Aanmelden"), activity.how_to_join or (_("Niet nodig, u kunt zo meedoen.") if activity.walk_in else "")),
    ]
    return [(label, text) for label, text in found if text]


def row(activity: Activity, where: Where, km: Decimal | None = None) -> dict[str, Any]:
    """One line of a list."""
    told = state(activity)
    parts = (place(activity), show_km(km), costs(activity))
    return {
        "title": activity.title,
        "url": where.url("activity", activity.reference),
        "when": activity.schedule,
        "meta": " · ".join(part for part in parts if part),
        "summary": activity.summary,
        "provider": activity.provider.name,
        "label": told["word"] if told else "",
        "tone": told["tone"] if told else "",
        "walk_in": activity.walk_in,
        "how": activity.how_to_join,
        "phone": activity.contact_phone or activity.provider.phone,
    }


# --- The filters -----------------------------------------------------------------------------------------------------


def filters(found: Found, wanted: Criteria, lists: Catalogue) -> list[dict[str, Any]]:
    """Each filter with its values and how many activities each would give. What would give none is left out."""
    shown = []
    for name, legend in LEGENDS.items():
        chosen = wanted.chosen.get(name, ())
        counts = found.counts[name]
        options = [
            {"code": code, "label": label, "count": counts.get(code, 0), "chosen": code in chosen}
            for code, label in values_of(name, counts, chosen, lists)
            if counts.get(code) or code in chosen
        ]
        if options:
            shown.append(
                {
                    "name": name,
                    "legend": legend,
                    "options": options,
                    "type": "radio" if name == "kosten" else "checkbox",
                    "is_open": bool(chosen) or name in OPEN,
                    "any": not chosen,
                }
            )
    return shown


def values_of(name: str, counts: Mapping[str, int], chosen: Iterable[str], lists: Catalogue) -> list[tuple[str, str]]:
    """A filter's values in their order: what stands in the address, and what a person reads."""
    if name == "kosten":
        return [(str(cents), cost_label(cents)) for cents in COSTS]
    if name == "plaats":
        return [(town, town) for town in sorted({*counts, *chosen}, key=str.casefold)]
    if name == "zelf":
        return [("1", _("Kan zonder coach"))]
    return [(each.code, each.label) for each in lists.choices[name]]


def cost_label(cents: int) -> str:
    return _("Gratis") if cents == 0 else _("Hoogstens %(amount)s") % {"amount": show_euros(cents)}


def chosen_chips(query: QueryDict, wanted: Criteria, lists: Catalogue) -> list[dict[str, str]]:
    """What is filtered on now, each with the address without it."""
    found = []
    if wanted.text:
        found.append({"label": f"“{wanted.text}”", "url": without(query, "zoek")})
    if wanted.pc4:
        label = wanted.pc4
        if wanted.km:
            label = _("%(km)s km om %(postcode)s") % {"km": wanted.km, "postcode": wanted.pc4}
        found.append({"label": label, "url": without(query, "postcode", "km")})
    for name in LEGENDS:
        chosen = wanted.chosen.get(name, ())
        for code, label in values_of(name, {}, chosen, lists):
            if code in chosen:
                found.append({"label": label, "url": without_value(query, name, code)})
    return found


def without(query: QueryDict, *names: str) -> str:
    changed = clean_query(query)
    for name in names:
        changed.pop(name, None)
    return f"?{changed.urlencode()}"


def without_value(query: QueryDict, name: str, code: str) -> str:
    changed = clean_query(query)
    changed.setlist(name, [each for each in changed.getlist(name) if each != code])
    return f"?{changed.urlencode()}"


def with_value(query: QueryDict, **values: str) -> str:
    changed = clean_query(query)
    for name, text in values.items():
        changed[name] = text
    return f"?{changed.urlencode()}"


def clean_query(query: QueryDict) -> QueryDict:
    """The address's own filters without empty ones and without the place in the list."""
    changed = QueryDict(mutable=True)
    for name in ("zoek", "postcode", "km", *FILTERS, "volgorde"):
        changed.setlist(name, [text[:100] for text in query.getlist(name)[:40] if text])
    return changed


def distance_note(query: QueryDict, found: Found, wanted: Criteria) -> str:
    """Why there is no distance, when somebody asked for one."""
    if wanted.pc4:
        unknown = _(
            "Van deze postcode weten we de plek niet. Daarom staat er geen afstand bij; kies zo nodig een wijk of "
            "plaats."
        )
        return "" if found.knows_distance else unknown
    if query.get("postcode", "").strip():
        return _("Schrijf de postcode zo: 4001 of 4001 AB.")
    return _("Vul bij een afstand ook een postcode in.") if wanted.km else ""


def orders(query: QueryDict, found: Found, wanted: Criteria) -> list[dict[str, Any]]:
    """The orders that make sense here, as links."""
    offered = ["relevantie"] if wanted.text else []
    offered += ["afstand"] if wanted.pc4 else []
    offered += ["naam"]
    if len(offered) < 2:
        return []
    return [
        {"label": ORDER_WORDS[each], "url": with_value(query, volgorde=each), "current": found.order == each}
        for each in offered
    ]


def distances() -> list[tuple[str, str]]:
    return [(str(km), _("%(km)s km") % {"km": km}) for km in DISTANCES]
