"""Figures of the calls to the partner API: by key and address, by the hour in Valkey, for a day. Nothing personal."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache

from developers.models import Key

HOURS = 24
KEEP_S = (HOURS + 2) * 3600
# The upper ends of the classes in which the time of a call is counted, in milliseconds; the last one has none.
CLASSES_MS = (5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
REFUSED, FAILED = 400, 500

_NOTE = """
for i = 2, #ARGV do redis.call('HINCRBY', KEYS[1], ARGV[i], 1) end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
"""
_READ = """
local found = {}
for i, key in ipairs(KEYS) do found[i] = redis.call('HGETALL', key) end
return found
"""


@dataclass(frozen=True)
class Figures:
    """What became of the calls of one key to one address: all, refused (4xx), failed (5xx), 95 of 100 in so many ms.

    ``p95_ms`` is None where they took longer than is counted.
    """

    key: Key | None
    call: str
    calls: int
    refused: int
    failed: int
    p95_ms: int | None


def note_figures(*, key: str, call: str, status: int, took_ms: float, now: datetime) -> None:
    """Count a call (one round to Valkey, none where it is away)."""
    about = f"{key}|{call}|"
    kinds = ["calls", f"t{_class_of(took_ms)}"]
    if status >= REFUSED:
        kinds.append("failed" if status >= FAILED else "refused")
    _run(_NOTE, [_hour_key(now)], [KEEP_S, *(f"{about}{kind}" for kind in kinds)])


def figures(*, now: datetime) -> list[Figures]:
    """Return the figures of the last 24 hours, the busiest first (1 query). Run inside the tenant."""
    hours = [_hour_key(now - timedelta(hours=back)) for back in range(HOURS)]
    counted: dict[tuple[str, str], Counter[str]] = {}
    for hour in _run(_READ, hours, []) or []:
        texts = [text.decode() for text in hour]
        for name, count in zip(texts[::2], texts[1::2], strict=True):
            key, _bar, rest = name.partition("|")
            call, _bar, kind = rest.rpartition("|")
            counted.setdefault((key, call), Counter())[kind] += int(count)
    keys = {str(key.uuid): key for key in Key.objects.filter(uuid__in={key for key, _call in counted})}
    found = [
        Figures(keys.get(key), call, count["calls"], count["refused"], count["failed"], _p95(count))
        for (key, call), count in counted.items()
    ]
    return sorted(found, key=lambda one: (-one.calls, str(one.key), one.call))


def _p95(count: Counter[str]) -> int | None:
    """Return the upper end of the class in which the 95th of 100 calls is; None where that class has none."""
    waiting = 0.95 * count["calls"]
    for end in CLASSES_MS:
        waiting -= count[f"t{end}"]
        if waiting <= 0:
            return end
    return None


def _class_of(took_ms: float) -> str:
    return next((str(end) for end in CLASSES_MS if took_ms <= end), "more")


def _hour_key(at: datetime) -> str:
    return cache.make_key(f"api-figures:{int(at.timestamp()) // 3600}")


def _run(script: str, keys: Iterable[str], arguments: Iterable[Any]) -> Any:
    """Run a script in Valkey, or nothing where the cache is of another kind."""
    run = getattr(cache, "run_script", None)
    return run(script, list(keys), list(arguments)) if run else None
