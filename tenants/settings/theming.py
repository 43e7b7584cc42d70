"""Any brand colour made readable: design tokens for light and dark that reach WCAG 2.2 AA.

Two tokens come from each colour: the **surface** (never altered; its text is white, near-black or black, one of which
always reaches 4.5:1) and the **ink** (links, outlines, focus; its OKLCH lightness is moved until it reaches 4.5:1 on
both backgrounds). Contrast is that of WCAG 2.1, https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kernel.late import Late
from kernel.web.themes import BASE, lineage, theme_by_slug

if TYPE_CHECKING:
    import coloraide
else:
    coloraide = Late("coloraide")

AA_TEXT = 4.5
STEPS = 24
TEXT_ON_SURFACE = ("#ffffff", "#14161a", "#000000")


@dataclass(frozen=True)
class Ground:
    """The neutral colours of a mode: page, raised surface, line, text, quiet text."""

    page: str
    raised: str
    line: str
    text: str
    quiet: str
    is_dark: bool


LIGHT = Ground("#fbfaf8", "#ffffff", "#dfdcd6", "#1a1c20", "#565a63", is_dark=False)
DARK = Ground("#14161b", "#1d2026", "#363b45", "#eceef2", "#a9afbb", is_dark=True)
# The error of a red brand: what is wrong must not look like what is the brand's.
BAD_BESIDE_RED = "#8e1b8a"
RED_HUES, LEAST_CHROMA = 25, 0.08
SIGNALS = {"good": "#0f7a3d", "warn": "#9a5b00", "bad": "#c8161d", "info": "#0b66c3"}


@dataclass(frozen=True)
class ModeReport:
    """What became of a colour in one mode; the ratios are contrasts (1 to 21)."""

    surface: str
    on_surface: str
    surface_ratio: float
    ink: str
    ink_ratio: float


def grounds_of(theme: str) -> tuple[Ground, Ground]:
    """Return the neutral colours of a theme in light and dark: its own, those that it inherits, else the usual."""
    light, dark = LIGHT, DARK
    for own in reversed(lineage(theme)):
        light, dark = _repainted(light, own.light), _repainted(dark, own.dark)
    return light, dark


def _repainted(ground: Ground, colours: Mapping[str, Any]) -> Ground:
    return replace(ground, **colours)


def mark_of(theme: str) -> str:
    """Return how the tokens begin that were computed for a theme as it is; they are out of date where they do not."""
    grounds = repr(grounds_of(theme)).encode()
    return f"/* {theme_by_slug(theme).slug} {hashlib.sha256(grounds).hexdigest()[:12]} */"


@lru_cache(maxsize=256)
def theme_css(brand: str, accent: str | None = None, *, theme: str = BASE) -> str:
    """Return the partner's tokens in a theme as CSS for light and dark.

    Raises ValidationError where a colour is not ``#rrggbb``.
    """
    light, dark = (_declarations(mode, brand, accent or brand) for mode in grounds_of(theme))
    return (
        f"{mark_of(theme)}:root{{color-scheme:light dark;{light}}}"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        f":root[data-theme=light]{{color-scheme:light}}"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}"
    )


def admin_css(brand: str) -> str:
    """Return the tokens of the Wagtail admin in the partner's colour, darkened until white text is readable on it."""
    ink = readable(brand, ("#ffffff",), darker=True)
    deep = _hex(coloraide.Color(ink).convert("oklch").set("lightness", lambda value: value * 0.8))
    tokens = {"primary": ink, "primary-200": deep, "secondary": ink, "secondary-600": deep}
    return ":root{" + "".join(f"--w-color-{name}:{colour};" for name, colour in tokens.items()) + "}"


