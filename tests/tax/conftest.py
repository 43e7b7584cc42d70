"""Who plays in the tests of tax: Ben, who has earned, and Olga, the operator."""

import pytest
from django.test import Client

from accounts.models import Kind, User
from crowd.models import Friend
from tests.cast import PASSWORD, Cast, deliver


@pytest.fixture
def ben(four_near: Cast) -> Friend:
    """Return Ben, who lives in Germany and has read his mail."""
    deliver()
    return four_near["Ben"]


@pytest.fixture
def operator_client(db: None) -> Client:
    """Return Olga, the operator, signed in on the platform host."""
    olga = User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga")
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    return client
