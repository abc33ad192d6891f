"""What the reminders said on the last working mornings, so that an inbox is not empty on the first day."""

import datetime as dt

from django.db.models import Count, Q

from activities.models import Activity, Provider
from activities.reminders import CONFIRM_MAIL
from wor.calendar import is_working_day, local_day
from wor.demo.setting import USING
from wor.outbox import reminders
from wor.outbox.models import Effect, Notice, Reminder
from wor.tenancy.models import Region

MORNINGS = 6


def told_before(region: Region, now: dt.datetime) -> list[Notice]:
    """The notices, not saved: they are written with all others, in the order of time. Mails of today only."""
    mornings = _mornings(region, now)
    for morning in mornings:
        reminders.plan(region, now=morning, using=USING)
        reminders.tell(region, now=morning, using=USING)
    Effect.objects.using(USING).filter(region_id=region.pk, created_at__lt=mornings[-1]).delete()
    _one_provider(region)
    told = Notice.objects.using(USING).filter(region=region)
    rows = list(told)
    told.delete()
    for row in rows:
        row.pk = None
    return rows


def _one_provider(region: Region) -> None:
    """Of all providers who were asked by mail one is asked today: a mailbox with a hundred of them shows nothing."""
    asked = Effect.objects.using(USING).filter(region_id=region.pk, kind=CONFIRM_MAIL)
    about = Reminder.objects.using(USING).filter(region=region, reference__in=asked.values("subject_ref"))
    providers = dict(about.values_list("subject_ref", "reference"))
    offers = (
        Provider.objects.using(USING)
        .filter(region=region, reference__in=providers)
        .annotate(number=Count("activities", filter=Q(activities__status__in=Activity.SHOWN)))
    )
    chosen = offers.filter(number__lte=4).order_by("-number", "name").first()
    kept = [providers[chosen.reference]] if chosen else []
    asked.exclude(subject_ref__in=kept).delete()


def _mornings(region: Region, now: dt.datetime) -> list[dt.datetime]:
    """The last working mornings up to now, at the hour of the mail."""
    found: list[dt.datetime] = []
    moment = now
    while len(found) < MORNINGS:
        morning = reminders.mail_hour(region, moment)
        if morning <= now and is_working_day(local_day(morning)):
            found.append(morning)
        moment -= dt.timedelta(days=1)
    return found[::-1]
