"""What search engines ask a brand's host for: which pages there are, and which they may read."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page

from catalog.selectors import open_packages
from events.selectors import keys_for_friends
from tenants.isolation.kept import kept
from tenants.requests import Request

HOUR_S = 3600
# Bookings and orders say themselves that they are not to be listed; these need not even be read.
PRIVATE = ("/admin/", "/api/", "/media/", "/documents/")


@require_safe
@cache_control(max_age=HOUR_S, public=True)
def sitemap(request: Request) -> HttpResponse:
    """List the addresses of all public pages and packages, in every language of the partner; kept."""
    addresses = kept(request, ("sitemap", request.get_host()), lambda: tuple(_addresses(request)))
    return render(request, "cms/sitemap.xml", {"addresses": addresses}, content_type="application/xml; charset=utf-8")


@require_safe
@cache_control(max_age=HOUR_S, public=True)
def robots(request: Request) -> HttpResponse:
    """Say what may be read, and where the sitemap is."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in PRIVATE),
        "",
        f"Sitemap: {_absolute(request, '/sitemap.xml')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


def _addresses(request: Request) -> Iterator[str]:
    pages = Page.objects.live().public().filter(depth__gt=1, locale__language_code__in=request.tenant.languages)
    for page in pages.exclude(translation_key__in=keys_for_friends()).order_by("path"):
        path = page.get_url(request)
        if path:
            yield _absolute(request, path)
    for slug in open_packages().values_list("slug", flat=True):
        for language in request.tenant.languages:
            with translation.override(language):
                yield _absolute(request, reverse("storefront:package", args=[slug]))


def _absolute(request: Request, path: str) -> str:
    return path if path.startswith("http") else f"{request.scheme}://{request.get_host()}{path}"
