"""kill -9 of every part of the real demo while people refer: nothing acknowledged is lost or doubled, nobody sees an
error, every mail goes out, and the demo comes back by itself."""

import os
import re
import signal
import threading
import time
import uuid
from collections import Counter

import pytest
import requests

from tests.infrastructure import effects
from tests.infrastructure.effects import Gale, MailServer
from tests.infrastructure.own_demo import CHILDREN, SERVICES, OwnDemo, children_of
from tests.referrals.screen import Inputs

SENDERS = [f"{who}@{region}" for region in ("rivierenland", "heideland") for who in ("huisarts", "assistent")]
# Each of these in turn, then all at once, as when the power fails.
PARTS = ("a web worker", "web", "worker", "beat", "Valkey", "a connection", "PostgreSQL")
RETURN_SECONDS = 60
MAIL_SECONDS = 60
MARK = "Storm"  # every patient of this test has a name that begins like this


class Sender(threading.Thread):
    """Somebody who refers one patient after the other, and sends a form again when no good answer comes."""

    def __init__(self, demo: OwnDemo, who: str):
        super().__init__(daemon=True)
        self.demo, self.who, self.session = demo, who, requests.Session()
        self.stopped = threading.Event()
        self.sent: list[str] = []  # keys
        self.acknowledged: dict[str, str] = {}  # key → reference of the referral that was promised
        self.refusals: list[str] = []
        self.answers: Counter[int] = Counter()  # 0: no answer
        self.form = self._sign_in()

    def _sign_in(self) -> dict[str, str]:
        who, region = self.who.split("@")
        token = self._inputs("/aanmelden/")["csrfmiddlewaretoken"]
        self.session.post(f"{self.demo.url}/demo/aanmelden/{region}/{who}/", {"csrfmiddlewaretoken": token}, timeout=20)
        postcode = self.demo.rows(
            "SELECT c.postcode FROM referrals_client c JOIN accounts_membership m ON m.organisation_id = c.practice_id"
            f" JOIN accounts_user u ON u.id = m.user_id WHERE u.email = '{self.who}.example' LIMIT 1"
        )[0][0]
        form = {**self._inputs("/verwijzingen/nieuw/"), "postcode": postcode}
        form |= self._inputs("/verwijzingen/nieuw/plek/", form)
        given = {"given_name": "Alle", "birth_date": "12-3-1956", "phone": "0612345678", "consent": "on"}
        return form | given | {"help_request": f"Hulpvraag van {MARK}", "other_conversation": "on"}

    def _inputs(self, path: str, data: dict | None = None) -> dict[str, str]:
        """What a browser would send with the form of this page: of each group the first choice."""
        answer = self.session.request("POST" if data else "GET", self.demo.url + path, data=data, timeout=20)
        found = Inputs(answer.text).found
        sender = re.search(r'name="on_behalf_of".*?<option value="([^"]+)"', answer.text, re.DOTALL)
        fields = {name: inputs[0].get("value") or "" for name, inputs in found.items()}
        kept = {name: text for name, text in fields.items() if text and not name.startswith(("is_", "may_", "needs_"))}
        return kept | ({"on_behalf_of": sender[1]} if sender else {})

    def run(self) -> None:
        while not self.stopped.is_set():
            self._refer()
            time.sleep(0.2)  # breath for who else needs the processor

    def _refer(self) -> None:
        key = uuid.uuid4()
        data = {**self.form, "key": str(key), "family_name": family_name(key)}
        self.sent.append(str(key))
        first, lost = True, len(self.sent) % 2
        deadline = time.monotonic() + 2 * RETURN_SECONDS
        while time.monotonic() < deadline:
            # Every other form is sent by somebody whose first answer gets lost: it may have been taken in, or not.
            answer = self._ask("POST", "/verwijzingen/nieuw/", data, patience=0.05 if first and lost else 20)
            first = False
            if answer is not None and (found := re.search(r"/verwijzingen/([\w-]{36})/verstuurd/", answer)):
                self.acknowledged[str(key)] = found[1]
                self._ask("GET", found[0])
                return
            time.sleep(0.2)

    def _ask(self, method: str, path: str, data: dict | None = None, patience: float = 20) -> str | None:
        """Where we are sent to, or nothing; every answer is counted and judged."""
        options = {"data": data, "timeout": patience, "allow_redirects": False}
        try:
            answer = self.session.request(method, self.demo.url + path, **options)
        except requests.RequestException:
            self.answers[0] += 1
            return None
        self.answers[answer.status_code] += 1
        is_polite = answer.status_code == 503 and "Retry-After" in answer.headers and "We zijn zo terug" in answer.text
        if answer.status_code != (302 if method == "POST" else 200) and not is_polite:
            self.refusals.append(f"{method} {path}: {answer.status_code}")
        return answer.headers.get("Location", "")


