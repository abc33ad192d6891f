"""Keeps ``ActivityIndex``: what the sociale kaart is searched by. One set-based statement, for one activity or all.

Called by every service that changes what an activity is found by, in the same transaction; also by who renames a
theme, a problem or a provider, or brings in coordinates.
"""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connections, transaction
from django.db.models import QuerySet
from django.utils import translation

from activities.models import ActivityCell, ActivityTheme, Problem, TargetCell, TargetGroup, Theme
from activities.words import extra_words

# Explicit regions throughout: it also runs as the owner, past the policies, when the demo is loaded.
_REMOVE = """
    DELETE FROM activities_activityindex i
    WHERE i.region_id = %(region)s AND (%(all)s OR i.activity_id = ANY(%(ids)s))
      AND NOT EXISTS (
        SELECT 1 FROM activities_activity a
        WHERE a.id = i.activity_id AND a.region_id = %(region)s AND a.status IN ('live', 'stale'))
"""
_WRITE = """
    INSERT INTO activities_activityindex AS i (
        region_id, activity_id, search, words, title, is_stale, checked_at, weekdays, day_parts, cost_cents,
        accessibility, languages, theme_ids, cell_ids, group_ids, problem_ids, district_id, town, walk_in, latitude,
        longitude)
    SELECT a.region_id, a.id,
        setweight(to_tsvector('wor_dutch', a.title), 'A')
        || setweight(to_tsvector('wor_dutch', concat_ws(' ', a.summary, t.labels, c.labels)), 'B')
        || setweight(to_tsvector('wor_dutch', concat_ws(' ', a.body, a.schedule, a.cost_note, a.access_note,
            a.place_name, a.address, a.town, d.name, p.name, a.how_to_join, w.words)), 'C')
        || setweight(to_tsvector('wor_dutch', concat_ws(' ', c.keywords)), 'D'),
        plain_words(concat_ws(' ', a.title, a.summary, t.labels, c.labels, c.keywords, a.place_name, a.town, d.name,
            p.name, w.words)),
        a.title, a.status = 'stale', a.checked_at, a.weekdays, a.day_parts, a.cost_cents, a.accessibility, a.languages,
        coalesce(t.ids, '{}'), coalesce(c.ids, '{}'), coalesce(c.group_ids, '{}'), coalesce(c.problem_ids, '{}'),
        a.district_id, a.town, a.walk_in, pc.latitude, pc.longitude
    FROM activities_activity a
    JOIN activities_provider p ON p.id = a.provider_id AND p.region_id = %(region)s
    LEFT JOIN activities_district d ON d.id = a.district_id AND d.region_id = %(region)s
    LEFT JOIN activities_postcodearea pc ON pc.region_id = %(region)s AND pc.pc4 = left(a.postcode, 4)
    LEFT JOIN LATERAL (
        SELECT array_agg(theme.id ORDER BY theme.id) AS ids, string_agg(theme.label, ' ') AS labels
        FROM activities_activitytheme link
        JOIN activities_theme theme ON theme.id = link.theme_id AND theme.region_id = %(region)s
        WHERE link.activity_id = a.id AND link.region_id = %(region)s) t ON true
    LEFT JOIN LATERAL (
        SELECT array_agg(cell.id ORDER BY cell.id) AS ids, array_agg(DISTINCT target_group.id) AS group_ids,
            array_agg(DISTINCT problem.id) AS problem_ids,
            string_agg(concat_ws(' ', target_group.label, problem.label), ' ') AS labels,
            string_agg(array_to_string(cell.keywords, ' '), ' ') AS keywords
        FROM activities_activitycell link
        JOIN activities_targetcell cell ON cell.id = link.cell_id AND cell.region_id = %(region)s
        JOIN activities_targetgroup target_group ON target_group.id = cell.target_group_id
            AND target_group.region_id = %(region)s
        JOIN activities_problem problem ON problem.id = cell.problem_id AND problem.region_id = %(region)s
        WHERE link.activity_id = a.id AND link.region_id = %(region)s) c ON true
    LEFT JOIN LATERAL (
        SELECT string_agg(%(extra)s::jsonb ->> code, ' ') AS words
        FROM unnest(a.accessibility || a.languages) code) w ON true
    WHERE a.region_id = %(region)s AND a.status IN ('live', 'stale') AND (%(all)s OR a.id = ANY(%(ids)s))
    ON CONFLICT (activity_id) DO UPDATE SET
        (region_id, search, words, title, is_stale, checked_at, weekdays, day_parts, cost_cents, accessibility,
         languages, theme_ids, cell_ids, group_ids, problem_ids, district_id, town, walk_in, latitude, longitude)
      = (excluded.region_id, excluded.search, excluded.words, excluded.title, excluded.is_stale, excluded.checked_at,
         excluded.weekdays, excluded.day_parts, excluded.cost_cents, excluded.accessibility, excluded.languages,
         excluded.theme_ids, excluded.cell_ids, excluded.group_ids, excluded.problem_ids, excluded.district_id,
         excluded.town, excluded.walk_in, excluded.latitude, excluded.longitude)
"""
# What was counted before holds no longer.
_CHANGED = """
    INSERT INTO activities_facetnumbers (region_id, edition) VALUES (%(region)s, %(edition)s)
    ON CONFLICT (region_id) DO UPDATE SET edition = excluded.edition, numbers = NULL
"""


def reindex(region_id: int, activity_ids: Sequence[int] | None = None, *, using: str = "default") -> None:
    """Bring the index up to date for these activities, or for the whole region. Three statements, however many."""
    with translation.override("nl"):
        extra = json.dumps(extra_words())
    asked: dict[str, Any] = {
        "region": region_id,
        "all": activity_ids is None,
        "ids": list(activity_ids or []),
        "extra": extra,
    }
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(_REMOVE, asked)
        cursor.execute(_WRITE, asked)
        cursor.execute(_CHANGED, asked | {"edition": uuid.uuid4()})


def reindex_named_by(item: Theme | TargetGroup | Problem | TargetCell) -> None:
    """After another label or other keywords: the activities that are found by them."""
    cells = ActivityCell.objects.filter(region_id=item.region_id).values_list("activity_id", flat=True)
    found: QuerySet[Any, int]
    if isinstance(item, Theme):
        found = ActivityTheme.objects.filter(region_id=item.region_id, theme=item).values_list("activity_id", flat=True)
    elif isinstance(item, TargetCell):
        found = cells.filter(cell=item)
    elif isinstance(item, TargetGroup):
        found = cells.filter(cell__target_group=item)
    else:
        found = cells.filter(cell__problem=item)
    reindex(item.region_id, list(found.distinct()))
