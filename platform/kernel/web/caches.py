"""A cache that may be away: it then keeps nothing, and every request goes on without it."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as UnableToConnect
from redis.exceptions import TimeoutError as TooSlow
from redis.retry import Retry

log = logging.getLogger(__name__)

# A cache that answers at all does so within a millisecond.
TIMEOUT_S = 0.25
# So long nobody asks a cache that was away, or one that hangs would hold up every page.
PAUSE_S = 5.0
SAY_AGAIN_S = 60.0


class Absence:
    """What this process knows of a server that was away: until when nobody asks it, and when it was last said."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = self._said_at = float("-inf")

    @property
    def is_on(self) -> bool:
        """Whether the server is not to be asked at this moment."""
        return time.monotonic() < self._until

    def begin(self, error: Exception) -> None:
        """Ask nothing for a while, and say so in the log once a minute."""
        with self._lock:
            now = time.monotonic()
            self._until = now + PAUSE_S
            is_news = now - self._said_at > SAY_AGAIN_S
            if is_news:
                self._said_at = now
        if is_news:
            log.error("The cache is away, so no limit counts and nothing is kept: %s", type(error).__name__)


def _or_without(name: str) -> Any:
    """Return a method that asks the server, and behaves as an empty cache while that is away."""
    ask: Callable[..., Any] = getattr(RedisCache, name)
    go_without: Callable[..., Any] = getattr(DummyCache, name)

    @wraps(ask)
    def method(self: "ForgivingRedisCache", *args: Any, **kwargs: Any) -> Any:
        if not self.absence.is_on:
            try:
                return ask(self, *args, **kwargs)
            except (UnableToConnect, TooSlow) as error:
                self.absence.begin(error)
        return go_without(self.nothing, *args, **kwargs)

    return method


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache with short timeouts; one server, whose absence all threads of a process share."""

    absence = Absence()

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.nothing = DummyCache(server, params)
        # Once more at once: a connection of the pool may be older than the server's last start.
        timeouts = {"socket_timeout": TIMEOUT_S, "socket_connect_timeout": TIMEOUT_S, "retry": Retry(NoBackoff(), 1)}
        self._options = timeouts | params.get("OPTIONS", {})

    add = _or_without("add")
    get = _or_without("get")
    set = _or_without("set")
    touch = _or_without("touch")
    delete = _or_without("delete")
    get_many = _or_without("get_many")
    has_key = _or_without("has_key")
    incr = _or_without("incr")
    set_many = _or_without("set_many")
    delete_many = _or_without("delete_many")
    clear = _or_without("clear")

    def run_script(self, script: str, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        """Run a script of Lua on the server and return what it says; None while the server is away."""
        if self.absence.is_on:
            return None
        try:
            client = self._cache.get_client(None, write=True)  # type: ignore[attr-defined]  # Django's own, untyped
            return client.eval(script, len(keys), *keys, *arguments)
        except (UnableToConnect, TooSlow) as error:
            self.absence.begin(error)
            return None
