"""Refusals that a person can read."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wor.typed import typed_texts


class DomainError(Exception):
    """Something that cannot be done now, said in one sentence for the person who tried. Shown with ``status``."""

    status = 409

    def __init__(self, sentence, *, status: int | None = None):
        super().__init__(sentence)
        self.sentence = sentence
        if status is not None:
            self.status = status


class StaleError(DomainError):
    """A colleague, or another tab of one's own, saved first. Nothing was overwritten; both versions are shown."""

    def __init__(self, sentence=None):
        super().__init__(
            sentence
            or _(
                "Dit is net ook ergens anders gewijzigd: door een collega, of in een ander venster. Deze tekst is niet "
                "opgeslagen, maar staat hieronder nog."
            )
        )


class OtherContext(DomainError):
    """The form was opened in another role than the one that is active now. ``switch_url`` leads back to that role."""

    switch_url = ""


def explanation(request: HttpRequest, sentence, *, heading="") -> dict:
    """The context of an error page that says why, and gives back what was typed."""
    return {"message": sentence, "heading": heading, "typed": typed_texts(request), "back_url": request.path}


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page that says what cannot be done and what to do next."""
    template = {403: "403.html", 404: "404.html", 429: "429.html", 503: "503.html"}.get(error.status, "409.html")
    heading = "" if isinstance(error, StaleError) else _("Dit kan nu niet")
    context = explanation(request, error.sentence, heading=heading)
    context["switch_url"] = getattr(error, "switch_url", "")
    return render(request, template, context, status=error.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: usually a page that stood open for long. Nothing typed is lost."""
    sentence = _("Deze pagina stond te lang open. Open de pagina opnieuw en probeer het nog eens.")
    return render(request, "403.html", explanation(request, sentence, heading=_("Te lang open")), status=403)


def too_many(request, exception=None) -> HttpResponse:
    """Too many tries within a quarter of an hour. Nothing typed is shown: it may be a password."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = "900"
    return response


def bad_request(request, exception=None):
    if isinstance(exception, RequestDataTooBig):
        return too_large()
    return render(request, "400.html", status=400)


def too_large() -> HttpResponse:
    """More than we take. Nothing of it was read, so nobody is looked up either."""
    return HttpResponse(render_to_string("413.html"), status=413)


def not_found(request, exception=None):
    """The same answer for what does not exist and for what belongs to others. Who needs no account has no list."""
    is_public = request.path.startswith("/r/")
    region = getattr(request, "region", None) if is_public else None
    directory = reverse("public_directory", args=[region.slug]) if region is not None else ""
    return render(request, "404.html", {"is_public": is_public, "directory_url": directory}, status=404)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def unavailable(request) -> HttpResponse:
    """The database is away for a moment: say so, keep what was typed, ask to try again."""
    context = {"typed": typed_texts(request) if request.method == "POST" else []}
    return HttpResponse(render_to_string("503.html", context), status=503, headers={"Retry-After": "10"})


def server_error(request) -> HttpResponse:
    """What no view caught. A database that is away is not an error of ours; a race has a plain answer."""
    request.broken = True
    cause = sys.exc_info()[1]
    if isinstance(cause, IntegrityError | DataError):
        sentence = _("Iemand anders deed dit net ook. Bekijk de pagina opnieuw.")
        return HttpResponse(render_to_string("409.html", explanation(request, sentence)), status=409)
    if isinstance(cause, OperationalError | InterfaceError):
        return unavailable(request)
    return HttpResponse(render_to_string("500.html"), status=500)
