"""One client as the page shows them: what was told, how to reach, what happened, what is to do."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaches import placing, queries
from coaches.forms.talks import PRIOR_NEEDS
from coaches.models import Action, Contact, Intake, Placement
from coaches.services.case import is_without_coach_too_long
from referrals.capacity import short_day
from referrals.models import Client, Consent, Feedback, Message, Referral, Status
from referrals.models.referral import TAKEN_ON
from wor.accounts.models import Membership, Role, role_words, with_names
from wor.audit.models import Event
from wor.fields import dial, show_phone
from wor.pages import address

# Events of the referral that the timeline tells; contacts, feedback and messages come from their own rows.
TOLD: dict[str, tuple[str, object]] = {
    "referral.sent": ("send", gettext_lazy("Verwijzing ontvangen")),
    "referral.accepted": ("check", gettext_lazy("Aangenomen")),
    "referral.waitlisted": ("hourglass", gettext_lazy("Op de wachtlijst gezet")),
    "referral.handed_over": ("user-round", gettext_lazy("Overgedragen aan een collega")),
    "referral.assigned": ("user-round", gettext_lazy("Coach gekozen")),
    "referral.recused": ("user-round", gettext_lazy("Overgedragen aan een collega")),
    "referral.transferred": ("arrow-right", gettext_lazy("Gekomen van een andere organisatie")),
    "talk.planned": ("calendar-plus", gettext_lazy("Gesprek gepland")),
    "referral.paused": ("circle-pause", gettext_lazy("Gepauzeerd")),
    "referral.resumed": ("undo-2", gettext_lazy("Weer opgepakt")),
    "referral.follow_up_planned": ("sprout", gettext_lazy("Opvolging gepland")),
    "referral.completed": ("circle-check", gettext_lazy("Afgerond")),
    "referral.stopped": ("circle-minus", gettext_lazy("Tussentijds gestopt")),
    "referral.not_started": ("circle-dot", gettext_lazy("Niet gestart")),
    "referral.declined": ("undo-2", gettext_lazy("Niet passend")),
    "referral.withdrawn": ("circle-x", gettext_lazy("Ingetrokken")),
    "referral.reopened": ("undo-2", gettext_lazy("Heropend")),
    "client.deceased": ("info", gettext_lazy("Overlijden doorgegeven")),
    "placement.proposed": (placing.ICONS["proposed"], gettext_lazy("Activiteit voorgesteld")),
    "placement.introduced": (placing.ICONS["introduced"], gettext_lazy("Kennisgemaakt bij een activiteit")),
    "placement.started": (placing.ICONS["started"], gettext_lazy("Begonnen met een activiteit")),
    "placement.continuing": (placing.ICONS["continuing"], gettext_lazy("Doet nog mee met een activiteit")),
    "placement.stopped": (placing.ICONS["stopped"], gettext_lazy("Gestopt met een activiteit")),
    "placement.taken_back": (placing.ICONS["taken_back"], gettext_lazy("Voorstel teruggenomen")),
}
CONTACT_ICON = {
    Contact.Way.PHONE: "phone",
    Contact.Way.MESSAGE: "mail",
    Contact.Way.LETTER: "mail",
}


@dataclass(frozen=True)
class Moment:
    """One entry of the timeline, ready for ``components/timeline_entry.html``."""

    at: dt.datetime
    icon: str
    title: str
    who: str = ""
    text: str = ""
    label: str = ""
    label_tone: str = ""
    struck: bool = False
    mistake_url: str = ""

    @cached_property
    def when(self) -> str:
        local = timezone.localtime(self.at)
        return _("%(day)s, %(time)s uur") % {"day": short_day(local.date()), "time": date_format(local, "G.i")}

    @property
    def when_iso(self) -> str:
        return self.at.isoformat(timespec="minutes")


@dataclass(frozen=True)
class Deed:
    """Something that can be done now, besides the one next step."""

    label: str
    url: str


@dataclass
class CaseFile:
    """Everything of one case that this membership may read, in as many queries as there are kinds of rows."""

    referral: Referral
    membership: Membership
    intake: Intake | None = None
    contacts: list[Contact] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @classmethod
    def read(cls, referral: Referral, membership: Membership) -> "CaseFile":
        file = cls.of_own(referral, membership)
        file.feedback = list(with_names(Feedback.objects.filter(referral=referral), "sent_by"))
        file.messages = list(with_names(Message.objects.filter(referral=referral).order_by("id"), "by"))
        subjects = [referral.reference, *(each.reference for each in file.placements)]
        file.events = told_here(Event.objects.filter(subject_ref__in=subjects, name__in=TOLD).order_by("at", "id"))
        return file

    @classmethod
    def of_own(cls, referral: Referral, membership: Membership) -> "CaseFile":
        """The welfare organisation's own file only."""
        return cls(
            referral=referral,
            membership=membership,
            intake=cls.intake_of(referral, membership),
            contacts=list(with_names(_own(Contact, referral, membership).order_by("-at", "-id"), "by")),
            actions=list(with_names(_own(Action, referral, membership).order_by("due_on", "id"), "owner")),
            placements=placing.own_placements(referral, membership),
        )

    @staticmethod
    def intake_of(referral: Referral, membership: Membership) -> Intake | None:
        return _own(Intake, referral, membership).select_related("theme").first()

    @property
    def client(self) -> Client:
        return self.referral.client

    @property
    def consent(self) -> dict[str, Any] | None:
        """Who last agreed to sharing with this organisation."""
        agreed: list[dict[str, Any]] = self.referral.agreed  # type: ignore[attr-defined] # comes along (agreed_with)
        return next((each for each in agreed if each["kind"] == Consent.Kind.SHARE), None)

    @property
    def valid_contacts(self) -> list[Contact]:
        return [each for each in self.contacts if each.entered_in_error_at is None]

    @cached_property
    def to_do(self) -> list[Action]:
        return [each for each in self.actions if each.done_at is None]

    @property
    def open_questions(self) -> list[Message]:
        """What the practice asked and nobody answered yet."""
        answered = {each.answers_id for each in self.messages}
        return [
            each
            for each in self.messages
            if each.kind == Message.Kind.QUESTION and each.side == Message.Side.PRACTICE and each.pk not in answered
        ]

    @property
    def supplements(self) -> list[Message]:
        return [each for each in self.messages if each.kind == Message.Kind.SUPPLEMENT]

    @cached_property
    def next_step(self) -> queries.Step | None:
        return queries.next_step(self.referral, self.membership)

    @property
    def sub_label(self) -> str:
        """What the status means now; of what ended, how."""
        withdrawn = self.referral.status == Status.WITHDRAWN  # is told in full under it
        reason = None if withdrawn else self.referral.closing_reason
        parts = [reason.label if reason else "", queries.sub_label(self.referral)]
        return " · ".join(part for part in parts if part)

    @property
    def status_label(self) -> str:
        return queries.status_label(self.referral)

    @cached_property
    def days_late(self) -> int:
        return queries.days_late(self.referral, timezone.now())

    @cached_property
    def call(self) -> "Call":
        return call_of(self.referral)

    @property
    def may(self) -> list[str]:
        """What is allowed: calling, and nothing else without an explicit yes."""
        allowed = (
            (True, _("bellen")),
            (self.client.may_voicemail, _("voicemail inspreken")),
            (self.client.may_text, _("bericht sturen")),
            (self.client.may_email, _("e-mailen")),
            (self.client.may_post, _("post naar huis")),
        )
        return [words for is_allowed, words in allowed if is_allowed]

    @cached_property
    def may_not(self) -> list[str]:
        return [
            words
            for is_allowed, words in (
                (self.client.may_voicemail, _("voicemail")),
                (self.client.may_text, _("bericht")),
                (self.client.may_post, _("post")),
            )
            if not is_allowed
        ]

    @cached_property
    def timeline(self) -> list[Moment]:
        moments = [self._of_event(each) for each in self.events]
        moments += [self._of_contact(each) for each in self.contacts]
        moments += [self._of_feedback(each) for each in self.feedback]
        moments += [self._of_message(each) for each in self.messages]
        done = (each for each in self.actions if each.done_at)
        moments += [Moment(each.done_at, "check", _("Gedaan: %(what)s") % {"what": each.text}) for each in done]
        return sorted(moments, key=lambda moment: moment.at, reverse=True)

    @cached_property
    def _last_planned(self) -> int | None:
        return next((each.pk for each in reversed(self.events) if each.name == "talk.planned"), None)

    def _of_event(self, event: Event) -> Moment:
        icon, title = TOLD[event.name]
        of = {each.reference: each.activity.title for each in self.placements}.get(event.subject_ref, "")
        if event.name == "talk.planned" and event.pk == self._last_planned:
            of = self.planned
        who = self.referral.practice.name if event.name == "referral.sent" else role_words(event.actor_label)
        return Moment(event.at, icon, str(title), who=who, text=of)

    def _of_contact(self, contact: Contact) -> Moment:
        text = contact.line
        if contact.told_to:
            text = _("Gesproken met %(who)s.") % {"who": contact.told_to} + (f"\n{text}" if text else "")
        reached = contact.result == Contact.Result.SPOKEN
        icon = CONTACT_ICON.get(Contact.Way(contact.way), "message-circle") if reached else "phone-missed"
        is_struck = contact.entered_in_error_at is not None
        mistake = address("case_contact_in_error", self.referral.reference, contact.reference)
        return Moment(
            contact.at,
            icon,
            f"{contact.get_kind_display()} · {contact.get_way_display().lower()}",
            who=contact.by.who if contact.by else "",
            text=text,
            label=str(contact.get_result_display()),
            label_tone="success" if reached else "quiet",
            struck=is_struck,
            mistake_url="" if is_struck else mistake,
        )

    def _of_feedback(self, feedback: Feedback) -> Moment:
        return Moment(
            feedback.sent_at,
            "send",
            _("Terugkoppeling: %(moment)s") % {"moment": feedback.get_moment_display().lower()},
            who=feedback.sent_by.who if feedback.sent_by else "",
            text=feedback.body,
            label=_("Gelezen") if feedback.read_at else _("Nog niet gelezen"),
            label_tone="success" if feedback.read_at else "quiet",
        )

    def _of_message(self, message: Message) -> Moment:
        mine = message.side == Message.Side.WELFARE
        return Moment(
            message.created_at,
            "message-circle" if message.kind != Message.Kind.QUESTION else "circle-help",
            f"{message.get_kind_display()} · {_('van ons') if mine else _('van de praktijk')}",
            who=message.by.who if message.by else "",
            text=message.body,
        )

    @property
    def deeds(self) -> list[Deed]:
        """The rest of what can be done now, in the order in which it is likely."""
        step = self.next_step
        return [
            Deed(str(label), address(f"case_{name}", self.referral.reference))
            for name, label, is_possible in self._possible()
            if is_possible and (step is None or step.name != name)
        ]

    def _possible(self):
        referral, may = self.referral, self.referral.may_become
        taken_on = referral.status in TAKEN_ON and referral.is_open
        is_coordinator = self.membership.role == Role.COORDINATOR
        months = self.membership.region.setting("reopen_months")
        is_open = referral.is_open
        may_guide = taken_on and not is_without_coach_too_long(referral)
        return (
            ("reopen", _("Heropenen"), referral.can_reopen(timezone.now(), months)),
            ("plan_talk", _("Gesprek plannen"), may_guide and referral.status != Status.PAUSED),
            ("first_talk", _("Eerste gesprek vastleggen"), may_guide and referral.before_first_talk),
            ("first_talk", _("Aantekeningen van het eerste gesprek"), taken_on and not referral.before_first_talk),
            ("waitlist", _("Op de wachtlijst zetten"), may(Status.WAITLISTED) or referral.status == Status.SENT),
            ("follow_up", _("Opvolging plannen"), may(Status.FOLLOW_UP) or referral.status == Status.FOLLOW_UP),
            ("resume", _("Weer in traject nemen"), referral.status == Status.FOLLOW_UP),
            ("pause", _("Pauzeren"), may_guide and may(Status.PAUSED)),
            ("close", _("Afsluiten"), may(Status.COMPLETED) and is_open),
            ("not_started", _("Er komt geen eerste gesprek"), may(Status.NOT_STARTED)),
            ("decline", _("Dit past niet: terugsturen"), may(Status.DECLINED) and not self.is_new),
            ("ask", _("Vraag aan de praktijk stellen"), is_open),
            ("concern", _("Zorgen: bel de praktijk"), is_open),
            ("name_coach", _("Overdragen aan een collega"), taken_on),
            ("transfer", _("Overdragen aan een andere organisatie"), taken_on),
            ("recuse", _("Ik ken deze cliënt"), not self.is_new),
            ("consent_withdrawn", _("Toestemming ingetrokken"), referral.consent_withdrawn_at is None),
            ("deceased", _("Overleden"), self.client.deceased_at is None),
            ("entered_in_error", _("Deze verwijzing is een vergissing"), is_coordinator and is_open),
        )

    @property
    def is_new(self) -> bool:
        return self.referral.status == Status.SENT

    @property
    def shows_contact(self) -> bool:
        step = self.next_step
        return (
            self.referral.is_open and self.referral.status != Status.SENT and (not step or step.name != "log_contact")
        )

    @property
    def shows_not_started(self) -> bool:
        """Tried on enough days: whoever called in vain may let it go."""
        referral = self.referral
        tried = referral.attempts >= self.membership.region.setting("attempts_on_days")
        return tried and referral.before_first_talk and referral.may_become(Status.NOT_STARTED)

    @property
    def shows_feedback(self) -> bool:
        step = self.next_step
        taken_on = self.referral.is_open and self.referral.status in TAKEN_ON
        return taken_on and not self.referral.before_first_talk and (not step or step.name != "feedback")

    @property
    def planned(self) -> str:
        """The next talk in words for the client: "dinsdag 1 december om 10.00 uur"."""
        if self.referral.planned_talk_at is None:
            return ""
        local = timezone.localtime(self.referral.planned_talk_at)
        return _("%(day)s om %(time)s uur") % {"day": date_format(local, "l j F"), "time": date_format(local, "G.i")}

    @property
    def coach_phone(self) -> str:
        phone = (self.referral.coach.phone if self.referral.coach else "") or self.membership.organisation.phone
        return show_phone(phone) if phone else ""

    @property
    def problems(self) -> str:
        """What plays: the main problem with its target group, and at most two more."""
        referral = self.referral
        cells = (referral.target_cell, referral.second_cell, referral.third_cell)
        return " · ".join(str(cell) for cell in cells if cell is not None)

    @property
    def gp(self) -> Membership:
        return responsible_gp(self.referral)

    @property
    def may_hear(self) -> str:
        return str(self.client.get_feedback_level_display())

    @cached_property
    def chosen(self) -> list[placing.Shown]:
        """The activities that were chosen with the client, without what was taken back."""
        return [placing.shown(each, self.referral) for each in self.placements if not each.is_taken_back]

    @property
    def may_place(self) -> bool:
        return self.referral.is_open and self.referral.status in TAKEN_ON

    @property
    def on_paper(self) -> list[dict]:
        """What was agreed on, for the client's paper; what was only proposed is ``to_think_about``."""
        S = Placement.Status
        return placing.on_paper(self.placements, S.INTRODUCED, S.STARTED, S.CONTINUING)

    @property
    def to_think_about(self) -> list[dict]:
        return placing.on_paper(self.placements, Placement.Status.PROPOSED)

    @property
    def first_things(self) -> str:
        labels = dict(PRIOR_NEEDS)
        return ", ".join(str(labels.get(code, code)) for code in (self.intake.prior_needs if self.intake else []))


