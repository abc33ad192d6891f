"""`./run lint` and `./run test`."""

import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from deploy.local import audit, environment, prepare
from deploy.local.children import exit_on_signals, foreground, run
from deploy.local.places import PYTHON, ROOT, RUN, Lock, alone, check_free_space, state
from deploy.local.say import Problem, line, seconds
from deploy.local.services import Services

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SLOTS = 20
# One more than the cores of the machine that runs them: journeys and storms wait half of their time.
SIDE_BY_SIDE = ("-n", "3", "--dist", "loadscope", "--no-loadscope-reorder")
TYPED = ("wor", "activities", "referrals", "coaches", "dashboard")


def python(*arguments):
    return [str(PYTHON), *arguments]


def tool(name, *arguments):
    return python("-m", name, *arguments)


def script(name, *arguments):
    """For tools that are no module."""
    return [str(PYTHON.parent / name), *arguments]


def templates():
    folders = ("templates", "*/templates", "wor/*/templates")
    return [str(path.relative_to(ROOT)) for folder in folders for path in sorted(ROOT.glob(f"{folder}/**/*.html"))]


def lint_steps(env, production):
    """(name, command, environment), the slow ones first so that two at a time end together."""
    steps = [
        ("mypy", tool("mypy", *TYPED), env),
        ("makemigrations --check", python("manage.py", "makemigrations", "--check", "--dry-run"), env),
        ("check --deploy", python("manage.py", "check", "--deploy", "--fail-level", "WARNING"), production),
        ("lint-imports", script("lint-imports"), env),
        ("ruff format", tool("ruff", "format", "--check", "."), env),
        ("ruff check", tool("ruff", "check", "."), env),
        ("pip check", tool("pip", "check"), env),
    ]
    if found := templates():
        steps.append(("djade", script("djade", "--check", "--target-version", "5.2", *found), env))
    return steps


def lint():
    """`./run lint`: the checks alone."""
    exit_on_signals()
    with Services("test") as services:
        failed = check(services.urls())
    line(f"FOUT: {', '.join(failed)}" if failed else "Alles goed")
    return 1 if failed else 0


def check(urls):
    """Runs every check, two at a time, and asks for known holes meanwhile; the names of those that failed."""
    steps = lint_steps(environment.test(urls, "lint"), environment.production(environment.without_owner(urls)))

    def one(step):
        name, command, env = step
        started = time.monotonic()
        told = run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return name, told.returncode, told.stdout, seconds(started)

    failed = []
    with ThreadPoolExecutor(3) as pool:
        holes = pool.submit(known_holes)
        for name, code, output, took in pool.map(one, steps):
            line(f"{'goed' if code == 0 else 'FOUT'}  {name} ({took})")
            if code:
                failed.append(name)
                line(output.rstrip())
        clean, told = holes.result()
    line(f"{'goed' if clean else 'FOUT'}  pip-audit: {told}")
    return failed if clean else [*failed, "pip-audit"]


def known_holes():
    """Asked beside the other checks: it waits for others most of the time."""
    try:
        told = run(
            audit.command([str(PYTHON)]),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=audit.SECONDS,
        )
    except subprocess.TimeoutExpired:
        return audit.judge(None)
    return audit.judge(told.stdout)


def fix():
    """Formats what can be formatted."""
    run(tool("ruff", "check", "--fix", "--quiet", "."), cwd=ROOT)
    run(tool("ruff", "format", "."), cwd=ROOT)
    if found := templates():
        run(script("djade", "--target-version", "5.2", *found), cwd=ROOT)


def chromium():
    """What the journeys need to know: CHROMIUM, or CHROMIUM_MISSING_REASON."""
    with alone("chromium"):
        if not (found := find_browser()) and os.getuid() == 0 and shutil.which("apt-get"):
            install_browser()
            found = find_browser()
    if found:
        return {"CHROMIUM": found}
    reason = "Chromium ontbreekt en was niet te installeren" if os.getuid() == 0 else "Chromium ontbreekt"
    return {"CHROMIUM_MISSING_REASON": f"{reason}: apt-get install chromium (log in {RUN / 'chromium.log'})"}


def find_browser():
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def install_browser():
    started = time.monotonic()
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with open(RUN / "chromium.log", "ab") as log:
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            run(["apt-get", *command], env=env, stdout=log, stderr=log)
    line(f"Chromium geïnstalleerd ({seconds(started)})")


def slot():
    """A number no other test run in this checkout has now: runs side by side have databases of their own."""
    for number in range(1, SLOTS):
        lock = Lock(f"test.slot-{number}")
        if lock.take(wait=False):
            return number, lock
    raise Problem("Er draaien al te veel tests vanuit deze map.")


def test(arguments):
    """Lint, then the tests; with arguments only pytest with these."""
    exit_on_signals()
    check_free_space()
    started = time.monotonic()
    failed = []
    with Services("test") as services:
        number, held = slot()
        env = environment.test(services.urls(), str(number))
        with ThreadPoolExecutor(1) as pool:
            browser = pool.submit(chromium)
            prepare.texts_and_static(env, state("test") / "log" / "prepare.log")
            if not arguments:
                failed += check(services.urls())
            env |= browser.result()
        began = time.monotonic()
        code = foreground(tool("pytest", *(arguments or SIDE_BY_SIDE)), cwd=ROOT, env=env)
        line(f"pytest ({seconds(began)})")
        failed += ["pytest"] if code else []
        held.give()
    line(f"{'FOUT: ' + ', '.join(failed) if failed else 'Alles goed'} (in totaal {seconds(started)})")
    return 1 if failed else 0
