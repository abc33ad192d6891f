"""A running site for the journeys: web, worker and beat as processes, on a database of their own.

Without WOR_DEMO, with real passwords and second factors. Listens on loopback only; ended by process id.
"""

import datetime as dt
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from deploy import processes

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def on_database(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))


@contextmanager
def as_owner(database: str):
    """A cursor past the policies, for what no role of the site may write or count."""
    connection = psycopg2.connect(on_database(os.environ["DATABASE_OWNER_URL"], database))
    with closing(connection), connection, connection.cursor() as cursor:
        yield cursor


class Site:
    """Starts with ``Site(database)``; ``people`` can sign in, ``mails()`` is what was sent; ``stop()`` ends it."""

    def __init__(self, database: str):
        self.database = database
        self.folder = Path(tempfile.mkdtemp(prefix="wor-"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.children: dict[str, subprocess.Popen] = {}
        self.ahead = dt.timedelta()
        self.sessions: dict[str, list] = {}  # who → cookies of somebody who signed in before
        self.env = self._environment(database)
        self.seed = json.loads(self._run("-m", "tests.journeys.seed"))
        self.people = self.seed["people"]
        self._run("manage.py", "collectstatic", "--noinput")
        self.start()

    def _environment(self, database: str) -> dict[str, str]:
        mails = self.folder / "mails"
        mails.mkdir()
        env = {name: text for name, text in os.environ.items() if not name.startswith("DATABASE_OWNER")}
        return env | {
            "DJANGO_SETTINGS_MODULE": "wor.settings",
            "DATABASE_URL": on_database(os.environ["DATABASE_URL"], database),
            "REDIS_URL": os.environ["REDIS_URL"].replace("virtual_host=0", "virtual_host=9"),
            "EMAIL_URL": f"filemail:///{mails}",  # django-environ takes one slash away
            "SITE_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "WOR_DEMO": "0",
            "STATIC_ROOT": str(self.folder / "static"),
            "PYTHONPATH": str(ROOT),
        }

    def _run(self, *arguments: str) -> str:
        ran = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=self.env, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr[-2000:]
        return ran.stdout

    def turn_clock(self, ahead: dt.timedelta) -> None:
        """End web, worker and beat and start them again so much later, as after a power cut.

        Who had signed in has to do so again. PostgreSQL keeps the real time: only moments that it fills in itself
        (``created_at`` of some rows, the access log) are those of before.
        """
        self.end_processes(*self.children)
        self.ahead = ahead
        self._live(ahead)
        self.sessions.clear()
        self.start()

    def let_a_minute_pass(self) -> None:
        """For beat alone: what it does every minute is due again, and nobody has to wait for it."""
        self.end_processes("beat")
        self._live(self.ahead + dt.timedelta(seconds=61))
        self.start_beat()

    def _live(self, ahead: dt.timedelta) -> None:
        self.env |= {
            "JOURNEY_SECONDS_AHEAD": str(ahead.total_seconds()),
            "PYTHONPATH": os.pathsep.join((str(ROOT / "tests/journeys/clock"), str(ROOT))),
        }

    def now(self) -> dt.datetime:
        """What time it is there."""
        return dt.datetime.now(dt.UTC) + self.ahead

    def start(self) -> None:
        self.launch("web", [*processes.WEB, "--bind", f"127.0.0.1:{self.port}"])
        self.launch("worker", processes.WORKER)
        self.start_beat()
        self.wait("/readyz", 60)

    def start_beat(self) -> None:
        self.launch("beat", [*processes.BEAT, "--schedule", str(self.folder / "schedule")])

    def launch(self, name: str, command: list[str]) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        self.children[name] = subprocess.Popen(
            [sys.executable, *command[1:]], cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
        )

    def wait(self, path: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.2)
        raise AssertionError(f"{path} not in {seconds} s:\n{self.log('web')}\n{self.log('worker')}")

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")[-3000:]

    def mails(self) -> list[str]:
        return [path.read_text(errors="replace") for path in sorted((self.folder / "mails").iterdir())]

    def wait_for_mail(self, words: str) -> list[str]:
        """The mails with these words, as soon as there is one; with the worker's log when none comes."""
        try:
            return eventually(lambda: [text for text in self.mails() if words in text])
        except AssertionError as nothing:
            raise AssertionError(f"no mail with “{words}”:\n{self.mails()}\n{self.log('worker')}") from nothing

    def stop(self) -> None:
        self.end_processes(*self.children)
        shutil.rmtree(self.folder, ignore_errors=True)

    def end_processes(self, *names: str) -> None:
        ending = [self.children[name] for name in reversed(names)]
        for child in ending:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGTERM)
        for child in ending:
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait(5)


def eventually(ask, seconds: float = 40):
    """What ``ask`` gives as soon as it gives something; fails when that takes too long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := ask():
            return found
        time.sleep(0.3)
    raise AssertionError(f"nothing within {seconds} s")
