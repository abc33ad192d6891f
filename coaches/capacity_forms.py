"""What a coordinator plans and divides with, and what a coach says about their own days."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coaches.forms.fields import Chips, ClockField, DayField
from referrals.models import PracticeIntake, Presence
from wor.accounts.models import Membership
from wor.calendar import today
from wor.forms import WorForm
from wor.tenancy.models import Organisation

MOST_MINUTES = 40 * 60
# Hours may be put right so far back; figures of longer ago are closed.
FURTHEST_BACK = dt.timedelta(days=366)
FURTHEST_AHEAD = dt.timedelta(days=731)


def hours_text(minutes: int) -> str:
    """Minutes as hours are said and typed: 8, 7,5."""
    hours = Decimal(minutes) / 60
    return f"{hours.normalize():f}".replace(".", ",") if hours % 1 else str(int(hours))


class HoursField(forms.CharField):
    """Hours a week as people type them: 8, 7,5, 7:30. Gives minutes."""

    def __init__(self, **kwargs):
        attrs = {"inputmode": "decimal", "data-width": "xs", "data-suffix": _("uur per week"), "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), max_length=8, **kwargs)

    def clean(self, value) -> int:
        text = str(super().clean(value)).replace(" ", "")
        if clock := re.fullmatch(r"(\d{1,2}):([0-5]\d)", text):
            minutes = int(clock[1]) * 60 + int(clock[2])
        elif re.fullmatch(r"\d{1,2}([.,]\d{1,2})?", text):
            minutes = round(Decimal(text.replace(",", ".")) * 60)
        else:
            raise ValidationError(_("Schrijf de uren als getal, bijvoorbeeld 8 of 7,5."))
        if minutes > MOST_MINUTES:
            raise ValidationError(_("Hoogstens 40 uur per week voor één praktijk."))
        return minutes


class RowField(forms.ChoiceField):
    """One of some rows that were read already, addressed by reference; gives the row. Costs no query."""

    def __init__(self, rows: Iterable, *, label_of=str, empty: str = "", **kwargs):
        self.rows = {str(row.reference): row for row in rows}
        choices = [(reference, label_of(row)) for reference, row in self.rows.items()]
        super().__init__(choices=[("", empty), *choices] if empty else choices, **kwargs)

    def clean(self, value):
        return self.rows.get(super().clean(value))


class Seen(WorForm):
    """A form that carries what it was made from, for rows without a version."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    no_bsn_check = ("seen",)


class HoursForm(Seen):
    minutes = HoursField(label=_("Uren"), help_text=_("Vul 0 in als de coach hier niet meer werkt."))
    valid_from = DayField(label=_("Vanaf"), help_text=_("Tot die dag blijven de uren zoals ze zijn."))

    def clean_valid_from(self) -> dt.date:
        day = self.cleaned_data["valid_from"]
        if day < today() - FURTHEST_BACK:
            raise ValidationError(_("Deze dag is langer dan een jaar geleden. Kies een latere dag."))
        if day > today() + FURTHEST_AHEAD:
            raise ValidationError(_("Deze dag is verder dan twee jaar vooruit. Kies een eerdere dag."))
        return day


class PresenceForm(Seen):
    weekday = forms.TypedChoiceField(
        label=_("Dag"), choices=Presence.Weekday.choices, coerce=int, widget=Chips(), initial=1
    )
    starts = ClockField(label=_("Van"), help_text=_("Bijvoorbeeld 9 of 9.30."))
    ends = ClockField(label=_("Tot"))
    room = forms.CharField(label=_("Kamer"), required=False, max_length=40, help_text=_("Bijvoorbeeld kamer 3."))

    def __init__(self, *args, practices: list[Organisation], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["practice"] = RowField(practices, label=_("Praktijk"))
        self.order_fields(["practice"])

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("Het einde ligt voor het begin. Bedoel je een andere tijd?"))
        return cleaned


