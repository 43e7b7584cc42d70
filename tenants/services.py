"""Writes about partners."""

import hashlib
from typing import Any

from django.conf import settings

from tenants.models import PUBLIC, Domain, Tenant
from tenants.theming import theme_css


def change_brand(tenant: Tenant, **fields: Any) -> Tenant:
    """Change name, colours, texts or rules, and compute the AA-safe theme anew.

    Raises ValidationError with the field names.
    """
    for name, value in fields.items():
        setattr(tenant, name, value)
    apply_theme(tenant)
    tenant.full_clean()
    tenant.save()
    return tenant


def ensure_platform_hosts() -> Tenant:
    """Create the row of the public schema with the hosts of start page and platform; running it twice is harmless."""
    public, _ = Tenant.objects.get_or_create(
        schema_name=PUBLIC,
        defaults={"slug": "platform", "name": "Quartett", "languages": [code for code, _ in settings.LANGUAGES]},
    )
    if not public.theme_hash:
        apply_theme(public)
        public.save(update_fields=["theme_css", "theme_hash"])
    for host, is_primary in ((f"app.{settings.BASE_DOMAIN}", True), (settings.BASE_DOMAIN, False)):
        Domain.objects.get_or_create(domain=host, defaults={"tenant": public, "is_primary": is_primary})
    return public


def apply_theme(tenant: Tenant) -> None:
    """Compute the AA-safe theme of the partner's colours; the caller saves it."""
    tenant.theme_css = theme_css(tenant.brand_colour, tenant.accent_colour or None)
    tenant.theme_hash = hashlib.sha256(tenant.theme_css.encode()).hexdigest()[:16]
