"""For which partners a friend would be the seller. Run on the platform."""

from crowd.models import SHARED_CROWD, Friend
from crowd.selectors import memberships_of
from tenants.selectors import partners
from tenants.settings.sellers import friends_sell


def selling_partners(friend: Friend) -> list[str]:
    """Return the names of the partners in whose communities a friend is and whose customers they would sell to.

    Whoever is in the shared crowd may get jobs of all of them (2 queries).
    """
    reached = set(memberships_of(friend.pk))
    return [
        partner.name
        for partner in partners()
        if reached & {partner.pk, SHARED_CROWD} and friends_sell(partner, friend.country)
    ]
