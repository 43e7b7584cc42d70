"""What managers see in their admin while the brand site is closed."""

from typing import Any

from wagtail.admin.ui.components import Component

from tenants.context import current_tenant
from tenants.models import TenantState


class ClosedBanner(Component):
    """Why the brand site shows a notice, and until when that can be undone."""

    order = 0
    template_name = "console/start/closed_banner.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the partner with its state."""
        tenant = current_tenant()
        return {"partner": tenant, "is_leaving": tenant is not None and tenant.state == TenantState.LEAVING}


def banners() -> list[Component]:
    """Return the banner where the brand site is closed."""
    tenant = current_tenant()
    return [ClosedBanner()] if tenant is not None and tenant.state != TenantState.ACTIVE else []
