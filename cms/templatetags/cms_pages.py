"""Pages of the brand site in the frame around every page."""

from django import template

from cms.models import TextPage
from cms.selectors import menu_pages

register = template.Library()


@register.simple_tag
def pages_in_menus() -> list[TextPage]:
    """Return the pages that the footer links besides imprint and privacy."""
    return menu_pages()
