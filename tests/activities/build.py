"""Activities for a test, written as a moderator would and found at once."""

import datetime as dt
import itertools
import uuid

from django.utils import timezone

from activities.index import reindex
from activities.models import Activity, ActivityCell, ActivityTheme, PostcodeArea, Provider, Theme
from wor.tenancy.models import Region

_count = itertools.count(1)
MONTH = dt.timedelta(days=30.5)


def make_provider(region: Region, **fields) -> Provider:
    fields.setdefault("name", f"Aanbieder {next(_count)}")
    return Provider.objects.create(region=region, key=uuid.uuid4(), **fields)


def make_activity(
    region: Region, title: str = "Wandelgroep", *, months: float | None = 1, themes=(), cells=(), **fields
) -> Activity:
    """Live and confirmed a month ago by its provider, unless said otherwise; in the index if it is shown."""
    fields.setdefault("schedule", "dinsdag 10.00–11.00")
    provider = fields.pop("provider", None) or make_provider(region)
    checked = {} if months is None else {"checked_at": timezone.now() - months * MONTH, "checked_by_kind": "provider"}
    made = Activity.objects.create(
        region=region, provider=provider, title=title, key=uuid.uuid4(), **{"status": "live", **checked, **fields}
    )
    for theme in themes:
        ActivityTheme.objects.create(region=region, activity=made, theme=theme)
    for cell in cells:
        ActivityCell.objects.create(region=region, activity=made, cell=cell)
    reindex(region.pk, [made.pk])
    return made


def make_theme(region: Region, label: str = "Meedoen") -> Theme:
    return Theme.objects.create(region=region, code=f"thema-{next(_count)}", label=label)


def make_area(region: Region, pc4: str, latitude: float | None = None, longitude: float | None = None, **fields):
    return PostcodeArea.objects.create(
        region=region, pc4=pc4, municipality_code="GM9001", latitude=latitude, longitude=longitude, **fields
    )
