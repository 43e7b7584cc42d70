"""What the owner's worker does for each kind of operation."""

from datetime import datetime

from journeys.partner.leave_platform import delete_partner, export_partner, import_partner
from journeys.partner.onboard_partner import create_partner
from journeys.partner.sandbox import prepare_sandbox
from tenants.lifecycle.operations import Handler, carry_out_operations
from tenants.models import OperationKind

HANDLERS: dict[str, Handler] = {
    OperationKind.CREATE: create_partner,
    OperationKind.EXPORT: export_partner,
    OperationKind.IMPORT: import_partner,
    OperationKind.DELETE: delete_partner,
    OperationKind.SANDBOX: prepare_sandbox,
}


def carry_out(*, now: datetime) -> int:
    """Carry out all waiting operations and return how many came to an end. Needs the owner's login."""
    return carry_out_operations(HANDLERS, now=now)
