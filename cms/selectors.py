"""Reads of a brand site's pages. Run inside the tenant."""

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

from cms.models import TextPage

# What every footer links by itself.
LEGAL = ("imprint", "privacy")


def menu_pages() -> list[TextPage]:
    """Return the published text pages that are shown in menus, in the language of the moment (1 query)."""
    return list(_text_pages(Q(show_in_menus=True) & ~Q(slug__in=LEGAL)))


def legal_links() -> list[tuple[str, str]]:
    """Return title and absolute address of imprint, privacy and the pages in menus, in the language of the moment."""
    pages = _text_pages(Q(show_in_menus=True) | Q(slug__in=LEGAL))
    return [(page.title, url) for page in pages if (url := page.full_url)]


def _text_pages(which: Q) -> list[TextPage]:
    language = get_language() or settings.LANGUAGE_CODE
    found = TextPage.objects.live().filter(which, locale__language_code=language)
    return list(found.order_by("path"))
