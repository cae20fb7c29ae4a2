"""A light brake on forms that strangers may send: so many per address in an hour."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

HOUR = 3600


def spent(request: HttpRequest, what: str, *, limit: int) -> bool:
    """Count one more `what` from this address; True once `limit` an hour is passed.

    Counted per process: a brake against a form being hammered, not an exact quota.
    """
    key = f"spent:{what.replace(' ', '-')}:{address(request)}"
    if cache.add(key, 1, HOUR):
        return limit < 1
    return int(cache.incr(key)) > limit


def address(request: HttpRequest) -> str:
    """Where the request comes from, as our own proxy says if there is one."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    last = forwarded.rsplit(",", 1)[-1].strip()  # the one our own proxy wrote
    return last or request.META.get("REMOTE_ADDR", "")
