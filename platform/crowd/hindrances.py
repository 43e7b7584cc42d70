"""What stands between a friend and any offer at all, whatever is asked for nearby: each the friend can change."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from crowd.eligibility import Facts


class Hindrance(StrEnum):
    """One reason why no offers come."""

    NOT_ACTIVE = "not_active"
    PAUSED = "paused"
    NO_TIME = "no_time"
    NO_SKILL = "no_skill"
    NOWHERE = "nowhere"
    FULL = "full"


def hindrances(facts: Facts, *, communities: Collection[int], now: datetime) -> list[Hindrance]:
    """Return what keeps all offers from a friend, in the order in which to mend it; none means that offers can come.

    ``communities`` are those whose jobs reach the friend.
    """
    has_time = facts.free_week or any(parts and end >= now.date() for _start, end, parts in facts.exceptions)
    holds = {
        Hindrance.NOT_ACTIVE: not facts.is_active,
        Hindrance.PAUSED: facts.paused_until is not None and facts.paused_until > now,
        Hindrance.NO_TIME: not has_time,
        Hindrance.NO_SKILL: not facts.skills,
        Hindrance.NOWHERE: not communities,
        Hindrance.FULL: facts.open_jobs >= facts.max_open_jobs,
    }
    return [hindrance for hindrance, is_so in holds.items() if is_so]
