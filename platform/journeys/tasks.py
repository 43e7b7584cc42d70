"""What the scheduler starts. All of it may run twice, late, or side by side."""

import logging
from datetime import timedelta
from typing import Any

from celery import shared_task

from journeys.deadlines import sweep
from journeys.leave_platform import request_due_deletions
from journeys.notices import HANDLERS
from journeys.operations import carry_out
from kernel.clock import now
from orders.services import forget_old_drafts
from outbox.services import relay
from tenants.context import tenant_context
from tenants.errors import SchemaBehind
from tenants.handover import forget_handovers
from tenants.media import sweep_set_aside
from tenants.selectors import partners

logger = logging.getLogger(__name__)

KEEP_DRAFTS = timedelta(days=30)
KEEP_HANDOVERS = timedelta(days=1)


@shared_task
def sweep_deadlines(**kwargs: Any) -> int:
    """Act on all deadlines that are due."""
    return sweep(now=now())


@shared_task
def forget_drafts(**kwargs: Any) -> int:
    """Delete bookings that were begun and never placed, with their photos, at every partner."""
    forgotten = 0
    for tenant in partners():
        try:
            with tenant_context(tenant):
                forgotten += forget_old_drafts(now=now(), older_than=KEEP_DRAFTS)
        except SchemaBehind:
            logger.warning("The drafts of %s wait for its migrations", tenant.slug)
    return forgotten


@shared_task
def sweep_leavers(**kwargs: Any) -> int:
    """Let the partners be deleted whose day has come, and clear up after a worker that was killed while deleting."""
    sweep_set_aside()
    return request_due_deletions(now=now())


@shared_task
def forget_old_handovers(**kwargs: Any) -> int:
    """Delete hand-overs of yesterday and before."""
    return forget_handovers(now=now(), older_than=KEEP_HANDOVERS)


@shared_task
def carry_out_operations(**kwargs: Any) -> int:
    """Make, export or delete partners, as was asked for; runs where the owner's login is."""
    return carry_out(now=now())


@shared_task
def relay_outbox(**kwargs: Any) -> int:
    """Deliver all messages that are due."""
    return relay(HANDLERS, now=now())
