"""The operators' menu in a template."""

from typing import Any

from django import template

from operators.start.menu import AREAS, area_of

register = template.Library()


@register.inclusion_tag("operators/parts/menu.html")
def operators_menu(section: str = "") -> dict[str, Any]:
    """Draw the areas, and below them the sections of the one that ``section`` is in, where it has several."""
    return {"areas": AREAS, "here": area_of(section), "section": section}
