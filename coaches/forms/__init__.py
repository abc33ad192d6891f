"""What a coach fills in. Little is required, and what is known is filled in."""

from coaches.forms.contacts import ConcernForm, ContactForm, SearchForm
from coaches.forms.ending import CloseForm, FollowUpForm, NotStartedForm, PauseForm, ReasonForm
from coaches.forms.fields import Step, VersionOptional, colleagues_of, reasons
from coaches.forms.handing_over import HandOverForm, RecuseForm, TransferForm
from coaches.forms.taking_on import AcceptForm, DeclineForm, PlanTalkForm, WaitlistForm
from coaches.forms.talks import PRIOR_NEEDS, ActionForm, ChangeActionForm, IntakeForm
from coaches.forms.writing import FeedbackForm, MessageForm
from wor.forms import WorForm

__all__ = [
    "PRIOR_NEEDS",
    "AcceptForm",
    "ActionForm",
    "ChangeActionForm",
    "CloseForm",
    "ConcernForm",
    "ContactForm",
    "DeclineForm",
    "FeedbackForm",
    "FollowUpForm",
    "HandOverForm",
    "IntakeForm",
    "MessageForm",
    "NotStartedForm",
    "PauseForm",
    "PlanTalkForm",
    "ReasonForm",
    "RecuseForm",
    "SearchForm",
    "Step",
    "TransferForm",
    "VersionOptional",
    "WaitlistForm",
    "WorForm",
    "colleagues_of",
    "reasons",
]
