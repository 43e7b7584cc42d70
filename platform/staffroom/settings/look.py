"""How colours will look: what became of them in light and dark, with their contrasts (R3)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.web.themes import BASE
from tenants.settings.rules import COLOUR
from tenants.settings.theming import Ground, ModeReport, contrast_report, grounds_of, text_on

MODES = (("light", _("Light")), ("dark", _("Dark")))


@dataclass(frozen=True)
class Look:
    """A brand's colours in one mode."""

    title: Promise
    ground: Ground
    brand: ModeReport
    accent: str
    on_accent: str


def looks_of(brand: str, accent: str = "", *, theme: str = BASE) -> list[Look]:
    """Return the looks in light and dark of a theme; none where a colour cannot be read."""
    accent = accent or brand
    if not (COLOUR.match(brand) and COLOUR.match(accent)):
        return []
    brand_report, accent_report = contrast_report(brand, theme), contrast_report(accent, theme)
    return [
        Look(
            title=title,
            ground=ground,
            brand=brand_report[mode],
            accent=accent_report[mode].surface,
            on_accent=text_on(accent_report[mode].surface),
        )
        for (mode, title), ground in zip(MODES, grounds_of(theme), strict=True)
    ]
