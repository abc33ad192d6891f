"""What the worker would have counted and published by now: a load goes past it."""

from bench.stage import Stage
from dashboard import closing, rollup
from dashboard.models import MunicipalityMonth
from wor.calendar import today
from wor.tenancy.models import Region


def at_hand(stage: Stage, region_id: int) -> None:
    """A region's months are counted and its periods closed. What is there already stays as it is."""
    with stage.in_region(region_id):
        region = Region.objects.get(pk=region_id)
        if not MunicipalityMonth.objects.filter(region_id=region_id).exists():
            rollup.rebuild(region)
        due = closing.due(region, today())
    for kind, period in due:
        with stage.in_region(region_id):
            closing.close(region, kind, period)
    if due:
        tidy(stage)


def tidy(stage: Stage) -> None:
    """As autovacuum would have, which hardly runs in these databases."""
    tables = ("dashboard_practicemonth", "dashboard_municipalitymonth", "dashboard_publishedcell", "outbox_dirtymonth")
    stage.as_owner_without_rows(f"VACUUM ANALYZE {', '.join(tables)}")
