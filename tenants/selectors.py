"""Reads about partners; all of them run on the public schema's tables, which every schema sees."""

from django.conf import settings
from django.db.models import QuerySet

from tenants.models import PUBLIC, Domain, Tenant


def partners() -> QuerySet[Tenant]:
    """Return all partners in the order of their names; the public row is not one of them."""
    return Tenant.objects.exclude(schema_name=PUBLIC).order_by("name", "id")


def slugs_by_schema() -> dict[str, str]:
    """Return the slugs of all partners by schema; it reads no column that a migration may still have to add."""
    return dict(partners().values_list("schema_name", "slug"))


def tenant_by_id(tenant_id: int) -> Tenant:
    """Return one partner.

    Raises ``Tenant.DoesNotExist``.
    """
    return Tenant.objects.get(pk=tenant_id)


def tenant_by_slug(slug: str) -> Tenant:
    """Return one partner.

    Raises ``Tenant.DoesNotExist``.
    """
    return Tenant.objects.exclude(schema_name=PUBLIC).get(slug=slug)


def tenant_url(tenant: Tenant, path: str = "/") -> str:
    """Return the absolute URL of a path on the partner's primary domain."""
    domain = Domain.objects.filter(tenant=tenant, is_primary=True).values_list("domain", flat=True).first()
    return host_url(domain or f"{tenant.slug}.{settings.BASE_DOMAIN}", path)


def platform_url(path: str = "/") -> str:
    """Return the absolute URL of a path on the platform host."""
    return host_url(f"app.{settings.BASE_DOMAIN}", path)


def host_url(host: str, path: str = "/") -> str:
    """Return the absolute URL of a path on a host of this installation, with the port where it is not the usual."""
    usual = {"http": 80, "https": 443}[settings.SCHEME]
    port = "" if usual == settings.PORT else f":{settings.PORT}"
    return f"{settings.SCHEME}://{host}{port}{path}"
