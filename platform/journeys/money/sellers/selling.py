"""Who sold an order whose contract is the friend's: as the friend's details were when the work was done."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from billing.sale import SellingFriend
from crowd.selling import SellerHistory, sellers_then
from orders.models import Order
from tenants.context import platform_context
from tenants.settings.sellers import Seller


def selling_friend(order: Order, *, now: datetime) -> SellingFriend | None:
    """Return whoever did the work, where they are the seller and could be it in this country (at most 2 queries)."""
    if not order.is_sold_by_friend or order.friend_id is None:
        return None
    with platform_context():
        histories = sellers_then([order.friend_id])
    seller = seller_then(order, histories, otherwise=now)
    return SellingFriend(order.friend_id, seller) if seller else None


def seller_then(order: Order, histories: Mapping[UUID, SellerHistory], *, otherwise: datetime) -> Seller | None:
    """Return the friend as seller of an order when it was done, or at another moment where it never was.

    None where the friend is not the seller, or could not be it in this country; then the platform is.
    """
    history = histories.get(order.friend_id) if order.is_sold_by_friend and order.friend_id else None
    return history.at(order.done_at or otherwise, country=order.country) if history else None
