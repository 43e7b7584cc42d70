"""Reads of a brand site's pages. Run inside the tenant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.utils.translation import get_language
from wagtail.models import Page

from cms.models import EventIndexPage, LandingPage, TextPage
from orders.shown_ratings import ShownWords, newest_words, shown_stars
from tenants.isolation.kept import kept
from tenants.models import Feature, Tenant
from tenants.requests import Request
from tenants.selectors import has_feature

# What every footer links by itself.
LEGAL = ("imprint", "privacy")


# So long a brand's rating may be older than the newest one, and so many words of customers stand beside it.
RATING_S, QUOTES = 600, 3


@dataclass(frozen=True)
class BrandRating:
    """What customers have rated: the mean of all stars, how many there are, and the newest with words."""

    average: float
    count: int
    words: tuple[ShownWords, ...]


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


def rating_of_brand(tenant: Tenant) -> BrandRating | None:
    """Return what the brand's customers have rated, at most ten minutes old; None where there is nothing to show."""
    if not has_feature(tenant, Feature.REVIEWS):
        return None
    # What is nothing is kept as well.
    return cast("tuple[BrandRating | None]", cache.get_or_set("brand_rating", _rated, RATING_S))[0]


def _rated() -> tuple[BrandRating | None]:
    average, count = shown_stars()
    return (BrandRating(average, count, tuple(newest_words(most=QUOTES))) if count else None,)


def _in_menus(request: Request) -> Iterator[MenuPage]:
    for page in _text_pages(Q(show_in_menus=True) & ~Q(slug__in=LEGAL)):
        yield MenuPage(page.pk, page.title, page.get_url(request))


def _text_pages(which: Q) -> list[Page]:
    language = get_language() or settings.LANGUAGE_CODE
    found = Page.objects.live().type(TextPage, EventIndexPage, LandingPage).filter(which)
    return list(found.filter(locale__language_code=language).order_by("path"))
