"""The two ticks of the platform. Both may run twice, late, or side by side."""

from typing import Any

from celery import shared_task

from journeys.deadlines import sweep
from journeys.notices import HANDLERS
from kernel.clock import now
from outbox.services import relay


@shared_task
def sweep_deadlines(**kwargs: Any) -> int:
    """Act on all deadlines that are due."""
    return sweep(now=now())


@shared_task
def relay_outbox(**kwargs: Any) -> int:
    """Deliver all messages that are due."""
    return relay(HANDLERS, now=now())
