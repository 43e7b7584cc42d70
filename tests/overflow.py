"""What tests of overflow and of escalations share: contracts, friends of the crowd, pros, an order on its way."""

from datetime import date, timedelta
from typing import Any

from crowd.models import Friend, ProCountry
from dispatch.models import Job, OverflowContract
from dispatch.overflow.contracts import Agreement
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.finding.ask_friends import ask_next_friends
from journeys.order.working.agree_date import contact_customer
from journeys.partner.contracts import agree_contract
from kernel.clock import now
from orders.models import Order
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import register_friend

WHO = "Olga Operator"


def agree(tenant: Tenant | None, community: int = 0, **terms: Any) -> OverflowContract:
    """Make a contract of a partner, or of all, with a community or the shared crowd."""
    said = {"valid_from": now().date(), **terms}
    with platform_context():
        return agree_contract(
            agreement=Agreement(tenant_id=tenant.pk if tenant else None, community=community, **said),
            who=WHO,
            now=now(),
        )


def end_for_all() -> None:
    """Take the contract for all away that every installation begins with."""
    with platform_context():
        OverflowContract.objects.filter(tenant_id=None).update(ended_at=now(), ended_by=WHO)


def job_of(order: Order) -> Job:
    """Return the order's job as it is now."""
    with platform_context():
        return Job.objects.get(pk=order.placed_job_id)


def next_wave(order: Order) -> None:
    """Let the time of the present wave be up."""
    with platform_context():
        ask_next_friends(job_id=order.placed_job_id, after_wave=job_of(order).wave, now=now())


def fresh(tenant: Tenant, order: Order) -> Order:
    """Return the order as it is now."""
    with tenant_context(tenant):
        return Order.objects.select_related("escalation").get(uuid=order.uuid)


def register_pro(name: str, *, km: float, until: date | None = None, **fields: Any) -> Friend:
    """Register a friend who is an insured pro, in a country in which pros are enabled."""
    pro = register_friend(name, km=km, **fields)
    with platform_context():
        ProCountry.objects.get_or_create(country="DE", defaults={"enabled_at": now(), "enabled_by": WHO})
        Friend.objects.filter(pk=pro.pk).update(is_pro=True, pro_until=until or now().date() + timedelta(days=365))
    return pro


def bring_on_site(order: Order, friend: Friend) -> None:
    """Let a friend accept and contact the customer."""
    accept_offer(job_id=order.placed_job_id, friend_id=friend.pk, now=now())
    contact_customer(job_id=order.placed_job_id, friend_id=friend.pk, now=now())
