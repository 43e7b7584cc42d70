"""Other times at which friends would come: the customer chooses one, or none of them."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.conditions import refuse_if_changed, version_of_body
from api.v1.order_bodies import OrderOut, order_out
from api.v1.order_views import CHANGES, READ, WRITE, changed, order_of
from api.views import View
from dispatch.errors import FriendNotFree
from journeys.order.finding.accept_other_times import (
    Proposal,
    decline_other_times,
    pick_other_time,
    proposals_of_order,
)
from kernel.clock import now
from kernel.hiding.masking import show_hidden
from orders.selectors import order_by_uuid
from orders.states import OrderState


class OtherTime(serializers.Serializer):
    """A time that can be chosen by its id."""

    id = serializers.IntegerField(source="pk")
    starts_at = serializers.DateTimeField()


class OtherTimesOut(serializers.Serializer):
    """What one friend offers, who has no name yet; ``stars`` is null for a friend without ratings."""

    distance_m = serializers.IntegerField()
    stars = serializers.FloatField(allow_null=True)
    ratings = serializers.IntegerField()
    note = serializers.CharField()
    expires_at = serializers.DateTimeField()
    times = OtherTime(many=True)


class OtherTimesList(serializers.Serializer):
    """What friends offer; until one is chosen, somebody else may still accept a preferred time."""

    results = OtherTimesOut(many=True)


class OtherTimes(View):
    """The times that friends offer instead of the preferred ones."""

    scopes = {"GET": READ}

    @extend_schema(operation_id="list_other_times", responses=OtherTimesList)
    def get(self, request: Request, order_id: UUID) -> Response:
        """List the other times that friends offer at the moment."""
        order = order_of(order_id)
        offered = proposals_of_order(order, now=now()) if order.state == OrderState.SEARCHING else []
        return Response({"results": [_offer_out(one) for one in offered]})


class OtherTimeChoice(View):
    """The customer's choice among other times."""

    scopes = {"POST": WRITE}

    @extend_schema(operation_id="choose_other_time", parameters=CHANGES, request=None, responses=OrderOut)
    def post(self, request: Request, order_id: UUID, time_id: int) -> Response:
        """Choose one of the times: the friend has the order, and the appointment is agreed."""

        def choose() -> tuple[int, Any]:
            order = order_of(order_id)
            refuse_if_changed(order, request)
            try:
                pick_other_time(order=order, time_id=time_id, now=now())
            except FriendNotFree:
                # What the friend has offered is taken back all the same, so this is no refusal that undoes everything.
                return FriendNotFree.status, None
            return HTTPStatus.OK.value, order_out(order_by_uuid(order_id), request)

        answer = self.once(request, choose)
        if answer.status_code == FriendNotFree.status:
            raise FriendNotFree
        self.version = version_of_body(answer.data)
        return answer


class OtherTimesRefusal(View):
    """The customer wants none of the other times."""

    scopes = {"POST": WRITE}

    @extend_schema(operation_id="decline_other_times", parameters=CHANGES, request=None, responses=OrderOut)
    def post(self, request: Request, order_id: UUID) -> Response:
        """Decline all offered times; the search goes on."""
        return changed(self, request, order_id, lambda order: decline_other_times(order=order, now=now()))


def _offer_out(proposal: Proposal) -> dict[str, Any]:
    reputation = proposal.reputation
    body = {
        "distance_m": proposal.distance_m,
        "stars": None if reputation.is_new else reputation.average,
        "ratings": reputation.count,
        "note": show_hidden(proposal.note),
        "expires_at": proposal.lapses_at,
        "times": proposal.times,
    }
    return dict(OtherTimesOut(body).data)
