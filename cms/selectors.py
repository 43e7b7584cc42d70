"""Reads of a brand site's pages. Run inside the tenant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language
from wagtail.models import Page

from cms.models import EventIndexPage, TextPage
from tenants.isolation.kept import kept
from tenants.requests import Request

# What every footer links by itself.
LEGAL = ("imprint", "privacy")


@dataclass(frozen=True)
class MenuPage:
    """An entry of the menu; a page outside of every site has no address."""

    pk: int
    title: str
    url: str | None


def menu_pages(request: Request) -> Sequence[MenuPage]:
    """Return the published pages of words and events that are shown in menus, in the language of the moment; kept."""
    name = ("menu", request.get_host(), get_language())
    return kept(request, name, lambda: tuple(_in_menus(request)))


def legal_links() -> list[tuple[str, str]]:
    """Return title and absolute address of imprint, privacy and the pages in menus, in the language of the moment."""
    pages = _text_pages(Q(show_in_menus=True) | Q(slug__in=LEGAL))
    return [(page.title, url) for page in pages if (url := page.full_url)]


def _in_menus(request: Request) -> Iterator[MenuPage]:
    for page in _text_pages(Q(show_in_menus=True) & ~Q(slug__in=LEGAL)):
        yield MenuPage(page.pk, page.title, page.get_url(request))


def _text_pages(which: Q) -> list[Page]:
    language = get_language() or settings.LANGUAGE_CODE
    found = Page.objects.live().type(TextPage, EventIndexPage).filter(which, locale__language_code=language)
    return list(found.order_by("path"))
