"""The style sheet of each theme: written by component in many files, sent as one.

``styles/index.css`` of a theme tells in CSS's own words (``@import … layer(…)``) in which order its files come;
those of the themes it stands on come before.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from kernel.web.themes import lineage, themes

IMPORT = re.compile(r'^@import "(?P<file>[^"]+)"(?: layer\((?P<layer>\w+)\))?;\n', re.MULTILINE)


def sheet_of(slug: str) -> str:
    """Return the whole style sheet of a theme."""
    indexes = [theme.folder / "styles" / "index.css" for theme in reversed(lineage(slug))]
    return "".join(joined(index) for index in indexes if index.is_file())


def joined(sheet: Path) -> str:
    """Return a style sheet with the files that it imports in their places, each inside its layer."""

    def imported(found: re.Match[str]) -> str:
        text = joined(sheet.parent / found["file"])
        return f"@layer {found['layer']} {{\n{text}}}\n" if found["layer"] else text

    return IMPORT.sub(imported, sheet.read_text())


class StyleFinder(BaseFinder):
    """Find the style sheets among the static files; each is put together anew whenever it is looked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=settings.DATA / "styles")

    def find(self, path: str, find_all: bool = False) -> str | Sequence[str]:  # type: ignore[override]  # as Django's do
        """Return where a theme's style sheet lies, and nothing for all other paths."""
        for theme in themes().values():
            if theme.sheet == path:
                written = self._written(theme.slug, path)
                return [written] if find_all else written
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Give the style sheets to whoever wants all files."""
        for theme in themes().values():
            self._written(theme.slug, theme.sheet)
            yield theme.sheet, self.storage

    def _written(self, slug: str, path: str) -> str:
        """Write a style sheet and return its path; several processes may do so at once."""
        place = Path(self.storage.path(path))
        text = sheet_of(slug)
        if not place.is_file() or place.read_text() != text:
            place.parent.mkdir(parents=True, exist_ok=True)
            fresh = place.with_suffix(f".{os.getpid()}")
            fresh.write_text(text)
            fresh.replace(place)
        return str(place)
