"""What friend and customer may do about a job that does not go as planned, and what the rules promise; reads only."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.models import Job
from dispatch.permits import may_ask_again, may_work
from dispatch.selectors import job_by_id
from dispatch.working.disruptions import owed_if_ended
from dispatch.working.effort import Effort, effort_of, what_is_missing
from journeys.reads.friend_job import FriendJob
from orders.disruptions import COME_BACK_WITHIN
from orders.models import Appointment, Order
from orders.permits import may_arrange, may_report_absence
from orders.selectors import (
    PATIENCE,
    NoShow,
    agreed_appointment,
    ending_of,
    fee_of_absence,
    no_shows,
    unreachable_since,
)
from orders.states import NO_SHOW_ENDED, Side


@dataclass(frozen=True)
class ForFriend:
    """What a friend sees besides the job itself, amounts in minor units of the job's currency.

    ``owed_minor`` is what the rules promise, ``gets_minor`` what has come of it.
    """

    owed_minor: int
    gets_minor: int
    can_act: bool
    effort: Effort
    missing: str
    agreed_at: datetime | None
    may_report_no_show: bool
    own_report: NoShow | None
    report_on_me: NoShow | None
    may_ask_again: bool


@dataclass(frozen=True)
class ForCustomer:
    """What a customer sees besides the order itself.

    ``owed_minor`` is what the friend gets by the rules, ``fee_minor`` what an absence has cost the customer.
    """

    owed_minor: int
    fee_minor: int
    can_act: bool
    may_report_no_show: bool
    own_report: NoShow | None
    report_on_me: NoShow | None
    ended_absent: bool
    ended_unreachable: bool
    may_come_back: bool
    is_back: bool
    comes_back_until: datetime | None


def disruptions_for_friend(found: FriendJob, *, now: datetime) -> ForFriend:
    """Return what the friend may do and what the rules promise. Run on the platform."""
    job = found.job
    can_act = found.is_mine and may_work(job, found.offer.friend_id) and may_arrange(found.order_state)
    effort = effort_of(job) if can_act else Effort()
    own, other = _sides(found.no_shows, Side.FRIEND)
    return ForFriend(
        owed_minor=owed_if_ended(job),
        gets_minor=sum(owed.amount_minor for owed in job.owed.all() if owed.friend_id == found.offer.friend_id),
        can_act=can_act,
        effort=effort,
        missing=what_is_missing(effort),
        agreed_at=found.agreed.starts_at if found.agreed else None,
        may_report_no_show=can_act and own is None and _is_past(found.agreed, now),
        own_report=own,
        report_on_me=other,
        may_ask_again=not found.is_mine and may_ask_again(found.offer, job),
    )


def disruptions_for_customer(order: Order, *, now: datetime) -> ForCustomer:
    """Return what the customer may do and what the rules promise (1 query). Run inside the tenant."""
    agreed = agreed_appointment(order)
    own, other = _sides(no_shows(order), Side.CUSTOMER)
    since, ending = unreachable_since(order), ending_of(order)
    until = since + COME_BACK_WITHIN if since else None
    return ForCustomer(
        owed_minor=owed_if_ended(_job(order)) if order.job_id else 0,
        fee_minor=fee_of_absence(order),
        can_act=may_arrange(order.state),
        may_report_no_show=may_report_absence(order.state) and own is None and _is_past(agreed, now),
        own_report=own,
        report_on_me=other,
        ended_absent=ending is not None and ending.kind == NO_SHOW_ENDED,
        ended_unreachable=since is not None,
        may_come_back=until is not None and now <= until and not order.attention,
        is_back=since is not None and bool(order.attention),
        comes_back_until=until,
    )


def _job(order: Order) -> Job:
    return job_by_id(order.placed_job_id)


def _sides(reports: tuple[NoShow, ...], side: str) -> tuple[NoShow | None, NoShow | None]:
    """Return the own report and the other side's."""
    own = next((report for report in reports if report.side == side), None)
    other = next((report for report in reports if report.side != side), None)
    return own, other


def _is_past(agreed: Appointment | None, now: datetime) -> bool:
    return agreed is not None and now >= agreed.starts_at + PATIENCE
