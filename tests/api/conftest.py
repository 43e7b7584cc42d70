"""A shop that has a key of Nord's."""

import pytest

from tenants.models import Tenant
from tests.api.calls import Shop, token_for


@pytest.fixture
def shop(nord: Tenant) -> Shop:
    """Return Nord's own shop, with a key that may do all."""
    return Shop(token_for(nord))
