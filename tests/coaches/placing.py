"""What the tests of placements share."""

import uuid

from django.utils import timezone

from activities.models import Activity
from coaches.models import Placement
from tests.activities.build import make_activity
from tests.factories import make_reason


def choir(world, title: str = "Koor De Waalzangers", **fields) -> Activity:
    return make_activity(world.region, title, cells=fields.pop("cells", [world.cell]), **fields)


def make_placement(world, referral, status: str = "proposed", *, activity: Activity | None = None, **fields):
    """In any status, with what the database asks of that status."""
    now, moments = timezone.now(), {"proposed_at": timezone.now(), "proposed_by": world.coach}
    if status in ("started", "continuing"):
        moments |= {"started_at": now, "started_by": world.coach}
    moments |= {f"{status}_at": now, f"{status}_by": world.coach}
    if status == "stopped":
        moments["stop_reason"] = make_reason(world.region, "placement", "transport")
    return Placement.objects.create(
        region=world.region,
        referral=referral,
        welfare_organisation=fields.pop("welfare_organisation", world.welfare),
        activity=activity or choir(world),
        status=status,
        key=uuid.uuid4(),
        **{**moments, **fields},
    )
