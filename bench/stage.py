"""A loaded database opened for measuring: its people, and their requests without a network between."""

import io
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext

from bench.plan import Plan, database
from wor.accounts.models import Membership
from wor.tenancy.context import set_region

# What the database does around statements is not counted (platform.md).
_NOT_COUNTED = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN", "COMMIT")
CSRF = "b" * 32


@dataclass
class Answer:
    status: str
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def ok(self) -> bool:
        return self.status[:1] in "23"


@dataclass
class Visitor:
    """Somebody who is signed in, past the second factor."""

    membership: Membership
    session_key: str

    @property
    def cookies(self) -> str:
        names = {settings.SESSION_COOKIE_NAME: self.session_key, settings.CSRF_COOKIE_NAME: CSRF}
        return "; ".join(f"{name}={value}" for name, value in names.items())

    def form(self, **typed: str) -> dict[str, str]:
        """What every form of ours carries besides what is typed."""
        return {"csrfmiddlewaretoken": CSRF, "as": str(self.membership.reference), **typed}


@dataclass
class Stage:
    """One database. What stands in ``open`` sees it as the product does: as wor_app, with row-level security."""

    referrals: int
    name: str = ""
    visitors: dict[int, Visitor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name = self.name or database(self.referrals)
        self.plan = Plan(self.referrals)
        self._own = {}
        for alias in ("default", "owner"):
            self._own[alias] = connections[alias].copy(alias)
            self._own[alias].settings_dict = {**connections[alias].settings_dict, "NAME": self.name}

    @contextmanager
    def open(self) -> Iterator[None]:
        """Puts the connections of this database in the place of the usual ones: changing database costs nothing."""
        former = {alias: connections[alias] for alias in self._own}
        for alias, own in self._own.items():
            connections[alias] = own
        try:
            yield
        finally:
            for alias, kept in former.items():
                connections[alias] = kept

    def close(self) -> None:
        for own in self._own.values():
            own.close()

    @contextmanager
    def in_region(self, region_id: int) -> Iterator[None]:
        with self.open(), transaction.atomic():
            set_region(region_id)
            yield

    def as_owner(self, sql: str, values: list | None = None) -> list[tuple]:
        with self._own["owner"].cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    def as_owner_without_rows(self, sql: str) -> None:
        with self._own["owner"].cursor() as cursor:
            cursor.execute(sql)

    def statements(self) -> CaptureQueriesContext:
        return CaptureQueriesContext(self._own["default"])

    def sign_in(self, membership_id: int) -> Visitor:
        if membership_id not in self.visitors:
            [(region_id,)] = self.as_owner("SELECT region_id FROM accounts_membership WHERE id = %s", [membership_id])
            with self.in_region(region_id):
                member = Membership.objects.select_related("user", "organisation", "region").get(pk=membership_id)
            with self.open():
                session = import_module(settings.SESSION_ENGINE).SessionStore()
                session.update({
                    SESSION_KEY: str(member.user.pk), HASH_SESSION_KEY: member.user.get_session_auth_hash(),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0], "membership": member.pk,
                    "region": member.region_id, "second_factor": True, "began": int(time.time()),
                    "seen": int(time.time()) + 3600,
                })  # fmt: skip
                session.save()
            self.visitors[membership_id] = Visitor(member, session.session_key)
        return self.visitors[membership_id]

    # Who is looked at: a practice and a coach as busy as the mean, so that the sizes can be compared.

    def typical_practice(self) -> int:
        return self.as_owner(
            "SELECT practice_id FROM referrals_referral GROUP BY 1 ORDER BY abs(count(*) - %s), 1 LIMIT 1",
            [self.referrals / self.plan.practices],
        )[0][0]

    def typical_coach(self) -> int:
        """With the usual number of open cases: more than a page."""
        return self.as_owner(
            "SELECT coach_id FROM referrals_referral WHERE attention_at < now() AND coach_id IS NOT NULL"
            " GROUP BY 1 ORDER BY abs(count(*) - 30), 1 LIMIT 1"
        )[0][0]


def counted(captured: CaptureQueriesContext) -> list[str]:
    return [each["sql"] for each in captured if not each["sql"].startswith(_NOT_COUNTED)]


def call(handler: WSGIHandler, visitor: Visitor | None, path: str, form: dict | None = None) -> Answer:
    """One request: from the WSGI server's call to the last byte, as the server counts its time."""
    address, body = urlsplit(path), urlencode(form).encode() if form is not None else b""
    environ = {
        "REQUEST_METHOD": "GET" if form is None else "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": address.path,
        "QUERY_STRING": address.query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_HOST": "testserver",
        "HTTP_ACCEPT": "text/html",
        "HTTP_COOKIE": visitor.cookies if visitor else "",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    told: list = []
    began = time.perf_counter()
    response = handler(environ, lambda status, headers, _exception=None: told.append((status, headers)))
    content = b"".join(response)
    response.close()
    seconds = time.perf_counter() - began
    status, headers = told[0]
    return Answer(status, dict(headers), content, seconds)


def fresh_key() -> str:
    return str(uuid.uuid4())
