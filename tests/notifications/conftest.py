"""A push service of our own, an installation with a key, and Ben's phone."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from crowd.models import Friend
from kernel.clock import now
from notifications.client import public_key
from notifications.services import subscribe
from tests.cast import Cast
from tests.notifications.push_service import Phone, PushService, new_private_key, push_service


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    """Run a push service, with a key of ours."""
    settings.VAPID_PRIVATE_KEY = new_private_key()
    with push_service() as running:
        yield running


@pytest.fixture
def phone(service: PushService, four_near: Cast) -> Phone:
    """Return Ben's phone, which takes pushes."""
    return subscribed(service, four_near["Ben"])


def subscribed(service: PushService, friend: Friend) -> Phone:
    """Return a new phone of a friend that takes pushes."""
    phone = service.subscribe(public_key())
    subscribe(friend_id=friend.pk, user_agent="Chrome on Android", now=now(), **phone.fields)
    return phone
