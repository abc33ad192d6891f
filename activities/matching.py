"""What might suit somebody, and why: the building block with which a coach's page suggests activities.

It knows nothing about the person: cells of the doelgroepenkaart, themes, a postcode and a few wishes go in.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from activities.freshness import limit
from activities.models import Activity
from activities.pages import show_km
from activities.search import KM_A_DEGREE, QUERY
from activities.words import LANGUAGES, WEEKDAYS, show_euros
from wor.tenancy.models import Region

MOST = 12
# What each reason counts for; near counts double within NEARBY km. What nobody confirmed lately comes later.
WEIGHTS = {"cell": 8, "problem": 5, "group": 3, "theme": 2, "near": 2, "day": 2, "cost": 1, "access": 2, "language": 3}
NEARBY, FAR = 2, 5


@dataclass(frozen=True)
class Wish:
    """What is asked. ``access``, ``day_parts`` and ``within_km`` must hold, and what ``only`` names by its reason;
    the others only make an activity fit better. Who asks for something in particular hears of everything there is.
    """

    cells: Collection[int] = ()
    themes: Collection[int] = ()
    pc4: str = ""
    district_id: int | None = None
    languages: Collection[str] = ()
    weekdays: Collection[int] = ()
    most_cents: int | None = None
    access: Collection[str] = ()
    text: str = ""
    day_parts: Collection[str] = ()
    within_km: int | None = None
    only: Collection[str] = ()

    @property
    def is_particular(self) -> bool:
        return bool(self.text or self.day_parts or self.within_km or self.only or self.access)


@dataclass(frozen=True)
class Suggestion:
    """An activity with every reason why it is suggested: a code for keeping, a sentence for reading."""

    activity: Activity
    reasons: dict[str, str]
    km: Decimal | None
    score: int
    is_stale: bool
    codes: Sequence[str] = field(default=())


REASONS: dict[str, str | Promise] = {
    "cell": _l("past bij wat er speelt"),
    "problem": _l("past bij dit probleem, voor een andere groep"),
    "group": _l("voor deze doelgroep"),
    "theme": _l("raakt het gekozen thema"),
}

# The index carries no policy: the region is named. Cells are resolved under the policy, inside the region.
_MATCH = (
    """
    WITH origin AS (SELECT latitude, longitude, district_id FROM activities_postcodearea
                    WHERE region_id = %(r)s AND pc4 = %(pc4)s),
    asked AS (SELECT coalesce(array_agg(target_group_id), '{}') AS group_ids,
                     coalesce(array_agg(problem_id), '{}') AS problem_ids
              FROM activities_targetcell WHERE region_id = %(r)s AND id = ANY(%(cells)s)),
    facts AS (
        SELECT i.activity_id, i.title, i.is_stale, i.cost_cents, i.weekdays, i.languages,
            i.cell_ids && %(cells)s::bigint[] AS cell,
            NOT i.cell_ids && %(cells)s::bigint[] AND i.problem_ids && asked.problem_ids AS problem,
            NOT i.cell_ids && %(cells)s::bigint[] AND i.group_ids && asked.group_ids AS "group",
            i.theme_ids && %(themes)s::bigint[] AS theme,
            i.weekdays && %(weekdays)s::smallint[] AS day,
            coalesce(i.cost_cents <= %(most_cents)s, false) AS cost,
            cardinality(%(access)s::varchar[]) > 0 AS access,
            i.languages && %(languages)s::varchar[] AS language,
            round(({degree} * sqrt((i.latitude - o.latitude) ^ 2
                + ((i.longitude - o.longitude) * cos(radians(o.latitude))) ^ 2))::numeric, 1) AS km,
            coalesce(i.district_id = coalesce(o.district_id, %(district)s), false) AS same_district
        FROM activities_activityindex i CROSS JOIN asked LEFT JOIN origin o ON true
        WHERE i.region_id = %(r)s AND i.checked_at >= %(since)s AND NOT i.activity_id = ANY(%(without)s)
            AND i.accessibility @> %(access)s::varchar[]
            AND (cardinality(%(day_parts)s::varchar[]) = 0 OR i.day_parts && %(day_parts)s::varchar[])
            AND (numnode({query}) = 0 OR i.search @@ {query})),
    scored AS (
        SELECT *, CASE WHEN km <= {nearby} OR km IS NULL AND same_district THEN 2 WHEN km <= {far} THEN 1 ELSE 0 END
            AS near FROM facts)
    SELECT activity_id, is_stale, km, same_district, cell, problem, "group", theme, day, cost, access, language, near,
        {score} AS score
    FROM scored WHERE (cell OR problem OR "group" OR theme OR %(is_particular)s)
        AND (%(within)s::int IS NULL OR km IS NULL OR km <= %(within)s){only}
    ORDER BY score DESC, is_stale, km NULLS LAST, title, activity_id LIMIT %(most)s
