"""What stands in for Stripe and SumUp, an installation that takes cards, and an invoice that waits for its payment."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Kind, User
from billing.models import Bill
from billing.selectors import bills_of
from kernel.clock import now
from orders.models import Order
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.billing.sellers import name_sellers
from tests.billing.test_bills import confirm
from tests.cast import PASSWORD, Cast, book
from tests.money.stripe import KEY, SECRET, Stripe, stripe_stand_in
from tests.money.sumup import KEY as SUMUP_KEY
from tests.money.sumup import SumUp, sumup_stand_in
from tests.ratings import finish


@pytest.fixture(scope="session")
def stand_in() -> Iterator[Stripe]:
    """Run the stand-in once a run."""
    with stripe_stand_in() as running:
        yield running


@pytest.fixture
def stripe(stand_in: Stripe, settings: Settings, clock: time_machine.Coordinates) -> Stripe:
    """Take cards, at a Stripe whose clock is the test's."""
    settings.STRIPE_KEY, settings.STRIPE_WEBHOOK_SECRET = KEY, SECRET
    settings.STRIPE_API, settings.STRIPE_PAGES = stand_in.address, [f"http://localhost:{stand_in.port}"]
    stand_in.control("clock", now=now().timestamp())
    return stand_in


@pytest.fixture(scope="session")
def sumup_port() -> Iterator[int]:
    """Run what stands in for SumUp once a run."""
    with sumup_stand_in() as port:
        yield port


@pytest.fixture
def sumup(sumup_port: int, settings: Settings, clock: time_machine.Coordinates) -> SumUp:
    """Take cards on site, at a SumUp whose clock is the test's."""
    running = SumUp(sumup_port)
    settings.SUMUP_KEY, settings.SUMUP_MERCHANTS = SUMUP_KEY, {"EUR": running.merchant}
    settings.SUMUP_API, settings.SUMUP_AFFILIATE = running.address, "example.quartett:key"
    running.control("clock", now=now().timestamp())
    return running


@pytest.fixture
def operator_client(db: None) -> Client:
    """Return Olga, the operator, signed in on the platform host."""
    olga = User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga")
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    return client


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order whose invoice over EUR 49.00 is sent."""
    name_sellers(nord)
    billed = finish(book(nord, payment={"method": "invoice"}), four_near["Ben"], is_paid=False)
    confirm(nord, billed)
    return billed


@pytest.fixture
def bill(nord: Tenant, order: Order) -> Bill:
    """Return that invoice."""
    with tenant_context(nord):
        (invoice,) = bills_of(order)
    return invoice
