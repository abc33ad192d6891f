"""What a coach fills in. Little is required, and what is known is filled in."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from activities.models import Theme
from coaches.models import Action, Contact
from coaches.services.ending import OWN_DEEDS
from referrals.models import ClosingReason, Consent, Feedback
from wor.accounts.models import Membership, Role
from wor.calendar import today
from wor.forms import CHOOSE, WorForm, choice_field, row_field
from wor.tenancy.models import Organisation

PRIOR_NEEDS = (
    ("money", _("Geld")),
    ("housing", _("Wonen")),
    ("treatment", _("Behandeling")),
    ("safety", _("Veiligheid")),
    ("health", _("Gezondheid")),
    ("caring", _("Zorg voor een ander")),
    ("language", _("Taal")),
)
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
DAY_FORMATS = ["%d-%m-%Y", "%d-%m-%y", "%d/%m/%Y", "%d.%m.%Y", "%d %m %Y", "%Y-%m-%d"]


CONSENT_TO_COME = _("De datum van de toestemming ligt in de toekomst.")


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


def reasons(*kinds: str):
    """The region's reasons for leaving a status, less those that have a deed of their own."""
    return ClosingReason.objects.filter(kind__in=kinds, retired_at__isnull=True).exclude(code__in=OWN_DEEDS)


class Step(WorForm):
    """A change of the case that may not be made over a colleague's."""

    with_version = True


class VersionOptional(WorForm):
    """One tap from the list, which shows no version: the row's lock and status decide."""

    with_version = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].required = False


class AcceptForm(VersionOptional):
    """A coach accepts for themself; a coordinator names a coach."""

    def __init__(self, *args, coaches=None, **kwargs):
        super().__init__(*args, **kwargs)
        if coaches is not None:
            who = Pick(coaches, named=_coach_or_for_now, label=_("Wie begeleidt?"), widget=forms.RadioSelect)
            self.fields["coach"] = who
            self.order_fields(["coach"])


def _coach_or_for_now(person: Membership) -> str:
    if person.role == Role.COORDINATOR:
        return _("%(name)s (coördinator, hooguit 5 werkdagen)") % {"name": person.display_name}
    return person.display_name


class HandOverForm(Step):
    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        who = Pick(colleagues, named=_coach_or_for_now, label=_("Wie neemt het over?"), widget=forms.RadioSelect)
        self.fields["coach"] = who


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


