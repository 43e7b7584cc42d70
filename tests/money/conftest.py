"""What stands in for Stripe, with its clock at the tests' noon, and an installation that takes cards."""

from collections.abc import Iterator

import pytest
import time_machine
from pytest_django.fixtures import Settings

from kernel.clock import now
from tests.money.stripe import KEY, SECRET, Stripe, stripe_stand_in


@pytest.fixture(scope="session")
def stand_in() -> Iterator[Stripe]:
    """Run the stand-in once a run."""
    with stripe_stand_in() as running:
        yield running


@pytest.fixture
def stripe(stand_in: Stripe, settings: Settings, clock: time_machine.Coordinates) -> Stripe:
    """Take cards, at a Stripe whose clock is the test's."""
    settings.STRIPE_KEY, settings.STRIPE_WEBHOOK_SECRET = KEY, SECRET
    settings.STRIPE_API, settings.STRIPE_PAGES = stand_in.address, f"http://localhost:{stand_in.port}"
    stand_in.control("clock", now=now().timestamp())
    return stand_in
