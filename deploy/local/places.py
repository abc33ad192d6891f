"""Where ./run keeps its things, and who holds them."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from deploy.local.say import Problem

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / ".run"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = RUN / "locks"

# sun_path holds 107 bytes; a socket's own name takes 20 at most.
LONGEST_SOCKET_FOLDER = 80
LEAST_FREE = 300 * 1024 * 1024


def private(folder):
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def state(which):
    """The folder of the demo's or the tests' state."""
    RUN.mkdir(mode=0o711, exist_ok=True)
    return private(RUN / which)


def sockets(which, longest=LONGEST_SOCKET_FOLDER):
    """A folder for unix sockets: beside the data, or a short one of our own when the checkout's path is too long."""
    folder = state(which) / "sockets"
    if len(os.fsencode(folder)) > longest:
        name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:10]
        folder = Path(tempfile.gettempdir()) / f"wor-{os.getuid()}-{name}"
    private(folder)
    found = folder.lstat()
    # The temporary folder is everybody's: somebody else may have made this one, or a link to theirs.
    if folder.is_symlink() or found.st_mode & 0o077 or (found.st_uid != os.getuid() and os.getuid() != 0):
        raise Problem(f"De map {folder} is niet alleen van u: verwijder haar en probeer het opnieuw.")
    return folder


def check_free_space(folder=ROOT, least=LEAST_FREE):
    free = shutil.disk_usage(folder).free
    if free < least:
        raise Problem(
            f"Er is nog {free // 2**20} MB vrij op de schijf van {folder}; ./run heeft {least // 2**20} MB nodig."
        )


class Lock:
    """An flock on a file: the kernel lets go of it when the process ends, however it ends."""

    def __init__(self, name):
        RUN.mkdir(mode=0o711, exist_ok=True)
        self.path = private(LOCKS) / name
        self.file = None

    def take(self, kind=fcntl.LOCK_EX, wait=True):
        self.file = self.file or open(self.path, "a")  # noqa: SIM115
        try:
            fcntl.flock(self.file, kind | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            self.give()
            return False
        return True

    def give(self):
        if self.file:
            self.file.close()
            self.file = None

    def is_taken(self):
        free = Lock(self.path.name).take(fcntl.LOCK_EX, wait=False)
        return not free


@contextlib.contextmanager
def alone(name, waiting=None):
    """Only one process at a time; `waiting` is called once when another one is busy."""
    lock = Lock(name)
    if not lock.take(wait=False):
        if waiting:
            waiting()
        lock.take()
    try:
        yield
    finally:
        lock.give()
