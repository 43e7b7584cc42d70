"""A friend chooses: communities of partners, the shared crowd, and partners not to hear of (R1, R9, R23)."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from communities.errors import NoCommunity
from communities.services import end_membership
from crowd.errors import NoWayBack
from crowd.models import SHARED_CROWD
from crowd.selectors import blocks_of, friend_by_id, memberships_of
from crowd.services import block_partner as block_in_crowd
from crowd.services import join_community as join_in_crowd
from crowd.services import leave_community as leave_in_crowd
from crowd.services import unblock_partner as unblock_in_crowd
from tenants.context import platform_context, tenant_context
from tenants.models import Feature, Tenant, TenantState
from tenants.selectors import has_feature, partners


@dataclass(frozen=True)
class Choice:
    """A partner as the friend stands to it; one that blocked the friend is not shown at all."""

    tenant: Tenant
    is_member: bool
    is_blocked: bool


def joinable_partners() -> list[Tenant]:
    """Return the partners whose communities are open, by name."""
    return list(partners().filter(state=TenantState.ACTIVE, features__contains=[Feature.COMMUNITY]))


def community_choices(friend_id: UUID) -> list[Choice]:
    """Return the partners that the friend may choose among, by name (3 queries)."""
    mine, blocks = set(memberships_of(friend_id)), blocks_of(friend_id)
    return [
        Choice(tenant, tenant.pk in mine, tenant.pk in blocks)
        for tenant in joinable_partners()
        if blocks.get(tenant.pk, True)
    ]


def takes_overflow(friend_id: UUID) -> bool:
    """Say whether the friend is in the shared crowd."""
    return SHARED_CROWD in memberships_of(friend_id)


def join_community(*, friend_id: UUID, tenant: Tenant) -> None:
    """Make the friend a member of the partner's community, which takes back what they had said against it.

    Raises NoCommunity, or NoWayBack where the partner has blocked them.
    """
    if tenant.state != TenantState.ACTIVE or not has_feature(tenant, Feature.COMMUNITY):
        raise NoCommunity
    with platform_context(), transaction.atomic():
        if blocks_of(friend_id).get(tenant.pk) is False:
            raise NoWayBack
        unblock_in_crowd(friend_id=friend_id, tenant_id=tenant.pk)
        join_in_crowd(friend=friend_by_id(friend_id), community=tenant.pk)


def switch_overflow(*, friend_id: UUID, is_on: bool) -> None:
    """Let the friend have offers of every partner whose own community found nobody, or no more."""
    with platform_context(), transaction.atomic():
        friend = friend_by_id(friend_id)
        if is_on:
            join_in_crowd(friend=friend, community=SHARED_CROWD)
        else:
            leave_in_crowd(friend=friend, community=SHARED_CROWD)


def block_partner(*, friend_id: UUID, tenant: Tenant) -> None:
    """Keep all jobs of the partner from the friend, and end a membership, on the partner's site too."""
    with platform_context(), transaction.atomic():
        friend = friend_by_id(friend_id)
        block_in_crowd(friend=friend, tenant_id=tenant.pk)
        leave_in_crowd(friend=friend, community=tenant.pk)
        with tenant_context(tenant):
            end_membership(friend_id=friend_id)


def unblock_partner(*, friend_id: UUID, tenant: Tenant) -> None:
    """Let the partner's jobs reach the friend again.

    Raises NoWayBack where it was the partner who said so.
    """
    with platform_context(), transaction.atomic():
        if blocks_of(friend_id).get(tenant.pk) is False:
            raise NoWayBack
        unblock_in_crowd(friend_id=friend_id, tenant_id=tenant.pk)