def family_name(key: uuid.UUID) -> str:
    """Letters only, a different one for each key."""
    return MARK + "".join(chr(ord("a") + int(digit, 16)) for digit in key.hex)


class Storm:
    """Everything that was killed, and what the senders saw of it."""

    def __init__(self, demo: OwnDemo):
        self.demo = demo
        self.senders = [Sender(demo, who) for who in SENDERS]
        self.away: dict[str, float] = {}  # seconds until all was well again

    def blow(self) -> "Storm":
        for sender in self.senders:
            sender.start()
        for part in PARTS:
            self._kill([part])
        self._kill([*CHILDREN, *SERVICES])
        self.back_at = time.monotonic()
        for sender in self.senders:
            sender.stopped.set()
        for sender in self.senders:
            sender.join(2 * RETURN_SECONDS)
        return self

    def _kill(self, parts: list[str]) -> None:
        self._wait_for_referrals(2)
        started = time.monotonic()
        for pid in [self._pid(part) for part in parts]:
            os.kill(pid, signal.SIGKILL)
        self._wait_for_referrals(1)
        while self.demo.status("/readyz") != 200 and time.monotonic() - started < RETURN_SECONDS:
            time.sleep(0.1)
        self.away[" + ".join(parts)] = round(time.monotonic() - started, 1)

    def _pid(self, part: str) -> int:
        if part == "a web worker":
            return children_of(self.demo.pid("web"))[0]
        if part == "a connection":
            return self.demo.rows("SELECT pid FROM pg_stat_activity WHERE usename = 'wor_app' LIMIT 1")[0][0]
        return self.demo.pid(part)

    def _wait_for_referrals(self, number: int) -> None:
        """Until everybody was promised so many more; a part is always killed while referrals are on their way."""
        before = [len(sender.acknowledged) for sender in self.senders]
        deadline = time.monotonic() + RETURN_SECONDS
        while time.monotonic() < deadline and self.demo.is_running():
            if all(len(s.acknowledged) >= n + number for s, n in zip(self.senders, before, strict=True)):
                return
            time.sleep(0.05)

    @property
    def acknowledged(self) -> dict[str, str]:
        return {key: ref for sender in self.senders for key, ref in sender.acknowledged.items()}

    @property
    def answers(self) -> Counter[int]:
        return sum((sender.answers for sender in self.senders), Counter())


@pytest.fixture(scope="module")
def mails():
    server = MailServer()
    server.open()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def storm(mails):
    demo = OwnDemo(mails.port)
    try:
        yield Storm(demo.start()).blow()
    finally:
        demo.remove()


@pytest.fixture(scope="module")
def gale(storm, mails):
    """After the storm, in the same demo: people are gone, and a thousand effects are on their way."""
    return Gale(storm.demo, mails).blow()


def test_demo_comes_back_by_itself_after_each_kill(storm):
    assert storm.demo.is_running(), storm.demo.said.read_text()
    assert len(storm.away) == len(PARTS) + 1
    assert max(storm.away.values()) < RETURN_SECONDS, storm.away
    assert storm.demo.status("/readyz") == 200


def test_everything_that_was_acknowledged_is_there(storm):
    found = dict(storm.demo.rows("SELECT key::text, reference::text FROM referrals_referral"))

    assert len(storm.acknowledged) > 50
    assert {key: found.get(key) for key in storm.acknowledged} == storm.acknowledged


def test_nothing_that_was_sent_is_there_twice_or_in_part(storm):
    """Counted by the patient's name, so that one sent twice under two keys would be seen too."""
    found = storm.demo.rows(
        "SELECT c.family_name, count(DISTINCT c.id), count(DISTINCT r.id), count(DISTINCT s.id), count(DISTINCT e.id)"
        " FROM referrals_client c LEFT JOIN referrals_referral r ON r.client_id = c.id"
        " LEFT JOIN referrals_consent s ON s.referral_id = r.id"
        " LEFT JOIN audit_event e ON e.subject_ref = r.reference AND e.name = 'referral.sent'"
        f" WHERE c.family_name LIKE '{MARK}%' GROUP BY c.family_name"
    )
    names = {family_name(uuid.UUID(key)) for sender in storm.senders for key in sender.sent}

    assert {name for name, *_ in found} <= names
    assert {name: counts for name, *counts in found if counts != [1, 1, 1, 1]} == {}


