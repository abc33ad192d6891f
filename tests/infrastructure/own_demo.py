"""The real `./run demo` from a checkout of its own, with its own PostgreSQL and Valkey: what a test may kill."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.error
import urllib.request
import venv
from contextlib import closing
from pathlib import Path

import psycopg2

from deploy.local.children import die_with, stat
from deploy.local.venv import lock_hash

ROOT = Path(__file__).resolve().parents[2]
# What the demo does not read. Its packages are those of this checkout, its texts and static files those already made.
NOT_COPIED = (".*", "tests", "docs", "requirements.in")
# Of our own environment it gets only this: our databases and keys are not its own.
PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL")
CHILDREN, SERVICES = ("web", "worker", "beat"), ("PostgreSQL", "Valkey")
# Mail goes to a server instead of onto a page, and reminders do not wait for a quarter of an hour or a working day.
BY_MAIL = """
EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", {port}
for name in ("plan-reminders", "tell-reminders"):
    CELERY_BEAT_SCHEDULE[name]["schedule"] = schedule(5)
"""
ALWAYS_MORNING = """
def may_tell(region, now):
    return True
def mail_hour(region, now):
    return now
"""


def processes_with(text: str) -> list[int]:
    """Every living process whose environment or command line holds this text."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if text.encode() in told and stat(folder.name):
            found.append(int(folder.name))
    return found


def children_of(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class OwnDemo:
    """``OwnDemo().start()`` until its address is printed; ``kill`` its parts; ``stop()`` is Ctrl-C."""

    def __init__(self, mail_port: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="wor-"))
        self.folder.chmod(0o711)
        self.state = self.folder / ".run" / "demo"
        self.said = self.folder / "said.txt"
        self.process: subprocess.Popen | None = None
        self.port = self._free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._copy()
        self._append("wor/settings.py", BY_MAIL.format(port=mail_port))
        self._append("wor/outbox/reminders.py", ALWAYS_MORNING)

    @staticmethod
    def _free_port() -> int:
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def _copy(self) -> None:
        shutil.copytree(ROOT, self.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*NOT_COPIED))
        (self.folder / ".run").mkdir(mode=0o711)
        if (made := ROOT / ".run" / "made.json").exists():
            shutil.copy2(made, self.folder / ".run")
        self._share_packages()

    def _share_packages(self) -> None:
        """An environment of its own that finds the packages of ours, and says that they are installed."""
        environment = self.folder / ".venv"
        venv.EnvBuilder(symlinks=True).create(environment)
        python = environment / "bin" / "python"
        packages = environment / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
        (packages / "shared.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
        place = [str(environment), os.path.realpath(python)]
        (environment / "installed.json").write_text(json.dumps({"place": place, "local": lock_hash("local")}))

    def _append(self, path: str, lines: str) -> None:
        with open(self.folder / path, "a") as source:
            source.write(lines)

    @property
    def env(self) -> dict[str, str]:
        return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"PORT": str(self.port)}

    def manage(self, *arguments: str) -> None:
        """``./run manage``, with the factories of the tests at hand."""
        command = [sys.executable, str(self.folder / "run"), "manage", *arguments]
        told = subprocess.run(command, cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=120)
        assert told.returncode == 0, told.stdout + told.stderr

    def start(self) -> "OwnDemo":
        with open(self.said, "w") as said:
            self.process = subprocess.Popen(
                [sys.executable, self.folder / "run", "demo"],
                cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                start_new_session=True, preexec_fn=die_with(os.getpid(), signal.SIGINT),
            )  # fmt: skip
        deadline = time.monotonic() + 400
        while "staat klaar op" not in self.said.read_text():
            if not self.is_running() or time.monotonic() > deadline:
                raise AssertionError(self.said.read_text())
            time.sleep(0.1)
        return self

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def status(self, path: str) -> int:
        """What this address answers; 0 when nobody does."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as refusal:
            return refusal.code
        except OSError:
            return 0

    def pid(self, name: str) -> int:
        folder = self.state / "services" if name in SERVICES else self.state
        return json.loads((folder / "pids" / f"{name}.json").read_text())["pid"]

    def rows(self, sql: str) -> list[tuple]:
        """As the superuser of its PostgreSQL, past every policy."""
        address = {"host": self.state / "sockets", "user": "postgres", "dbname": "wor"}
        with closing(psycopg2.connect(**address)) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            found = cursor.fetchall()
            connection.commit()
            return found

    def logs(self) -> str:
        return "".join(path.read_text(errors="replace") for path in self.state.glob("**/log/*.log"))

    def broker(self) -> str:
        """Every message since it last began anew, as its file has them."""
        folder = self.state / "services" / "valkey" / "appendonlydir"
        return "".join(path.read_text(errors="replace") for path in folder.iterdir())

    def stop(self) -> int:
        """Ctrl-C; how it ended."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def leftovers(self) -> list[int]:
        return processes_with(str(self.folder))

    def remove(self) -> None:
        """Whatever happened before: nothing of it stays."""
        if self.is_running():
            self.stop()
        for pid in self.leftovers():
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)
