"""What ./run tells: progress on standard output, one sentence on standard error when it cannot go on."""

import contextlib
import errno
import re
import sys
import time


class Problem(Exception):
    """A sentence for the person at the keyboard; ./run prints it and exits non-zero."""


NO_SPACE = "De schijf is vol: maak ruimte vrij en probeer het opnieuw"


def line(text):
    print(text, flush=True)


def seconds(since):
    """Time since a time.monotonic(), as a Dutch decimal."""
    return f"{time.monotonic() - since:.1f} s".replace(".", ",")


@contextlib.contextmanager
def step(done):
    """Prints what was done, with how long it took."""
    started = time.monotonic()
    yield
    line(f"{done} ({seconds(started)})")


def sentence(error):
    """An operating system error as one sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{NO_SPACE}."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"Geen schrijfrecht op {error.filename}: start ./run als eigenaar van deze map."
    return f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")


def why(log):
    """The last complaint in a log as the reason something failed, without a full stop."""
    text = log.read_text(errors="replace")[-20_000:] if log.exists() else ""
    if "No space left on device" in text:
        return NO_SPACE
    lines = [part.strip() for part in text.splitlines() if part.strip()]
    complaints = [part for part in lines if re.search(r"error|fatal|panic|fout", part, re.IGNORECASE)]
    return f"{(complaints or lines or ['zonder reden'])[-1][:300].rstrip('.')} (alles staat in {log})"


def fail(text):
    print(text, file=sys.stderr, flush=True)
    return 1
