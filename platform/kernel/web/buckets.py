"""Token buckets in Valkey: so many calls at once, and after that as many as flow in. One script, so no call slips by.

Whoever calls takes one token out of each bucket or, where one of them is empty, none of any. Where no Valkey can be
asked, every bucket is full (kernel.web.caches).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

# How much is in each bucket after this call, and which one was empty (from 1; 0: none was).
_TAKE = """
local now, empty, left = tonumber(ARGV[1]), 0, {}
for i, key in ipairs(KEYS) do
  local most, within = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  local known = redis.call('HMGET', key, 'left', 'at')
  local since = math.max(0, now - (tonumber(known[2]) or now))
  left[i] = math.min(most, (tonumber(known[1]) or most) + since * most / within)
  if left[i] < 1 and empty == 0 then empty = i end
end
for i, key in ipairs(KEYS) do
  if empty == 0 then
    left[i] = left[i] - 1
    redis.call('HSET', key, 'left', tostring(left[i]), 'at', ARGV[1])
    redis.call('PEXPIRE', key, ARGV[2 * i + 1])
  end
  left[i] = tostring(left[i])
end
return {empty, unpack(left)}
"""


@dataclass(frozen=True)
class Bucket:
    """A bucket of somebody's calls: it holds ``most`` and is filled from empty within so many seconds."""

    of: str
    who: str
    most: int
    within_s: int

    @property
    def key(self) -> str:
        """Where it stands in the cache."""
        return cache.make_key(f"bucket:{self.of}:{self.who}")


@dataclass(frozen=True)
class Level:
    """How much is left in a bucket."""

    bucket: Bucket
    left: float
    is_empty: bool = False

    @property
    def full_in_s(self) -> int:
        """In how many seconds it is full again."""
        return self._until(self.bucket.most)

    @property
    def next_in_s(self) -> int:
        """In how many seconds there is a token again, at least one."""
        return max(1, self._until(1))

    def _until(self, tokens: float) -> int:
        return max(0, math.ceil((tokens - self.left) * self.bucket.within_s / self.bucket.most))


def take(buckets: Sequence[Bucket], *, now: datetime) -> list[Level]:
    """Take a token out of each bucket, or none of any where one is empty, and return how full they are then."""
    figures = [figure for bucket in buckets for figure in (bucket.most, bucket.within_s * 1000)]
    run = getattr(cache, "run_script", None)
    said = run(_TAKE, [bucket.key for bucket in buckets], [round(now.timestamp() * 1000), *figures]) if run else None
    if said is None:
        return [Level(bucket, bucket.most) for bucket in buckets]
    empty, *left = said
    return [
        Level(bucket, float(tokens), is_empty=place == empty)
        for place, (bucket, tokens) in enumerate(zip(buckets, left, strict=True), start=1)
    ]
