"""`./run demo`: everything on this machine, until Ctrl-C."""

import errno
import http.client
import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor

from deploy import processes
from deploy.local import environment, prepare
from deploy.local.children import Child, end_leftovers, exit_on_signals, stop_all
from deploy.local.places import PYTHON, Lock, check_free_space, private, state
from deploy.local.say import Problem, line, seconds, step, why
from deploy.local.services import REFUSED, Services, keeper_log

HOST = "127.0.0.1"
PATIENCE = 60
PASSWORD = "Welkom-in-de-demo-1"
REGIONS = ("rivierenland", "heideland")
PEOPLE = ("huisarts", "assistent", "coach", "coordinator", "kernteam", "gemeente", "beheer")


def port():
    given = os.environ.get("PORT") or "8000"
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise Problem(f"PORT={given} is geen poortnummer.")
    return int(given)


def check_port(number):
    with socket.socket() as probe:
        # A port that a stopped demo left in TIME_WAIT is free; one that is listened on is not.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                other = "PORT=8001 ./run demo" if number != 8001 else "PORT=8002 ./run demo"
                raise Problem(f"{HOST}:{number} is al in gebruik door een ander programma; probeer {other}.") from None
            raise Problem(f"{HOST}:{number} is niet te gebruiken: {error.strerror}.") from None


def check_free():
    """What can be told before anything is installed or started."""
    lock = Lock("demo.only")
    if not lock.take(wait=False):
        raise Problem("De demo draait al vanuit deze map: stop hem eerst met Ctrl-C in het andere venster.")
    # Before the port: what an earlier demo left behind may still listen on it.
    for name in end_leftovers(state("demo")):
        line(f"{name} draaide nog van een vorige keer en is gestopt")
    check_port(port())
    check_free_space()
    return lock


def main():
    lock, number = check_free(), port()
    exit_on_signals()
    started = time.monotonic()
    folder = state("demo")
    children = []
    try:
        with Services("demo") as services:
            try:
                env = environment.demo(number, services.urls())
                make_ready(env, folder, fresh="postgres" not in services.names)
                children += processes_of(number, env, folder)
                for child in children:
                    child.start()
                wait_until_ready(number, children)
                welcome(number, started)
                watch(children, services)
            finally:
                ignore_signals()
                line("Bezig met stoppen")
                stop_all(children)
    finally:
        lock.give()
        line("Gestopt")


def ignore_signals():
    """A second Ctrl-C would leave half of the processes behind."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)


def make_ready(env, folder, fresh):
    """Tables, texts, static files and demo data. A database of somebody else is asked every time (`fresh`)."""
    log = folder / "log" / "prepare.log"
    stamps = prepare.Stamps(folder / "made.json")

    def migrate():
        with step("Tabellen bijgewerkt"):
            prepare.manage("migrate", "--database", "owner", "--noinput", env=env, log=log)

    def load_demo():
        with step("Voorbeeldgegevens geladen"):
            prepare.manage("load_demo", env=env, log=log, show=True)

    mark = time.time() if fresh else prepare.fingerprint(*prepare.MIGRATIONS)
    # Two cores: the texts and static files are made while the tables are.
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(prepare.texts_and_static, env, log.with_name("static.log"))
        stamps.once("tables", mark, migrate)
        made.result()
    stamps.once("demo", time.time() if fresh else "1", load_demo)


def processes_of(number, env, folder):
    env = environment.without_owner(env)
    schedule = private(folder / "beat") / "schedule"
    specs = {
        "web": [*processes.WEB, "--bind", f"{HOST}:{number}"],
        "worker": processes.WORKER,
        "beat": [*processes.BEAT, "--schedule", str(schedule)],
    }
    envs = {"worker": env}
    others = environment.without_keeper(env)
    return [
        Child(name, [str(PYTHON), *argv[1:]], folder=folder, env=envs.get(name, others)) for name, argv in specs.items()
    ]


def is_ready(number):
    connection = http.client.HTTPConnection(HOST, number, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_until_ready(number, children):
    started = time.monotonic()
    while not is_ready(number):
        for child in children:
            if child.is_dead():
                raise Problem(f"{child.name} start niet: {why(child.log)}.")
        if time.monotonic() - started > PATIENCE:
            raise Problem(f"De site antwoordt na {PATIENCE} seconden nog niet: {why(children[0].log)}.")
        time.sleep(0.1)
    line(f"Web, worker en beat draaien ({seconds(started)})")


def welcome(number, started):
    line(f"\nWelzijn op Recept staat klaar op http://{HOST}:{number}/  ({seconds(started)})\n")
    line(f"Aanmelden met wachtwoord {PASSWORD} als:")
    for person in PEOPLE:
        line("  " + "".join(f"{person}@{region}.example".ljust(36) for region in REGIONS).rstrip())
    line("\nCtrl-C stopt alles; ./run reset begint opnieuw.")


def watch(children, services):
    """Until a signal: starts dead processes again, the keeper of the services included."""
    keeper_deaths, notes = 0, open(keeper_log("demo"), errors="replace")  # noqa: SIM115
    notes.seek(0, os.SEEK_END)
    while True:
        time.sleep(0.25)
        for child in children:
            if child.is_dead():
                child.count_death()
                child.start()
        for told in notes:
            if told.startswith(REFUSED):
                raise Problem(told.removeprefix(REFUSED).strip())
            if "opnieuw gestart" in told:
                line(told.strip())
        if services.ensure():
            keeper_deaths += 1
            line("PostgreSQL en Valkey waren weg en draaien weer")
            if keeper_deaths > 3:
                raise Problem(f"PostgreSQL en Valkey stoppen steeds weer; zie {keeper_log('demo')}.")
