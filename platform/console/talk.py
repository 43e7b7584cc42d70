"""What friends have asked and proposed before an order was anybody's, with the names that the partner may know."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from dispatch.models import Job
from journeys.accept_other_times import Proposal, proposals_of_order
from journeys.ask_customer import Exchange, exchanges_of_order
from orders.models import Order


@dataclass(frozen=True)
class Talk:
    """The questions and the open proposals of an order, each with who it is from."""

    exchanges: list[tuple[str, Exchange]]
    proposals: list[tuple[str, Proposal]]


def talk_of(order: Order, job: Job, *, now: datetime) -> Talk:
    """Return the talk about an order (3 queries besides the job's offers, which are there). Run inside the tenant."""
    known = {
        offer.friend_id: str(offer.friend)
        for offer in job.offers.all()
        if offer.community == job.tenant_id or offer.friend_id == job.friend_id
    }
    elsewhere = _("A friend of the shared crowd")
    return Talk(
        [(known.get(one.friend_id, elsewhere), one) for one in exchanges_of_order(order)],
        [(known.get(one.friend_id, elsewhere), one) for one in proposals_of_order(order, now=now)],
    )
