"""What somebody was typing when their session ended: kept, encrypted, for an hour, for that person only."""

import json

from allauth.core.internal import ratelimit
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest, QueryDict

from wor.typed import TECHNICAL_FIELDS

SESSION_KEY = "sealed"
SECONDS = 3600
MAX_BYTES = 200_000
# Anybody can send a form without being signed in; what is kept for them must not fill the disk.
KEPT_FOR_ONE_PLACE = "30/15m/ip"


def box() -> MultiFernet:
    """Encrypts with the newest key, decrypts with each (rotation)."""
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def seal_post(request: HttpRequest) -> None:
    """Keep this POST in the (anonymous) session until somebody signs in. Tokens and passwords stay out."""
    typed = {
        name: values
        for name, values in request.POST.lists()
        if name == "key" or name == "version" or (name not in TECHNICAL_FIELDS and "password" not in name)
    }
    if not ratelimit.consume(request, app="wor", action="seal", config={"seal": KEPT_FOR_ONE_PLACE}):
        return
    text = json.dumps({"path": request.path, "as": request.POST.get("as", ""), "typed": typed})
    if len(text) <= MAX_BYTES:
        request.session[SESSION_KEY] = box().encrypt(text.encode()).decode()


def unseal_post(request) -> QueryDict | None:
    """What was typed on this path, when it was typed in the role that is active now. Opens once."""
    sealed = request.session.get(SESSION_KEY)
    if not sealed or request.method != "GET":
        return None
    try:
        found = json.loads(box().decrypt(sealed.encode(), ttl=SECONDS))
    except (InvalidToken, ValueError):
        del request.session[SESSION_KEY]
        return None
    if found["path"] != request.path:
        return None
    del request.session[SESSION_KEY]
    if found["as"] != str(request.membership.reference):
        return None  # also when it said no role at all: then nobody knows whose words these are
    restored = QueryDict(mutable=True)
    for name, values in found["typed"].items():
        restored.setlist(name, values)
    return restored