class ContactForm(WorForm):
    """One tap on the result sends it; everything else is filled in or optional."""

    with_key = True
    kind = forms.ChoiceField(label=_("Wat"), choices=Contact.Kind.choices, widget=Chips)
    way = forms.ChoiceField(label=_("Hoe"), choices=Contact.Way.choices, widget=Chips)
    line = forms.CharField(
        label=_("Eén regel"),
        help_text=_("Voor jou en je collega's. De verwijzer leest dit niet."),
        max_length=300,
        required=False,
        widget=text_area(2),
    )
    held_on = DayField(label=_("Dag"), help_text=_("Leeg is vandaag."), required=False)
    minutes = forms.TypedChoiceField(
        label=_("Hoe lang"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "–"), *((step, _("%(step)s minuten") % {"step": step}) for step in range(15, 241, 15))],
    )
    result = forms.ChoiceField(label=_("Resultaat"), choices=Contact.Result.choices)

    def __init__(self, *args, sent_on: dt.date, to_do=None, log_minutes: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.sent_on = sent_on
        choice_field(self, "kind").choices = [
            choice for choice in Contact.Kind.choices if choice[0] != Contact.Kind.CONCERN
        ]
        if not log_minutes:
            del self.fields["minutes"]
        if to_do:
            self.fields["ticks_off"] = Pick(
                Action.objects.filter(pk__in=[action.pk for action in to_do]),
                named=lambda action: action.text,
                label=_("Is hiermee gedaan"),
                required=False,
                widget=Chips,
                empty_label=_("Niets"),
            )

    def clean_held_on(self):
        day = not_in_future(self.cleaned_data["held_on"])
        # Talking about somebody may come first; talking with them is what the referral asks.
        return since_sent(day, self.sent_on) if self.cleaned_data.get("kind") in Contact.WITH_CLIENT else day

    @property
    def details(self):
        """The fields above the buttons: all but the result and the form's own."""
        return [field for field in self.visible_fields() if field.name not in ("result", "not_a_bsn")]


TO_PLAN = _("Deze dag moet nog komen. Wil je het gesprek plannen?")
TOO_FAR = _("Deze dag is meer dan een jaar van nu. Klopt het jaar?")


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


def since_sent(day: dt.date | None, sent_on: dt.date) -> dt.date | None:
    """Else waiting times would turn out less than nothing."""
    if day is not None and day < sent_on:
        words = {"day": date_format(sent_on, "j F Y")}
        raise forms.ValidationError(_("De verwijzing is van %(day)s. Deze dag ligt daarvoor.") % words)
    return day


class IntakeForm(WorForm):
    """Everything here is optional: the talk itself is what counts."""

    with_key = True
    with_version = True
    held_on = DayField(label=_("Dag van het gesprek"), help_text=_("Leeg is vandaag."), required=False)
    way = forms.ChoiceField(label=_("Waar"), choices=Contact.Way.choices, widget=Chips)
    theme = Pick(
        Theme.objects.none(),
        label=_("Waar ging het vooral over?"),
        help_text=_("Een onderwerp voor het gesprek. We geven geen punten."),
        required=False,
        widget=Chips,
        empty_label=_("Geen keuze"),
    )
    wish = forms.CharField(label=_("Wat wil de cliënt graag?"), max_length=1000, required=False, widget=text_area())
    strengths = forms.CharField(
        label=_("Wat gaat goed, wie helpt?"), max_length=1000, required=False, widget=text_area(2)
    )
    obstacles = forms.CharField(label=_("Wat staat in de weg?"), max_length=1000, required=False, widget=text_area(2))
    prior_needs = forms.MultipleChoiceField(
        label=_("Wat moet eerst?"),
        choices=PRIOR_NEEDS,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"data-look": "chips"}),
    )
    wellbeing_t0 = forms.TypedChoiceField(
        label=_("Hoe gaat het op dit moment met u?"),
        help_text=_("0 is heel slecht, 10 is heel goed. De cliënt mag nee zeggen."),
        choices=[("", _("Niet gevraagd")), *((str(step), str(step)) for step in range(11))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=Chips,
    )

    def __init__(self, *args, is_first: bool, sent_on: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.sent_on = sent_on
        row_field(self, "theme").queryset = Theme.objects.filter(retired_at__isnull=True)
        if not is_first:
            del self.fields["held_on"], self.fields["way"]

    def clean_held_on(self):
        return since_sent(not_in_future(self.cleaned_data["held_on"]), self.sent_on)


def not_in_past(day: dt.date) -> dt.date:
    if day < today():
        raise forms.ValidationError(_("Deze dag is al voorbij. Kies vandaag of later."))
    if day > today() + dt.timedelta(days=2 * 366):
        raise forms.ValidationError(_("Deze dag is over meer dan twee jaar. Klopt het jaar?"))
    return day


class ActionForm(WorForm):
    with_key = True
    text = forms.CharField(label=_("Wat is er te doen?"), max_length=200)
    due_on = DayField(label=_("Uiterlijk op"), help_text=_("Bijvoorbeeld 1-12-2026"))

    def clean_due_on(self):
        return not_in_past(self.cleaned_data["due_on"])


class ChangeActionForm(Step):
    text = forms.CharField(label=_("Wat is er te doen?"), max_length=200)
    due_on = DayField(label=_("Uiterlijk op"), help_text=_("Bijvoorbeeld 1-12-2026"))
    owner = Pick(Membership.objects.none(), named=lambda person: person.display_name, label=_("Wie doet het?"))

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        row_field(self, "owner").queryset = colleagues

    def clean_due_on(self):
        """What is overdue may stay so while the words change."""
        day = self.cleaned_data["due_on"]
        return day if day == self.initial.get("due_on") else not_in_past(day)


class FeedbackForm(WorForm):
    with_key = True
    moment = forms.ChoiceField(widget=forms.HiddenInput, choices=Feedback.Moment.choices[:2])
    body = forms.CharField(
        label=_("Terugkoppeling"),
        help_text=_("Drie of vier regels. Lees het na, verander wat je wilt."),
        max_length=1000,
        widget=text_area(6),
    )

    def __init__(self, *args, is_fixed: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if is_fixed:
            del self.fields["body"]


class ReasonForm(Step):
    """Leaving a status: a reason from the list, and one sentence to the referrer when the client allows it."""

    with_key = True
    kinds: tuple[str, ...] = ()
    reason = Pick(ClosingReason.objects.none(), label=_("Reden"), widget=forms.RadioSelect)
    sentence = forms.CharField(label=_("Eén zin aan de verwijzer"), max_length=1000, widget=text_area(4))

    def __init__(self, *args, is_fixed: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        row_field(self, "reason").queryset = reasons(*self.kinds)
        if is_fixed:
            del self.fields["sentence"]


class PauseForm(ReasonForm):
    kinds = (ClosingReason.Kind.PAUSED,)
    until = DayField(label=_("Wanneer kijk je opnieuw?"))

    def __init__(self, *args, months: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["reason", "until", "sentence"])
        self.fields["until"].help_text = ngettext(
            "Hoogstens %(months)s maand vooruit.", "Hoogstens %(months)s maanden vooruit.", months
        ) % {"months": months}
        if "sentence" in self.fields:
            self.fields["sentence"].help_text = _(
                "Bij “Eerst veiligheid” gaat deze zin niet mee: de verwijzer leest dan alleen “Gepauzeerd op verzoek.”"
            )
            self.fields["sentence"].error_messages["required"] = _("Schrijf in één zin wat de verwijzer mag weten.")

    def clean(self):
        cleaned = super().clean()
        reason = cleaned.get("reason")
        if reason and reason.code == "safety" and self.has_error("sentence", "required"):
            del self.errors["sentence"]  # it would not be shared
            cleaned["sentence"] = ""
        return cleaned


class NotStartedForm(ReasonForm):
    kinds = (ClosingReason.Kind.NOT_STARTED,)


class CloseForm(ReasonForm):
    """Outcomes first, all equals; then the reasons for having stopped."""

    kinds = (ClosingReason.Kind.COMPLETED, ClosingReason.Kind.STOPPED)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Hoe is het afgelopen?")
        chosen = list(reasons(*self.kinds))
        groups = ((_("Afgerond"), ClosingReason.Kind.COMPLETED), (_("Tussentijds gestopt"), ClosingReason.Kind.STOPPED))
        choice_field(self, "reason").choices = [
            (title, [(str(each.reference), each.label) for each in chosen if each.kind == kind])
            for title, kind in groups
        ]
        if "sentence" in self.fields:
            self.fields["sentence"].label = _("Slotzin voor de verwijzer")
            self.fields["sentence"].help_text = _("Dit is meteen de laatste terugkoppeling.")


class FollowUpForm(Step):
    on = DayField(label=_("Wanneer vraag je hoe het gaat?"), help_text=_("Gewoonlijk na zes weken en na drie maanden."))


class ConcernForm(WorForm):
    with_key = True
    told_to = forms.CharField(label=_("Wie heb je gesproken?"), help_text=_("Naam en functie."), max_length=120)
    line = forms.CharField(
        label=_("Wat is er afgesproken?"),
        help_text=_("Voor jou en je collega's."),
        max_length=300,
        required=False,
        widget=text_area(2),
    )


class TransferForm(Step):
    to = Pick(Organisation.objects.none(), label=_("Naar welke organisatie?"), widget=forms.RadioSelect)
    given_by_kind = forms.ChoiceField(label=_("Wie gaf toestemming?"), choices=GIVEN_BY, widget=forms.RadioSelect)
    given_by_name = forms.CharField(
        label=_("Naam"), help_text=_("Alleen als een ander toestemming gaf."), max_length=120, required=False
    )
    given_by_relation = forms.CharField(label=_("Relatie"), max_length=60, required=False)
    how = forms.ChoiceField(label=_("Hoe"), choices=HOW, widget=Chips)
    given_on = DayField(label=_("Op"))
    agreed = forms.BooleanField(
        label=_("De cliënt vindt het goed dat de gegevens naar deze organisatie gaan."),
        error_messages={"required": _("Zonder toestemming kan dit niet. Vink aan als de cliënt ja zei.")},
    )

    def __init__(self, *args, membership: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        row_field(self, "to").queryset = Organisation.objects.filter(
            kind=Organisation.Kind.WELFARE, is_paused=False
        ).exclude(pk=membership.organisation_id)

    def clean_given_on(self):
        return not_in_future(self.cleaned_data["given_on"], sentence=CONSENT_TO_COME)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("given_by_kind") not in (None, Consent.GivenBy.PATIENT):
            for name in ("given_by_name", "given_by_relation"):
                if not cleaned.get(name):
                    self.add_error(name, _("Vul in wie toestemming gaf en wat de relatie is."))
        return cleaned


class RecuseForm(Step):
    def __init__(self, *args, colleagues=None, **kwargs):
        super().__init__(*args, **kwargs)
        if colleagues is not None:
            self.fields["colleague"] = Pick(
                colleagues,
                named=_coach_or_for_now,
                label=_("Wie neemt het over?"),
                required=False,
                empty_label=_("De coördinator"),
                widget=forms.RadioSelect,
            )


class MessageForm(WorForm):
    with_key = True
    body = forms.CharField(label=_("Vraag aan de praktijk"), max_length=1000, widget=text_area(4))


class SearchForm(WorForm):
    """By name, so by POST: a name never stands in an address."""

    name = forms.CharField(label=_("Achternaam"), max_length=80)


def colleagues_of(membership: Membership, *roles: str):
    """Who of the own organisation works now in one of these roles."""
    return Membership.objects.visible_to(membership).active().filter(role__in=roles or (Role.COACH, Role.COORDINATOR))
