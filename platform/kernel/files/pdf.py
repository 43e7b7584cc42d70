"""Papers: a Django template as PDF/A-3, drawn without any network. One place for all of them."""

import base64
import ctypes
import os
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

PANGO = ("libpango-1.0.so.0", "libpango-1.0.0.dylib", "libpango-1.0.dylib", "libpango-1.0-0.dll")
PICTURES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}


@dataclass(frozen=True)
class Embedded:
    """A file inside a paper, for machines. ``relationship`` is one of PDF/A-3's, ``metadata`` XMP about it (RDF)."""

    name: str
    content: bytes
    description: str
    relationship: str
    made_at: datetime
    metadata: bytes


class UnableToDraw(Exception):
    """This machine lacks what drawing a PDF needs."""

    def __init__(self) -> None:
        super().__init__(
            "Papers cannot be drawn: the library Pango is missing. "
            "On Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        )


def render(template: str, context: Mapping[str, Any], *, identifier: bytes, embedded: Embedded | None = None) -> bytes:
    """Return a template as PDF/A-3b, in the language that is active.

    Every paper is made here: bills of customers, statements of friends. The template is a whole page of HTML with its
    own style, in the font ``Figtree, "Figtree Ext"`` (400, 600, 700). It loads nothing: pictures are data addresses
    (``as_data``, ``picture``). The same ``identifier`` and context give the same bytes. ``embedded`` lies in it.

    Raises UnableToDraw where this machine lacks what drawing needs.
    """
    content: bytes = _typesetting().set_pages(
        render_to_string(template, dict(context)), identifier=identifier, embedded=embedded
    )
    return content


def as_data(content: bytes, kind: str) -> str:
    """Return something of a kind (``image/svg+xml``) as a data address."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def can_draw() -> bool:
    """Say whether this machine has Pango, without loading all that draws; the rest comes with it."""
    return any(_loads(name) for name in PANGO)


@cache
def picture(path: str) -> str:
    """Return a picture of the static files as a data address, and nothing where there is none."""
    found = finders.find(path) if path else None
    return as_data(Path(found).read_bytes(), PICTURES[Path(found).suffix]) if found else ""


@cache
def _typesetting() -> ModuleType:
    """Return the module that loads Pango: so late that everything but drawing works without it.

    Raises UnableToDraw.
    """
    try:
        with redirect_stdout(StringIO()):
            return import_module("kernel.files.typesetting")
    except OSError as error:
        raise UnableToDraw from error


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name, mode=os.RTLD_LAZY)
    except OSError:
        return False
    return True
