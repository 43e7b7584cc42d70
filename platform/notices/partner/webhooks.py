"""What a partner's own systems are told: an order has come into another state. A trigger posts it with the state."""

from typing import Any
from urllib.parse import urlsplit

from developers.client import call
from developers.errors import UnableToCall
from developers.models import Endpoint
from developers.webhooks import note_delivery, pause_dead_endpoint, secrets_of
from kernel.clock import now
from orders.models import OrderEvent
from outbox.errors import UnableToDeliver
from outbox.models import Message
from tenants.context import tenant_context
from tenants.selectors import tenant_by_id

# As the trigger orders_tell_endpoints names it.
WEBHOOK = "webhook"


def deliver(message: Message) -> None:
    """Call the endpoint of a message and write down what came of it.

    Raises UnableToDeliver where it did not take the message; after the last attempt an endpoint is paused that
    has taken no other one either.
    """
    assert message.tenant_id is not None, "an endpoint is a partner's"
    tenant = tenant_by_id(message.tenant_id)
    with tenant_context(tenant):
        endpoint = Endpoint.objects.filter(uuid=message.reference["endpoint"]).first()
        event = OrderEvent.objects.select_related("order__fed").filter(pk=message.reference["event"]).first()
    if endpoint is None or event is None or endpoint.ended_at or endpoint.paused_at:
        return
    body, message_id, moment = _body(event, is_live=not tenant.is_sandbox), f"msg_{endpoint.uuid.hex}_{event.pk}", now()
    fault, heard = "", None
    try:
        heard = call(
            url=endpoint.url, secrets=secrets_of(endpoint, now=moment), message_id=message_id, body=body, now=moment
        )
    except UnableToCall as error:
        fault = str(error)

    def note(is_last: bool) -> None:
        with tenant_context(tenant):
            note_delivery(
                endpoint=endpoint,
                message_id=message_id,
                kind=body["type"],
                body=body,
                heard=heard,
                fault=fault,
                now=moment,
            )
            if is_last:
                pause_dead_endpoint(endpoint, since=message.created_at, now=moment)

    if heard is None or not heard.is_taken:
        said = fault or f"{heard.status if heard else ''}"
        # The host alone: an address may hold a secret of the partner's, and this stands in logs.
        raise UnableToDeliver(f"{urlsplit(endpoint.url).hostname} answers {said}"[:200], afterwards=note)
    note(False)


def _body(event: OrderEvent, *, is_live: bool) -> dict[str, Any]:
    """Return what is said: which order, and its state; all else is read by the API."""
    order = event.order
    return {
        "type": f"order.{event.to_state}",
        "timestamp": event.at.isoformat(),
        "livemode": is_live,
        "data": {
            "id": str(order.uuid),
            "number": order.number,
            "reference": order.fed.reference if hasattr(order, "fed") else "",
            "state": event.to_state,
        },
    }


WEBHOOKS = {WEBHOOK: deliver}
