"""The ways a referral goes. Shares follow what was published of the first places that worked like this (2012–2013)."""

import datetime as dt

from referrals.models import Status
from wor.calendar import local_day
from wor.demo import words
from wor.demo.life import Life, NotYet

# How a hundred referrals end. Nearly half start something.
ENDS: dict[tuple[str, str], int] = {
    ("completed", "joined_activity"): 37,
    ("completed", "volunteering"): 6,
    ("completed", "buddy"): 5,
    ("completed", "talks_enough"): 10,
    ("completed", "own_network"): 4,
    ("completed", "found_self"): 3,
    ("completed", "onward"): 5,
    ("completed", "no_change"): 2,
    ("stopped", "not_fitting"): 2,
    ("stopped", "client_stops"): 2,
    ("stopped", "practical"): 1,
    ("stopped", "health"): 1,
    ("stopped", "caring"): 1,
    ("stopped", "lost_contact"): 1,
    ("not_started", "not_reached"): 5,
    ("not_started", "client_no"): 3,
    ("not_started", "client_later"): 2,
    ("not_started", "other_route"): 1,
    ("not_started", "waited_too_long"): 1,
    ("declined", "too_complex"): 2,
    ("declined", "other_help_first"): 2,
    ("declined", "already_guided"): 1,
    ("withdrawn", "client_no"): 2,
    ("withdrawn", "other_route"): 1,
}
STARTED_SOMETHING = ("joined_activity", "volunteering", "buddy")
PAUSE_CODES = ("money", "health", "caring", "activity_starts_later", "safety", "treatment")


def live(life: Life, end: tuple[str, str], *, waits: bool) -> None:
    """Go through a referral until its end, or until now."""
    status, code = end
    try:
        life.send()
        if status == "withdrawn":
            life.wait(2, 6)
            life.close(Status.WITHDRAWN, code, by=life.cast.referrer)
        elif status == "declined":
            life.wait(1, 4)
            life.close(Status.DECLINED, code)
        else:
            _take_on(life, waits=waits and code != "not_reached")
            if status == "not_started":
                _no_talk(life, code)
            else:
                _talk(life)
                _guide(life, status, code)
    except NotYet:
        pass
    _practice_reads(life)


def _take_on(life: Life, *, waits: bool) -> None:
    life.wait(0, 4)
    by_coordinator = life.rng.random() < 0.25
    life.accept(by=life.cast.coordinator if by_coordinator else life.cast.coach)
    if waits:
        life.wait(0, 2)
        life.contact("arrange", "phone", line="Gesproken. Weet van de wachtlijst en vindt het goed.")
        life.waitlist(life.rng.randint(4, 7))


def _no_talk(life: Life, code: str) -> None:
    if code == "not_reached":
        for _attempt in range(3):
            life.wait(2, 5)
            life.try_to_call()
        life.wait(3, 8)
    else:
        life.wait(30, 50) if code == "waited_too_long" else life.wait(2, 6)
        life.contact("arrange", "phone", line="Wil nu geen gesprek.")
        life.wait(0, 1)
    life.close(Status.NOT_STARTED, code)


def _talk(life: Life) -> None:
    """From taken on to the first talk, with its feedback."""
    if life.referral.expected_week is not None:
        days = (life.referral.expected_week - local_day(life.at)).days
        life.wait(max(days - 10, 1))
    for _attempt in range(life.rng.choice([0, 0, 0, 1, 1, 2])):
        life.wait(1, 3)
        life.try_to_call()
    life.wait(1, 4)
    life.plan_talk(life.rng.randint(3, 9))
    life.hold_planned_talk()
    life.plan_action(life.rng.randint(14, 22))
    if life.rng.random() < 0.2:
        _ask(life)
    life.wait(0, 6) if life.rng.random() < 0.9 else life.wait(8, 16)
    life.first_feedback()


def _ask(life: Life) -> None:
    asked, told = life.rng.choice(words.QUESTIONS)
    life.wait(0, 1)
    question = life.ask(asked)
    life.wait(1, 3)
    life.answer(question, told)


def _guide(life: Life, status: str, code: str) -> None:
    """Talks, sometimes a pause, an activity, and the end."""
    rng = life.rng
    if rng.random() < 0.09:
        _pause(life)
    for _talk_number in range(rng.choice([0, 1, 1, 1, 2, 2, 3])):
        life.wait(10, 20)
        contact = life.contact(
            "talk", rng.choice(["practice", "home", "phone", "walking"]), line=rng.choice(words.TALKS)
        )
        life.tick_off(contact)
    if code in (*STARTED_SOMETHING, "not_fitting"):
        life.wait(5, 14)
        life.tick_off(life.contact("accompany", "walking", line=rng.choice(words.ACCOMPANIED)))
    if code in STARTED_SOMETHING:
        life.follow_up(42)
        if rng.random() < 0.3:
            life.wait(7, 12)
            life.give_feedback("interim", (words.INTERIM,))
        life.wait(36, 46)
        life.contact("follow_up", "phone", line=rng.choice(words.CHECK_INS))
        life.referral.follow_up_on = local_day(life.at) + dt.timedelta(weeks=6)
        life.wait(20, 44)
        life.tick_off(life.contact("follow_up", "phone", line=rng.choice(words.CHECK_INS)))
    life.wait(3, 12)
    for action in life.actions:
        if action.done_at is None:
            life.tick_off(life.contact("talk", "phone", line=rng.choice(words.TALKS)))
    life.close(Status(status), code)


def _pause(life: Life) -> None:
    days = life.rng.choice([28, 42, 42, 56])
    life.wait(4, 12)
    life.tick_off(life.contact("talk", "phone", line="Even pas op de plaats, samen afgesproken."))
    life.pause(life.rng.choice(PAUSE_CODES), days)
    life.wait(days, days + 4)
    life.resume()


def _practice_reads(life: Life) -> None:
    """Feedback is read within a week or two; some of last month's is still waiting."""
    for feedback in life.feedback:
        is_recent = life.now - feedback.sent_at < dt.timedelta(days=30)
        if not is_recent or life.rng.random() < 0.8:
            life.read_feedback(feedback, life.rng.choice([0, 1, 1, 2, 3, 5, 8, 12]))