def contrast_report(brand: str, theme: str = BASE) -> dict[str, ModeReport]:
    """Return for ``light`` and ``dark`` what a manager should see beside the colour."""
    report = {}
    for name, mode in zip(("light", "dark"), grounds_of(theme), strict=True):
        surface, ink = _clean(brand), _ink(mode, brand)
        on_surface = text_on(surface)
        report[name] = ModeReport(
            surface=surface,
            on_surface=on_surface,
            surface_ratio=contrast(surface, on_surface),
            ink=ink,
            ink_ratio=min(contrast(ink, mode.page), contrast(ink, mode.raised)),
        )
    return report


def text_on(surface: str) -> str:
    """Return white, near-black or black: the first that is readable on the surface."""
    return next(colour for colour in TEXT_ON_SURFACE if contrast(colour, surface) >= AA_TEXT)


def contrast(colour: str, other: str) -> float:
    """Return the WCAG 2.1 contrast of two colours, 1 to 21."""
    return coloraide.Color(colour).contrast(coloraide.Color(other), method="wcag21")


@lru_cache(maxsize=512)
def readable(colour: str, grounds: Sequence[str], *, darker: bool) -> str:
    """Move only the OKLCH lightness of a colour until it reaches 4.5:1 on all grounds; hue and chroma stay."""
    moved = coloraide.Color(_clean(colour)).convert("oklch")
    if _worst(_hex(moved), grounds) >= AA_TEXT:
        return _hex(moved)
    low, high = (0.0, moved["lightness"]) if darker else (moved["lightness"], 1.0)
    for _step in range(STEPS):
        middle = (low + high) / 2
        is_enough = _worst(_hex(moved.clone().set("lightness", middle)), grounds) >= AA_TEXT + 0.02
        if is_enough == darker:
            low = middle
        else:
            high = middle
    return _hex(moved.set("lightness", low if darker else high))


def _declarations(mode: Ground, brand: str, accent: str) -> str:
    tokens = {
        "page": mode.page,
        "raised": mode.raised,
        "line": mode.line,
        "text": mode.text,
        "quiet": mode.quiet,
        "brand": _clean(brand),
        "on-brand": text_on(_clean(brand)),
        "ink": _ink(mode, brand),
        "tint": _tint(mode, brand),
        "accent": _clean(accent),
        "on-accent": text_on(_clean(accent)),
    }
    for name, colour in (SIGNALS | {"bad": bad_beside(brand)}).items():
        tokens |= {name: _ink(mode, colour), f"{name}-tint": _tint(mode, colour)}
    return "".join(f"--{name}:{value};" for name, value in tokens.items())


def bad_beside(brand: str) -> str:
    """Return the colour of errors: red, or where the brand's own colour is a red, purple."""
    own, red = (coloraide.Color(_clean(colour)).convert("oklch") for colour in (brand, SIGNALS["bad"]))
    away = abs((own["hue"] - red["hue"] + 180) % 360 - 180)
    return BAD_BESIDE_RED if own["chroma"] >= LEAST_CHROMA and away <= RED_HUES else SIGNALS["bad"]


def _ink(mode: Ground, colour: str) -> str:
    """Return the colour as text, readable on page, raised surface and its own tint."""
    grounds = (mode.page, mode.raised, _tint(mode, colour))
    return readable(colour, grounds, darker=not mode.is_dark)


def _tint(mode: Ground, colour: str) -> str:
    """Return a soft ground with a touch of the colour."""
    return _hex(
        coloraide.Color(mode.raised).mix(coloraide.Color(_clean(colour)), 0.12 if mode.is_dark else 0.08, space="oklab")
    )


def _worst(colour: str, grounds: Sequence[str]) -> float:
    return min(contrast(colour, ground) for ground in grounds)


def _clean(colour: str) -> str:
    try:
        return _hex(coloraide.Color(colour))
    except ValueError as error:
        raise ValidationError(_("Please enter a colour like #0a5c5c.")) from error


def _hex(colour: "coloraide.Color") -> str:
    return colour.convert("srgb").fit(method="oklch-chroma").to_string(hex=True)
