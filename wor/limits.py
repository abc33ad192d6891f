"""How often somebody without an account may do something. Counted in PostgreSQL, by a keyed hash of the address."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from wor.accounts.middleware import client_ip


def too_often(request: HttpRequest, what: str, *, most: int, seconds: int) -> bool:
    """Count this time; was it more than ``most`` from one network address within about so many seconds?"""
    key = f"{what}:" + salted_hmac(f"wor.limits.{what}", client_ip(request) or "").hexdigest()
    times = int(cache.get(key, 0)) + 1
    cache.set(key, times, seconds)
    return times > most
