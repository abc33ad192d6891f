"""What every way of signing in shares: the record of attempts, limits, and ending sessions."""

import time
import uuid
from typing import cast

from allauth.account.internal.flows.login import get_authentication_records
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from wor.accounts.middleware import active_membership, client_ip
from wor.accounts.models import User
from wor.accounts.request import Request
from wor.audit import services as audit
from wor.audit.models import AccessLogEntry, SignInEvent
from wor.outbox.services import enqueue


def address_hmac(address: str) -> str:
    """Tells that two attempts were on the same address, without telling which."""
    if not address:
        return ""
    return salted_hmac("wor.accounts.sign_in", address.strip().lower(), algorithm="sha256").hexdigest()


def note(request: HttpRequest, kind: str, outcome: str, *, user: User | None = None, address: str = "") -> None:
    """One row for each attempt, also for one that failed. A refused attempt is an answer, so its row is committed."""
    SignInEvent.objects.create(
        user_id=user.pk if user else None,
        address_hmac=address_hmac(address or (user.email if user else "")),
        kind=kind,
        outcome=outcome,
        ip=client_ip(request),
    )


def arrived(request: HttpRequest, user: User) -> None:
    """Somebody is signed in: choose their role, and write it down in that region's log too."""
    note(request, "signed-in", "ok", user=user)
    request = cast(Request, request)
    request.membership = active_membership(request)
    if request.membership is not None:
        request.region = request.membership.region
        audit.log(
            AccessLogEntry.Kind.SIGN_IN,
            by=request.membership,
            action=AccessLogEntry.Action.EXECUTE,
            object_type="user",
        )


def is_fresh(request: Request) -> bool:
    """Did this person prove who they are within the last minutes? Asked before a change in how they sign in."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    limit = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(record["at"] > limit for record in records)


def end_sessions(user: User, *, keep: str | None = None) -> int:
    """End every session of this person but ``keep``, at once: the next request there is not signed in."""
    sessions = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sessions.delete()
    return len(keys)


def tell(kind: str, user: User) -> None:
    """Tell somebody by mail that the way they sign in was changed. Each change is a mail of its own."""
    enqueue(kind, uuid.uuid4(), region_id=None, user_id=user.pk)


def factor_changed(request: Request) -> None:
    """A second factor came or went: what was open elsewhere ends with it, and the person hears of it."""
    user: User = request.user
    end_sessions(user, keep=request.session.session_key)
    request.session.pop("second_factor", None)
    note(request, "factor-changed", "ok", user=user)
    tell("sign_in_changed", user)
