"""How colours will look: what became of them in light and dark, with their contrasts (R3)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.settings.rules import COLOUR
from tenants.settings.theming import DARK, LIGHT, Ground, ModeReport, contrast_report, text_on


@dataclass(frozen=True)
class Look:
    """A brand's colours in one mode."""

    title: Promise
    ground: Ground
    brand: ModeReport
    accent: str
    on_accent: str


def looks_of(brand: str, accent: str = "") -> list[Look]:
    """Return the looks in light and dark; none where a colour cannot be read."""
    accent = accent or brand
    if not (COLOUR.match(brand) and COLOUR.match(accent)):
        return []
    brand_report, accent_report = contrast_report(brand), contrast_report(accent)
    return [
        Look(
            title=title,
            ground=ground,
            brand=brand_report[mode],
            accent=accent_report[mode].surface,
            on_accent=text_on(accent_report[mode].surface),
        )
        for mode, title, ground in (("light", _("Light"), LIGHT), ("dark", _("Dark"), DARK))
    ]
