"""The pieces of ./run. That it starts, survives a kill -9 and leaves nothing behind is tried with the real thing."""

import errno
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from deploy.local import checks, children, demo, environment, places, postgres, prepare, say, services, valkey, venv
from deploy.local.say import Problem

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """An empty checkout to keep state in."""
    monkeypatch.setattr(places, "RUN", tmp_path / ".run")
    monkeypatch.setattr(places, "LOCKS", tmp_path / ".run" / "locks")
    return tmp_path


@pytest.fixture
def sleeper(checkout):
    """A child that sleeps, ended whatever the test does."""
    child = children.Child("slaper", ["sleep", "60"], folder=checkout)
    yield child
    child.stop()


# --- What the person is told -------------------------------------------------------------------------------------


def test_port_in_use_is_one_sentence_with_the_address():
    with socket.socket() as busy:
        busy.bind((demo.HOST, 0))
        busy.listen()
        port = busy.getsockname()[1]
        with pytest.raises(Problem, match=rf"^127\.0\.0\.1:{port} is al in gebruik .*PORT=8001"):
            demo.check_port(port)


@pytest.mark.parametrize("given", ["abc", "0", "70000", "-1"])
def test_port_that_is_no_port_is_refused(given, monkeypatch):
    monkeypatch.setenv("PORT", given)
    with pytest.raises(Problem, match="geen poortnummer"):
        demo.port()


def test_too_little_space_is_told_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=250 * 2**20))
    with pytest.raises(Problem, match="nog 250 MB vrij"):
        places.check_free_space(tmp_path)


def test_full_disk_is_told_the_same_by_the_system_and_by_a_log(tmp_path):
    log = tmp_path / "postgres.log"
    log.write_text("initdb: error: could not write: No space left on device\n")
    assert say.sentence(OSError(errno.ENOSPC, "No space left on device")) == f"{say.NO_SPACE}."
    assert say.why(log) == say.NO_SPACE


def test_reason_of_a_failure_is_the_end_of_its_log(tmp_path):
    log = tmp_path / "web.log"
    log.write_text("one\ntwo\n\n")
    assert say.why(log) == f"two (alles staat in {log})"
    log.write_text("FATAL: no such file.\nLOG: shut down\n")
    assert say.why(log) == f"FATAL: no such file (alles staat in {log})"


def test_unknown_verb_shows_the_verbs():
    told = subprocess.run([sys.executable, ROOT / "run", "dans"], capture_output=True, text=True)
    assert told.returncode == 2
    assert "./run demo" in told.stdout


# --- Where things are --------------------------------------------------------------------------------------------


def test_socket_folder_is_beside_the_data(checkout):
    assert places.sockets("demo", longest=500) == checkout / ".run" / "demo" / "sockets"


def test_socket_folder_of_a_long_path_is_short_private_and_always_the_same(checkout):
    folder = places.sockets("demo", longest=10)
    try:
        assert len(str(folder)) < places.LONGEST_SOCKET_FOLDER
        assert folder.stat().st_mode & 0o777 == 0o700
        assert places.sockets("demo", longest=10) == folder
        assert places.sockets("test", longest=10) != folder
    finally:
        folder.rmdir()
        places.sockets("test", longest=10).rmdir()


def test_socket_folder_that_others_can_enter_is_refused(checkout):
    places.sockets("demo", longest=500).chmod(0o755)
    with pytest.raises(Problem, match="niet alleen van u"):
        places.sockets("demo", longest=500)


def test_state_is_for_the_owner_only(checkout):
    assert places.state("demo").stat().st_mode & 0o777 == 0o700


def test_lock_is_taken_once_and_free_again_after_it(checkout):
    lock = places.Lock("demo.only")
    assert lock.take(wait=False)
    assert places.Lock("demo.only").is_taken()
    lock.give()
    assert not places.Lock("demo.only").is_taken()


def test_two_test_runs_have_databases_of_their_own(checkout):
    first, held = checks.slot()
    second, also_held = checks.slot()
    assert (first, second) == (1, 2)
    held.give()
    also_held.give()


# --- Packages ----------------------------------------------------------------------------------------------------


def test_lock_hash_changes_with_the_lock(tmp_path, monkeypatch):
    monkeypatch.setattr(venv, "REQUIREMENTS", tmp_path)
    lock = tmp_path / "local.txt"
    lock.write_text("a==1\n")
    before = venv.lock_hash("local")
    assert venv.lock_hash("local") == before
    lock.write_text("a==2\n")
    assert venv.lock_hash("local") != before


def pins(name):
    return set(re.findall(r"^[\w.-]+==[^ ;]+", (ROOT / "requirements" / f"{name}.txt").read_text(), re.MULTILINE))


def test_a_larger_lock_holds_the_smaller_one_at_the_same_versions():
    assert pins("base") <= pins("local") <= pins("dev")


@pytest.mark.parametrize("path", sorted([*ROOT.glob("requirements/*.txt"), venv.UV_LOCK]), ids=lambda path: path.name)
def test_lock_has_hashes_and_no_address_of_a_package_server(path):
    text = path.read_text()
    assert "://" not in text
    assert "--index-url" not in text
    assert text.count(" \\\n    --hash=sha256:") >= len(re.findall(r"^[\w.-]+==", text, re.MULTILINE))


