"""The theme's style sheet: written by component in many files, sent as one.

``styles/index.css`` of the theme tells in CSS's own words (``@import … layer(…)``) in which order they come.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SHEET = "quartett/css/quartett.css"
IMPORT = re.compile(r'^@import "(?P<file>[^"]+)"(?: layer\((?P<layer>\w+)\))?;\n', re.MULTILINE)


def joined(sheet: Path) -> str:
    """Return a style sheet with the files that it imports in their places, each inside its layer."""

    def imported(found: re.Match[str]) -> str:
        text = joined(sheet.parent / found["file"])
        return f"@layer {found['layer']} {{\n{text}}}\n" if found["layer"] else text

    return IMPORT.sub(imported, sheet.read_text())


class StyleFinder(BaseFinder):
    """Find the style sheet among the static files; it is put together anew whenever it is looked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=settings.DATA / "styles")

    def find(self, path: str, find_all: bool = False) -> str | Sequence[str]:  # type: ignore[override]  # as Django's do
        """Return where the style sheet lies, and nothing for all other paths."""
        if path != SHEET:
            return []
        return [self._written()] if find_all else self._written()

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Give the style sheet to whoever wants all files."""
        self._written()
        yield SHEET, self.storage

    def _written(self) -> str:
        """Write the style sheet and return its path; several processes may do so at once."""
        place = Path(self.storage.path(SHEET))
        text = joined(settings.STYLES)
        if not place.is_file() or place.read_text() != text:
            place.parent.mkdir(parents=True, exist_ok=True)
            fresh = place.with_suffix(f".{os.getpid()}")
            fresh.write_text(text)
            fresh.replace(place)
        return str(place)
