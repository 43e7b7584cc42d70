"""Reads about partners; all of them run on the public schema's tables, which every schema sees."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from kernel.database.written_once import only_one, written_once
from tenants.models import (
    PUBLIC,
    Domain,
    Feature,
    Operation,
    OperationKind,
    OperationState,
    SettingsChange,
    SupportAccess,
    Tenant,
    TenantState,
)


def partners() -> QuerySet[Tenant]:
    """Return all partners in the order of their names; neither the public row nor a sandbox is one of them."""
    return tenants().filter(sandbox_of=None)


def tenants() -> QuerySet[Tenant]:
    """Return everybody who has a schema, by name: the partners and their sandboxes."""
    return Tenant.objects.exclude(schema_name=PUBLIC).order_by("name", "id")


def sandbox_of(partner_id: int) -> Tenant | None:
    """Return a partner's sandbox, or None where it has none yet. Run on the platform."""
    return Tenant.objects.filter(sandbox_of=partner_id).first()


def slugs_by_schema() -> dict[str, str]:
    """Return the slugs of all tenants by schema; it reads no column that a migration may still have to add."""
    return dict(tenants().values_list("schema_name", "slug"))


def tenant_by_id(tenant_id: int) -> Tenant:
    """Return one partner.

    Raises ``Tenant.DoesNotExist``.
    """
    return only_one(_tenant(tenant_id), Tenant)


@written_once
def _tenant(tenant_id: int) -> QuerySet[Tenant]:
    return Tenant.objects.filter(pk=tenant_id)


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


def partner_names(tenant_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of partners by id. One query; run on the platform."""
    return dict(Tenant.objects.filter(pk__in=list(tenant_ids)).values_list("pk", "name"))


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


def search_partners(*, words: str = "", state: str = "") -> QuerySet[Tenant]:
    """Return partners with their hosts, by words of name, slug or host and by state (2 queries)."""
    found = partners().prefetch_related(Prefetch("domains", Domain.objects.order_by("-is_primary", "domain")))
    if state:
        found = found.filter(state=state)
    for word in words.split():
        hosts = Domain.objects.filter(domain__icontains=word).values("tenant_id")
        found = found.filter(Q(name__icontains=word) | Q(slug__icontains=word) | Q(pk__in=hosts))
    return found


def partner_with_hosts(slug: str) -> Tenant:
    """Return one partner with its hosts (2 queries).

    Raises ``Tenant.DoesNotExist``.
    """
    return search_partners().get(slug=slug)


def takes_orders(tenant: Tenant) -> bool:
    """Say whether customers can book at the partner at the moment."""
    return tenant.state == TenantState.ACTIVE and tenant.is_open and has_feature(tenant, Feature.BOOKING)


def takes_orders_by_api(tenant: Tenant) -> bool:
    """Say whether the partner's own systems can place orders at the moment; customers on the site may or may not."""
    return tenant.state == TenantState.ACTIVE and tenant.is_open and has_feature(tenant, Feature.API)


def has_feature(tenant: Tenant, feature: Feature) -> bool:
    """Say whether the partner has a feature switched on."""
    return feature in tenant.features


def history(tenant: Tenant) -> QuerySet[SettingsChange]:
    """Return who changed which setting when, newest first."""
    return SettingsChange.objects.filter(tenant=tenant).order_by("-at", "-id")


def settings_version(tenant: Tenant) -> int:
    """Return the number of the partner's last change of a setting; a form keeps it to notice later ones."""
    newest = SettingsChange.objects.filter(tenant=tenant).order_by("-id").values_list("id", flat=True).first()
    return newest or 0


def changes_since(tenant: Tenant, version: int) -> QuerySet[SettingsChange]:
    """Return what was changed after a version, newest first."""
    return history(tenant).filter(pk__gt=version)


def operation_by_id(operation_id: UUID) -> Operation:
    """Return an operation with its partner.

    Raises ``Operation.DoesNotExist``.
    """
    return Operation.objects.select_related("tenant").get(pk=operation_id)


def operations_of(tenant: Tenant) -> QuerySet[Operation]:
    """Return what was asked for at a partner, newest first."""
    return Operation.objects.filter(tenant=tenant).order_by("-created_at", "id")


def unfinished_creations() -> QuerySet[Operation]:
    """Return the creations that wait or run, newest first."""
    return Operation.objects.filter(
        kind=OperationKind.CREATE,
        state__in=[OperationState.WAITING, OperationState.RUNNING],
    ).order_by("-created_at", "id")


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
