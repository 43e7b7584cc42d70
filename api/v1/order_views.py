"""What all addresses of one order have in common."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import NothingThere
from api.v1.order_bodies import order_out
from api.views import View
from developers.kinds import Scope
from orders.models import Order
from orders.selectors import order_by_uuid

READ, WRITE = Scope.ORDERS_READ, Scope.ORDERS_WRITE
ONCE = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)


def order_of(order_id: UUID) -> Order:
    """Return one of the partner's orders.

    Raises NothingThere.
    """
    try:
        return order_by_uuid(order_id)
    except Order.DoesNotExist as error:
        raise NothingThere from error


def changed(view: View, request: Request, order_id: UUID, change: Callable[[Order], object]) -> Response:
    """Change an order, once for each Idempotency-Key, and answer with what it is then."""

    def act() -> tuple[int, Any]:
        change(order_of(order_id))
        return HTTPStatus.OK.value, order_out(order_by_uuid(order_id), request)

    return view.once(request, act)