@dataclass(frozen=True)
class Call:
    """A number under the thumb, and whom one gets on the line."""

    phone: str
    whose: str = ""

    @cached_property
    def phone_url(self) -> str:
        return dial(self.phone)

    @cached_property
    def words(self) -> str:
        """As the number is read aloud, here as on every other page."""
        return show_phone(self.phone) if self.phone else ""


def call_of(referral: Referral) -> Call:
    """How this client wants to be called: themself, through the practice, or through somebody close."""
    client = referral.client
    if client.reach_via == Client.ReachVia.PRACTICE:
        return Call(referral.practice.phone, _("de praktijk, voor een afspraak daar"))
    if client.reach_via == Client.ReachVia.CONTACT:
        relation = f" ({client.contact_relation})" if client.contact_relation else ""
        return Call(client.contact_phone, f"{client.contact_name}{relation}")
    return Call(client.phone)


def responsible_gp(referral: Referral) -> Membership:
    """In whose name it was sent."""
    return referral.on_behalf_of or referral.referrer


def agreed_with(membership: Membership) -> ArraySubquery:
    """Of a referral: what the client agreed to with this organisation, newest first, in the same query."""
    given = Consent.objects.filter(referral=OuterRef("pk"), welfare_organisation=membership.organisation_id)
    told = (
        "kind",
        "provider_id",
        "withdrawn_at",
        "given_by_kind",
        "given_by_name",
        "given_by_relation",
        "given_by_phone",
    )
    return ArraySubquery(given.order_by("-id").values(json=JSONObject(**{name: name for name in told})))


def told_here(events: Iterable[Event]) -> list[Event]:
    """What the organisation that guides now may tell of: how it was sent, and what was done since it came here.

    What another organisation did before, a pause or a talk, is in that one's own file.
    """
    told: list[Event] = []
    for event in events:
        if event.name == "referral.transferred":
            told = [each for each in told if each.name == "referral.sent"]
        told.append(event)
    return told


def _own(model, referral: Referral, membership: Membership):
    """Rows of the own organisation about a case that was already found visible: no need to ask it again."""
    return model.objects.filter(referral=referral.pk, welfare_organisation=membership.organisation_id)


def closed_page(referral: Referral) -> dict[str, uuid.UUID | str | bool]:
    """What remains of a case whose content is shut: the number, and why."""
    return {
        "number": referral.number,
        "is_mistake": referral.status == Status.ENTERED_IN_ERROR,
        "since": referral.consent_withdrawn_at or referral.closed_at,
    }