""".replace("{degree}", str(KM_A_DEGREE))
    .replace("{nearby}", str(NEARBY))
    .replace("{far}", str(FAR))
    .replace("{query}", QUERY)
)
_SCORE = " + ".join(f'"{name}"::int * {weight}' for name, weight in WEIGHTS.items())


def suggest(
    region: Region,
    wish: Wish,
    *,
    without: Collection[int] = (),
    most: int = MOST,
    now: dt.datetime | None = None,
    activities: QuerySet[Activity] | None = None,
) -> list[Suggestion]:
    """The activities that fit best, with their reasons; never one that was not confirmed for too long. Two queries.

    ``activities`` may bring along what a page shows besides.
    """
    asked: dict[str, Any] = {
        "r": region.pk, "cells": list(wish.cells), "themes": list(wish.themes), "pc4": wish.pc4[:4],
        "district": wish.district_id, "languages": list(wish.languages), "weekdays": list(wish.weekdays),
        "most_cents": wish.most_cents, "access": list(wish.access), "text": wish.text, "without": list(without),
        "since": limit(region, "hidden", now or timezone.now()), "most": most, "within": wish.within_km,
        "day_parts": list(wish.day_parts), "is_particular": wish.is_particular,
    }  # fmt: skip
    only = "".join(f' AND "{name}"' for name in WEIGHTS if name in wish.only)
    with connection.cursor() as cursor:
        cursor.execute(_MATCH.replace("{score}", _SCORE).replace("{only}", only), asked)
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    wanted = Activity.objects.all() if activities is None else activities
    by_id = wanted.select_related("provider").in_bulk([row["activity_id"] for row in rows])
    return [
        Suggestion(
            activity=by_id[row["activity_id"]],
            reasons=(reasons := why(row, by_id[row["activity_id"]], wish)),
            km=row["km"],
            score=row["score"],
            is_stale=row["is_stale"],
            codes=tuple(reasons),
        )
        for row in rows
        if row["activity_id"] in by_id
    ]


def why(row: dict[str, Any], activity: Activity, wish: Wish) -> dict[str, str]:
    """By code of the reason a few words, the strongest first."""
    found = {name: str(words) for name, words in REASONS.items() if row[name]}
    if row["near"]:
        found["near"] = show_km(row["km"]) or _("in de eigen wijk")
    if row["day"]:
        days = [str(WEEKDAYS[day]) for day in activity.weekdays if day in wish.weekdays]
        found["day"] = _("op %(days)s") % {"days": _(" en ").join(days)}
    if row["cost"]:
        found["cost"] = show_euros(activity.cost_cents)
    if row["access"]:
        access = dict(Activity.Access.choices)
        found["access"] = ", ".join(str(access[code]) for code in wish.access if code in access)
    if row["language"]:
        languages = [str(LANGUAGES[code]) for code in activity.languages if code in wish.languages]
        found["language"] = _("spreekt %(language)s") % {"language": ", ".join(languages)}
    return found
