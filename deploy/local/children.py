"""Processes that ./run starts, watches, starts again and ends, with everything below them."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from deploy.local.places import ROOT, private
from deploy.local.say import Problem, line, why

RESTARTS = 3
HEALTHY_AFTER = 60
PR_SET_PDEATHSIG = 1
LOG_LIMIT = 5 * 2**20

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with(parent, stop=signal.SIGTERM):
    """For preexec_fn: the kernel sends `stop` when ./run dies, kill -9 included."""

    def ask():
        if _libc:
            _libc.prctl(PR_SET_PDEATHSIG, stop)
            if os.getppid() != parent:
                os._exit(1)

    return ask


def run(argv, **options):
    """subprocess.run whose child does not outlive us."""
    return subprocess.run(argv, stdin=subprocess.DEVNULL, preexec_fn=die_with(os.getpid()), **options)


def foreground(argv, **options):
    """Runs a command that has the terminal, and gives it the time to tidy up when it is interrupted."""
    process = subprocess.Popen(argv, preexec_fn=die_with(os.getpid(), signal.SIGINT), **options)
    try:
        return process.wait()
    except BaseException as reason:
        # Ctrl-C went to the whole group of the terminal; any other end is ours to pass on.
        if not isinstance(reason, KeyboardInterrupt):
            process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise


def exit_on_signals():
    """TERM and a closed terminal end ./run like Ctrl-C does: through every finally."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(128 + signal.SIGTERM))


def stat(pid):
    """(parent's group, start time) of a process from /proc, None when it is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else (int(fields[2]), fields[19])


def started(pid):
    """When a process started: with the pid it names one process, also after the pid has been used again."""
    if Path("/proc/self/stat").exists():
        found = stat(pid)
        return found and found[1]
    told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return told or None


def group(pgid):
    """The living processes of a group."""
    return [int(p.name) for p in Path("/proc").glob("[0-9]*") if (stat(p.name) or [0])[0] == pgid]


def is_ours(pid, mark):
    """Does the environment of a process carry our mark?"""
    try:
        return mark.encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False


def signal_group(pgid, number):
    try:
        os.killpg(pgid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


class Child:
    """One process in a group of its own, started again when it dies."""

    def __init__(self, name, argv, *, folder, env=None, stop=signal.SIGTERM, patience=10, identity=None):
        self.name, self.argv, self.stop_signal, self.patience = name, argv, stop, patience
        self.log = folder / "log" / f"{name}.log"
        self.note = folder / "pids" / f"{name}.json"
        self.env = {**(os.environ if env is None else env), "WOR_CHILD": str(folder)}
        self.identity = identity or {}
        self.process, self.since, self.deaths = None, 0.0, 0

    def start(self):
        private(self.log.parent)
        private(self.note.parent)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.argv, env=self.env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=die_with(os.getpid(), self.stop_signal), **self.identity,
            )  # fmt: skip
        self.since = time.monotonic()
        pid = self.process.pid
        # On a full disk a restart goes on without its note: the site must come back by itself.
        with contextlib.suppress(OSError):
            self.note.write_text(json.dumps({"pid": pid, "started": started(pid), "stop": int(self.stop_signal)}))
        return self

    def is_dead(self):
        """True once it has ended; what it left behind in its group is ended too."""
        if self.process is None or self.process.returncode is not None:
            return True
        # WNOWAIT keeps the dead leader's number taken, so that the group we signal cannot be somebody else's.
        if os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return False
        signal_group(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return True

    def ask_to_stop(self):
        if not self.is_dead():
            self.process.send_signal(self.stop_signal)

    def stop(self):
        self.ask_to_stop()
        self.wait()

    def wait(self):
        """Until it has ended; by force when its time is up."""
        deadline = time.monotonic() + self.patience
        while not self.is_dead():
            if time.monotonic() > deadline:
                signal_group(self.process.pid, signal.SIGKILL)
            time.sleep(0.05)
        self.note.unlink(missing_ok=True)

    def count_death(self):
        """Three deaths within a minute of health may be chance; a fourth is somebody's work."""
        if time.monotonic() - self.since > HEALTHY_AFTER:
            self.deaths = 0
        self.deaths += 1
        if self.deaths > RESTARTS:
            raise Problem(f"{self.name} stopt steeds weer: {why(self.log)}.")
        line(f"{self.name} is gestopt en wordt opnieuw gestart (poging {self.deaths} van {RESTARTS})")
        time.sleep(0.5 * (self.deaths - 1))


def stop_all(children):
    """Asks the last one that was started first, and waits for all at once."""
    for child in reversed(children):
        child.ask_to_stop()
    for child in reversed(children):
        child.wait()


def end_leftovers(folder):
    """Ends what an earlier ./run left behind; a number that is somebody else's by now is left alone."""
    ended = []
    for note in sorted((folder / "pids").glob("*.json"), reverse=True):
        try:
            old = json.loads(note.read_text())
        except ValueError:
            old = {"pid": 0}
        if old["pid"] and end_leftover(old, f"WOR_CHILD={folder}"):
            ended.append(note.stem)
        note.unlink(missing_ok=True)
    return ended


def end_leftover(old, mark):
    leads = started(old["pid"]) == old["started"]
    if not leads and not any(is_ours(pid, mark) for pid in group(old["pid"])):
        return False
    if leads:
        os.kill(old["pid"], old["stop"])
    deadline = time.monotonic() + 10
    while leads and started(old["pid"]) == old["started"] and time.monotonic() < deadline:
        time.sleep(0.05)
    while group(old["pid"]) and time.monotonic() < deadline + 5:
        signal_group(old["pid"], signal.SIGKILL)
        time.sleep(0.02)
    return True
