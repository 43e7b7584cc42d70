"""The appointment: what customer and friend propose to each other, and the customer's yes."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import Moment, Strict
from api.v1.order_bodies import AppointmentOut, OrderOut
from api.v1.order_views import CHANGES, READ, WRITE, changed, order_of
from api.views import View
from journeys.order.working.agree_date import accept_date_as_customer, propose_date_as_customer
from kernel.clock import now

LONGEST_NOTE = 300


class AppointmentIn(Strict):
    """A time to propose, with its offset from UTC. ``is_meant`` confirms one far ahead or at an unusual hour."""

    starts_at = Moment()
    note = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, required=False, default="")
    is_meant = serializers.BooleanField(default=False)


class AppointmentList(serializers.Serializer):
    """What was proposed and agreed, the oldest first."""

    results = AppointmentOut(many=True)


class Appointments(View):
    """The appointments of an order."""

    scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="list_appointments", responses=AppointmentList)
    def get(self, request: Request, order_id: UUID) -> Response:
        """List what customer and friend have proposed, the oldest first; one at most is agreed."""
        return Response({"results": AppointmentOut(order_of(order_id).appointments.all(), many=True).data})

    @extend_schema(operation_id="propose_appointment", parameters=CHANGES, request=AppointmentIn, responses=OrderOut)
    def post(self, request: Request, order_id: UUID) -> Response:
        """Propose an appointment to the friend for the customer."""
        wish = self.sent(request, AppointmentIn)
        return changed(self, request, order_id, lambda order: propose_date_as_customer(order=order, now=now(), **wish))


class AppointmentConsent(View):
    """The customer's yes to a proposed appointment."""

    scopes = {"POST": WRITE}

    @extend_schema(operation_id="accept_appointment", parameters=CHANGES, request=None, responses=OrderOut)
    def post(self, request: Request, order_id: UUID, appointment_id: int) -> Response:
        """Accept the friend's appointment for the customer."""
        return changed(
            self,
            request,
            order_id,
            lambda order: accept_date_as_customer(order=order, appointment_id=appointment_id, now=now()),
        )
