"""A partner's own system that hears of orders."""

from collections.abc import Iterator

import pytest

from tests.developers.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Run a partner's own system."""
    with receiving() as found:
        yield found
