"""A pro near by, a friend on site, and a customer who is asked."""

import pytest

from crowd.models import Friend
from orders.models import Order
from tenants.models import Tenant
from tests.cast import Cast, book
from tests.journeys.order.escalation.steps import escalate
from tests.overflow import bring_on_site, fresh, register_pro


@pytest.fixture
def pro(nord: Tenant, four_near: Cast) -> Friend:
    """Return Petra, a pro of Nord's community, farther away than the four."""
    return register_pro("Petra", km=8, communities=[nord.pk])


@pytest.fixture
def on_site(nord: Tenant, four_near: Cast, pro: Friend) -> Order:
    """Return an order for which Ben is on site."""
    order = book(nord)
    bring_on_site(order, four_near["Ben"])
    return fresh(nord, order)


@pytest.fixture
def asked(nord: Tenant, on_site: Order, four_near: Cast) -> Order:
    """Return an order whose customer is asked whether a pro may come."""
    escalate(on_site, four_near["Ben"])
    return fresh(nord, on_site)
