"""Amounts of money as people type them, read into minor units."""

import re

from kernel.money import STEPS, Money

# Digits with or without groups of three, then one or two places: 45 · 45,5 · 1'234.50 · 1 234,50 · 45.– · 1.234
_GROUPED = r"\d{1,3}(?:(?P<group>[.,'’ ])\d{3})(?:(?P=group)\d{3})*"
_AMOUNT = re.compile(rf"^(?P<whole>{_GROUPED}|\d+)(?:(?P<point>[.,])(?P<places>\d{{1,2}}|[-–—]{{1,2}}))?$")
_SPACES = str.maketrans(dict.fromkeys("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}", " "))
_SIGNS = {"EUR": ("€", "EUR"), "CHF": ("CHF", "Fr."), "PLN": ("zł", "PLN")}


def read_amount(text: str, currency: str) -> Money:
    """Return what somebody has typed in a currency, with its sign before or after it or without.

    A point or comma before three digits groups them, before one or two it begins the cents, whatever the language.
    Raises ValueError for everything else, another currency's sign among it, and off the currency's smallest step.
    """
    bare = text.translate(_SPACES).strip()
    for sign in _SIGNS.get(currency, (currency,)):
        bare = bare.removeprefix(sign).removesuffix(sign).strip()
    read = _AMOUNT.match(bare)
    if read is None or (read["point"] and read["point"] == read["group"]):
        raise ValueError(text)
    places = (read["places"] or "").strip("-–—").ljust(2, "0")
    minor = int(re.sub(r"\D", "", read["whole"]) + places)
    if minor % STEPS.get(currency, 1):
        raise ValueError(text)
    return Money(minor, currency)
