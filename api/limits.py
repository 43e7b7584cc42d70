"""How often a key may call: a bucket for it and one for all of its partner; each answer says what is left."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from api.errors import CallsTooFast
from developers.models import Key
from kernel.web.buckets import Bucket, Level, take

WINDOW_S = 60


@dataclass(frozen=True)
class Allowance:
    """What a key, and its partner, may call at this moment."""

    levels: list[Level]

    def ensure_left(self) -> None:
        """Let nobody call whose bucket is empty, or their partner's.

        Raises CallsTooFast.
        """
        for level in self.levels:
            if level.is_empty:
                raise CallsTooFast(level.next_in_s)

    @property
    def headers(self) -> dict[str, str]:
        """The headers by the IETF's draft on RateLimit fields: t is when the bucket is full again."""
        named = [(level.bucket.of, level) for level in self.levels]
        return {
            "RateLimit-Policy": ", ".join(
                f'"{name}";q={level.bucket.most};w={level.bucket.within_s}' for name, level in named
            ),
            "RateLimit": ", ".join(f'"{name}";r={int(level.left)};t={level.full_in_s}' for name, level in named),
        }


def count_call(key: Key, *, now: datetime) -> Allowance:
    """Count a call of a key, if it may be made, and return what is left.

    A noisy key stops at its own limit and takes nothing more from that of all keys of its partner.
    """
    of_key = Bucket("key", str(key.uuid), settings.API_CALLS_OF_KEY, WINDOW_S)
    of_partner = Bucket("partner", "all", settings.API_CALLS_OF_PARTNER, WINDOW_S)
    return Allowance(take([of_key, of_partner], now=now))
