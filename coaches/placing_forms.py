"""What a coach fills in about activities. Nearly all of it is one tap."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.matching import WEIGHTS
from coaches.forms.fields import (
    CONSENT_TO_COME,
    GIVEN_BY,
    HOW,
    Chips,
    DayField,
    Pick,
    Step,
    VersionOptional,
    not_in_future,
    reasons,
    text_area,
)
from coaches.models import TAKEN_BACK, Gap, Placement
from coaches.services.placing import Answer
from referrals.models import ClosingReason, Consent
from wor.calendar import today
from wor.errors import StaleError
from wor.forms import WorForm, choice_field, row_field

CONSENT_FIELDS = ("agreed", "given_by_kind", "given_by_name", "given_by_relation", "how", "given_on")
SPOKEN, TELL, NOT_REACHED = "spoken", "tell", "not_reached"


def stop_reasons():
    """The region's reasons for stopping with an activity; taking back is a deed of its own."""
    return reasons(ClosingReason.Kind.PLACEMENT).exclude(code=TAKEN_BACK)


class ProposeForm(WorForm):
    """One tap on a suggestion: it carries why it was suggested, as codes."""

    with_key = True
    why = forms.MultipleChoiceField(
        choices=[(code, code) for code in WEIGHTS], required=False, widget=forms.MultipleHiddenInput
    )


