"""Who is eligible for a job (R11, R14), as one pure function over facts.

The search in the database (``crowd.selectors``) asks the same in SQL; a property test holds the two together. Whatever
explains, replays or simulates a decision goes by this file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.geo import arc_m
from kernel.slots import bit

FULL_AGE = 18


class LeftOut(models.TextChoices):
    """Why a friend is not eligible for a job."""

    ASKED = "asked", _("Was asked before")
    BLOCKED = "blocked", _("Partner and friend do not work together")
    NOT_ACTIVE = "not_active", _("Is not active")
    UNDER_AGE = "under_age", _("Is under 18")
    SKILL = "skill", _("Lacks a skill or certificate that the package needs")
    PRO = "pro", _("The job is for pros")
    LANGUAGE = "language", _("Speaks no language of the customer")
    REACH = "reach", _("Lives farther away than the partner allows")
    RADIUS = "radius", _("Lives outside their own radius")
    PAUSED = "paused", _("Has paused")
    NOT_FREE = "not_free", _("Is not available at any of the preferred times")
    BUSY = "busy", _("Has as many open jobs as allowed")
    CASH = "cash", _("Has more cash of customers than the limit")
    SELLER = "seller", _("Has not said as whom they sell in this country")


@dataclass(frozen=True)
class Wanted:
    """What a job asks of a friend. Unset parts do not restrict: coverage leaves out times and languages.

    ``skills`` are (skill id, least grade) pairs, the first of which the search walks. ``reach_m`` is the customer's
    side of the radius in great-circle metres, ``windows`` the wished (day, part) pairs of kernel.slots, ``cash_in`` the
    currency in which the customer pays in cash, ``sells_in`` the country in which the friend is to be the seller.
    """

    skills: tuple[tuple[int, int], ...]
    position: str
    reach_m: int
    tenant_id: int
    windows: tuple[tuple[date, int], ...] = ()
    languages: tuple[str, ...] = ()
    needs_pro: bool = False
    cash_in: str = ""
    sells_in: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return what ``from_json`` takes."""
        return {**vars(self), "windows": [[day.isoformat(), part] for day, part in self.windows]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what was written."""
        return cls(
            **{
                **data,
                "skills": tuple((skill, grade) for skill, grade in data["skills"]),
                "windows": tuple((date.fromisoformat(day), part) for day, part in data["windows"]),
                "languages": tuple(data["languages"]),
            }
        )


@dataclass(frozen=True)
class Facts:
    """What was known of a friend at the moment of a decision.

    ``chord_m`` is the straight distance to the job through the Earth in metres, which orders as the great circle does.
    ``skills`` are the (skill id, grade) pairs that are valid today, ``exceptions`` (first day, last day, free parts)
    triples of crowd.models.AvailabilityException. ``pro_until`` is None for who is no pro, ``cashless_in``
    are the currencies in which only cashless jobs are offered, ``sells_in`` the country in which they can sell.
    """

    friend_id: UUID
    chord_m: float
    is_active: bool
    born_on: date
    radius_m: int
    languages: tuple[str, ...]
    skills: tuple[tuple[int, int], ...]
    free_week: int
    exceptions: tuple[tuple[date, date, int], ...]
    open_jobs: int
    max_open_jobs: int
    waiting_since: datetime
    paused_until: datetime | None = None
    pro_until: date | None = None
    is_newcomer: bool = False
    is_blocked: bool = False
    was_asked: bool = False
    cashless_in: tuple[str, ...] = ()
    sells_in: str = ""

    @property
    def distance_m(self) -> int:
        """Great-circle distance in metres."""
        return round(arc_m(self.chord_m))

    def but(self, **changes: Any) -> "Facts":
        """Return the facts as they would be with some of them changed."""
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """Return what ``from_json`` takes."""
        return {
            **vars(self),
            "friend_id": str(self.friend_id),
            "born_on": self.born_on.isoformat(),
            "exceptions": [[start.isoformat(), end.isoformat(), parts] for start, end, parts in self.exceptions],
            "waiting_since": self.waiting_since.isoformat(),
            "paused_until": self.paused_until and self.paused_until.isoformat(),
            "pro_until": self.pro_until and self.pro_until.isoformat(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what was written."""
        return cls(
            **{
                **data,
                "friend_id": UUID(data["friend_id"]),
                "born_on": date.fromisoformat(data["born_on"]),
                "languages": tuple(data["languages"]),
                "skills": tuple((skill, grade) for skill, grade in data["skills"]),
                "exceptions": tuple(
                    (date.fromisoformat(start), date.fromisoformat(end), parts)
                    for start, end, parts in data["exceptions"]
                ),
                "waiting_since": datetime.fromisoformat(data["waiting_since"]),
                "paused_until": data["paused_until"] and datetime.fromisoformat(data["paused_until"]),
                "pro_until": data["pro_until"] and date.fromisoformat(data["pro_until"]),
                "cashless_in": tuple(data.get("cashless_in", ())),
            }
        )


def reasons_against(facts: Facts, wanted: Wanted, *, now: datetime) -> tuple[LeftOut, ...]:
    """Return every reason for which the friend is left out, in the order of ``LeftOut``; none means eligible."""
    today = now.date()
    held = dict(facts.skills)
    against = {
        LeftOut.ASKED: facts.was_asked,
        LeftOut.BLOCKED: facts.is_blocked,
        LeftOut.NOT_ACTIVE: not facts.is_active,
        LeftOut.UNDER_AGE: facts.born_on > years_before(today, FULL_AGE),
        LeftOut.SKILL: any(held.get(skill, -1) < grade for skill, grade in wanted.skills),
        LeftOut.PRO: wanted.needs_pro and (facts.pro_until is None or facts.pro_until < today),
        LeftOut.LANGUAGE: bool(wanted.languages) and not set(wanted.languages).intersection(facts.languages),
        LeftOut.REACH: arc_m(facts.chord_m) > wanted.reach_m,
        LeftOut.RADIUS: arc_m(facts.chord_m) > facts.radius_m,
        LeftOut.PAUSED: facts.paused_until is not None and facts.paused_until > now,
        LeftOut.NOT_FREE: not is_free(facts.free_week, facts.exceptions, wanted.windows),
        LeftOut.BUSY: facts.open_jobs >= facts.max_open_jobs,
        LeftOut.CASH: wanted.cash_in in facts.cashless_in,
        LeftOut.SELLER: bool(wanted.sells_in) and wanted.sells_in != facts.sells_in,
    }
    return tuple(reason for reason, holds in against.items() if holds)


def is_free(free_week: int, exceptions: Iterable[tuple[date, date, int]], windows: Iterable[tuple[date, int]]) -> bool:
    """Say whether somebody is free at one of the windows; where nothing is wished, everybody is.

    An exception for a day counts instead of the week.
    """
    wished, days = list(windows), list(exceptions)
    return not wished or any(_is_free_at(free_week, days, day, part) for day, part in wished)


def _is_free_at(free_week: int, exceptions: list[tuple[date, date, int]], day: date, part: int) -> bool:
    for starts_on, ends_on, parts in exceptions:
        if starts_on <= day <= ends_on:
            return bool(parts & (1 << part))
    return bool(free_week & bit(day.weekday(), part))


def years_before(day: date, years: int) -> date:
    """Return the same day years earlier; 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
