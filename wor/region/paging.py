"""Walking on by key: the address names the last row that was shown, and keeps the filter."""

import uuid

from django.http import HttpRequest

PER_PAGE = 25


def more_url(request: HttpRequest, last: uuid.UUID) -> str:
    """The address of the next page."""
    query = request.GET.copy()
    query["na"] = str(last)
    return f"?{query.urlencode()}"
