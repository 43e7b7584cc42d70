"""What a request carries after the middleware, for type checkers."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from tenants.models import Tenant


class Request(HttpRequest):
    """A request inside a host: ``tenant`` by TenantMiddleware, ``htmx`` by HtmxMiddleware, the language by Django."""

    tenant: Tenant
    htmx: HtmxDetails
    LANGUAGE_CODE: str
