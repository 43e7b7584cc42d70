"""Money as integer minor units with a currency; never floats."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.core import Locale, UnknownLocaleError
from babel.numbers import format_currency

BASIS_POINTS = 10_000
# The smallest step of prices, in minor units, where it is not one: Switzerland has no coin below five Rappen.
STEPS = {"CHF": 5}


@dataclass(frozen=True)
class Money:
    """An amount in minor units (cents, Rappen, groszy) of an ISO 4217 currency."""

    minor: int
    currency: str


def share_bp(minor: int, basis_points: int) -> int:
    """Return the share of an amount in minor units, rounded half up; 10,000 basis points are the whole."""
    return (minor * basis_points + BASIS_POINTS // 2) // BASIS_POINTS


def to_step(minor: int, currency: str) -> int:
    """Return an amount in minor units rounded half up to the currency's usual step."""
    step = STEPS.get(currency, 1)
    return (minor + step // 2) // step * step


def included_vat(gross_minor: int, vat_bp: int) -> int:
    """Return the VAT contained in a gross amount, in minor units, rounded half up."""
    divisor = BASIS_POINTS + vat_bp
    return (gross_minor * vat_bp + divisor // 2) // divisor


@lru_cache(maxsize=4096)
def format_money(minor: int, currency: str, *, language: str, country: str = "") -> str:
    """Write an amount as people of that language and country do, for example ``CHF 89.00`` or ``89,00 €``."""
    written = format_currency(Decimal(minor) / 100, currency, locale=_locale(language, country))
    # English puts the currency first: a sign stands close, a code does not.
    return re.sub(r"(?<=[A-Z])(?=\d)", "\N{NO-BREAK SPACE}", written)


def _locale(language: str, country: str) -> Locale:
    """Return the locale of language and country, or of the language alone where the pair is unknown (pl_CH).

    English stays English in every country but Switzerland, and all of that writes ``CHF 89.00``.
    """
    if language == "en" and country != "CH":
        return Locale.parse("en")
    if (language, country) == ("fr", "CH"):
        return Locale.parse("it_CH")
    try:
        return Locale.parse(f"{language}_{country}") if country else Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language)
