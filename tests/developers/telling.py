"""Partners' own systems that listen, and the relay that calls them."""

from api.webhooks import Relay
from developers.kinds import Told
from developers.models import Endpoint
from developers.webhooks import add_endpoint
from kernel.clock import now
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant


def listening(tenant: Tenant, url: str, *states: str, with_snapshot: bool = False) -> Endpoint:
    """Let a partner's own system hear of an order's states, of all where none is named."""
    with tenant_context(tenant):
        return add_endpoint(
            tenant_id=tenant.pk,
            url=url,
            states=states or Told.values,
            with_snapshot=with_snapshot,
            who="Maja",
            now=now(),
        )


def call_endpoints() -> None:
    """Call all endpoints about what is due."""
    relay = Relay()
    with platform_context():
        while relay.turn():
            pass
        relay.close()
