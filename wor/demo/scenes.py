"""Cases that show something: each is on the list of the demo's coach or practice on the day of loading."""

import datetime as dt
from collections.abc import Callable

from referrals.models import Consent, Recusal, Referral, Status, Transfer
from wor.calendar import add_working_days, is_working_day, local_day, start_of
from wor.demo import words
from wor.demo.life import Life
from wor.outbox.models import Notice

Scene = tuple[Callable[[dt.date], dt.date], Callable[[Life], None]]


def days(number: int) -> Callable[[dt.date], dt.date]:
    """Sent so many days ago, or on the working day before."""

    def day(today: dt.date) -> dt.date:
        sent = today - dt.timedelta(days=number)
        while not is_working_day(sent):
            sent -= dt.timedelta(days=1)
        return sent

    return day


def answer_due_today(today: dt.date) -> dt.date:
    """The last day from which three working days had passed by today."""
    day = today
    while add_working_days(day, 3) > today:
        day -= dt.timedelta(days=1)
    return day


def _today_at(life: Life, hour: int) -> dt.datetime:
    """Today at this hour; on a day off the next working day, because nobody plans a first talk on a Sunday."""
    day = local_day(life.now)
    return start_of(day if is_working_day(day) else add_working_days(day, 1)) + dt.timedelta(hours=hour)


def _begun(life: Life, talk_after: int = 6, feedback_after: int | None = 1) -> None:
    """Sent, accepted the next day, spoken, first talk held, and perhaps told back."""
    life.send()
    life.wait(1)
    life.accept()
    life.wait(1)
    life.plan_talk(talk_after)
    life.hold_planned_talk()
    if feedback_after is not None:
        life.wait(feedback_after)
        life.first_feedback()


def _read(life: Life) -> None:
    for feedback in life.feedback:
        life.read_feedback(feedback, 1)


def just_sent(life: Life) -> None:
    life.send()


def not_reached_yet(life: Life) -> None:
    life.send()
    life.wait(1)
    life.accept()
    for _attempt in range(2):
        life.wait(4)
        life.try_to_call()


def talk_today(life: Life) -> None:
    life.send()
    life.wait(1)
    life.accept()
    life.wait(1)
    life.plan_talk(5)
    life.referral.planned_talk_at = _today_at(life, 15)


def feedback_late(life: Life) -> None:
    _begun(life, feedback_after=None)


def action_today(life: Life) -> None:
    _begun(life)
    life.plan_action(3)
    life.actions[-1].due_on = local_day(life.now)
    _read(life)


def question_open(life: Life) -> None:
    _begun(life)
    life.wait(1)
    life.ask(words.OPEN_QUESTION)
    _read(life)


def answer_came(life: Life) -> None:
    _begun(life)
    life.wait(1)
    asked, told = words.QUESTIONS[1]
    question = life.ask(asked)
    life.wait(2)
    life.answer(question, told)
    _read(life)


def supplemented(life: Life) -> None:
    life.send()
    life.wait(1)
    life.accept()
    life.wait(1)
    life.supplement(words.SUPPLEMENT)


def pause_over(life: Life) -> None:
    _begun(life)
    life.wait(5)
    life.pause("money", 42)
    life.referral.paused_until = local_day(life.now) - dt.timedelta(days=1)
    _read(life)


def paused(life: Life) -> None:
    _begun(life)
    life.wait(5)
    life.pause("health", 42)
    _read(life)


def follow_up_today(life: Life) -> None:
    _followed_up(life, 0)


def follow_up_late(life: Life) -> None:
    _followed_up(life, 4)


def _followed_up(life: Life, days_late: int) -> None:
    _begun(life)
    life.wait(7)
    life.contact("accompany", "walking", line=words.ACCOMPANIED[0])
    life.follow_up(42)
    life.referral.follow_up_on = local_day(life.now) - dt.timedelta(days=days_late)
    _read(life)


def waiting(life: Life) -> None:
    life.send()
    life.wait(2)
    life.accept(by=life.cast.coordinator)
    life.wait(1)
    life.contact("arrange", "phone", line="Gesproken. Weet van de wachtlijst en vindt het goed.")
    life.waitlist(6)


def declined(life: Life) -> None:
    life.send()
    life.wait(2)
    life.close(Status.DECLINED, "too_complex")


def unread_first_news(life: Life) -> None:
    _begun(life)


def unread_closing(life: Life) -> None:
    _begun(life, talk_after=4)
    _read(life)
    life.wait(14)
    life.contact("talk", "home", line=words.TALKS[2])
    life.wait(10)
    life.close(Status.COMPLETED, "own_network")


def reopened(life: Life) -> None:
    unread_closing(life)
    _read(life)
    life.wait(20)
    referral = life.referral
    referral.become(Status.ACTIVE)
    referral.closed_at = referral.closed_by = referral.closing_reason = None
    referral.closing_sentence = ""
    life.news()
    life.record("referral.reopened", referral, life.cast.coach)


