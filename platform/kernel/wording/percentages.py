"""Percentages as people of each language write them."""

from django.utils.formats import number_format
from django.utils.translation import get_language

# English and Polish put the sign at the figure, the others behind a space that does not break.
_AT_THE_FIGURE = ("en", "pl")


def write_percent(percent: float, decimals: int = 0) -> str:
    """Write a percentage, 8.1 for 8.1 %, with so many decimals."""
    space = "" if (get_language() or "en") in _AT_THE_FIGURE else "\N{NO-BREAK SPACE}"
    return f"{number_format(percent, decimals)}{space}%"
