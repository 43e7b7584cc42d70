"""A friend enters a partner's community by the one-time hand-over, and leaves it (R1, R3)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from communities.errors import NoCommunity, NotAMember
from communities.services import admit_member, sign_out_member
from communities.services import end_membership as end_in_tenant
from crowd.models import Friend
from crowd.selectors import communities_of, friend_by_id, is_member, members_of
from crowd.services import block_partner
from crowd.services import leave_community as leave_in_crowd
from journeys.links import arrive_url, begin_entry_url
from tenants.access.handover import consume_handover, issue_code
from tenants.context import platform_context, tenant_context
from tenants.errors import UnknownHost
from tenants.models import Feature, HandoverPurpose, Tenant, TenantState
from tenants.selectors import has_feature, partners, primary_hosts, verified_domain


@dataclass(frozen=True)
class Community:
    """A community that a friend may enter, and where."""

    tenant: Tenant
    url: str


def communities_of_friend(friend_id: UUID, *, language: str) -> list[Community]:
    """Return the communities that the friend may enter, by name. Run on the platform; it takes three queries."""
    wanted = partners().filter(pk__in=communities_of(friend_id), state=TenantState.ACTIVE)
    tenants = list(wanted.filter(features__contains=[Feature.COMMUNITY]))
    hosts = primary_hosts(tenant.pk for tenant in tenants)
    return [
        Community(tenant, begin_entry_url(hosts[tenant.pk], spoken(tenant, language)))
        for tenant in tenants
        if tenant.pk in hosts
    ]


def issue_entry(*, friend_id: UUID, host: str, state_hash: str, language: str, now: datetime) -> str:
    """Return the address at which the friend arrives, with a code that is good for a minute. Run on the platform.

    Raises UnknownHost, NoCommunity, NotAMember (with the partner as ``tenant``) or HandoverRefused.
    """
    domain = verified_domain(host)
    if domain is None:
        raise UnknownHost
    tenant = domain.tenant
    _check(friend_id, tenant)
    code = issue_code(
        tenant=tenant, state_hash=state_hash, purpose=HandoverPurpose.FRIEND, person_id=friend_id, now=now
    )
    return arrive_url(host=domain.domain, code=code, language=spoken(tenant, language))


def enter_community(*, code: str, state: str, tenant: Tenant, now: datetime) -> User:
    """Use the code up and return the friend's local user, to be signed in.

    The code stays used whatever comes after. Raises HandoverRefused, NoCommunity or NotAMember.
    """
    arrival = consume_handover(code=code, state=state, purpose=HandoverPurpose.FRIEND, tenant=tenant, now=now)
    with platform_context():
        friend = _check(arrival.person_id, tenant)
    with tenant_context(tenant):
        return admit_member(
            friend_id=friend.pk,
            first_name=friend.first_name,
            last_name=friend.last_name,
            language=friend.language,
            now=now,
        ).user


def leave_sites(*, friend_id: UUID) -> None:
    """Sign a friend out of all partners' sites, because they signed out here or have a new password."""
    with platform_context():
        tenants = list(partners().filter(pk__in=communities_of(friend_id)))
    for tenant in tenants:
        with tenant_context(tenant):
            sign_out_member(friend_id=friend_id)


def leave_community(*, friend_id: UUID, tenant: Tenant) -> None:
    """End a friend's membership: no job of this partner any more, not as overflow either, and no session on its site.

    Joining again takes that back.
    """
    with platform_context(), transaction.atomic():
        friend = friend_by_id(friend_id)
        leave_in_crowd(friend=friend, community=tenant.pk)
        block_partner(friend=friend, tenant_id=tenant.pk)
        with tenant_context(tenant):
            end_in_tenant(friend_id=friend_id)


def has_members(tenant: Tenant) -> bool:
    """Say whether anybody is in a partner's community (1 query)."""
    with platform_context():
        return bool(members_of(tenant.pk))


def spoken(tenant: Tenant, language: str) -> str:
    """Return the language where the partner has it, else the partner's own."""
    return language if language in tenant.languages else tenant.default_language


def _check(friend_id: UUID, tenant: Tenant) -> Friend:
    """Return the friend where they may enter; asked before a code is made, and again when it is used."""
    if not has_feature(tenant, Feature.COMMUNITY):
        raise NoCommunity
    if not is_member(friend_id, community=tenant.pk):
        raise NotAMember(tenant=tenant)
    return friend_by_id(friend_id)
