"""What the coach's tests share."""

import datetime as dt
import uuid

from django.urls import reverse
from django.utils import timezone

from coaches import services
from coaches.models import Contact
from referrals.models import Referral
from tests.counting import _OF_THE_TEST_CLIENT, sql_at_most
from tests.factories import make_reason
from wor.audit.models import AccessLogEntry, Event


def url(name: str, referral: Referral, *more) -> str:
    return reverse(f"case_{name}", args=[referral.reference, *more])


def form(**fields) -> dict:
    """What a page would post: the fields and a key of its own."""
    return {"key": str(uuid.uuid4()), **{name: str(value) for name, value in fields.items()}}


def again(referral: Referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def events(referral: Referral) -> list[str]:
    return list(Event.objects.filter(referral_id=referral.pk).order_by("id").values_list("name", flat=True))


def logged(kind: str, referral: Referral) -> AccessLogEntry | None:
    return AccessLogEntry.objects.filter(kind=kind, client_ref=referral.client.reference).last()


def reason(world, kind: str, code: str = "other"):
    return make_reason(world.region, kind, code)


def contact(world, referral, *, result="spoken", kind="arrange", days_ago=0, by=None, **fields) -> Contact:
    """Log a contact some days ago, at noon."""
    at = timezone.now() - dt.timedelta(days=days_ago)
    fields = {"way": "phone", "key": uuid.uuid4(), "at": at, **fields}
    return services.log_contact(referral, kind=kind, result=result, by=by or world.coach, **fields)


def statements(request) -> int:
    """How many statements a request costs, exactly."""
    with sql_at_most(99) as seen:
        request()
    return len(seen) - _OF_THE_TEST_CLIENT
