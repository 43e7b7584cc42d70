"""A partner's own domains: added, proven by a DNS record, made the main one, removed (R5)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from tenants.context import platform_context, tenant_context
from tenants.errors import DomainInUse, DomainNotProven, DomainNotServed, DomainUnknown, UnableToAddDomain
from tenants.hosts.dns import texts_at
from tenants.models import Domain, SettingsChange, Tenant
from tenants.selectors import hosts_of
from tenants.services import lock_tenant
from tenants.settings.rules import host_fault

PROOF_LABEL = "_quartett-verify"
TOKEN_BYTES = 24

TAKEN_DOMAIN = _("This domain belongs to another partner.")
OWN_DOMAIN = _("This partner has this domain already.")


@dataclass(frozen=True)
class Proof:
    """The DNS record that proves a domain."""

    record: str
    value: str


def proof_of(domain: Domain) -> Proof:
    """Return the TXT record that the partner has to set."""
    return Proof(f"{PROOF_LABEL}.{domain.domain}", domain.verification_token)


def add_domain(*, tenant: Tenant, domain: str, who: str, now: datetime) -> Domain:
    """Note a domain of the partner's own; it is not served before it is verified.

    Raises UnableToAddDomain with what is wrong.
    """
    host = plain_host(domain)
    with platform_context(), transaction.atomic():
        lock_tenant(tenant)
        if fault := _fault_of_domain(tenant, host):
            raise UnableToAddDomain(fault)
        before = _names(tenant)
        try:
            with transaction.atomic():
                added = Domain.objects.create(
                    tenant=tenant,
                    domain=host,
                    is_primary=False,
                    is_verified=False,
                    verification_token=secrets.token_urlsafe(TOKEN_BYTES),
                    created_at=now,
                )
        except IntegrityError as error:
            # Somebody was faster; the unique column decides who is first.
            raise UnableToAddDomain(TAKEN_DOMAIN) from error
        _note(tenant, before, who, now)
    return added


def verify_domain(*, tenant: Tenant, domain: str, who: str, now: datetime) -> Domain:
    """Ask the name servers for the proof and serve the domain from now on; nothing where it is served already.

    Raises DomainUnknown, DomainNotProven or NameServersSilent.
    """
    with platform_context():
        found = domain_of(tenant, domain)
        if found.is_verified:
            return found
        proof = proof_of(found)
        # Asked outside of a transaction: name servers may take their time.
        if proof.value not in texts_at(proof.record):
            raise DomainNotProven(proof.record)
        with transaction.atomic():
            lock_tenant(tenant)
            before = _names(tenant)
            Domain.objects.filter(pk=found.pk).update(is_verified=True)
            _note(tenant, before, who, now)
        found.is_verified = True
    return found


def make_primary(*, tenant: Tenant, domain: str, who: str, now: datetime) -> Domain:
    """Let a domain be the one that links and mails name, and to which the others lead.

    Raises DomainUnknown, or DomainNotServed before it is verified.
    """
    with platform_context(), transaction.atomic():
        lock_tenant(tenant)
        found = domain_of(tenant, domain)
        if not found.is_verified:
            raise DomainNotServed
        if found.is_primary:
            return found
        before = _names(tenant)
        Domain.objects.filter(tenant=tenant, is_primary=True).update(is_primary=False)
        Domain.objects.filter(pk=found.pk).update(is_primary=True)
        found.is_primary = True
        _note(tenant, before, who, now)
        follow_primary_host(tenant)
    return found


def remove_domain(*, tenant: Tenant, domain: str, who: str, now: datetime) -> None:
    """Give a domain up.

    Raises DomainUnknown, or DomainInUse for the main one and for the partner's present host on the platform.
    """
    with platform_context(), transaction.atomic():
        locked = lock_tenant(tenant)
        found = domain_of(locked, domain)
        if found.is_primary or found.domain == f"{locked.slug}.{settings.BASE_DOMAIN}":
            raise DomainInUse
        before = _names(locked)
        Domain.objects.filter(pk=found.pk).delete()
        _note(locked, before, who, now)


def follow_primary_host(tenant: Tenant) -> None:
    """Tell the floors above that the partner's main host or name is another one."""
    with tenant_context(tenant):
        for path in settings.TENANT_HOST_CHANGED:
            import_string(path)(tenant)


def domain_of(tenant: Tenant, domain: str) -> Domain:
    """Return one of the partner's domains.

    Raises DomainUnknown.
    """
    found = Domain.objects.filter(tenant=tenant, domain=plain_host(domain)).first()
    if found is None:
        raise DomainUnknown
    return found


def plain_host(typed: str) -> str:
    """Return a host name as the database has it: small letters, no dot at the end, letters of the world encoded."""
    host = typed.strip().lower().rstrip(".")
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


def _fault_of_domain(tenant: Tenant, host: str) -> str | Promise | None:
    if fault := host_fault(host):
        return fault
    owner = Domain.objects.filter(domain=host).values_list("tenant_id", flat=True).first()
    if owner is None:
        return None
    return OWN_DOMAIN if owner == tenant.pk else TAKEN_DOMAIN


def _names(tenant: Tenant) -> list[str]:
    """Return the hosts as the history shows them: the main one first, those that are not served in brackets."""
    return [host.domain if host.is_verified else f"({host.domain})" for host in hosts_of(tenant)]


def _note(tenant: Tenant, before: list[str], who: str, now: datetime) -> None:
    SettingsChange.objects.create(tenant=tenant, at=now, who=who, field="hosts", before=before, after=_names(tenant))
