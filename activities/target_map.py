"""The doelgroepenkaart: for each target group what plays, what there is to do, and where there is nothing."""

from typing import Any

from django.db import connection

from activities.search import Catalogue

SOME = 4

# Those that were confirmed last come first. The index carries no policy: the region is named.
_OFFER = """
    SELECT cell_id, count(*), (array_agg(activity_id ORDER BY checked_at DESC NULLS LAST, activity_id))[1:%(some)s]
    FROM activities_activityindex, unnest(cell_ids) cell_id
    WHERE region_id = %(r)s GROUP BY cell_id
"""
_TITLES = "SELECT id, title, reference FROM activities_activity WHERE region_id = %(r)s AND id = ANY(%(ids)s)"


def target_map(region_id: int, lists: Catalogue) -> list[dict[str, Any]]:
    """By target group its cells: the problem, how many activities, and the first few. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_OFFER, {"r": region_id, "some": SOME})
        offer = {cell: (number, some) for cell, number, some in cursor.fetchall()}
        cursor.execute(_TITLES, {"r": region_id, "ids": [pk for _number, some in offer.values() for pk in some]})
        titles = {pk: {"title": title, "reference": reference} for pk, title, reference in cursor.fetchall()}
    codes = {each.value: each.code for each in lists.choices["probleem"]}
    groups = []
    for group in lists.choices["doelgroep"]:
        cells = [
            {
                "problem": lists.label("probleem", cell.problem),
                "code": codes[cell.problem],
                "keywords": ", ".join(cell.keywords),
                "often_fits": cell.often_fits,
                "count": offer.get(cell.pk, (0, []))[0],
                "some": [titles[pk] for pk in offer.get(cell.pk, (0, []))[1] if pk in titles],
            }
            for cell in lists.cells
            if cell.group == group.value
        ]
        if cells:
            groups.append({"label": group.label, "code": group.code, "cells": cells})
    return groups
