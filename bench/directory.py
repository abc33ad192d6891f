"""A region with 20,000 activities on its sociale kaart: made where it is measured, and left for the next time."""

from django.db import connections

from activities.index import reindex
from bench.load import insert
from bench.stage import Stage
from bench.tables import Table

ACTIVITIES = 20_000

MADE = (
    Table(
        "activities.Provider",
        {"region_id": "%(region)s", "name": "'Aanbieder ' || n"},
        "generate_series(1, %(activities)s / 10) n",
    ),
    Table(
        "activities.Activity",
        {
            "region_id": "%(region)s",
            "provider_id": "p.ids[1 + n %% cardinality(p.ids)]",
            "title": (
                "(ARRAY['Wandelgroep', 'Koor', 'Eettafel', 'Buurtmoestuin', 'Taalcafé', 'Schilderen', 'Zwemmen',"
                " 'Bordspelavond', 'Valpreventie', 'Naaicafé'])[1 + n %% 10] || ' nummer ' || n"
            ),
            "summary": "'Samen iets doen in de buurt, met een groep van ' || n %% 20 || ' mensen.'",
            "body": "'Wat er gebeurt, wie er komt en wat u meeneemt, in de woorden van de aanbieder.'",
            "status": "CASE WHEN n %% 7 = 0 THEN 'stale' ELSE 'live' END",
            "schedule": "'dinsdag 10.00 tot 12.00 uur'",
            "weekdays": "ARRAY[1 + n %% 7]::smallint[]",
            "day_parts": "ARRAY[(ARRAY['morning', 'afternoon', 'evening'])[1 + n %% 3]]::varchar[]",
            "cost_cents": "n %% 8 * 150",
            "accessibility": "ARRAY[(ARRAY['wheelchair', 'lift', 'walker', 'quiet'])[1 + n %% 4], 'alone']::varchar[]",
            "languages": "ARRAY['nl', (ARRAY['ar', 'tr', 'pl', 'en'])[1 + n %% 4]]::varchar[]",
            "place_name": "'Buurthuis ' || n %% 50",
            "town": "(ARRAY['Zandloo', 'Esserheide', 'Nieuw-Esser'])[1 + n %% 3]",
            "how_to_join": "'Bel even'",
            "walk_in": "n %% 3 = 0",
            "checked_at": "now() - n %% 150 * interval '1 day'",
            "checked_by_kind": "'provider'",
        },
        "generate_series(1, %(activities)s) n, (SELECT array_agg(id ORDER BY id) AS ids FROM activities_provider"
        " WHERE region_id = %(region)s) p",
    ),
    *(
        Table(
            f"activities.Activity{name.title()}",
            {
                "region_id": "%(region)s",
                "activity_id": "a.id",
                f"{name}_id": "each.ids[1 + (a.id + k) %% cardinality(each.ids)]",
            },
            f"activities_activity a, generate_series(1, 2) k, (SELECT array_agg(id ORDER BY id) AS ids"
            f" FROM {table} WHERE region_id = %(region)s) each WHERE a.region_id = %(region)s",
        )
        for name, table in (("cell", "activities_targetcell"), ("theme", "activities_theme"))
    ),
)


def fill(stage: Stage, region_id: int) -> None:
    """Nothing, when they are there already."""
    [(present,)] = stage.as_owner("SELECT count(*) FROM activities_activity WHERE region_id = %s", [region_id])
    if present >= ACTIVITIES:
        return
    with stage.open(), connections["owner"].cursor() as cursor:
        for table in MADE:
            insert(cursor, table, {"region": region_id, "activities": ACTIVITIES})
        reindex(region_id, using="owner")
        cursor.execute("VACUUM ANALYZE")
