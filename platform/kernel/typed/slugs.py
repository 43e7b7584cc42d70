"""Short names that are taken get a number."""

from collections.abc import Callable, Iterable

# For a hyphen and a number of three digits.
ROOM = 4


def free_slug(wanted: str, *, longest: int, beginning_with: Callable[[str], Iterable[str]]) -> str:
    """Return ``wanted``, with a number where it is taken; it has at most ``longest`` characters.

    ``beginning_with`` returns the slugs in use that begin with a text.
    """
    base = wanted[: longest - ROOM].strip("-")
    taken = set(beginning_with(base))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 1000))) if slug not in taken)
