"""The rule by which a wave's seats are given, published in the friends' handbook; pure, so it can be replayed.

1. All eligible friends of the community are looked at in order of great-circle distance; equal distance goes to who
   has waited longest for an offer.
2. The nearest get the seats, four by default.
3. One of the seats is the newcomers': it goes to whoever has waited longest for an offer among the 25 nearest eligible
   friends without a first job, if they are not among the nearest anyway. A partner can switch this off, and a wave of
   one seat has none for newcomers.

Neither ratings nor declined offers count. A change of the rule gives it a new version.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from crowd.eligibility import Facts, LeftOut, Wanted, reasons_against
from dispatch.errors import UnknownRule
from dispatch.states import Seat

VERSION = "2026-11"
NEWCOMERS_LOOKED_AT = 25


@dataclass(frozen=True)
class Rule:
    """A partner's choices within the rule."""

    wave_size: int = 4
    newcomer_seat: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the rule's fields."""
        return {**vars(self)}


@dataclass(frozen=True)
class Verdict:
    """What the rule says of one friend: why left out, or the seat, or neither where others were nearer."""

    facts: Facts
    left_out: tuple[LeftOut, ...] = ()
    seat: Seat | None = None


@dataclass(frozen=True)
class PlacesTaken:
    """To whom the places of a wave went, and by which rule: so many to the nearest, one or none to a newcomer."""

    near: int
    newcomer: int

    @classmethod
    def of(cls, seats: Iterable[str]) -> Self:
        """Count the seats of everybody considered; who has none counts for nothing."""
        given = Counter(map(str, seats))
        return cls(near=given[str(Seat.NEAR)], newcomer=given[str(Seat.NEWCOMER)])


def give_seats(considered: Iterable[Facts], *, wanted: Wanted, rule: Rule, now: datetime) -> list[Verdict]:
    """Return the verdict on everybody considered, nearest first."""
    everybody = sorted(considered, key=_by_distance)
    against = {facts.friend_id: reasons_against(facts, wanted, now=now) for facts in everybody}
    seats = _seats([facts for facts in everybody if not against[facts.friend_id]], rule)
    return [Verdict(facts, against[facts.friend_id], seats.get(facts.friend_id)) for facts in everybody]


def replay(version: str, considered: Iterable[Facts], *, wanted: Wanted, rule: Rule, now: datetime) -> list[Verdict]:
    """Return the verdicts that a version of the rule gave over the facts that were kept.

    Raises UnknownRule where this code does not know that version.
    """
    if version not in RULES:
        raise UnknownRule(version)
    return RULES[version](considered, wanted=wanted, rule=rule, now=now)


def _seats(eligible: list[Facts], rule: Rule) -> dict[Any, Seat]:
    nearest = eligible[: rule.wave_size]
    seats = {facts.friend_id: Seat.NEAR for facts in nearest}
    newcomers = [facts for facts in eligible if facts.is_newcomer][:NEWCOMERS_LOOKED_AT]
    if not (rule.newcomer_seat and newcomers and rule.wave_size > 1):
        return seats
    longest = min(newcomers, key=lambda facts: (facts.waiting_since, facts.chord_m, facts.friend_id))
    if longest.friend_id not in seats:
        # Whoever was the farthest of the nearest makes room.
        if len(nearest) == rule.wave_size:
            del seats[nearest[-1].friend_id]
        seats[longest.friend_id] = Seat.NEWCOMER
    return seats


def _by_distance(facts: Facts) -> tuple[Any, ...]:
    return facts.chord_m, facts.waiting_since, facts.friend_id


# Every version that a kept decision may name; one that is replaced stays here for as long as its decisions are kept.
RULES: dict[str, Callable[..., list[Verdict]]] = {VERSION: give_seats}
