"""Who signed up for an event is told something: guests by mail."""

from collections.abc import Iterable
from datetime import datetime

from events.models import SignUp
from journeys.posting import notice
from journeys.topics import ToGuest
from outbox.services import post_all


def tell_guests(topic: ToGuest, sign_ups: Iterable[SignUp], *, tenant_id: int, now: datetime, once: str = "") -> None:
    """Post a notice to each of those who signed up; ``once`` names the occasion where there may be several."""
    post_all([
        notice(topic, one.pk, *([once] if once else []), tenant_id=tenant_id, now=now, sign_up=str(one.pk))
        for one in sign_ups
    ])  # fmt: skip
