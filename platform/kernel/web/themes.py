"""The themes of the installation: folders of templates, static files and styles, without a line of Python.

``theme.toml`` says how a theme is called, which one it stands on (``inherits``), which fonts a page fetches at once and
its neutral colours. What a theme does not have itself comes from the one it inherits; all end at the base.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings

BASE = "base"


@dataclass(frozen=True)
class Theme:
    """What ``theme.toml`` says; names and descriptions are by language, fonts are paths below the static root.

    ``light`` and ``dark`` are the neutral colours of each mode by name: page, raised, line, text, quiet.
    """

    slug: str
    folder: Path
    name: str
    description: Mapping[str, str]
    inherits: str
    fonts: tuple[str, ...]
    light: Mapping[str, str]
    dark: Mapping[str, str]

    @property
    def sheet(self) -> str:
        """Return the path of the theme's style sheet below the static root."""
        return f"quartett/css/{self.slug}.css"

    @property
    def picture(self) -> str:
        """Return the path of the theme's picture below the static root."""
        return f"{'quartett' if self.slug == BASE else self.slug}/picture.webp"


@cache
def themes() -> Mapping[str, Theme]:
    """Return all themes by slug, the base first."""
    folders = sorted(settings.THEMES.glob("*/theme.toml"), key=lambda path: (path.parent.name != BASE, path))
    return MappingProxyType({path.parent.name: _read(path) for path in folders})


def theme_by_slug(slug: str) -> Theme:
    """Return a theme; one that the installation does not have is the base."""
    return themes().get(slug) or themes()[BASE]


@cache
def lineage(slug: str) -> tuple[Theme, ...]:
    """Return the theme and all that it stands on, down to the base."""
    theme = theme_by_slug(slug)
    return (theme,) if theme.slug == BASE else (theme, *lineage(theme.inherits))


def _read(path: Path) -> Theme:
    said: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return Theme(
        slug=path.parent.name,
        folder=path.parent,
        name=said["name"],
        description=MappingProxyType(said["description"]),
        inherits=said.get("inherits", BASE),
        fonts=tuple(said["fonts"]),
        light=MappingProxyType(said.get("light", {})),
        dark=MappingProxyType(said.get("dark", {})),
    )
