"""All addresses of both kinds of hosts, so that a new one is tried without being named anywhere."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern
from django.utils.translation import override

HOSTS = {"config.urls_tenant": "nord.localhost", "config.urls_platform": "app.localhost"}
VALUES: dict[str, Any] = {
    "int": 7,
    "str": "a-token",
    "slug": "wifi-setup",
    "uuid": UUID("6f0f9a3e-5d0c-4d59-9a37-3b6b1f6b0c11"),
    "path": "a/path",
    "step": "place",
}
CONVERTER = re.compile(r"<(?:(\w+):)?(\w+)>")
GROUP = re.compile(r"\((?:\?P<\w+>|\?:)?([^()]*)\)[?*+]?")


@dataclass(frozen=True)
class Place:
    """One address: its host, its route, and the names of what is to be filled in."""

    host: str
    route: str
    names: tuple[str, ...]

    @property
    def path(self) -> str:
        """The path with examples of what its converters take."""
        return self.filled(lambda kind, _name: str(VALUES.get(kind, "a-token")))

    def filled(self, choose: Callable[[str, str], str]) -> str:
        """Return the path with a value for each converter, chosen by its kind and its name."""
        return "/" + CONVERTER.sub(lambda found: choose(found[1] or "str", found[2]), self.route)


def places() -> list[Place]:
    """Return all addresses in the order of the URL patterns."""
    found = []
    for urlconf, host in HOSTS.items():
        with override("en"):
            for route in _routes(get_resolver(urlconf).url_patterns, ""):
                found.append(Place(host, route, tuple(name for _kind, name in CONVERTER.findall(route))))
    return list(dict.fromkeys(found))


def _routes(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for one in patterns:
        part = one.pattern
        here = before + _plain(part)
        if "failwhale" in here:  # Wagtail's own drill for a fault
            continue
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, here)
        else:
            yield here


def _plain(part: Any) -> str:
    """Return a path that a regular expression takes; of the language, the prefix."""
    if not isinstance(part, RegexPattern):
        return str(part)
    plain = re.sub(r"^\^|\$$|\\", "", str(part))
    while GROUP.search(plain):
        plain = GROUP.sub(lambda group: _example(group[1]), plain)
    return plain.rstrip("?")


def _example(pattern: str) -> str:
    """Return a text for what stands in a group of a regular expression."""
    first = pattern.split("|")[0]
    return first if re.fullmatch(r"[\w/-]+", first) else "7"
