"""The sandbox, for test keys alone: how its friends answer, and what it would have sent."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import NothingThere
from api.serializers import Strict, checked
from api.v1.order_bodies import OrderOut
from api.v1.order_views import ONCE, changed
from api.views import View
from developers.kinds import Scope
from journeys.sandbox.script import STEPS, sandbox_here, take_step
from kernel.clock import now
from notifications.held_back import held_back_of
from notifications.kinds import Channel

LONGEST_LIST, LIST = 100, 20
STEP = OpenApiParameter("step", str, OpenApiParameter.PATH, enum=sorted(STEPS))


class Nothing(Strict):
    """No body is needed."""


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


class SandboxSteps(View):
    """What a simulated friend or customer does."""

    scopes = {"POST": Scope.ORDERS_WRITE}

    @extend_schema(operation_id="take_step", parameters=[ONCE, STEP], request=Nothing, responses=OrderOut)
    def post(self, request: Request, order_id: UUID, step: str) -> Response:
        """Let a simulated friend or customer take a step of an order; test keys only."""
        self.sent(request, Nothing)
        if step not in STEPS:
            raise NothingThere
        return changed(self, request, order_id, lambda order: take_step(step=step, order=order, now=now()))


class SandboxMessages(View):
    """What the sandbox would have sent."""

    scopes = {"GET": Scope.ORDERS_READ}

    @extend_schema(operation_id="list_held_back", parameters=[HeldBackAsked], responses=HeldBackList)
    def get(self, request: Request) -> Response:
        """List the emails that the sandbox has held back, the latest first; test keys only."""
        asked = checked(HeldBackAsked, request.query_params.dict())
        found = held_back_of(sandbox_here().pk)[: asked["limit"]]
        return Response({"results": HeldBackOut(found, many=True).data})
