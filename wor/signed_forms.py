"""Forms on pages without cookies: a signed token in the form does what the CSRF cookie does elsewhere.

A forged form can do nothing here that its maker could not do alone: such a page reads no session, so there is nobody
in whose name it would act. The token still proves that the form came from us a short while ago, and each token counts
once: its key is the key of the row that is made.
"""

import uuid
from collections.abc import Callable
from functools import partial, wraps

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wor import errors
from wor.accounts.request import Request

FIELD = "bewijs"
SALT = "wor.signed_forms"
SECONDS = 4 * 3600


class SignedRequest(Request):
    """In the POST of a view that is marked ``signed_form``."""

    form_key: uuid.UUID


def token(request: HttpRequest) -> SafeString:
    """The hidden field of a fresh form on this address; its key can be used once."""
    signed = signing.dumps({"path": request.path, "key": str(uuid.uuid4())}, salt=SALT)
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, signed)


def signed_form(view: Callable | None = None, *, seconds: int = SECONDS) -> Callable:
    """A view whose POST carries ``token``. It sets ``request.form_key``; whatever else answers like an old form."""
    if view is None:
        return partial(signed_form, seconds=seconds)

    @wraps(view)
    def checked(request, *args, **kwargs) -> HttpResponse:
        if request.method == "POST":
            request.form_key = _key(request, seconds)
            if request.form_key is None:
                return errors.csrf_failure(request)
        return view(request, *args, **kwargs)

    checked.csrf_exempt = True  # type: ignore[attr-defined] # in its place: ``_key``
    return checked


def _key(request: HttpRequest, seconds: int) -> uuid.UUID | None:
    """The key in a form that we made for this address, sent from our own page; else None."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{settings.SITE.scheme}://{settings.SITE.netloc}":
        return None
    try:
        signed = signing.loads(request.POST.get(FIELD, "")[:2000], salt=SALT, max_age=seconds)
    except signing.BadSignature:
        return None
    return uuid.UUID(signed["key"]) if signed["path"] == request.path else None
