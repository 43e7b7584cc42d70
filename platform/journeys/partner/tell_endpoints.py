"""What a partner's own systems are told: what came of a call, the pause of a dead endpoint, and all of it once more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from developers.calling import Outcome
from developers.errors import EndpointIsPaused, UnableToReplay
from developers.kinds import WEBHOOK
from developers.models import Endpoint
from developers.webhooks import endpoint_by_uuid, note_delivery, pause_dead_endpoint
from journeys.posting import tell
from journeys.topics import ToManagers
from kernel.web.limits import Limit
from orders.models import OrderEvent
from outbox.models import Message
from outbox.services import message, post_all

LONGEST_SPAN = timedelta(days=31)
MOST_REPLAYED = 20_000
REPLAYS = Limit(of="webhook-replay", most=6, within_s=3600)


@dataclass(frozen=True)
class Said:
    """What an endpoint is told: the message's own id, what happened, and the words."""

    message_id: str
    event_id: int | None
    kind: str
    body: dict[str, Any]


@transaction.atomic
def note_call(
    *, endpoint: Endpoint, said: Said, outcome: Outcome, first_sent_at: datetime, is_last: bool, now: datetime
) -> None:
    """Write down what came of a call, and after the last attempt at a message pause an endpoint that takes nothing.

    The partner's managers are told of the pause. Run inside the tenant.
    """
    note_delivery(
        endpoint=endpoint,
        message_id=said.message_id,
        event_id=said.event_id,
        kind=said.kind,
        body=said.body,
        heard=outcome.heard,
        fault=outcome.fault,
        now=now,
    )
    if is_last and pause_dead_endpoint(endpoint, since=first_sent_at, now=now):
        tell(
            ToManagers.ENDPOINT_PAUSED,
            endpoint.uuid,
            now.isoformat(),
            tenant_id=endpoint.tenant_id,
            now=now,
            endpoint=str(endpoint.uuid),
            since=first_sent_at.isoformat(),
        )


@transaction.atomic
def replay_one(*, endpoint_uuid: UUID, delivery_id: int, now: datetime) -> None:
    """Send an endpoint once more what it was sent by a call, under the message's id.

    Raises ``Endpoint.DoesNotExist``, ``Delivery.DoesNotExist`` or EndpointIsPaused.
    """
    endpoint = _running(endpoint_uuid)
    delivery = endpoint.deliveries.get(pk=delivery_id, event_id__isnull=False)
    assert delivery.event_id is not None
    post_all(_again(endpoint, [delivery.event_id], now))


@transaction.atomic
def replay_span(*, endpoint_uuid: UUID, since: datetime, until: datetime, now: datetime) -> int:
    """Send an endpoint all that happened in a span and return how many messages that are; ``until`` is not part of it.

    What happened while it was paused is sent too. Raises ``Endpoint.DoesNotExist``, EndpointIsPaused, UnableToReplay,
    or TooManyAttempts after six times in an hour.
    """
    endpoint = _running(endpoint_uuid)
    if since >= until:
        raise UnableToReplay({"until": _("The end has to be after the beginning.")})
    if until - since > LONGEST_SPAN:
        raise UnableToReplay({"until": _("Please choose at most %(count)d days.") % {"count": LONGEST_SPAN.days}})
    REPLAYS.count(str(endpoint.uuid))
    happened = OrderEvent.objects.filter(at__gte=since, at__lt=until, to_state__in=endpoint.states)
    found = list(
        happened.exclude(to_state=F("from_state")).order_by("id").values_list("pk", flat=True)[: MOST_REPLAYED + 1]
    )
    if len(found) > MOST_REPLAYED:
        raise UnableToReplay(
            {"until": _("These are more than %(count)d messages. Please choose fewer days.") % {"count": MOST_REPLAYED}}
        )
    post_all(_again(endpoint, found, now))
    return len(found)


def _running(endpoint_uuid: UUID) -> Endpoint:
    endpoint = endpoint_by_uuid(endpoint_uuid)
    if endpoint.paused_at is not None:
        raise EndpointIsPaused
    return endpoint


def _again(endpoint: Endpoint, event_ids: Iterable[int], now: datetime) -> list[Message]:
    # However often it is asked for within a minute, it is sent once.
    minute = now.replace(second=0, microsecond=0).isoformat()
    return [
        message(
            key=f"{WEBHOOK}:{endpoint.uuid}:{event_id}:{minute}",
            topic=WEBHOOK,
            tenant_id=endpoint.tenant_id,
            now=now,
            endpoint=str(endpoint.uuid),
            event=event_id,
        )
        for event_id in event_ids
    ]
