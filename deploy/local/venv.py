"""The virtual environment: made once, filled again only when a lock changed."""

import hashlib
import json
import os
import shutil
import sys
import time

from deploy.local import sbom
from deploy.local.children import run
from deploy.local.places import PYTHON, ROOT, RUN, VENV, alone, check_free_space
from deploy.local.say import Problem, line, seconds, why

REQUIREMENTS = ROOT / "requirements"
UV_LOCK = ROOT / "deploy" / "local" / "uv.txt"
STAMP = VENV / "installed.json"


def lock_hash(name):
    return hashlib.sha256((REQUIREMENTS / f"{name}.txt").read_bytes()).hexdigest()


def is_inside():
    return os.path.realpath(sys.prefix) == os.path.realpath(VENV)


def installed():
    try:
        return json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}


def ensure(name):
    """Makes .venv hold the lock `name`: "local" or "dev"."""
    if is_up_to_date(name):
        return
    check_free_space()
    with alone("setup", waiting=lambda: line("Een andere ./run installeert al; even wachten.")):
        if not is_up_to_date(name):
            install(name)


def is_up_to_date(name):
    return installed().get(name) == lock_hash(name) and works()


def works():
    """A virtual environment that was moved, or whose Python is gone, is made again."""
    return installed().get("place") == place() and os.access(PYTHON, os.X_OK)


def place():
    """Where it was made, and with which Python: a newer one under the same name does not see its packages."""
    return [str(VENV), os.path.realpath(PYTHON)]


def install(name):
    started = time.monotonic()
    log = RUN / "setup.log"
    log.write_text("")
    if not works():
        line("De omgeving .venv wordt gemaakt; dat duurt een halve tot anderhalve minuut.")
        shutil.rmtree(VENV, ignore_errors=True)
        create(log)
    lock = REQUIREMENTS / f"{name}.txt"
    uv = find_uv(log)
    if uv:
        command = [*uv, "pip", "install", "--python", PYTHON, "--require-hashes", "--quiet", "-r", lock]
    else:
        command = [*pip(), "install", "--require-hashes", "--quiet", "-r", lock]
    call(command, log, "De pakketten konden niet worden geïnstalleerd (is er internet?)")
    # dev holds everything of local, at the same versions; a test compares the two.
    names = ("local", "dev") if name == "dev" else ("local",)
    STAMP.write_text(json.dumps({"place": place()} | {name: lock_hash(name) for name in names}))
    line(f"Pakketten geïnstalleerd met {'uv' if uv else 'pip'} ({seconds(started)})")


def create(log):
    if uv := shutil.which("uv"):
        call([uv, "venv", "--quiet", "--seed", "--python", sys.executable, VENV], log, "uv kon .venv niet maken")
        return
    call([sys.executable, "-m", "venv", VENV], log, "Python kon .venv niet maken (op Debian: apt install python3-venv)")


def find_uv(log):
    """uv installs ten times faster than pip; without it, and without a way to get it, pip does."""
    if uv := shutil.which("uv"):
        return [uv]
    ours = VENV / "bin" / "uv"
    if not ours.exists():
        try:
            call([*pip(), "install", "--require-hashes", "--quiet", "-r", UV_LOCK], log, "uv")
        except Problem:
            return None
    return [ours]


def pip():
    return [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input"]


def call(command, log, failed):
    with open(log, "ab") as out:
        told = run([str(part) for part in command], stdout=out, stderr=out, cwd=ROOT)
    if told.returncode:
        raise Problem(f"{failed}: {why(log)}.")


def lock(extra=()):
    """Writes the locks anew: without an address of a package server, for every platform, with hashes."""
    fixed = ["--universal", "--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
    fixed += ["--python-version", "3.11", "--quiet", *extra]
    log = RUN / "setup.log"
    log.write_text("")
    uv = find_uv(log) or [shutil.which("uv")]
    for name, extras in (("base", ()), ("local", ("local",)), ("dev", ("local", "dev"))):
        chosen = [part for extra_name in extras for part in ("--extra", extra_name)]
        target = REQUIREMENTS / f"{name}.txt"
        call([*uv, "pip", "compile", *fixed, *chosen, "-o", target, "pyproject.toml"], log, f"{target.name} lukte niet")
        line(f"requirements/{target.name} is bijgewerkt")
    source = RUN / "uv.in"
    source.write_text("uv\n")
    call([*uv, "pip", "compile", *fixed, "--no-annotate", "-o", UV_LOCK, source], log, "uv.txt lukte niet")
    line("deploy/local/uv.txt is bijgewerkt")
    sbom.write()
    line("docs/sbom.cdx.json is bijgewerkt")
