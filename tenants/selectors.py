"""Reads about partners; all of them run on the public schema's tables, which every schema sees."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from tenants.models import PUBLIC, Domain, SupportAccess, Tenant


def partners() -> QuerySet[Tenant]:
    """Return all partners in the order of their names; the public row is not one of them."""
    return Tenant.objects.exclude(schema_name=PUBLIC).order_by("name", "id")


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


def verified_domain(host: str) -> Domain | None:
    """Return a partner's domain with its partner, or None where the host is no partner's or not verified."""
    domains = Domain.objects.select_related("tenant").exclude(tenant__schema_name=PUBLIC)
    return domains.filter(domain=host, is_verified=True).first()


def primary_hosts(tenant_ids: Iterable[int]) -> dict[int, str]:
    """Return the primary host of each of the partners."""
    return dict(Domain.objects.filter(tenant__in=list(tenant_ids), is_primary=True).values_list("tenant", "domain"))


def support_accesses(tenant: Tenant) -> QuerySet[SupportAccess]:
    """Return the operators' accesses to a partner, newest first."""
    return SupportAccess.objects.filter(tenant=tenant).order_by("-granted_at", "-id")


def running_accesses(tenant: Tenant, *, now: datetime) -> QuerySet[SupportAccess]:
    """Return the accesses that are neither ended nor over."""
    return support_accesses(tenant).filter(ended_at=None, ends_at__gt=now)


def running_access(tenant: Tenant, *, operator_id: UUID, now: datetime) -> SupportAccess | None:
    """Return the operator's running access to the partner, or None."""
    return running_accesses(tenant, now=now).filter(operator_id=operator_id).first()


def hosts_of(tenant: Tenant) -> QuerySet[Domain]:
    """Return a partner's hosts, the main one first."""
    return Domain.objects.filter(tenant=tenant).order_by("-is_primary", "domain", "id")


def is_served(host: str) -> bool:
    """Say whether a host is one that we answer for (1 query)."""
    return Domain.objects.filter(domain=host.lower(), is_verified=True).exists()


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