class IntroduceForm(Step):
    """How client and provider meet; the name only with a yes, written down here."""

    hide_optional = True  # with a name nearly all of it is asked, without one nothing
    is_warm = forms.TypedChoiceField(
        label=_("Hoe maakt de cliënt kennis?"),
        choices=[("", _("Zonder naam: de cliënt meldt zichzelf, of je gaat mee")), ("1", _("Jij noemt de naam"))],
        coerce=bool,
        required=False,
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(required=False)
    given_by_kind = forms.ChoiceField(label=_("Wie gaf toestemming?"), choices=GIVEN_BY, widget=forms.RadioSelect)
    given_by_name = forms.CharField(
        label=_("Naam"), help_text=_("Alleen als een ander toestemming gaf."), max_length=120, required=False
    )
    given_by_relation = forms.CharField(label=_("Relatie"), max_length=60, required=False)
    how = forms.ChoiceField(label=_("Hoe"), choices=HOW, widget=Chips)
    given_on = DayField(label=_("Op"))

    def __init__(self, *args, provider: str, consent: Consent | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["is_warm"].label = _("Hoe maakt de cliënt kennis met %(provider)s?") % {"provider": provider}
        self.fields["agreed"].label = _("De cliënt vindt het goed dat ik de naam doorgeef aan %(provider)s.") % {
            "provider": provider
        }
        for name in ("given_by_kind", "how", "given_on"):
            self.fields[name].required = False
        if consent is not None:
            for name in CONSENT_FIELDS:
                del self.fields[name]

    @property
    def consent_fields(self):
        return [self[name] for name in CONSENT_FIELDS if name in self.fields]

    def clean_is_warm(self) -> bool:
        return bool(self.cleaned_data["is_warm"])

    def clean_given_on(self):
        return not_in_future(self.cleaned_data["given_on"], sentence=CONSENT_TO_COME) or today()

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("is_warm") or "agreed" not in self.fields:
            return cleaned
        if not cleaned.get("agreed"):
            self.add_error("agreed", _("Kruis aan dat de cliënt dit goedvindt, of kies “zonder naam”."))
        if cleaned.get("given_by_kind") not in ("", None, Consent.GivenBy.PATIENT):
            for name in ("given_by_name", "given_by_relation"):
                if not cleaned.get(name):
                    self.add_error(name, _("Vul in wie toestemming gaf en wat de relatie is."))
        return cleaned

    def values(self, *, without: tuple[str, ...] = ()):
        """Without a name nothing about consent was asked; what was left open takes the service's own."""
        found = super().values(without=without)
        if not found["is_warm"]:
            found = {name: value for name, value in found.items() if name not in CONSENT_FIELDS}
        return {name: value for name, value in found.items() if value != "" or name in ("given_by_name",)}


class StartForm(Step):
    since = DayField(label=_("Sinds wanneer?"), help_text=_("Leeg is vandaag."), required=False)
    and_follow_up = forms.TypedChoiceField(
        label=_("En daarna?"),
        coerce=bool,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, follow_up: str, **kwargs):
        super().__init__(*args, **kwargs)
        if follow_up:
            choice_field(self, "and_follow_up").choices = [
                ("", _("Nog gesprekken: in traject laten")),
                ("1", follow_up),
            ]
        else:
            del self.fields["and_follow_up"]

    def clean_and_follow_up(self) -> bool:
        return bool(self.cleaned_data["and_follow_up"])

    def clean_since(self):
        return not_in_future(self.cleaned_data["since"], sentence=_("Deze dag moet nog komen."))


class StopForm(Step):
    reason = Pick(ClosingReason.objects.none(), label=_("Waarom?"), widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        row_field(self, "reason").queryset = stop_reasons()


class TapForm(VersionOptional):
    """Nothing to fill in: the button is the deed."""


class CheckInForm(WorForm):
    """*Hoe gaat het?* by telephone: each activity one tap, the figure if the client likes."""

    hide_optional = True  # the page says so once
    with_key = True
    wellbeing_t1 = forms.TypedChoiceField(
        label=_("Hoe gaat het op dit moment met u?"),
        choices=[("", _("Niet gevraagd")), *((str(step), str(step)) for step in range(11))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=Chips,
    )
    line = forms.CharField(
        label=_("Eén regel"),
        help_text=_("Deze regel komt ook in het concept voor de verwijzer, als de cliënt dat goedvindt."),
        max_length=300,
        required=False,
        widget=text_area(2),
    )
    result = forms.ChoiceField(choices=[(SPOKEN, ""), (TELL, ""), (NOT_REACHED, "")])

    def __init__(self, *args, placements: Sequence[Placement], figure: int | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.placements = placements
        scale = _("0 is heel slecht, 10 is heel goed. De cliënt mag nee zeggen.")
        before = _("Bij het eerste gesprek was het een %(figure)s.") % {"figure": figure}
        self.fields["wellbeing_t1"].help_text = scale if figure is None else f"{scale} {before}"
        stopped = list(stop_reasons()) if placements else []
        self.reasons = {str(each.reference): each for each in stopped}
        for number, placement in enumerate(placements):
            self._ask_about(number, placement)

    def _ask_about(self, number: int, placement: Placement) -> None:
        goes_on = _("Doet nog mee") if placement.has_started else _("Is begonnen")
        ended = _("Gestopt") if placement.has_started else _("Gaat niet door")
        self.fields[f"how_{number}"] = forms.ChoiceField(
            label=placement.activity.title,
            choices=[("", _("Niet besproken")), ("goes_on", goes_on), ("stopped", ended)],
            required=False,
            widget=Chips,
        )
        self.fields[f"reason_{number}"] = forms.ChoiceField(
            label=_("Waarom gestopt?"),
            choices=[("", _("Kies een reden")), *((key, each.label) for key, each in self.reasons.items())],
            required=False,
        )
        self.fields[f"seen_{number}"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=f"{placement.reference}.{placement.version}"
        )

    @property
    def asked(self):
        """For the page: of each placement its question, its reason and the version that was shown."""
        return [
            {"how": self[f"how_{number}"], "reason": self[f"reason_{number}"], "seen": self[f"seen_{number}"]}
            for number in range(len(self.placements))
        ]

    def clean(self):
        cleaned = super().clean()
        for number in range(len(self.placements)):
            if cleaned.get(f"how_{number}") == "stopped" and not cleaned.get(f"reason_{number}"):
                self.add_error(f"reason_{number}", _("Kies waarom de cliënt stopte."))
        return cleaned

    @property
    def answers(self) -> list[Answer]:
        """What was said of each, with the version that was shown. Raises StaleError for one that has ended since."""
        by_reference = {str(each.reference): each for each in self.placements}
        found = []
        for number in range(len(self.placements)):
            how = self.cleaned_data[f"how_{number}"]
            reference, _dot, version = self.cleaned_data[f"seen_{number}"].partition(".")
            placement = by_reference.get(reference)
            if not how:
                continue
            if placement is None:
                raise StaleError
            reason = self.reasons.get(self.cleaned_data[f"reason_{number}"])
            seen = int(version) if version.isdecimal() and len(version) < 10 else None
            found.append(Answer(placement, how == "goes_on", reason, seen))
        return found


class GapForm(WorForm):
    """One tap on what is missing."""

    with_key = True
    kind = forms.ChoiceField(label=_("Wat is er?"), choices=Gap.Kind.choices)
    note = forms.CharField(
        label=_("Toelichting"),
        help_text=_("Bijvoorbeeld: avonden voor mantelzorgers. Schrijf geen naam op: dit leest ook de kaartbeheerder."),
        max_length=140,
        required=False,
        widget=text_area(2),
    )
