"""Links that lead a customer into a booking on the brand's site, with what the partner's system knows already."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.addresses import page_url
from api.serializers import WhichPackage
from api.v1.order_bodies import CustomerIn, PlaceIn
from api.v1.order_views import WRITE
from api.views import ONCE, View
from journeys.links import booking_path
from journeys.order.booking.feed_order import Wish
from journeys.order.booking.link_booking import link_booking
from kernel.clock import now


class BookingLinkIn(WhichPackage):
    """What is known of a booking; the customer is asked for the rest. The order will have the ``reference``."""

    place = PlaceIn()
    customer = CustomerIn(required=False)
    language = serializers.CharField(max_length=2)
    reference = serializers.CharField(max_length=64, required=False, default="", allow_blank=True)


class BookingLinkOut(serializers.Serializer):
    """Where the customer goes on. Whoever has the address sees what was typed, so it belongs to the customer alone."""

    url = serializers.CharField()


class BookingLinks(View):
    """Bookings that a customer goes on with."""

    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="link_booking", parameters=[ONCE], request=BookingLinkIn, responses={201: BookingLinkOut}
    )
    def post(self, request: Request) -> Response:
        """Begin a booking for a customer, and get the address where they go on with it for up to 30 days."""
        sent = self.sent(request, BookingLinkIn)
        wish = Wish(
            package_slug=sent["package"],
            product_number=sent["product_number"],
            language=sent["language"],
            reference=sent["reference"].strip(),
            consents=False,
            steps={"place": sent["place"], "contact": sent.get("customer", {})},
        )

        def begin() -> tuple[int, Any]:
            draft = link_booking(wish=wish, key_uuid=request.auth.uuid, now=now())
            return HTTPStatus.CREATED.value, {"url": page_url(request, booking_path(draft.pk, wish.language))}

        return self.once(request, begin)
