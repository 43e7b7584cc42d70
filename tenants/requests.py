"""What a request carries after the middleware, for type checkers."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from tenants.models import Tenant


class Request(HttpRequest):
    """A request inside a host: ``tenant`` by TenantMiddleware, ``htmx`` by HtmxMiddleware, the language by Django.

    ``order_country`` is set by pages about one order or booking; the brand's contact on them is that country's.
    ``own_urls`` is set by pages of the CMS, which have an address of their own in each language.
    """

    tenant: Tenant
    htmx: HtmxDetails
    LANGUAGE_CODE: str
    order_country: str
    own_urls: Mapping[str, str | None]


View = TypeVar("View", bound=Callable[..., HttpResponse])


def served_while_closed(view: View) -> View:
    """Mark a view of a brand site that is served while the partner is suspended or leaving."""
    view.served_while_closed = True  # type: ignore[attr-defined]  # functions take attributes
    return view


def is_served_while_closed(view: Callable[..., HttpResponse]) -> bool:
    """Say whether a view is marked so."""
    return getattr(view, "served_while_closed", False)
