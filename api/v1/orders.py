"""Orders: place, read, list, change and cancel; what has happened with one; the page on which a card is typed."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.conditions import version_of, version_of_body
from api.serializers import PARTS
from api.v1.order_bodies import (
    CancelIn,
    CheckoutOut,
    OrderEventList,
    OrderEventOut,
    OrderIn,
    OrderOut,
    TimesIn,
    order_out,
    wish_of,
)
from api.v1.order_shapes import OrderAsked, OrderPage, OrdersAsked, OrderShown, order_shown
from api.v1.order_views import CHANGES, READ, WRITE, changed, order_of
from api.views import ONCE, Pages, View
from journeys.order.booking.feed_order import change_times_of, feed_order
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.paying.pay_by_card import NotWaiting, open_card_page
from kernel.clock import now
from orders.intake import write_window
from orders.models import Order
from orders.selectors import order_by_uuid, orders_of_partner
from orders.states import OrderState, Side
from stripe_gateway.errors import RefusedByProvider, UnableToReachProvider

CONDITIONS = {"state", "reference", "package", "created_from", "created_to", "changed_from", "changed_to"}


class SortedAsAsked(Pages):
    """The newest orders come first, unless something else is asked for."""

    def get_ordering(self, request: Request, queryset: QuerySet[Order], view: View) -> tuple[str, ...]:
        """Return the columns, the last of which no two orders share."""
        by = view.asked["order_by"]
        return (by, "-id" if by.startswith("-") else "id")


class Orders(View):
    """The partner's orders."""

    scopes = {"GET": READ, "POST": WRITE}
    query = OrdersAsked

    @extend_schema(operation_id="list_orders", parameters=[OrdersAsked], responses=OrderPage)
    def get(self, request: Request) -> Response:
        """List the orders, the newest first; next and previous are the addresses of the pages beside this one."""
        conditions = {name: value for name, value in self.asked.items() if name in CONDITIONS}
        found = orders_of_partner(**conditions, with_prices="package" in self.asked.get("expand", ()))
        pages = SortedAsAsked()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response([order_shown(order, request, self.asked) for order in page])

    @extend_schema(operation_id="place_order", parameters=[ONCE], request=OrderIn, responses={201: OrderOut})
    def post(self, request: Request) -> Response:
        """Place an order; the nearest friends are asked at once, or once the customer has paid."""
        wish = wish_of(self.sent(request, OrderIn))

        def place() -> tuple[int, Any]:
            order = feed_order(wish=wish, key_uuid=request.auth.uuid, now=now())
            return HTTPStatus.CREATED.value, order_out(order_by_uuid(order.uuid), request)

        answer = self.once(request, place)
        self.version = version_of_body(answer.data)
        answer.headers["Location"] = request.build_absolute_uri(reverse("api:order", args=[answer.data["id"]]))
        if answer.data["state"] == OrderState.PAYING:
            answer.data["payment"]["checkout_url"] = _checkout(order_by_uuid(answer.data["id"]))
        return answer


class OneOrder(View):
    """One order."""

    scopes = {"GET": READ}
    query = OrderAsked

    @extend_schema(operation_id="read_order", parameters=[OrderAsked], responses=OrderShown)
    def get(self, request: Request, order_id: UUID) -> Response:
        """Read an order."""
        order = order_of(order_id)
        self.version = version_of(order.changed_at)
        return Response(order_shown(order, request, self.asked))


class OrderEvents(View):
    """What has happened with an order."""

    scopes = {"GET": READ}

    @extend_schema(operation_id="list_order_events", responses=OrderEventList)
    def get(self, request: Request, order_id: UUID) -> Response:
        """List what has happened with an order, the oldest first."""
        return Response({"results": OrderEventOut(order_of(order_id).events.all(), many=True).data})


class OrderTimes(View):
    """The times that the customer wishes for."""

    scopes = {"PUT": WRITE}

    @extend_schema(operation_id="change_times", parameters=CHANGES, request=TimesIn, responses=OrderOut)
    def put(self, request: Request, order_id: UUID) -> Response:
        """Change the preferred times, as long as nobody has accepted."""
        wished = self.sent(request, TimesIn)["times"]
        windows = [write_window(time["day"], PARTS.index(time["part"])) for time in wished]
        return changed(self, request, order_id, lambda order: change_times_of(order=order, windows=windows, now=now()))


class OrderCancellation(View):
    """The end of an order before the work is done."""

    scopes = {"POST": WRITE}

    @extend_schema(operation_id="cancel_order", parameters=CHANGES, request=CancelIn, responses=OrderOut)
    def post(self, request: Request, order_id: UUID) -> Response:
        """Cancel an order for its customer; agreed_fee_minor is the fee that the customer has been told."""
        asked = self.sent(request, CancelIn)

        def cancel(order: Order) -> None:
            cancel_order(
                order_uuid=order.uuid,
                job_id=order.job_id,
                tenant_id=request.tenant.pk,
                side=Side.CUSTOMER,
                who=order.name,
                why=asked["reason"],
                agreed_fee_minor=asked["agreed_fee_minor"],
                now=now(),
            )

        return changed(self, request, order_id, cancel)


class OrderCheckout(View):
    """The page on which the customer pays."""

    scopes = {"POST": WRITE}

    @extend_schema(operation_id="open_checkout", parameters=[ONCE], request=None, responses=CheckoutOut)
    def post(self, request: Request, order_id: UUID) -> Response:
        """Return the address of the page on which the customer pays; asked for again, it is the same page."""
        order = order_of(order_id)
        # The page may be a new one once the former is over, so its address is not kept.
        answer = self.once(request, lambda: (HTTPStatus.OK.value, {}))
        answer.data["url"] = open_card_page(order=order, language=order.language, now=now())
        return answer


def _checkout(order: Order) -> str | None:
    """Return the address of the page on which the customer pays; None where it is paid, or cannot be opened now."""
    try:
        return open_card_page(order=order, language=order.language, now=now())
    except (NotWaiting, UnableToReachProvider, RefusedByProvider):
        return None
