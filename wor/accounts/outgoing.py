"""Calls to an address that an administrator typed: https, a public address, no redirects, five seconds."""

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import NewConnectionError
from urllib3.util.connection import create_connection

SECONDS = 5


def public_address(host: str, port: int) -> str:
    """The address to connect to. One that is not public among them refuses all: it would be reached next time."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, proto=socket.IPPROTO_TCP)]
    if not found or any(not ipaddress.ip_address(each.split("%")[0]).is_global for each in found):
        raise OSError("public addresses only")
    return found[0]


class PublicConnection(HTTPSConnection):
    """Looks up the name once and connects to what was judged: a name cannot lead elsewhere a moment later.

    The certificate is still checked against the name.
    """

    def _new_conn(self) -> socket.socket:
        try:
            address = public_address(self.host, self.port)
            return create_connection((address, self.port), SECONDS, self.source_address, self.socket_options)
        except OSError as refused:
            raise NewConnectionError(self, "not reachable, or not public") from refused


class PublicPool(HTTPSConnectionPool):
    ConnectionCls = PublicConnection


class PublicAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": PublicPool}


class PublicSession(requests.Session):
    """No proxy and no passwords out of the environment: they would lead around the connection above."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.adapters.clear()
        self.mount("https://", PublicAdapter())

    def request(self, method: Any, url: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        if urlsplit(str(url)).scheme != "https":
            raise requests.exceptions.InvalidURL("https only")
        return super().request(method, url, **(kwargs | {"allow_redirects": False, "timeout": SECONDS}))
