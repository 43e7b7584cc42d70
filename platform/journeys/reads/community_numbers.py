"""What a partner's community has done, in numbers that everybody may read. Run inside the tenant."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg

from crowd.models import Rating
from crowd.selectors import community_size
from orders.models import Order
from orders.states import OrderState
from tenants.context import platform_context
from tenants.models import Tenant

DAYS = timedelta(days=30)


@dataclass(frozen=True)
class CommunityNumbers:
    """Friends of today, jobs that customers have confirmed in thirty days, and the average of all ratings, if any."""

    friends: int
    jobs: int
    stars: float | None


def numbers_of(tenant: Tenant, *, now: datetime) -> CommunityNumbers:
    """Return the numbers of a partner (3 queries)."""
    with platform_context():
        friends = community_size(tenant.pk)
    jobs = Order.objects.filter(state=OrderState.CONFIRMED, changed_at__gte=now - DAYS).count()
    stars = Rating.objects.filter(tenant_id=tenant.pk).aggregate(all=Avg("stars"))["all"]
    return CommunityNumbers(friends, jobs, round(stars, 1) if stars else None)
