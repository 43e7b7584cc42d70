"""To whom an issue goes: customers out of the partner's schema, friends of its community out of the crowd (R22)."""

from dataclasses import dataclass
from uuid import UUID

from crowd.segments import readers_of_community
from newsletters import selectors
from newsletters.audience import Audience
from newsletters.sending import friends_who_want_it
from tenants.context import platform_context
from tenants.models import Feature, Tenant
from tenants.selectors import has_feature


@dataclass(frozen=True)
class Reach:
    """How many would get an issue."""

    customers: int
    friends: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.customers + self.friends


def reach_of(tenant: Tenant, audience: Audience) -> Reach:
    """Return how many would get an issue. Run inside the tenant."""
    return Reach(selectors.readers(audience).count(), len(friends_of(tenant, audience)))


def friends_of(tenant: Tenant, audience: Audience) -> dict[UUID, str]:
    """Return the friends who would get an issue, each with their language. Run inside the tenant."""
    if not audience.friends or not has_feature(tenant, Feature.COMMUNITY):
        return {}
    with platform_context():
        found = dict(
            readers_of_community(
                tenant.pk,
                languages=audience.languages,
                places=audience.places,
                skills=audience.skills,
                certificates=audience.certificates,
                activity=audience.activity,
            )
        )
    wanted = friends_who_want_it(found)
    return {friend_id: language for friend_id, language in found.items() if friend_id in wanted}
