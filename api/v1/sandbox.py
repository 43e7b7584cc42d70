"""The sandbox, for test keys alone: how its friends answer, and what it would have sent."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import NothingThere
from api.serializers import Strict
from api.v1.order_bodies import OrderOut
from api.v1.order_views import CHANGES, changed
from api.views import ONCE, View
from developers.kinds import Scope
from journeys.sandbox.own_clock import FARTHEST, move_clock
from journeys.sandbox.script import STEPS, sandbox_here, take_step
from kernel.clock import now
from notifications.held_back import held_back_of
from notifications.kinds import Channel

LONGEST_LIST, LIST = 100, 20
MOST_S = int(FARTHEST.total_seconds())
STEP = OpenApiParameter("step", str, OpenApiParameter.PATH, enum=sorted(STEPS))


class StepIn(Strict):
    """For pay: the number of one of Stripe's test cards; 4242424242424242 where none is sent."""

    card = serializers.CharField(max_length=19, required=False)


class HeldBackAsked(Strict):
    """How many, the latest first."""

    limit = serializers.IntegerField(min_value=1, max_value=LONGEST_LIST, default=LIST)


class HeldBackOut(serializers.Serializer):
    """A message that has gone to nobody."""

    at = serializers.DateTimeField()
    channel = serializers.ChoiceField(choices=Channel.values)
    recipient = serializers.CharField()
    subject = serializers.CharField()
    text = serializers.CharField()


class HeldBackList(serializers.Serializer):
    """The latest messages that have gone to nobody."""

    results = HeldBackOut(many=True)


class ClockIn(Strict):
    """How many seconds the clock goes forward, or to which moment."""

    advance_s = serializers.IntegerField(min_value=1, max_value=MOST_S, required=False)
    to = serializers.DateTimeField(required=False)


class ClockOut(serializers.Serializer):
    """What the clock shows, in UTC, and how many deadlines have been acted on while it was moved."""

    now = serializers.DateTimeField()
    acted = serializers.IntegerField()


class SandboxSteps(View):
    """What a simulated friend or customer does."""

    scopes = {"POST": Scope.ORDERS_WRITE}

    @extend_schema(operation_id="take_step", parameters=[*CHANGES, STEP], request=StepIn, responses=OrderOut)
    def post(self, request: Request, order_id: UUID, step: str) -> Response:
        """Let a simulated friend or customer take a step of an order; test keys only."""
        sent = self.sent(request, StepIn)
        if step not in STEPS:
            raise NothingThere
        return changed(self, request, order_id, lambda order: take_step(step=step, order=order, **sent, now=now()))


class SandboxClock(View):
    """The sandbox's own clock."""

    scopes = {"GET": Scope.ORDERS_READ, "POST": Scope.ORDERS_WRITE}

    @extend_schema(operation_id="read_clock", responses=ClockOut)
    def get(self, request: Request) -> Response:
        """Say what the sandbox's clock shows; test keys only."""
        sandbox_here()
        return Response(ClockOut({"now": now(), "acted": 0}).data)

    @extend_schema(operation_id="move_clock", parameters=[ONCE], request=ClockIn, responses=ClockOut)
    def post(self, request: Request) -> Response:
        """Move the sandbox's clock forward; what falls due on the way happens before the answer. Test keys only."""
        sent = self.sent(request, ClockIn)

        def act() -> tuple[int, Any]:
            moved = move_clock(to=sent["to"] if "to" in sent else now() + timedelta(seconds=sent.get("advance_s", 0)))
            return HTTPStatus.OK.value, dict(ClockOut({"now": moved.now, "acted": moved.acted}).data)

        return self.once(request, act)


class SandboxMessages(View):
    """What the sandbox would have sent: also the customers' links, by which an order can be changed."""

    scopes = {"GET": Scope.ORDERS_WRITE}
    query = HeldBackAsked

    @extend_schema(operation_id="list_held_back", parameters=[HeldBackAsked], responses=HeldBackList)
    def get(self, request: Request) -> Response:
        """List the emails that the sandbox has held back, the latest first; test keys only."""
        found = held_back_of(sandbox_here().pk)[: self.asked["limit"]]
        return Response({"results": HeldBackOut(found, many=True).data})
