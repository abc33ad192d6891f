"""What the forms of a coach are made of: a day, a time, one of a few, and the days that can be meant."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coaches.services.contacts import before_sending
from coaches.services.ending import OWN_DEEDS
from referrals.models import ClosingReason
from wor.accounts.models import Membership, Role
from wor.calendar import today
from wor.forms import CHOOSE, WorForm

DAY_FORMATS = ["%d-%m-%Y", "%d-%m-%y", "%d/%m/%Y", "%d.%m.%Y", "%d %m %Y", "%Y-%m-%d"]
CONSENT_TO_COME = _("De datum van de toestemming ligt in de toekomst.")
TO_PLAN = _("Deze dag moet nog komen. Wil je het gesprek plannen?")
TOO_FAR = _("Deze dag is meer dan een jaar van nu. Klopt het jaar?")
# Consent in the words of welfare: *cliënt*, and no consulting room.
GIVEN_BY = (
    ("patient", _("Cliënt zelf")),
    ("representative", _("Wettelijk vertegenwoordiger (curator, mentor, ouder met gezag)")),
    ("authorised", _("Schriftelijk gemachtigde")),
    ("relative", _("Partner of familielid namens een cliënt die dit zelf niet kan beslissen")),
)
HOW = (
    ("spoken", _("In een gesprek")),
    ("phone", _("Telefonisch")),
    ("paper", _("Op papier")),
    ("interpreter", _("Via een tolk")),
)


class DayField(forms.DateField):
    """A day as people type it: 12-3-2027."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.DateInput(format="%d-%m-%Y", attrs={"data-width": "s"}))
        kwargs.setdefault("error_messages", {"invalid": _("Schrijf de dag zo: 12-3-2027.")})
        super().__init__(input_formats=DAY_FORMATS, **kwargs)


class ClockField(forms.CharField):
    """A time as people type it: 9, 9.30, 13:00."""

    def __init__(self, **kwargs):
        attrs = {"inputmode": "decimal", "data-width": "xs", "data-suffix": _("uur"), "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), max_length=5, **kwargs)

    def prepare_value(self, value):
        if isinstance(value, dt.time):
            return str(value.hour) if value.minute == 0 else f"{value.hour}.{value.minute:02d}"
        return value

    def clean(self, value) -> dt.time:
        found = re.fullmatch(r"([01]?\d|2[0-3])(?:[.:]([0-5]\d))?", str(super().clean(value)))
        if not found:
            raise ValidationError(_("Schrijf de tijd zo: 9 of 9.30."))
        return dt.time(int(found[1]), int(found[2] or 0))


def text_area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Chips(forms.RadioSelect):
    """One of a few, as buttons under the thumb."""

    def __init__(self, **kwargs):
        super().__init__(attrs={"data-look": "chips"}, **kwargs)


class Pick(forms.ModelChoiceField):
    """One row, addressed by its reference: row numbers never leave the server."""

    def __init__(self, queryset, *, named: Callable[[Any], str] = str, **kwargs):
        self.named = named
        kwargs.setdefault("empty_label", None)
        kwargs.setdefault("error_messages", {"required": CHOOSE})
        # Without "blank" radios would leave out the empty choice.
        super().__init__(queryset, to_field_name="reference", blank=not kwargs.get("required", True), **kwargs)

    def label_from_instance(self, obj) -> str:
        return self.named(obj)


class Step(WorForm):
    """A change of the case that may not be made over a colleague's."""

    with_version = True


class VersionOptional(WorForm):
    """One tap from the list, which shows no version: the row's lock and status decide."""

    with_version = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].required = False


def reasons(*kinds: str):
    """The region's reasons for leaving a status, less those that have a deed of their own."""
    return ClosingReason.objects.filter(kind__in=kinds, retired_at__isnull=True).exclude(code__in=OWN_DEEDS)


def colleagues_of(membership: Membership, *roles: str):
    """Who of the own organisation works now in one of these roles."""
    return Membership.objects.visible_to(membership).active().filter(role__in=roles or (Role.COACH, Role.COORDINATOR))


def coach_or_for_now(person: Membership) -> str:
    if person.role == Role.COORDINATOR:
        return _("%(name)s (coördinator, hooguit 5 werkdagen)") % {"name": person.display_name}
    return person.display_name


def in_a_year() -> dt.date:
    return today() + dt.timedelta(days=366)


def not_in_future(day: dt.date | None, *, sentence: Any = TO_PLAN) -> dt.date | None:
    if day is None:
        return None
    if day > today():
        raise forms.ValidationError(sentence)
    if day < today() - dt.timedelta(days=366):
        raise forms.ValidationError(_("Deze dag is meer dan een jaar geleden. Klopt het jaar?"))
    return day


def not_in_past(day: dt.date) -> dt.date:
    if day < today():
        raise forms.ValidationError(_("Deze dag is al voorbij. Kies vandaag of later."))
    if day > today() + dt.timedelta(days=2 * 366):
        raise forms.ValidationError(_("Deze dag is over meer dan twee jaar. Klopt het jaar?"))
    return day


def since_sent(day: dt.date | None, sent_on: dt.date) -> dt.date | None:
    """What the service refuses, said at the field."""
    if day is not None and (why := before_sending(day, sent_on)):
        raise forms.ValidationError(why)
    return day
