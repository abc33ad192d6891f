"""PostgreSQL and Valkey for everybody in this checkout who needs them.

A keeper process of its own starts and watches them. Whoever uses them holds a shared lock; the keeper stops them when
it gets that lock for itself alone. A lock goes with its process, so a killed ./run leaves nothing to count."""

import fcntl
import os
import signal
import subprocess
import sys
import time

from deploy.local import postgres, valkey
from deploy.local.children import end_leftovers, stop_all
from deploy.local.places import PYTHON, ROOT, Lock, alone, private, state
from deploy.local.say import Problem, line, seconds, sentence

ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
KINDS = {"postgres": postgres, "valkey": valkey}
READY, REFUSED = "KLAAR", "!"


def wanted(env=os.environ):
    """Which services we have to start: what is given by address is used as it is."""
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
    given = {name for name in names if env.get(name) or env.get(f"{name}_FILE")}
    if "DATABASE_URL" in given and "DATABASE_OWNER_URL" not in given:
        raise Problem("Met DATABASE_URL hoort DATABASE_OWNER_URL: de eigenaar van de tabellen, voor de migraties.")
    return [name for name, url in (("postgres", "DATABASE_URL"), ("valkey", "REDIS_URL")) if url not in given]


def home(which):
    return private(state(which) / "services")


def keeper_log(which):
    return private(state(which) / "log") / "keeper.log"


class Services:
    """The services of the demo or of the tests, as one user of them sees them."""

    def __init__(self, which):
        self.which, self.names = which, wanted()
        self.use = Lock(f"{which}.users")
        self.keeper = None

    def __enter__(self):
        if self.names:
            self.use.take(fcntl.LOCK_SH)
            try:
                self.ensure()
            except BaseException:
                self.__exit__()
                raise
        return self

    def __exit__(self, *_):
        self.use.give()
        if self.names:
            self.wait_until_stopped()

    def is_kept(self):
        if self.keeper and self.keeper.poll() is not None:
            self.keeper = None
        return Lock(f"{self.which}.keeper").is_taken()

    def ensure(self):
        """Starts the keeper unless one is at work."""
        if not self.names:
            return False
        with alone(f"{self.which}.start"):
            if self.is_kept():
                return False
            self.start_keeper()
            return True

    def start_keeper(self):
        log = keeper_log(self.which)
        argv = [str(PYTHON), str(ROOT / "run"), "_keep", self.which, *self.names]
        with open(log, "ab") as errors:
            self.keeper = subprocess.Popen(
                argv, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True,
                start_new_session=True,
            )  # fmt: skip
        try:
            refusal = self.listen()
        except BaseException:
            # Nobody else has had the time to use it: without us it has nothing to do.
            self.keeper.terminate()
            self.keeper.wait()
            raise
        if refusal is not None:
            self.keeper.wait()
            raise Problem(refusal or f"De diensten starten niet; zie {log}.")

    def listen(self):
        """Passes on what the keeper tells until it is ready; what it says when it cannot start."""
        told = ""
        for told in self.keeper.stdout:
            if told.strip() == READY:
                return None
            if not told.startswith(REFUSED):
                line(told.rstrip("\n"))
        return told.removeprefix(REFUSED).strip()

    def urls(self):
        folder = home(self.which)
        return {name: url for kind in self.names for name, url in KINDS[kind].urls(self.which, folder).items()}

    def wait_until_stopped(self):
        """The keeper needs a moment to see that we left; when somebody else uses the services it stays."""
        deadline = time.monotonic() + 40
        while self.is_kept() and not self.others_use() and time.monotonic() < deadline:
            time.sleep(0.1)

    def others_use(self):
        """Nobody: we can have the lock alone. The keeper, stopping: we cannot even share it."""
        probe = Lock(f"{self.which}.users")
        if probe.take(wait=False):
            probe.give()
            return False
        shared = probe.take(fcntl.LOCK_SH, wait=False)
        probe.give()
        return shared


def keep(which, names):
    """The keeper: starts the services, starts a dead one again, stops when nobody uses them any more."""
    lock, users = Lock(f"{which}.keeper"), Lock(f"{which}.users")
    lock.take()
    for number in ENDING:
        signal.signal(number, lambda *_: sys.exit(0))
    folder = home(which)
    children = []
    try:
        end_leftovers(folder)
        services = [KINDS[name].Service(which, folder) for name in names]
        for service in services:
            began = time.monotonic()
            children.append(service.child)
            service.start()
            line(f"{service.name} draait ({seconds(began)})")
        line(READY)
        go_on_in_log(keeper_log(which))
        while not users.take(wait=False):
            for service in services:
                if service.child.is_dead():
                    service.child.count_death()
                    service.start()
            time.sleep(0.1)
    except Problem as problem:
        line(f"{REFUSED}{problem}")
    except OSError as error:
        line(f"{REFUSED}{sentence(error)}")
    finally:
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
        stop_all(children)
    return 0


def go_on_in_log(path):
    """Lets go of the pipe to the ./run that started us: it may be gone long before we are."""
    with open(path, "ab") as log:
        os.dup2(log.fileno(), 1)
