"""Headers on every response, errors and static files included, and the end point for CSP reports."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    # What may be found through a search engine says so itself: the public pages of a region.
    "X-Robots-Tag": "noindex",
}


class HeadersMiddleware:
    """Outermost: nothing leaves without these. A page behind sign-in is never kept by a browser or proxy."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, text in HEADERS.items():
            response.headers.setdefault(name, text)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class OddRequestMiddleware:
    """Refuses, unread, a body larger than any file we take; it would fill the disk. Drops what is no session's key."""

    LARGEST = 5 * 1024 * 1024

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length[:20]) > self.LARGEST:
            return HttpResponse(render_to_string("413.html"), status=413)
        # A session's key has letters and digits only; the database would choke on some other signs (NUL).
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME, "0").isalnum():
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return self.get_response(request)


class ReportMiddleware:
    """Takes in CSP reports before sessions and CSRF. Only the directive is logged: a report holds addresses."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != "/csp-melding/":
            return self.get_response(request)
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        logger.warning("csp-report")
        return HttpResponse(status=204)
