"""Addresses of pages that customers open."""

from django.conf import settings
from rest_framework.request import Request

from tenants.selectors import host_url


def page_url(request: Request, path: str) -> str:
    """Return the address of a page of the brand's site; a sandbox has a host of its own (no query)."""
    if request.tenant.is_sandbox:
        return host_url(f"{request.tenant.slug}.{settings.BASE_DOMAIN}", path)
    return str(request.build_absolute_uri(path))
