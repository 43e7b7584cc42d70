"""Which orders are asked for, in which order, and what of them."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from api.serializers import Moment, PageAsked, Strict
from api.shaping import NamesField, Sparse, shaped
from api.v1.order_bodies import STATES, AppointmentOut, OrderEventOut, OrderOut, order_out
from api.v1.packages import PackageOut, PriceOut
from orders.models import Order

EXPANDABLE = ("appointments", "events", "package")
FIELDS = (*OrderOut._declared_fields, "appointments", "events")
SORTS = ("-created_at", "created_at", "-changed_at", "changed_at")


class OrderAsked(Strict):
    """What of an order is wanted."""

    fields = NamesField(FIELDS, help_text="Only these fields, and id.")  # type: ignore[assignment]  # its own name
    expand = NamesField(EXPANDABLE, help_text="What is answered along with the order.")


class OrdersAsked(PageAsked, OrderAsked):
    """Which orders; of several conditions all must hold. Moments need their offset from UTC; ``to`` is not included."""

    state = serializers.ChoiceField(choices=STATES, required=False)
    reference = serializers.CharField(max_length=64, required=False)
    package = serializers.CharField(max_length=60, required=False)
    created_from = Moment(required=False)
    created_to = Moment(required=False)
    changed_from = Moment(required=False)
    changed_to = Moment(required=False)
    order_by = serializers.ChoiceField(choices=SORTS, default=SORTS[0])


class PackageShown(Sparse, PackageOut):
    """The package of an order; with expand=package all that the list of packages says."""

    always = ("slug", "product_number", "name")
    prices = PriceOut(many=True)  # type: ignore[assignment]  # for the schema, which should not say that it is there


class OrderShown(Sparse, OrderOut):
    """An order as it was asked for. Moments carry their offset from UTC, amounts are in minor units."""

    package = PackageShown()  # type: ignore[assignment]  # the same, with more
    appointments = AppointmentOut(many=True)
    events = OrderEventOut(many=True)


class OrderPage(serializers.Serializer):
    """A page of orders."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = OrderShown(many=True)


def order_shown(order: Order, request: Request, asked: dict[str, Any]) -> dict[str, Any]:
    """Return an order as it was asked for (no query for a whole order with the prices of its package)."""
    body, expand = order_out(order, request), asked.get("expand", ())
    if "appointments" in expand:
        body["appointments"] = AppointmentOut(order.appointments.all(), many=True).data
    if "events" in expand:
        body["events"] = OrderEventOut(order.events.all(), many=True).data
    if "package" in expand:
        body["package"] = PackageOut(order.package).data | body["package"]
    return dict(shaped(body, asked.get("fields")))
