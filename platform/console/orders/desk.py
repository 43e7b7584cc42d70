"""What a manager reads about orders that do not go as planned: the desk with its ages, and the ways out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.orders.friend_names import FriendNames
from dispatch.models import Job, Owed
from dispatch.selectors import jobs_by_id, owed_for
from dispatch.working.disruptions import count_give_backs, owed_if_ended
from dispatch.working.effort import Effort, count_by_job, effort_of
from journeys.order.working.no_show import was_customer_absent
from orders.cancelling import Fee, no_show_fee
from orders.models import Objection, Order
from orders.permits import may_arrange, may_report_absence
from orders.selectors import (
    NoShow,
    fee_is_disputed,
    no_shows,
    open_objection,
    open_withdrawal_of,
    unreachable_since,
    waiting_orders,
)

ON_THE_DESK = 10


@dataclass(frozen=True)
class DeskRow:
    """An order that needs somebody: since when, how often its friend has tried, and the job's search."""

    order: Order
    since: datetime | None
    attempts: int
    search: int


@dataclass(frozen=True)
class Ways:
    """What a manager sees and can do about one order beyond the usual. ``owed_minor`` is what the end would cost."""

    reports: tuple[NoShow, ...]
    effort: Effort
    give_backs: int
    owed: tuple[tuple[str, Owed], ...]
    owed_minor: int
    can_pass_on: bool
    can_agree_anew: bool
    can_end_absent: bool
    can_reopen: bool
    fee: Fee
    fee_is_disputed: bool
    objection: Objection | None = None

    @property
    def contradict(self) -> bool:
        """Say whether each side reports the other as absent."""
        return len({report.side for report in self.reports}) > 1


def desk_rows() -> list[DeskRow]:
    """Return the orders that need attention, those that wait longest first (3 queries)."""
    orders = list(waiting_orders()[:ON_THE_DESK])
    jobs = jobs_by_id(order.placed_job_id for order in orders)
    attempts = count_by_job(jobs.values())
    return [_row(order, jobs, attempts) for order in orders]


def ways_of(order: Order, job: Job, names: FriendNames, *, at: datetime) -> Ways:
    """Return what can be done about a whole order (3 queries)."""
    reports = no_shows(order)
    is_open = may_arrange(order.state)
    return Ways(
        reports=reports,
        effort=effort_of(job),
        give_backs=count_give_backs(job.friend_id, now=at) if job.friend_id else 0,
        owed=tuple((names.name(owed.friend), owed) for owed in owed_for(job.order_id)),
        owed_minor=owed_if_ended(job),
        can_pass_on=is_open,
        can_agree_anew=may_report_absence(order.state) and bool(reports),
        can_end_absent=is_open and was_customer_absent(order),
        can_reopen=unreachable_since(order) is not None,
        fee=no_show_fee(order),
        fee_is_disputed=fee_is_disputed(order),
        # One case at a time: what is decided about a withdrawal closes the other.
        objection=None if open_withdrawal_of(order) else open_objection(order),
    )


def _row(order: Order, jobs: dict[UUID, Job], attempts: dict[str, int]) -> DeskRow:
    job = jobs[order.placed_job_id]
    since = order.waits_since  # type: ignore[attr-defined]  # annotated by waiting_orders
    return DeskRow(order, since, attempts.get(str(job.pk), 0), job.search)
