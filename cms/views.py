"""The entrance and the catalogue, served of what is kept; all other pages of the tree are served by Wagtail itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from wagtail import views
from wagtail.models import Page

from cms.blocks import ShownBlock
from cms.models import CataloguePage, HomePage
from tenants.isolation.kept import SAFE, kept
from tenants.requests import Request


@dataclass(frozen=True)
class ShownPage:
    """What the template of a home or catalogue page reads of it."""

    pk: int
    template: str
    section: str
    title: str
    seo_title: str
    search_description: str
    headline: str
    introduction: str
    parts: tuple[ShownBlock, ...]
    own_urls: Mapping[str, str | None]


def serve(request: Request, path: str) -> HttpResponse:
    """Serve the page at a path; nothing is asked of the database where what it shows is kept."""
    name = ("page", request.get_host(), get_language(), path)
    page = kept(request, name, lambda: _open_to_all(request, path)) if request.method in SAFE else None
    if page is None:
        return views.serve(request, path)
    request.own_urls = page.own_urls
    return render(request, page.template, {"page": page, "section": page.section})


def _open_to_all(request: Request, path: str) -> ShownPage | None:
    """Return the home or catalogue page at a path, or None where another one is there or not everybody may see it."""
    route = Page.route_for_request(request, path)
    page = route[0] if route else None
    if not isinstance(page, HomePage | CataloguePage) or page.get_view_restrictions():
        return None
    return ShownPage(
        pk=page.pk,
        template=page.template,
        section="catalogue" if isinstance(page, CataloguePage) else "",
        title=page.title,
        seo_title=page.seo_title,
        search_description=page.search_description,
        headline=page.headline if isinstance(page, HomePage) else "",
        introduction=page.introduction,
        parts=page.parts if isinstance(page, HomePage) else (),
        own_urls=MappingProxyType(page.own_urls(request)),
    )
