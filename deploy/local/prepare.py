"""What has to be made from the sources before the application runs; made again only when they changed."""

import hashlib
import json

from deploy.local.children import run
from deploy.local.places import PYTHON, ROOT, RUN, alone, private
from deploy.local.say import Problem, step, why
from deploy.local.venv import lock_hash

STATIC = ("static/**/*", "*/static/**/*", "wor/*/static/**/*")
MIGRATIONS = ("*/migrations/*.py", "wor/*/migrations/*.py")


def fingerprint(*patterns):
    """One hash over the names, sizes and times of change of the files that match, and over the packages."""
    digest = hashlib.sha256(lock_hash("base").encode())
    for path in sorted(path for pattern in patterns for path in ROOT.glob(pattern)):
        if path.is_file():
            found = path.stat()
            digest.update(f"{path.relative_to(ROOT)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def manage(*arguments, env, log, show=False):
    """One manage.py command; its output goes to the log, or to the screen when `show`."""
    private(log.parent)
    with open(log, "ab") as out:
        told = run([PYTHON, "manage.py", *arguments], cwd=ROOT, env=env, stdout=None if show else out, stderr=out)
    if told.returncode:
        raise Problem(f"manage.py {arguments[0]} mislukte: {why(log)}.")


class Stamps:
    """Which version of the sources each thing was last made from."""

    def __init__(self, path):
        self.path = path

    def read(self):
        try:
            return json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}

    def once(self, name, mark, make, still_there=True):
        """Calls `make` unless it was called for the same mark and what it made is still there."""
        if self.read().get(name) != mark or not still_there:
            make()
            self.path.write_text(json.dumps(self.read() | {name: mark}))


def texts_and_static(env, log):
    """Shared by the demo and the tests, so one at a time."""
    stamps = Stamps(RUN / "made.json")
    with alone("made"):
        compiled = all(source.with_suffix(".mo").exists() for source in ROOT.glob("locale/*/LC_MESSAGES/*.po"))
        stamps.once("texts", fingerprint("locale/**/*.po"), lambda: compile_texts(env, log), compiled)
        collected = (ROOT / "staticfiles" / "staticfiles.json").exists()
        stamps.once("static", fingerprint(*STATIC), lambda: collect_static(env, log), collected)


def compile_texts(env, log):
    with step("Teksten vertaald"):
        manage("compile_texts", env=env, log=log)


def collect_static(env, log):
    with step("Statische bestanden verzameld"):
        manage("collectstatic", "--noinput", env=env, log=log)