# --- What the processes get --------------------------------------------------------------------------------------


def test_web_never_gets_the_owners_address():
    env = environment.without_owner({"DATABASE_URL": "a", "DATABASE_OWNER_URL": "b", "DATABASE_OWNER_URL_FILE": "c"})
    assert env == {"DATABASE_URL": "a"}


def test_given_secret_file_does_not_beat_our_own_value(monkeypatch):
    monkeypatch.setenv("SECRET_KEY_FILE", "/run/secrets/secret_key")
    env = environment.environment(SECRET_KEY="ours")
    assert env["SECRET_KEY"] == "ours"
    assert "SECRET_KEY_FILE" not in env


def test_secrets_are_made_once_and_readable_by_the_owner_only(checkout):
    first = environment.kept_secrets("demo")
    assert environment.kept_secrets("demo") == first
    assert (places.state("demo") / "secrets").stat().st_mode & 0o777 == 0o600
    assert len(first["SECRET_KEY"]) >= 50


def test_addresses_point_to_the_sockets(checkout):
    folder = places.sockets("demo")
    database = urlsplit(postgres.urls("demo", checkout)["DATABASE_URL"])
    broker = urlsplit(valkey.urls("demo", checkout)["REDIS_URL"])
    assert database.username == "wor_app"
    assert parse_qs(database.query)["host"] == [str(folder)]
    assert broker.path == f"{folder}/valkey.sock"
    assert len(broker.password) > 30


@pytest.mark.parametrize(
    ("given", "started"),
    [
        ({}, ["postgres", "valkey"]),
        ({"DATABASE_URL": "a", "DATABASE_OWNER_URL": "b"}, ["valkey"]),
        ({"REDIS_URL_FILE": "a"}, ["postgres"]),
    ],
)
def test_only_services_without_an_address_are_started(given, started):
    assert services.wanted(given) == started


def test_database_without_its_owner_is_one_sentence():
    with pytest.raises(Problem, match="Met DATABASE_URL hoort DATABASE_OWNER_URL"):
        services.wanted({"DATABASE_URL": "postgres://wor_app@/wor"})


def test_what_is_made_from_the_sources_is_made_again_when_they_change(tmp_path):
    stamps, made = prepare.Stamps(tmp_path / "made.json"), []
    for mark, still_there in (("a", True), ("a", True), ("b", True), ("b", False)):
        stamps.once("texts", mark, lambda mark=mark: made.append(mark), still_there)
    assert made == ["a", "b", "b"]


# --- Processes ---------------------------------------------------------------------------------------------------


def test_child_is_ended_with_everything_below_it(checkout):
    script = "import subprocess, sys; subprocess.Popen(['sleep', '61']); print('ready', flush=True); sys.stdin.read()"
    child = children.Child("ouder", [sys.executable, "-c", f"{script}\nimport time; time.sleep(60)"], folder=checkout)
    child.start()
    while "ready" not in child.log.read_text():
        time.sleep(0.02)
    assert len(children.group(child.process.pid)) == 2
    child.stop()
    # A signal that is sent is not yet a process that is gone.
    deadline = time.monotonic() + 5
    while children.group(child.process.pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert children.group(child.process.pid) == []
    assert not child.note.exists()


def test_fourth_death_within_a_minute_is_told_with_the_reason(sleeper):
    sleeper.start()
    sleeper.log.write_text("out of luck\n")
    sleeper.deaths = children.RESTARTS
    with pytest.raises(Problem, match="slaper stopt steeds weer: out of luck"):
        sleeper.count_death()


def test_deaths_are_forgotten_after_a_minute_of_health(sleeper):
    sleeper.start()
    sleeper.deaths = children.RESTARTS
    sleeper.since = time.monotonic() - children.HEALTHY_AFTER - 1
    sleeper.count_death()
    assert sleeper.deaths == 1


def test_leftover_of_an_earlier_run_is_ended(sleeper, checkout):
    sleeper.start()
    assert children.end_leftovers(checkout) == ["slaper"]
    assert sleeper.is_dead()


def test_process_that_took_over_the_number_of_an_old_one_is_left_alone(checkout):
    other = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        note = places.private(checkout / "pids") / "web.json"
        note.write_text(f'{{"pid": {other.pid}, "started": "1", "stop": {signal.SIGTERM}}}')
        assert children.end_leftovers(checkout) == []
        assert other.poll() is None
        assert not note.exists()
    finally:
        other.kill()
        other.wait()


def test_stale_pid_file_of_postgres_with_a_number_in_use_is_removed(checkout):
    data, sockets = places.private(checkout / "data"), places.private(checkout / "sockets")
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    (sockets / ".s.PGSQL.5432.lock").write_text("")
    postgres.Service.clear_stale_files(SimpleNamespace(data=data, sockets=sockets))
    assert not (data / "postmaster.pid").exists()
    assert not (sockets / ".s.PGSQL.5432.lock").exists()
