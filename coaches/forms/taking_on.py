"""From the practice's question to a first talk in the diary."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from coaches.forms.fields import (
    TOO_FAR,
    ClockField,
    DayField,
    Pick,
    Step,
    VersionOptional,
    coach_or_for_now,
    in_a_year,
    reasons,
    text_area,
)
from referrals.models import ClosingReason
from wor.calendar import today
from wor.forms import row_field


class AcceptForm(VersionOptional):
    """A coach accepts for themself; a coordinator names a coach."""

    def __init__(self, *args, coaches=None, **kwargs):
        super().__init__(*args, **kwargs)
        if coaches is not None:
            who = Pick(coaches, named=coach_or_for_now, label=_("Wie begeleidt?"), widget=forms.RadioSelect)
            self.fields["coach"] = who
            self.order_fields(["coach"])


class DeclineForm(Step):
    with_key = True
    reason = Pick(ClosingReason.objects.none(), label=_("Waarom past het niet?"), widget=forms.RadioSelect)
    advice = forms.CharField(
        label=_("Advies aan de verwijzer"),
        help_text=_("Dit leest de verwijzer. Wat kan de cliënt wel helpen?"),
        max_length=1000,
        widget=text_area(),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        row_field(self, "reason").queryset = reasons(ClosingReason.Kind.DECLINED)


def coming_weeks(number: int = 26) -> list[tuple[str, str]]:
    """Mondays, as "week 49 (vanaf 30 november)"."""
    monday = today() - dt.timedelta(days=today().weekday())
    days = [monday + dt.timedelta(weeks=step) for step in range(1, number + 1)]
    return [
        (
            day.isoformat(),
            _("week %(week)s (vanaf %(day)s)") % {"week": day.isocalendar().week, "day": date_format(day, "j F")},
        )
        for day in days
    ]


class WaitlistForm(Step):
    expected_week = forms.TypedChoiceField(
        label=_("Rond welke week kan het eerste gesprek?"),
        help_text=_("De verwijzer ziet deze week. Na zes weken vraag je de cliënt of het nog gewenst is."),
        coerce=dt.date.fromisoformat,
        choices=coming_weeks,
    )


class PlanTalkForm(Step):
    day = DayField(label=_("Dag"), help_text=_("Bijvoorbeeld 1-12-2026"))
    time = ClockField(label=_("Tijd"), help_text=_("Bijvoorbeeld 9 of 9.30."))

    def clean(self):
        cleaned = super().clean()
        if "day" in cleaned and "time" in cleaned:
            moment = timezone.make_aware(dt.datetime.combine(cleaned["day"], cleaned["time"]))
            if moment <= timezone.now():
                self.add_error("day", _("Dit moment is al voorbij. Is het gesprek geweest? Leg het dan vast."))
            elif cleaned["day"] > in_a_year():
                self.add_error("day", TOO_FAR)
            cleaned["at"] = moment
        return cleaned