def test_nobody_saw_an_error(storm):
    assert [refusal for sender in storm.senders for refusal in sender.refusals] == []
    # The kills were felt: somebody was told to wait, or reached nobody.
    assert storm.answers[0] + storm.answers[503] > 0


def test_every_mail_goes_out_within_a_minute(storm, mails):
    waiting = "SELECT count(*) FROM outbox_effect WHERE done_at IS NULL AND not_before <= now()"
    while storm.demo.rows(waiting)[0][0] and time.monotonic() - storm.back_at < MAIL_SECONDS:
        time.sleep(0.5)
    told = storm.demo.rows(
        "SELECT r.key::text, count(n.id), count(f.id), count(f.done_at), count(nullif(f.message_id, ''))"
        " FROM referrals_referral r LEFT JOIN outbox_notice n ON n.subject_ref = r.reference"
        " LEFT JOIN outbox_effect f ON f.kind = 'notice' AND f.subject_ref = n.reference GROUP BY r.key"
    )
    counts = {key: set(numbers) for key, *numbers in told if key in storm.acknowledged}
    handed_over = {mail for (mail,) in storm.demo.rows("SELECT message_id FROM outbox_effect WHERE message_id <> ''")}

    assert {key: numbers for key, numbers in counts.items() if len(numbers) != 1 or 0 in numbers} == {}
    assert handed_over <= mails.ids().keys()


def test_no_log_mail_or_message_of_the_broker_holds_a_patient(storm, mails):
    """The others of trust.md 20: tests/test_canaries.py."""
    assert "dispatch_effects" in storm.demo.broker()
    assert mails.texts
    for told in (storm.demo.logs(), storm.demo.broker(), "".join(mails.texts)):
        assert MARK not in told


def test_effects_are_really_hit(gale, mails):
    """Else the tests below say nothing."""
    assert gale.demo.is_running(), gale.demo.said.read_text()
    assert gale.killed_at[0] == 0
    assert all(0 < at < effects.READERS + effects.COACHES for at in gale.killed_at[1:]), gale.killed_at
    assert mails.refused == {"busy": 2, "later": 20, "mute": 6}


def test_no_reminder_is_told_twice_and_none_is_missing(gale, mails):
    told = gale.demo.rows(
        f"SELECT c.reference, count(DISTINCT r.id), count(DISTINCT n.id) FROM ({effects.OUR_CASES}) c"
        " LEFT JOIN outbox_reminder r ON r.subject_ref = c.reference AND r.done_at IS NOT NULL"
        " LEFT JOIN outbox_notice n ON n.subject_ref = c.reference GROUP BY c.reference"
    )
    assert len(told) == effects.COACHES * effects.CASES
    assert [counts for counts in told if counts[1:] != (1, 1)] == []


def test_reminding_mail_arrives_at_most_once_and_what_is_in_doubt_is_shown(gale, mails):
    rows = gale.demo.rows(
        "SELECT message_id, done_at IS NOT NULL, EXISTS (SELECT FROM outbox_notice n"
        " WHERE n.subject_ref = f.subject_ref AND n.kind = 'delivery_failed')"
        f" FROM outbox_effect f WHERE kind = 'reminders' AND {effects.OURS}"
    )
    arrived = mails.ids()

    assert len(rows) >= effects.COACHES  # a second one each when midnight came in between
    assert {mail: arrived[mail] for mail, *_ in rows if arrived[mail] > 1} == {}
    assert [mail for mail, is_done, _shown in rows if is_done and not arrived[mail]] == []
    assert [mail for mail, is_done, is_shown in rows if is_done == is_shown] == []


def test_every_notice_arrives(gale, mails):
    rows = gale.demo.rows(
        "SELECT n.membership_id, count(DISTINCT n.id), count(f.done_at), count(f.failed_at), array_agg(f.message_id)"
        " FROM outbox_notice n LEFT JOIN outbox_effect f ON f.kind = 'notice' AND f.subject_ref = n.reference"
        f" WHERE n.kind = 'referral_new' AND n.membership_id IN ({effects.PEOPLE}) GROUP BY n.membership_id"
    )
    arrived = mails.ids().keys()

    assert len(rows) == effects.READERS
    assert [row for row in rows if row[1:4] != (effects.NEWS, effects.NEWS, 0)] == []
    assert [row for row in rows if not set(row[4]) <= arrived] == []


def test_ctrl_c_leaves_nothing_behind(storm):
    """The last one: it ends the demo."""
    assert storm.demo.stop() == 130
    assert storm.demo.leftovers() == []
