"""Writes about partners."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django_tenants.utils import schema_exists

from tenants.context import platform_context
from tenants.errors import UnableToCreateTenant
from tenants.models import PUBLIC, Domain, Tenant
from tenants.theming import theme_css


def create_tenant(*, slug: str, domain: str | None = None, **fields: Any) -> Tenant:
    """Register a partner with its primary domain; the schema itself is made by ``migrate_tenant``.

    Raises UnableToCreateTenant where the slug, the schema name or the domain is taken or not allowed.
    """
    tenant = Tenant(slug=slug, schema_name=schema_name_for(slug), **fields)
    host = domain or f"{slug}.{settings.BASE_DOMAIN}"
    with platform_context(), transaction.atomic():
        if Domain.objects.filter(domain=host).exists():
            raise UnableToCreateTenant
        try:
            _apply_theme(tenant)
            tenant.full_clean()
        except ValidationError as error:
            raise UnableToCreateTenant from error
        tenant.save()
        Domain.objects.create(domain=host, tenant=tenant, is_primary=True)
    return tenant


def migrate_tenant(tenant: Tenant) -> None:
    """Create the partner's schema and bring it up to date. Never call this inside a web or worker process."""
    if not schema_exists(tenant.schema_name):
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA "{tenant.schema_name}"')
    call_command("migrate_schemas", schema_name=tenant.schema_name, interactive=False, verbosity=0)


def change_brand(tenant: Tenant, **fields: Any) -> Tenant:
    """Change name, colours, texts or rules, and compute the AA-safe theme anew.

    Raises ValidationError with the field names.
    """
    for name, value in fields.items():
        setattr(tenant, name, value)
    _apply_theme(tenant)
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
        _apply_theme(public)
        public.save(update_fields=["theme_css", "theme_hash"])
    for host, is_primary in ((f"app.{settings.BASE_DOMAIN}", True), (settings.BASE_DOMAIN, False)):
        Domain.objects.get_or_create(domain=host, defaults={"tenant": public, "is_primary": is_primary})
    return public


def schema_name_for(slug: str) -> str:
    """Return the schema name of a slug; the prefix keeps partners away from PostgreSQL's and our own names."""
    return "t_" + slug.replace("-", "_")


def _apply_theme(tenant: Tenant) -> None:
    tenant.theme_css = theme_css(tenant.brand_colour, tenant.accent_colour or None)
    tenant.theme_hash = hashlib.sha256(tenant.theme_css.encode()).hexdigest()[:16]
