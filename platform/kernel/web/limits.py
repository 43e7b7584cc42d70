"""Limits on how often somebody may try something: one mechanism, and one notion of a visitor's address.

The counts live in the cache, apart for each schema, whatever name its host was called by. A cache that is away counts
nothing and lets everybody pass (kernel.web.caches).
"""

import hashlib
import ipaddress
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError

View = Callable[..., HttpResponse]
# Whoever has one address of IPv6 has a whole network of this size.
IPV6_PREFIX = 64


class TooManyAttempts(DomainError):
    """Somebody tried more often than people do."""

    message = _("Too many attempts. Please wait a few minutes before the next one.")
    code, status = "too_many_attempts", 429


@dataclass(frozen=True)
class Limit:
    """So many attempts ``of`` something within so many seconds, counted from the first of them."""

    of: str
    most: int
    within_s: int

    def count(self, who: str) -> int:
        """Count an attempt of somebody and return how many that are.

        Raises TooManyAttempts after the last one that is allowed.
        """
        key = self._key(who)
        cache.add(key, 0, self.within_s)
        try:
            attempts = cache.incr(key)
        except ValueError:  # it expired between the two calls, or the cache is away
            cache.set(key, 1, self.within_s)
            attempts = 1
        if attempts > self.most:
            raise TooManyAttempts
        return attempts

    def take_back(self, who: str) -> None:
        """Let the last attempt not have counted, because it was right."""
        with suppress(ValueError):  # it expired meanwhile
            cache.decr(self._key(who))

    def forget(self, who: str) -> None:
        """Let somebody begin anew."""
        cache.delete(self._key(who))

    def _key(self, who: str) -> str:
        # What people type may be long, may hold anything, and is nobody else's business.
        return f"attempts:{self.of}:{hashlib.sha256(who.encode()).hexdigest()}"


def limited(*, of: str, most: int, within_s: int) -> Callable[[View], View]:
    """Let a view be asked so often only: from one address, and by one person or in one session."""
    limit = Limit(of, most, within_s)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            limit.count(address_of(request))
            if request.session.session_key:
                user = request.user
                limit.count(str(user.uuid) if user.is_authenticated else request.session.session_key)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def unlimited(view: View) -> View:
    """Let a view be asked as often as anybody likes: it proves who asks before it does anything."""
    view.is_unlimited = True  # type: ignore[attr-defined]  # the mark that FormLimitMiddleware looks for
    return view


def address_of(request: HttpRequest) -> str:
    """Return the visitor's IP address, of IPv6 the network.

    Each trusted proxy appends to X-Forwarded-For whom it heard; what a visitor sends there stands before it. So with
    one proxy the last entry counts, with two the last but one. Where fewer have spoken, whoever is connected counts.
    """
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    proxies = settings.TRUSTED_PROXIES
    said = hops[-proxies] if 0 < proxies <= len(hops) else ""
    return _network(said) or _network(request.META.get("REMOTE_ADDR", "")) or "unknown"


def _network(said: str) -> str:
    """Return an address, of IPv6 its network, or nothing where it is none."""
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False).network_address)
