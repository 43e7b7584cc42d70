"""The clock of a sandbox: developers move it ahead, and what falls due on the way happens in its order."""

import logging
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from developers.errors import StillBeingAnswered
from dispatch.models import Deadline, Job
from journeys.order.deadlines import sweep
from journeys.sandbox.script import sandbox_here
from journeys.sandbox.till import look_after_payments_of
from kernel.clock import real_now
from kernel.database.alone import alone
from kernel.errors import FieldsNotRight
from orders.models import Order
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tenants.services import lock_tenant

FARTHEST = timedelta(days=400)
# A call ends after so many moments at which something was due, or seconds; what is left happens within a minute.
MOST_MOMENTS, BUDGET_S = 500, 5.0
MOST_SWEPT = 500

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Moved:
    """What the clock shows now, and how many deadlines were acted on."""

    now: datetime
    acted: int


def move_clock(*, to: datetime) -> Moved:
    """Move the sandbox's clock ahead to a moment, let happen what falls due until then, and say what it shows.

    Run inside the sandbox. Raises OnlyInSandbox, FieldsNotRight where the moment is over, or too far ahead, or
    StillBeingAnswered while another call moves it.
    """
    sandbox = sandbox_here()
    with alone(f"clock:{sandbox.pk}") as is_alone:
        if not is_alone:
            raise StillBeingAnswered
        return _move(sandbox, to)


@transaction.atomic
def _move(sandbox: Tenant, to: datetime) -> Moved:
    real, acted, ends = real_now(), 0, time.monotonic() + BUDGET_S
    with platform_context():
        locked = lock_tenant(sandbox)
    if to <= real + locked.clock_ahead:
        raise FieldsNotRight({"to": _("The clock only goes forward. Please choose a later moment.")})
    if to > real + FARTHEST:
        raise FieldsNotRight({"to": _("The clock goes at most %(days)d days ahead.") % {"days": FARTHEST.days}})
    jobs = _jobs_of(locked)
    for _moment in range(MOST_MOMENTS):
        due_at = _next_due(jobs)
        if due_at is None or due_at > to or time.monotonic() >= ends:
            break
        _set(locked, sandbox, max(due_at - real, locked.clock_ahead))
        # One round, so that the seconds are looked at between them.
        done = _sweep(jobs, now=real + locked.clock_ahead, limit=1)
        if not done:
            # Somebody else is at it.
            break
        acted += done
    _set(locked, sandbox, to - real)
    look_after_payments_of(sandbox, now=to, ends=ends)
    return Moved(to, acted)


def sweep_sandboxes() -> int:
    """Act on what is due by the clocks of sandboxes that are ahead, and return how much that was. On the platform.

    A sandbox that fails holds up no other.
    """
    acted = 0
    for sandbox in Tenant.objects.filter(clock_ahead__gt=timedelta(0)).order_by("id"):
        try:
            acted += _sweep(_jobs_of(sandbox), now=real_now() + sandbox.clock_ahead)
        except Exception:
            logger.exception("The deadlines of sandbox %s wait", sandbox.slug)
    return acted


def _sweep(jobs: Collection[UUID], *, now: datetime, limit: int = MOST_SWEPT) -> int:
    with platform_context():
        return sweep(now=now, limit=limit, of_jobs=jobs)


def _next_due(jobs: Collection[UUID]) -> datetime | None:
    with platform_context():
        waiting = Deadline.objects.filter(job_id__in=jobs, done_at=None)
        return waiting.order_by("due_at").values_list("due_at", flat=True).first()


def _jobs_of(sandbox: Tenant) -> list[UUID]:
    """Return the ids of a sandbox's jobs; by its orders, for jobs are found by them."""
    with tenant_context(sandbox):
        orders = list(Order.objects.values_list("uuid", flat=True))
    with platform_context():
        return list(Job.objects.filter(order_id__in=orders).values_list("pk", flat=True))


def _set(locked: Tenant, sandbox: Tenant, ahead: timedelta) -> None:
    """Write where the clock is, also where this request reads it."""
    with platform_context():
        Tenant.objects.filter(pk=locked.pk).update(clock_ahead=ahead)
    locked.clock_ahead = sandbox.clock_ahead = ahead
