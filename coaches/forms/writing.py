"""Words to the practice: terugkoppeling, questions and answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coaches.forms.fields import text_area
from referrals.models import Feedback
from wor.forms import WorForm


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


class MessageForm(WorForm):
    with_key = True
    body = forms.CharField(label=_("Vraag aan de praktijk"), max_length=1000, widget=text_area(4))
