"""Limits on how often somebody may try something. The counts live in the cache, apart for each host's schema."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError

View = Callable[..., HttpResponse]


class TooManyAttempts(DomainError):
    """Somebody tried more often than people do."""

    message = _("Too many attempts. Please wait a few minutes before the next one.")
    code, status = "too_many_attempts", 429


def count_attempt(*, of: str, who: str, most: int, within_s: int) -> None:
    """Count an attempt of somebody.

    Raises TooManyAttempts after ``most`` attempts in ``within_s`` seconds, counted from the first of them.
    """
    key = f"attempts:{of}:{who}"
    cache.add(key, 0, within_s)
    try:
        count = cache.incr(key)
    except ValueError:  # it expired between the two calls
        cache.set(key, 1, within_s)
        count = 1
    if count > most:
        raise TooManyAttempts


def limited(*, of: str, most: int, within_s: int) -> Callable[[View], View]:
    """Let a view be asked so often only, from one address and in one session."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            count_attempt(of=of, who=address_of(request), most=most, within_s=within_s)
            if request.session.session_key:
                count_attempt(of=of, who=request.session.session_key, most=most, within_s=within_s)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def address_of(request: HttpRequest) -> str:
    """Return the visitor's IP address.

    Behind our own proxy (``https``) it is what that proxy added last; what a visitor sends there stands before it.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.SCHEME == "https" and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return request.META.get("REMOTE_ADDR", "")
