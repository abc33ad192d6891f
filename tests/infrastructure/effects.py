"""A thousand effects in the real demo, and a mail server of our own that can refuse: what everything may break on."""

import email
import os
import shutil
import signal
import socketserver
import threading
import time
from collections import Counter

from tests.infrastructure.own_demo import ROOT, OwnDemo, children_of, processes_with

DOMAIN = "duizend.example"  # the addresses of who hears of these effects
READERS, NEWS, COACHES, CASES = 150, 4, 100, 4  # 150 people hear of 4 referrals, 100 are reminded of 4 cases each
AWAY_SECONDS = 10
PATIENCE = 120

FILL = f"""
import sys
sys.path.append({str(ROOT)!r})
import datetime as dt
from django.db import transaction
from django.utils import timezone
from tests import factories
from wor.accounts.models import Membership, User
from wor.outbox.services import notify

def people(world, name, number):
    users = User.objects.bulk_create(
        User(email=f"{{name}}{{each}}@{DOMAIN}", name=name, password="!") for each in range(number)
    )
    return Membership.objects.bulk_create(
        Membership(region=world.region, organisation=world.welfare, role="coach", user=user, display_name=name)
        for user in users
    )

with transaction.atomic():
    world = factories.make_world("rivierenland")
    long_ago = timezone.now() - dt.timedelta(days=40)
    for coach in people(world, "coach", {COACHES}):
        for _each in range({CASES}):
            factories.make_referral(world, status="accepted", coach=coach, sent_at=long_ago)
    readers = people(world, "lezer", {READERS})
    for _each in range({NEWS}):
        notify("referral_new", factories.make_referral(world), readers, by=world.referrer)
"""


class Session(socketserver.StreamRequestHandler):
    """One connection of a mail client."""

    server: "MailServer"

    def handle(self) -> None:
        if self.server.turns_away("busy"):
            return self._say("421 Too busy")
        self._say("220 ready")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self._say("354 go on")
                if not self._take():
                    return None
            elif verb == b"QUIT":
                return self._say("221 bye")
            else:
                refused = verb == b"RCPT" and self.server.turns_away("later")
                self._say("451 Try again later" if refused else "250 fine")
        return None

    def _take(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.server.keep(b"".join(lines))
        if self.server.turns_away("mute"):
            return False  # it has the mail, and nobody hears that it has
        self._say("250 taken")
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server on loopback. It takes everything, unless ``open`` was told how often to turn somebody away."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session, bind_and_activate=False)
        self.server_bind()  # the port is ours; until ``open`` a connection is refused
        self.port = self.server_address[1]
        self.arrived: list[tuple[str, str]] = []  # address and Message-ID of each mail, in order
        self.texts: list[str] = []
        self.refusals: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._lock = threading.Lock()

    def open(self, **refusals: int) -> None:
        self.refusals = Counter(refusals)
        self.server_activate()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def shut(self) -> None:
        """From now on a connection is refused; the port stays ours."""
        address = self.server_address
        self.shutdown()
        self.server_close()
        self.socket = type(self.socket)(self.address_family, self.socket_type)
        self.server_address = address
        self.server_bind()

    def turns_away(self, how: str) -> bool:
        with self._lock:
            if not self.refusals[how]:
                return False
            self.refusals[how] -= 1
            self.refused[how] += 1
            return True

    def keep(self, mail: bytes) -> None:
        message = email.message_from_bytes(mail)
        with self._lock:
            self.arrived.append((message["To"], message["Message-ID"]))
            self.texts.append(f"{message['Subject']}\n{message.get_payload(decode=True).decode()}")

    def ids(self) -> Counter[str]:
        return Counter(message_id for _address, message_id in self.arrived)

    def to_us(self) -> int:
        return sum(address.endswith(DOMAIN) for address, _id in self.arrived)


class Gale:
    """The worker or its hands killed three times, the broker and PostgreSQL lost, and the mail server refusing."""

    def __init__(self, demo: OwnDemo, mails: MailServer):
        self.demo, self.mails = demo, mails
        self.killed_at: list[int] = []  # how many of our mails had arrived

    def blow(self) -> "Gale":
        self.mails.shut()
        self.demo.manage("shell", "-c", FILL)
        self._kill(self._hands())
        self._lose_services()
        self.mails.open(busy=2, later=20, mute=6)
        self._until(lambda: self.mails.to_us() > 0.3 * (READERS + COACHES))
        self._kill([*self._hands(), self.demo.pid("worker")])
        self._until(lambda: self.mails.to_us() > 0.6 * (READERS + COACHES))
        self._kill(self._hands())
        self._until(lambda: self.waiting() == 0)
        return self

    def waiting(self) -> int:
        """How much is still to be told or sent. What waits for a better moment need not: an hour passes."""
        told = self.demo.rows(f"SELECT count(done_at) FROM outbox_reminder WHERE subject_ref IN ({OUR_CASES})")[0][0]
        left = self.demo.rows(
            "UPDATE outbox_effect SET not_before = not_before - interval '1 hour', sending_at = sending_at -"
            # Not of what a living worker hands over at this moment.
            " CASE WHEN sending_at < now() - interval '5 seconds' THEN interval '1 minute' ELSE interval '0' END"
            f" WHERE done_at IS NULL AND failed_at IS NULL AND {OURS} RETURNING id"
        )
        return COACHES * CASES - told + len(left)

    def _hands(self) -> list[int]:
        """The processes that do the worker's work."""
        return children_of(self.demo.pid("worker"))

    def _kill(self, pids: list[int]) -> None:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        self.killed_at.append(self.mails.to_us())

    def _lose_services(self) -> None:
        """PostgreSQL stops for ten seconds; meanwhile the broker dies, and what it knew is gone."""
        (keeper,) = processes_with(f"{self.demo.folder / 'run'}\0_keep")
        os.kill(keeper, signal.SIGSTOP)  # else it would start them again at once
        try:
            os.kill(self.demo.pid("PostgreSQL"), signal.SIGINT)
            os.kill(self.demo.pid("Valkey"), signal.SIGKILL)
            shutil.rmtree(self.demo.state / "services" / "valkey" / "appendonlydir")
            assert self.demo.status("/readyz") == 503
            time.sleep(AWAY_SECONDS)
        finally:
            os.kill(keeper, signal.SIGCONT)
        self._until(lambda: self.demo.status("/readyz") == 200)

    def _until(self, is_so) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so() and time.monotonic() < deadline and self.demo.is_running():
            time.sleep(0.2)


PEOPLE = (
    f"SELECT m.id FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id WHERE u.email LIKE '%@{DOMAIN}'"
)
OUR_CASES = f"SELECT reference FROM referrals_referral WHERE coach_id IN ({PEOPLE})"
OURS = (
    f"(recipient_membership_id IN ({PEOPLE})"
    f" OR recipient_user_id IN (SELECT id FROM accounts_user WHERE email LIKE '%@{DOMAIN}'))"
)
