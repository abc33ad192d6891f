"""Waiting, stopping, finishing."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coaches.forms.fields import DayField, Pick, Step, reasons, text_area
from referrals.models import ClosingReason
from wor.forms import choice_field, row_field


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
