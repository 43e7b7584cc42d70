"""What friends have asked and proposed before an order was anybody's, with the names that the partner may know."""

from dataclasses import dataclass
from datetime import datetime

from console.orders.friend_names import FriendNames
from dispatch.models import Job
from journeys.order.finding.accept_other_times import Proposal, proposals_of_order
from journeys.order.talking.ask_customer import Exchange, exchanges_of_order
from orders.models import Order


@dataclass(frozen=True)
class Talk:
    """The questions and the open proposals of an order, each with who it is from."""

    exchanges: list[tuple[str, Exchange]]
    proposals: list[tuple[str, Proposal]]


def talk_of(order: Order, job: Job, names: FriendNames, *, now: datetime) -> Talk:
    """Return the talk about an order (3 queries besides the job's offers, which are there). Run inside the tenant."""
    who = {offer.friend_id: names.name(offer.friend) for offer in job.offers.all()}
    return Talk(
        [(who.get(one.friend_id) or names.stand_in(one.friend_id), one) for one in exchanges_of_order(order)],
        [(who.get(one.friend_id) or names.stand_in(one.friend_id), one) for one in proposals_of_order(order, now=now)],
    )
