"""One referral lived through, from sending to its end or to today.

Nothing here is written at once: a life is told in memory, through the same transitions as the product's services, and
``load`` writes all of them in batches. A step that would fall after now does not happen; the referral stays where it
is. That is how the open cases come about.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from random import Random

from django.utils.formats import date_format

from activities.models import Theme
from coaches.drafting import PAUSED_ON_REQUEST, fixed_sentence
from coaches.models import Action, Contact, Intake, Measurement, Placement
from referrals.attention import next_attention, question_due
from referrals.models import Client, ClosingReason, Consent, Feedback, Message, Recusal, Referral, Status, Transfer
from wor.accounts.models import Membership
from wor.calendar import is_working_day, local_day, start_of
from wor.demo import words
from wor.outbox.models import Notice
from wor.tenancy.models import RegionModel

CONSENT_TEXT_VERSION = "2026-11"
NOTICES_DAYS = 30  # older notices were read long ago; nobody looks for them


class NotYet(Exception):
    """The next step is still to come."""


@dataclass
class Step:
    """Something that happened: becomes an event and a row in the access log."""

    at: dt.datetime
    name: str
    subject: RegionModel
    by: Membership | None
    data: dict = field(default_factory=dict)


@dataclass
class Cast:
    """Who has a part in a referral."""

    referrer: Membership
    gp: Membership
    coach: Membership
    coordinator: Membership
    contact_point: Membership
    colleague: Membership | None = None  # another coach of the same organisation
    elsewhere: Membership | None = None  # a coach of another welfare organisation


@dataclass
class Life:
    """A referral with everything around it."""

    referral: Referral
    cast: Cast
    problem: str
    activities: tuple[str, ...]
    reasons: dict[tuple[str, str], ClosingReason]
    themes: dict[str, Theme]
    rng: Random
    now: dt.datetime
    at: dt.datetime = field(init=False)
    consents: list[Consent] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    intakes: list[Intake] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    recusals: list[Recusal] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.at = self.referral.sent_at

    # --- Time ------------------------------------------------------------------------------------------------
    def wait(self, least: int, most: int | None = None) -> dt.datetime:
        """Go on some days later, on a working day in office hours; NotYet when that is still to come."""
        when = self.moment(self.rng.randint(least, most if most is not None else least))
        if when > self.now:
            raise NotYet
        self.at = when
        return when

    def moment(self, days: int) -> dt.datetime:
        """A moment in office hours, at least so many days after the last one. Always later than it."""
        day = local_day(self.at) + dt.timedelta(days=days)
        while not is_working_day(day):
            day += dt.timedelta(days=1)
        minutes = self.rng.randrange(8 * 60 + 40, 16 * 60 + 50, 5)
        when = start_of(day) + dt.timedelta(minutes=minutes)
        return max(when, self.at + dt.timedelta(minutes=self.rng.randint(6, 25)))

    # --- Writing down ----------------------------------------------------------------------------------------
    def fill(self, texts: tuple[str, ...], **more: str) -> str:
        more = {"activity": self.activity, "month": date_format(local_day(self.at), "F"), **more}
        return words.pick(texts, self.rng, self.referral.sex or "f", **more)

    @property
    def activity(self) -> str:
        return self.activities[0]

    @property
    def region(self):
        return self.referral.region

    def key(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def record(self, name: str, subject, by: Membership | None, **data) -> None:
        self.steps.append(Step(self.at, name, subject, by, data))

    def news(self) -> None:
        self.referral.last_news_at = self.at
        self.referral.version += 1

    def tell(self, kind: str, *people: Membership | None) -> None:
        """Put a notice in somebody's inbox, when it is recent enough to matter."""
        if self.now - self.at > dt.timedelta(days=NOTICES_DAYS):
            return
        for person in {each.pk: each for each in people if each is not None}.values():
            self.notices.append(
                Notice(region=self.region, membership=person, kind=kind, subject_ref=self.referral.reference)
            )
            self.notices[-1].created_at = self.at

    def seen(self, person: Membership) -> None:
        """Somebody opened the referral: what waited in their inbox about it is read."""
        for notice in self.notices:
            if notice.membership_id == person.pk and notice.read_at is None and notice.created_at <= self.at:
                notice.read_at = self.at

    @property
    def practice_side(self) -> tuple[Membership, ...]:
        side = (self.cast.referrer, self.referral.on_behalf_of)
        return side if self.referral.is_shielded else (*side, self.cast.contact_point)

    # --- What happens ----------------------------------------------------------------------------------------
    def send(self) -> None:
        referral, cast = self.referral, self.cast
        self.consents.append(self.consent(self.cast.referrer))
        if self.rng.random() < 0.75 and self.now - self.at > dt.timedelta(minutes=30):
            referral.z68_noted_at, referral.z68_noted_by = self.at + dt.timedelta(minutes=3), cast.referrer
        self.record("referral.sent", referral, cast.referrer)
        self.tell(Notice.Kind.NEW_REFERRAL, cast.coordinator, cast.coach)

    def consent(self, by: Membership) -> Consent:
        how = Consent.How.SPOKEN if self.rng.random() < 0.9 else Consent.How.PHONE
        return Consent(
            region=self.region,
            client=self.referral.client,
            referral=self.referral,
            welfare_organisation=self.referral.welfare_organisation,
            kind=Consent.Kind.SHARE,
            asked_by=by,
            given_on=local_day(self.at),
            how=how,
            text_version=CONSENT_TEXT_VERSION,
        )

    def accept(self, *, by: Membership | None = None) -> None:
        referral, by = self.referral, by or self.cast.coach
        referral.become(Status.ACCEPTED)
        referral.coach, referral.accepted_at, referral.accepted_by = self.cast.coach, self.at, by
        self.seen(by)
        self.seen(self.cast.coordinator)
        self.news()
        self.record("referral.accepted", referral, by)
        if by != self.cast.coach:
            self.tell(Notice.Kind.ASSIGNED, self.cast.coach)

    def waitlist(self, weeks: int) -> None:
        week = local_day(self.at) + dt.timedelta(weeks=weeks)
        self.referral.become(Status.WAITLISTED)
        self.referral.expected_week = week - dt.timedelta(days=week.weekday())
        self.news()
        self.record("referral.waitlisted", self.referral, self.cast.coach, week=self.referral.expected_week.isoformat())

    def contact(self, kind: str, way: str, result: str = "spoken", line: str = "", told_to: str = "") -> Contact:
        contact = Contact(
            region=self.region,
            referral=self.referral,
            welfare_organisation=self.referral.welfare_organisation,
            by=self.cast.coach,
            at=self.at,
            kind=kind,
            way=way,
            result=result,
            line=line,
            told_to=told_to,
            key=self.key(),
        )
        self.contacts.append(contact)
        if kind in Contact.WITH_CLIENT and result == "spoken":
            self.referral.first_contact_at = self.referral.first_contact_at or self.at
        if result in Contact.ATTEMPTS:
            self._count_attempts()
        self.seen(self.cast.coach)
        self.record("contact.logged", contact, self.cast.coach, kind=kind, result=result)
        return contact

    def _count_attempts(self) -> None:
        days = {local_day(each.at) for each in self.contacts if each.result in Contact.ATTEMPTS}
        self.referral.attempts = len(days)
        if len(days) >= self.region.setting("attempts_on_days"):
            self.referral.first_contact_at = self.referral.first_contact_at or self.at

    def try_to_call(self) -> None:
        results = [Contact.Result.NO_ANSWER, Contact.Result.NO_ANSWER]
        if self.referral.client.may_voicemail:
            results.append(Contact.Result.VOICEMAIL)
        self.contact("arrange", "phone", self.rng.choice(results))

    def plan_talk(self, days: int) -> None:
        """Spoken on the telephone; the first talk is in the diary."""
        self.contact("arrange", "phone", line=self.rng.choice(words.PLANNED))
        self.referral.planned_talk_at = self.moment(days)
        if self.referral.status == Status.WAITLISTED:
            self.referral.become(Status.ACCEPTED)
        self.record("talk.planned", self.referral, self.cast.coach)
        self.news()

    def hold_planned_talk(self) -> None:
        planned = self.referral.planned_talk_at
        if planned is None or planned > self.now:
            raise NotYet
        self.at = planned
        self.first_talk()

    def first_talk(self) -> None:
        referral, rng = self.referral, self.rng
        self.contact("introduction", rng.choice(["practice", "practice", "practice", "home", "office", "walking"]))
        referral.become(Status.ACTIVE)
        referral.first_talk_at, referral.planned_talk_at = self.at, None
        self.news()
        if rng.random() < 0.85:
            self._write_intake()

    def _write_intake(self) -> None:
        rng, themes = self.rng, words.THEMES.get(self.problem, words.USUAL_THEMES)
        intake = Intake(
            region=self.region,
            referral=self.referral,
            welfare_organisation=self.referral.welfare_organisation,
            theme=self.themes[rng.choice(themes)] if rng.random() < 0.8 else None,
            wish=self.fill(words.WISHES[self.problem]).capitalize() + ".",
            strengths=rng.choice(words.STRENGTHS).capitalize() + "." if rng.random() < 0.7 else "",
            obstacles=rng.choice(words.OBSTACLES).capitalize() + "." if rng.random() < 0.6 else "",
            wellbeing_t0=rng.choice([3, 4, 4, 5, 5, 5, 6, 6, 7]) if rng.random() < 0.6 else None,
            held_at=self.at,
            held_by=self.cast.coach,
        )
        self.intakes.append(intake)
        self.record("intake.written", intake, self.cast.coach)

    def plan_action(self, days: int) -> Action:
        action = Action(
            region=self.region,
            referral=self.referral,
            welfare_organisation=self.referral.welfare_organisation,
            owner=self.cast.coach,
            due_on=local_day(self.at) + dt.timedelta(days=days),
            text=self.rng.choice(words.TASKS),
            key=self.key(),
        )
        self.actions.append(action)
        self.record("action.created", action, self.cast.coach)
        return action

    def tick_off(self, contact: Contact) -> None:
        """What was still to do is done with this contact."""
        for action in self.actions:
            if action.done_at is None:
                action.done_at, action.done_by, action.done_in, action.version = self.at, self.cast.coach, contact, 1
                self.record("action.done", action, self.cast.coach)

    def give_feedback(self, moment: str, texts: tuple[str, ...], *, advice: bool = False, **fill: str) -> Feedback:
        """Tell the referrer, within what the client agreed to."""
        referral, level = self.referral, self.referral.client.feedback_level
        share = advice or level == Client.FeedbackLevel.ALL
        body = self.fill(texts, **fill) if share else fixed_sentence(referral)
        return self._write_feedback(moment, body, Notice.Kind.DECLINED if advice else Notice.Kind.FEEDBACK)

    def _write_feedback(self, moment: str, body: str, notice: str) -> Feedback:
        referral = self.referral
        feedback = Feedback(
            region=self.region,
            referral=referral,
            practice=referral.practice,
            moment=moment,
            body=body,
            level=referral.client.feedback_level,
            key=self.key(),
            sent_at=self.at,
            sent_by=self.cast.coach,
        )
        self.feedback.append(feedback)
        if referral.feedback_at is None and referral.first_talk_at is not None:
            referral.feedback_at = self.at
        self.news()
        self.record("feedback.sent", feedback, self.cast.coach, moment=moment)
        self.tell(notice, *self.practice_side)
        return feedback

    def read_feedback(self, feedback: Feedback, days: int) -> None:
        """The GP reads it some days later, unless that is still to come."""
        keeper, self.at = self.at, feedback.sent_at
        when = self.moment(days)
        if when <= self.now:
            self.at = when
            feedback.read_at, feedback.read_by, feedback.version = when, self.cast.gp, 1
            self.record("feedback.read", feedback, self.cast.gp)
            self.seen(self.cast.gp)
        self.at = keeper

    def first_feedback(self) -> None:
        day = date_format(local_day(self.referral.first_talk_at), "j F")
        wish = self.fill(words.WISHES[self.problem])
        self.give_feedback("intake", words.FIRST_FEEDBACK, day=day, wish=wish)

    def pause(self, code: str, days: int) -> None:
        referral, before = self.referral, self.referral.status
        referral.become(Status.PAUSED)
        referral.paused_until = local_day(self.at) + dt.timedelta(days=days)
        referral.pause_reason, referral.paused_from_status = self.reasons["paused", code], before
        referral.planned_talk_at = None
        if code == "safety" or referral.client.feedback_level == Client.FeedbackLevel.OUTCOME:
            self._write_feedback("interim", str(PAUSED_ON_REQUEST), Notice.Kind.FEEDBACK)
        elif referral.client.feedback_level == Client.FeedbackLevel.ALL:
            self.give_feedback("interim", (words.PAUSES[code],))
        self.news()
        self.record("referral.paused", referral, self.cast.coach)

    def resume(self) -> None:
        self.referral.become(self.referral.paused_from_status)
        self.news()
        self.record("referral.resumed", self.referral, self.cast.coach)

    def follow_up(self, days: int) -> None:
        self.referral.become(Status.FOLLOW_UP)
        self.referral.follow_up_on = local_day(self.at) + dt.timedelta(days=days)
        self.news()
        self.record("referral.follow_up_planned", self.referral, self.cast.coach)

    def close(self, status: str, code: str, *, by: Membership | None = None) -> None:
        """The end, with its sentence to the referrer."""
        referral, by = self.referral, by or self.cast.coach
        referral.become(status)
        referral.closed_at, referral.closed_by = self.at, by
        referral.closing_reason = self.reasons[str(status), code]
        referral.planned_talk_at = referral.follow_up_on = None
        if status == Status.WITHDRAWN:
            self.tell(Notice.Kind.WITHDRAWN, self.cast.coordinator, referral.coach)
        else:
            talks = sum(each.result == "spoken" and each.kind in ("introduction", "talk") for each in self.contacts)
            count = words.COUNTS.get(talks, "Meer dan zes")
            texts = words.CLOSING[code]
            last = self.give_feedback("closing", texts, advice=status == Status.DECLINED, Count=count)
            referral.closing_sentence = last.body
        self.news()
        self.record(f"referral.{referral.status}", referral, by, reason=code)

    def shut(self, status: str, code: str, by: Membership) -> None:
        """An end without a sentence: deceased, or consent withdrawn."""
        self.referral.become(status)
        self.referral.closed_at, self.referral.closed_by = self.at, by
        self.referral.closing_reason = self.reasons[str(status), code]
        self.referral.planned_talk_at = self.referral.follow_up_on = None
        self.news()

    def ask(self, body: str) -> Message:
        question = self._message("question", self.cast.coach, body)
        self.record("question.asked", question, self.cast.coach)
        self.tell(Notice.Kind.QUESTION, *self.practice_side)
        return question

    def answer(self, question: Message, body: str) -> None:
        self.seen(self.cast.gp)
        answer = self._message("answer", self.cast.gp, body, answers=question)
        self.record("question.answered", answer, self.cast.gp)
        self.tell(Notice.Kind.ANSWER, self.cast.coach)

    def supplement(self, body: str) -> None:
        message = self._message("supplement", self.cast.referrer, body)
        self.record("referral.supplemented", message, self.cast.referrer)
        self.tell(Notice.Kind.SUPPLEMENTED, self.referral.coach or self.cast.coordinator)

    def _message(self, kind: str, by: Membership, body: str, answers: Message | None = None) -> Message:
        message = Message(
            region=self.region,
            referral=self.referral,
            side="practice" if by.organisation_id == self.referral.practice_id else "welfare",
            kind=kind,
            by=by,
            body=body,
            answers=answers,
            key=self.key(),
        )
        message.created_at = self.at
        self.messages.append(message)
        self.news()
        return message

    def settle(self, now: dt.datetime) -> None:
        """The day on which the coach side has to look again."""
        referral = self.referral
        referral.attention_at = next_attention(referral, now)
        answered = [each.answers for each in self.messages if each.answers is not None]
        asked = [each for each in self.messages if each.kind == "question" and each.side == "practice"]
        referral.question_at = min((each.created_at for each in asked if each not in answered), default=None)
        due = min((each.due_on for each in self.actions if each.done_at is None), default=None)
        if due is not None and referral.attention_at is not None:
            referral.attention_at = min(referral.attention_at, start_of(due))
        answer_by = question_due(referral)
        if answer_by is not None and referral.attention_at is not None:
            referral.attention_at = min(referral.attention_at, start_of(answer_by))
