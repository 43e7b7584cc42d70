"""Who signed up for an event is told something: guests by mail, friends on the channels of their choice."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from events.models import SignUp
from journeys.posting import notice
from journeys.topics import ToFriend, ToGuest
from outbox.models import Message
from outbox.services import post_all


def tell_guests(
    topic: ToGuest,
    sign_ups: Iterable[SignUp],
    *,
    tenant_id: int,
    now: datetime,
    once: str = "",
    **reference: str,
) -> None:
    """Post a notice to each of those who signed up; ``once`` names the occasion where there may be several."""
    post_all([_notice(topic, one, tenant_id, now, once, reference) for one in sign_ups])


def _notice(
    topic: ToGuest, sign_up: SignUp, tenant_id: int, now: datetime, once: str, reference: Mapping[str, str]
) -> Message:
    occasion = [once] if once else []
    if sign_up.friend_id is None:
        said = {"sign_up": str(sign_up.pk), **reference}
        return notice(topic, sign_up.pk, *occasion, tenant_id=tenant_id, now=now, **said)
    return notice(
        ToFriend.EVENT_NEWS,
        topic,
        sign_up.pk,
        *occasion,
        tenant_id=tenant_id,
        now=now,
        sign_up=str(sign_up.pk),
        friend=str(sign_up.friend_id),
        about=str(topic),
        **reference,
    )