def concern(life: Life) -> None:
    _begun(life)
    life.wait(3)
    life.contact("concern", "phone", line="Het gaat vandaag slecht.", told_to=life.cast.gp.display_name)
    _read(life)


def deceased(life: Life) -> None:
    """The practice says so: everything stops at once."""
    _begun(life)
    _read(life)
    life.wait(12)
    client = life.referral.client
    client.deceased_at, client.deceased_by, client.version = life.at, life.cast.gp, 1
    life.shut(Status.STOPPED, "deceased", life.cast.gp)
    life.record("client.deceased", life.referral, life.cast.gp)
    life.record("client.deceased", client, life.cast.gp)
    life.tell(Notice.Kind.DECEASED, life.cast.coach)


def consent_withdrawn(life: Life) -> None:
    """The client said stop to the coach."""
    _begun(life)
    _read(life)
    life.wait(9)
    life.referral.consent_withdrawn_at = life.at
    life.shut(Status.STOPPED, "consent_withdrawn", life.cast.coach)
    for consent in life.consents:
        consent.withdrawn_at, consent.withdrawn_by = life.at, life.cast.coach
        consent.withdrawn_by_kind = Consent.WithdrawnBy.CLIENT
    life.record("consent.withdrawn", life.referral, life.cast.coach, said_to="client")
    life.tell(Notice.Kind.STOPPED, *life.practice_side)


def entered_in_error(life: Life) -> None:
    life.send()
    life.wait(0)
    referral, by = life.referral, life.cast.referrer
    referral.become(Status.ENTERED_IN_ERROR)
    referral.closed_at, referral.closed_by = life.at, by
    life.news()
    life.record("referral.entered_in_error", referral, by)
    life.tell(Notice.Kind.WITHDRAWN, life.cast.coordinator, life.cast.coach)


def shielded(life: Life) -> None:
    """A colleague's own: only who referred and who guides sees it."""
    life.referral.is_shielded = True
    life.referral.referrer = life.referral.sent_by = life.cast.referrer = life.cast.gp
    life.referral.on_behalf_of = None
    life.referral.coach = life.cast.coach
    _begun(life)


def recused(life: Life) -> None:
    """The coach knows this client: a colleague guides."""
    life.send()
    life.wait(1)
    knows, colleague = life.cast.coach, life.cast.colleague
    if colleague is None:
        return
    life.cast.coach = colleague
    life.recusals.append(Recusal(region=life.region, referral=life.referral, membership=knows))
    life.record("referral.recused", life.referral, knows)
    life.wait(1)
    life.accept(by=life.cast.coordinator)
    life.wait(2)
    life.plan_talk(4)
    life.hold_planned_talk()
    life.wait(1)
    life.first_feedback()
    _read(life)


def transferred(life: Life) -> None:
    """Moved house: another welfare organisation goes on, with new consent and a first talk of its own."""
    life.send()
    life.wait(1)
    life.accept()
    life.wait(1)
    life.contact("arrange", "phone", line="Verhuist binnenkort. Wil daar graag iets vinden.")
    life.wait(1)
    referral, to = life.referral, life.cast.elsewhere
    if to is None:
        return
    by, former = life.cast.coach, referral.welfare_organisation
    referral.become(Status.SENT)
    referral.transferred_at = life.at
    begin_anew(referral, to.organisation)
    life.consents.append(life.consent(by))
    life.transfers.append(
        Transfer(
            region=life.region, referral=referral, from_organisation=former, to_organisation=to.organisation, by=by
        )
    )
    life.news()
    life.record("referral.transferred", referral, by)
    life.cast.coach = to
    life.tell(Notice.Kind.NEW_REFERRAL, to)
    life.wait(1)
    life.accept()


def begin_anew(referral: Referral, welfare_organisation) -> None:
    referral.welfare_organisation, referral.coach = welfare_organisation, None
    referral.accepted_at = referral.accepted_by = None
    referral.first_contact_at = referral.first_talk_at = referral.feedback_at = None
    referral.planned_talk_at = referral.expected_week = referral.follow_up_on = None
    referral.attempts = 0


# For the practice of huisarts@ with coach@, and for the other practice that this coach works for.
HERE: tuple[Scene, ...] = (
    (days(0), just_sent),
    (days(1), just_sent),
    (answer_due_today, just_sent),
    (days(17), not_reached_yet),
    (days(8), talk_today),
    (days(21), feedback_late),
    (days(24), action_today),
    (days(16), question_open),
    (days(5), declined),
    (days(14), unread_first_news),
    (days(40), unread_closing),
    (days(75), follow_up_today),
    (days(33), shielded),
    (days(60), consent_withdrawn),
    (days(20), transferred),
)
ALSO_HERE: tuple[Scene, ...] = (
    (days(9), just_sent),
    (days(15), waiting),
    (days(19), answer_came),
    (days(6), supplemented),
    (days(65), pause_over),
    (days(28), paused),
    (days(85), follow_up_late),
    (days(80), reopened),
    (days(26), concern),
    (days(70), deceased),
    (days(12), entered_in_error),
    (days(23), recused),
)
