"""What the demo's partners connect by: a key that nobody knows, and an endpoint that has stopped answering."""

from datetime import datetime, timedelta

from developers.calling import Outcome
from developers.client import Heard
from developers.kinds import Scope, Told
from developers.models import Endpoint, Key
from developers.services import make_key
from developers.webhooks import add_endpoint
from journeys.partner.tell_endpoints import Said, note_call
from orders.models import OrderEvent
from tenants.context import tenant_context
from tenants.models import Tenant

SHOWN = 12
WHO = "Maja (demo)"
# It leads nowhere (RFC 2606), so the endpoint is paused: nothing is sent until somebody gives it another address.
URL = "https://shop.{slug}.example/quartett"
TAKEN, AWAY = Heard(204, "", 84), Heard(503, "Back in a minute.", 31)


def plant_developers(tenants: list[Tenant], *, now: datetime) -> int:
    """Make a key and an endpoint with its latest calls for each partner that has none; return for how many."""
    return sum(_plant(tenant, now) for tenant in tenants)


def _plant(tenant: Tenant, now: datetime) -> bool:
    with tenant_context(tenant):
        if Key.objects.exists() or Endpoint.objects.exists():
            return False
        since = now - timedelta(days=30)
        make_key(name="Web shop (demo)", scopes=Scope.values, who=WHO, now=since)
        endpoint = add_endpoint(
            tenant_id=tenant.pk, url=URL.format(slug=tenant.slug), states=Told.values, who=WHO, now=since
        )
        told = OrderEvent.objects.filter(to_state__in=Told.values, at__gte=since).select_related("order")
        latest = list(told.order_by("-at", "-id")[:SHOWN])
        for place, event in enumerate(reversed(latest)):
            _call(endpoint, event, AWAY if place == len(latest) - 1 else TAKEN)
        Endpoint.objects.filter(pk=endpoint.pk).update(paused_at=now)
    return True


def _call(endpoint: Endpoint, event: OrderEvent, heard: Heard) -> None:
    order, kind = event.order, f"order.{event.to_state}"
    data = {"id": str(order.uuid), "number": order.number, "reference": "", "state": event.to_state}
    about = {"type": kind, "timestamp": event.at.isoformat(), "version": endpoint.version, "livemode": True}
    note_call(
        endpoint=endpoint,
        said=Said(f"msg_{endpoint.uuid.hex}_{event.pk}", event.pk, kind, about | {"data": data}),
        outcome=Outcome(heard),
        first_sent_at=event.at,
        is_last=False,
        now=event.at,
    )