class AbsenceForm(Seen):
    starts = DayField(label=_("Vanaf"))
    ends = DayField(
        label=_("Tot en met"), required=False, help_text=_("De laatste dag afwezig. Leeg: tot nader bericht.")
    )

    def __init__(self, *args, colleagues: list[Membership], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cover"] = RowField(
            colleagues,
            label=_("Wie neemt waar?"),
            required=False,
            empty=str(_("Nog niemand")),
            help_text=_("De werkvoorraad gaat mee, en verwijzers zien wie er waarneemt."),
        )
        self.fields["starts"].initial = today

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and abs(starts - today()) > FURTHEST_BACK:
            self.add_error("starts", _("Deze dag is meer dan een jaar van nu. Klopt het jaar?"))
        if ends and ends > today() + FURTHEST_AHEAD:
            self.add_error("ends", _("Deze dag is verder dan twee jaar vooruit. Kies een eerdere dag."))
        if starts and ends and ends < starts:
            self.add_error("ends", _("De laatste dag ligt voor de eerste. Bedoel je een andere dag?"))
        return cleaned


STATE_HELP: dict[str, object] = {
    PracticeIntake.State.OPEN: _("Met de eerste dag waarop een coach er is."),
    PracticeIntake.State.WAITING_LIST: _("Met ongeveer hoeveel weken."),
    PracticeIntake.State.ASSESS: _("Versturen kan; de coach bekijkt eerst of er plek is."),
    PracticeIntake.State.CLOSED: _("Versturen kan niet; een concept bewaren wel. We seinen als het weer kan."),
}


class HelpRadios(forms.RadioSelect):
    """Radio buttons with a line of help under each."""

    def __init__(self, helps: Mapping[str, object], **attrs):
        super().__init__(attrs=attrs)
        self.helps = helps

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if text := self.helps.get(str(value)):
            option["attrs"]["data-help"] = text
        return option


class LineForm(WorForm):
    with_version = True
    hide_optional = True  # the help says when a field counts
    state = forms.ChoiceField(
        label=_("Wat zien verwijzers?"), choices=PracticeIntake.State.choices, widget=HelpRadios(STATE_HELP)
    )
    expected_weeks = forms.IntegerField(
        label=_("Wachttijd"),
        required=False,
        min_value=1,
        max_value=52,
        help_text=_("Alleen bij wachtlijst."),
        widget=forms.NumberInput(attrs={"data-width": "xs", "data-suffix": _("weken")}),
    )
    closed_until = DayField(
        label=_("Dicht tot"), required=False, help_text=_("Alleen bij even dicht. Die dag rekent de app weer zelf.")
    )

    def clean(self):
        cleaned = super().clean()
        state = cleaned.get("state")
        if state == PracticeIntake.State.WAITING_LIST and not cleaned.get("expected_weeks"):
            self.add_error("expected_weeks", _("Vul in hoeveel weken iemand ongeveer wacht."))
        day = cleaned.get("closed_until")
        if state == PracticeIntake.State.CLOSED and day and day <= today():
            self.add_error("closed_until", _("Deze dag is al geweest. Kies een dag die nog komt."))
        return cleaned


class TakeBackForm(WorForm):
    with_version = True


class AssignForm(WorForm):
    with_version = True

    def __init__(self, *args, people: list[Membership], helps: dict[int, str] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].required = False
        texts: dict[str, object] = {str(each.reference): (helps or {}).get(each.pk, "") for each in people}
        self.fields["coach"] = RowField(
            people,
            label=_("Wie begeleidt deze cliënt?"),
            widget=HelpRadios(texts, **{"data-look": "cards"}),
            error_messages={"required": _("Kies een coach.")},
        )
        self.order_fields(["coach"])


class SeveralForm(WorForm):
    """Ticked clients and one coach."""

    def __init__(self, *args, people: list[Membership], choices: Iterable[tuple[str, str]] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["referrals"] = forms.TypedMultipleChoiceField(
            label=_("Cliënten"),
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": _("Vink eerst een of meer cliënten aan."),
                "invalid_choice": _("Deze lijst is veranderd. Kijk nog eens welke cliënten je bedoelt."),
            },
        )
        self.fields["coach"] = RowField(
            people,
            label=_("Toewijzen aan"),
            empty=str(_("Kies een coach")),
            error_messages={"required": _("Kies een coach.")},
        )
