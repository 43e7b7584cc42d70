"""Pages of the brand site in the frame around every page."""

from collections.abc import Sequence
from typing import Any

from django import template

from cms.selectors import MenuPage, menu_pages

register = template.Library()


@register.simple_tag(takes_context=True)
def pages_in_menus(context: dict[str, Any]) -> Sequence[MenuPage]:
    """Return the pages that the footer links besides imprint and privacy."""
    return menu_pages(context["request"])
