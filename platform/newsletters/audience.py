"""To whom an issue goes: customers who asked for it, and friends of the community by what is known of them. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from newsletters.states import Activity


@dataclass(frozen=True)
class Audience:
    """The choice of recipients; an empty part of it chooses all.

    ``places`` are beginnings of postal codes, ``skills`` and ``certificates`` slugs of skills of which one is enough,
    ``languages`` those in which somebody reads, of customers and friends alike.
    """

    customers: bool = True
    friends: bool = False
    languages: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    activity: str = Activity.ALL

    def as_json(self) -> dict[str, Any]:
        """Return the choice as it is kept."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Audience":
        """Return the choice that was kept."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {name: value for name, value in kept.items() if name in known}
        listed = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return cls(**values | listed)
