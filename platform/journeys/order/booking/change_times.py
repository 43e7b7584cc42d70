"""A customer wishes for other times as long as nobody has accepted (R18). Run inside the tenant."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from dispatch.offering.wished_times import change_windows
from dispatch.states import JobState
from journeys.order.finding.ask_friends import ask_next_friends, begin_new_search
from journeys.posting import tell_friend
from journeys.topics import ToFriend
from orders.intake import Window
from orders.models import Order
from orders.services.orders import change_windows as change_windows_in_orders
from orders.states import Side
from tenants.context import platform_context


@transaction.atomic
def change_times(*, order: Order, windows: Sequence[Window], now: datetime) -> None:
    """Replace the wished times; who is still asked is told, and where nobody is, the next are asked at once.

    An order that had found nobody is searched for once more. The same times again change nothing. Raises IllegalJobMove
    or IllegalOrderMove where somebody has accepted or the order has ended.
    """
    wished = sorted(windows)
    if wished == sorted((window.day, window.part) for window in order.windows.all()):
        return
    job_id = order.placed_job_id
    with platform_context():
        changed = change_windows(job_id=job_id, windows=wished, now=now)
    change_windows_in_orders(order_uuid=order.uuid, windows=wished, now=now)
    for friend_id in changed.asked:
        tell_friend(ToFriend.TIMES_CHANGED, job=changed.job, friend_id=friend_id, now=now, once=now.isoformat())
    if changed.job.state == JobState.UNFILLED:
        begin_new_search(order_uuid=order.uuid, job_id=job_id, side=Side.CUSTOMER, who=order.name, now=now)
    elif changed.all_have_answered:
        with platform_context():
            ask_next_friends(job_id=job_id, after_wave=changed.job.wave, now=now)
