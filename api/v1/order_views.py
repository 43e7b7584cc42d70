"""What all addresses of one order have in common."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from api.conditions import IF_MATCH, refuse_if_changed, version_of_body
from api.errors import NothingThere
from api.v1.order_bodies import order_out
from api.views import ONCE, View
from developers.kinds import Scope
from orders.models import Order
from orders.selectors import order_by_uuid

READ, WRITE = Scope.ORDERS_READ, Scope.ORDERS_WRITE
# What a call that changes an order says in its headers.
CHANGES = [ONCE, IF_MATCH]


def order_of(order_id: UUID) -> Order:
    """Return one of the partner's orders.

    Raises NothingThere.
    """
    try:
        return order_by_uuid(order_id)
    except Order.DoesNotExist as error:
        raise NothingThere from error


def changed(
    view: View, request: Request, order_id: UUID, change: Callable[[Order], object], *, with_rating: bool = False
) -> Response:
    """Change an order, once for each Idempotency-Key, and answer with what it is then.

    Raises ChangedMeanwhile where If-Match means another version of it, what ``once`` does, or ``change``.
    """

    def act() -> tuple[int, Any]:
        order = order_of(order_id)
        refuse_if_changed(order, request)
        change(order)
        return HTTPStatus.OK.value, order_out(order_by_uuid(order_id), request, with_rating=with_rating)

    answer = view.once(request, act)
    view.version = version_of_body(answer.data)
    return answer
