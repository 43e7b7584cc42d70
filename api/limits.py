"""How often a key may call, in minutes of the clock, with what is left in each answer's headers."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from api.errors import CallsTooFast
from developers.models import Key
from kernel.web.limits import Limit, TooManyAttempts

WINDOW_S = 60


@dataclass(frozen=True)
class Allowance:
    """What a key may do in this minute, and what is left of it."""

    most: int
    left: int
    ends_in_s: int

    @property
    def headers(self) -> dict[str, str]:
        """The headers by the IETF's draft on RateLimit fields."""
        return {
            "RateLimit-Policy": f'"key";q={self.most};w={WINDOW_S}',
            "RateLimit": f'"key";r={self.left};t={self.ends_in_s}',
        }


def count_call(key: Key, *, now: datetime) -> Allowance:
    """Count a call of a key and return what is left.

    A noisy key stops at its own limit, before that of all keys of its partner. Raises CallsTooFast.
    """
    minute, second = divmod(int(now.timestamp()), WINDOW_S)
    ends_in_s, most = WINDOW_S - second, settings.API_CALLS_OF_KEY
    try:
        made = Limit("api-calls", most, 2 * WINDOW_S).count(f"{key.uuid}:{minute}")
        Limit("api-calls-of-all", settings.API_CALLS_OF_PARTNER, 2 * WINDOW_S).count(str(minute))
    except TooManyAttempts as error:
        raise CallsTooFast(ends_in_s) from error
    return Allowance(most, most - made, ends_in_s)
