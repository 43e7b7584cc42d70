"""What endpoints are told: an order has come into another state, alone or with the whole order."""

import json
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from rest_framework.renderers import JSONRenderer

from api.v1.order_bodies import order_out
from developers.kinds import TEST_EVENT
from developers.models import Endpoint
from journeys.partner.tell_endpoints import Said
from kernel.clock import now
from orders.models import OrderEvent
from orders.selectors import order_by_uuid
from tenants.context import current_tenant, sandbox_at_hand


class _Receiver(HttpRequest):
    """Who reads the order of a message: it has no key, so it gets no address that would let it change the order."""

    auth = SimpleNamespace(scopes=())

    def __init__(self) -> None:
        super().__init__()
        self.tenant = current_tenant()


def event_said(endpoint: Endpoint, event: OrderEvent) -> Said:
    """Return what an endpoint is told of an event, in the endpoint's version."""
    order = event.order
    data: dict[str, Any] = {
        "id": str(order.uuid),
        "number": order.number,
        "reference": order.fed.reference if hasattr(order, "fed") else "",
        "state": event.to_state,
    }
    if endpoint.with_snapshot:
        data["order"] = _plain(order_out(order_by_uuid(order.uuid), _Receiver()))
    kind = f"order.{event.to_state}"
    return Said(f"msg_{endpoint.uuid.hex}_{event.pk}", event.pk, kind, _body(endpoint, kind, event.at, data))


def trial_said(endpoint: Endpoint, name: str) -> Said:
    """Return what an endpoint is told to try it out."""
    data = {"endpoint": str(endpoint.uuid)}
    return Said(f"msg_{endpoint.uuid.hex}_test_{name}", None, TEST_EVENT, _body(endpoint, TEST_EVENT, now(), data))


def _body(endpoint: Endpoint, kind: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": kind,
        "timestamp": at.isoformat(),
        "version": endpoint.version,
        "livemode": sandbox_at_hand() is None,
        "data": data,
    }


def _plain(body: Any) -> Any:
    """Return a body as it is sent: what JSON can say."""
    return json.loads(JSONRenderer().render(body))
