"""Endpoints of the partner's own systems: add, read, list, change, try out, send again, and remove."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import NothingThere
from api.serializers import Strict
from api.views import ONCE, View
from developers.errors import ScopeMissing
from developers.kinds import LATEST_VERSION, VERSIONS, Scope, Told
from developers.models import Endpoint
from developers.webhooks import (
    LONGEST_URL,
    add_endpoint,
    change_endpoint,
    end_endpoint,
    endpoint_by_uuid,
    endpoints,
    replace_secret,
    resume_endpoint,
    send_test_event,
)
from journeys.partner.tell_endpoints import replay_span
from kernel.clock import real_now

EVENTS = [f"order.{state}" for state in Told]
# What a message holds: which order and its state, or the whole order too.
PAYLOADS = ("thin", "snapshot")


class EndpointIn(Strict):
    """Where messages are sent, about what, and how much they hold. Without ``events`` all are sent."""

    url = serializers.CharField(max_length=LONGEST_URL, help_text="It begins with https:// and takes POST requests.")
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=EVENTS), allow_empty=False, max_length=len(EVENTS), required=False
    )
    payload = serializers.ChoiceField(
        choices=PAYLOADS,
        default="thin",
        help_text="thin: which order, and its state. snapshot: the whole order too; the key also needs orders:read.",
    )
    version = serializers.ChoiceField(
        choices=VERSIONS, default=LATEST_VERSION, help_text="In which version messages are written; it stays."
    )


class EndpointChange(Strict):
    """What is to be changed; all else stays."""

    url = serializers.CharField(max_length=LONGEST_URL, required=False)
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=EVENTS), allow_empty=False, max_length=len(EVENTS), required=False
    )
    payload = serializers.ChoiceField(choices=PAYLOADS, required=False)


class SpanIn(Strict):
    """From when to when; the end is not part of it. At most 31 days."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField()


class EndpointOut(serializers.Serializer):
    """An endpoint. Nothing is sent to one that is paused, because it accepted nothing for three days."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.ChoiceField(choices=EVENTS))
    payload = serializers.ChoiceField(choices=PAYLOADS)
    version = serializers.IntegerField()
    is_paused = serializers.BooleanField()
    paused_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class EndpointWithSecret(EndpointOut):
    """An endpoint with the secret by which its messages are signed."""

    secret = serializers.CharField()


class EndpointList(serializers.Serializer):
    """The endpoints, the newest first."""

    results = EndpointOut(many=True)


class ReplayOut(serializers.Serializer):
    """How many messages are sent again."""

    count = serializers.IntegerField()


class WebhookEndpoints(View):
    """The partner's endpoints."""

    scopes = {"GET": Scope.WEBHOOKS, "POST": Scope.WEBHOOKS}

    @extend_schema(operation_id="list_webhook_endpoints", responses=EndpointList)
    def get(self, request: Request) -> Response:
        """List the endpoints, the newest first."""
        return Response({"results": [_endpoint_out(endpoint) for endpoint in endpoints()]})

    @extend_schema(
        operation_id="create_webhook_endpoint",
        parameters=[ONCE],
        request=EndpointIn,
        responses={201: EndpointWithSecret},
    )
    def post(self, request: Request) -> Response:
        """Add an endpoint; its secret is in the answer."""
        asked = self.sent(request, EndpointIn)
        is_whole = asked["payload"] == "snapshot"
        _ensure_may_read(request, is_whole)

        def add() -> tuple[int, Any]:
            endpoint = add_endpoint(
                tenant_id=request.tenant.pk,
                url=asked["url"],
                states=_states_of(asked.get("events", EVENTS)),
                with_snapshot=is_whole,
                who=str(request.auth),
                now=real_now(),
            )
            return HTTPStatus.CREATED.value, _with_secret(endpoint)

        return self.once(request, add)


class OneWebhookEndpoint(View):
    """One endpoint."""

    scopes = {"GET": Scope.WEBHOOKS, "PATCH": Scope.WEBHOOKS, "DELETE": Scope.WEBHOOKS}

    @extend_schema(operation_id="read_webhook_endpoint", responses=EndpointOut)
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        """Read an endpoint."""
        return Response(_endpoint_out(_endpoint_of(endpoint_id)))

    @extend_schema(
        operation_id="change_webhook_endpoint", parameters=[ONCE], request=EndpointChange, responses=EndpointOut
    )
    def patch(self, request: Request, endpoint_id: UUID) -> Response:
        """Change where an endpoint is or what it is sent; its secret stays. With snapshots it needs orders:read too."""
        asked = self.sent(request, EndpointChange)

        def change(endpoint: Endpoint) -> Any:
            states = _states_of(asked["events"]) if "events" in asked else endpoint.states
            is_whole = asked["payload"] == "snapshot" if "payload" in asked else endpoint.with_snapshot
            _ensure_may_read(request, is_whole)
            return _endpoint_out(
                change_endpoint(
                    endpoint_uuid=endpoint.uuid,
                    url=asked.get("url", endpoint.url),
                    states=states,
                    with_snapshot=is_whole,
                )
            )

        return _done(self, request, endpoint_id, change)

    @extend_schema(operation_id="delete_webhook_endpoint", parameters=[ONCE], request=None, responses={204: None})
    def delete(self, request: Request, endpoint_id: UUID) -> Response:
        """Remove an endpoint; nothing more is sent there."""

        def remove(endpoint: Endpoint) -> None:
            end_endpoint(endpoint_uuid=endpoint.uuid, who=str(request.auth), now=real_now())

        return _done(self, request, endpoint_id, remove, HTTPStatus.NO_CONTENT)


class WebhookEndpointTest(View):
    """A message that is about nothing."""

    scopes = {"POST": Scope.WEBHOOKS}

    @extend_schema(operation_id="test_webhook_endpoint", parameters=[ONCE], request=None, responses={202: EndpointOut})
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """Send a message of type endpoint.test, once, even if the endpoint is paused."""
        return _done(
            self,
            request,
            endpoint_id,
            lambda endpoint: _endpoint_out(send_test_event(endpoint_uuid=endpoint.uuid, now=real_now())),
            HTTPStatus.ACCEPTED,
        )


class WebhookEndpointSecret(View):
    """The secret of an endpoint."""

    scopes = {"POST": Scope.WEBHOOKS}

    @extend_schema(operation_id="rotate_webhook_secret", parameters=[ONCE], request=None, responses=EndpointWithSecret)
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """Replace the secret; for one day messages are signed with both."""
        return _done(
            self,
            request,
            endpoint_id,
            lambda endpoint: _with_secret(replace_secret(endpoint_uuid=endpoint.uuid, now=real_now())),
        )


class WebhookEndpointResumption(View):
    """The end of a pause."""

    scopes = {"POST": Scope.WEBHOOKS}

    @extend_schema(operation_id="resume_webhook_endpoint", parameters=[ONCE], request=None, responses=EndpointOut)
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """Send messages to an endpoint again that was paused."""
        return _done(
            self,
            request,
            endpoint_id,
            lambda endpoint: _endpoint_out(resume_endpoint(endpoint_uuid=endpoint.uuid)),
        )


class WebhookEndpointReplay(View):
    """What an endpoint has missed."""

    scopes = {"POST": Scope.WEBHOOKS}

    @extend_schema(operation_id="replay_webhook_events", parameters=[ONCE], request=SpanIn, responses={202: ReplayOut})
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """Send all that happened in a span of time again, six times an hour; messages keep their webhook-id.

        With snapshots it needs orders:read too.
        """
        span = self.sent(request, SpanIn)

        def replay(endpoint: Endpoint) -> dict[str, int]:
            _ensure_may_read(request, endpoint.with_snapshot)
            return {"count": replay_span(endpoint_uuid=endpoint.uuid, now=real_now(), **span)}

        return _done(self, request, endpoint_id, replay, HTTPStatus.ACCEPTED)


def _ensure_may_read(request: Request, is_whole: bool) -> None:
    """Refuse a key that would get whole orders by messages and may not read them.

    Raises ScopeMissing.
    """
    if is_whole and Scope.ORDERS_READ not in request.auth.scopes:
        raise ScopeMissing(Scope.ORDERS_READ.value)


def _endpoint_of(endpoint_id: UUID) -> Endpoint:
    """Return one of the partner's endpoints.

    Raises NothingThere.
    """
    try:
        return endpoint_by_uuid(endpoint_id)
    except Endpoint.DoesNotExist as error:
        raise NothingThere from error


def _done(
    view: View,
    request: Request,
    endpoint_id: UUID,
    act: Callable[[Endpoint], Any],
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    """Do something with an endpoint, once for each Idempotency-Key, and answer with what that returns."""
    return view.once(request, lambda: (status.value, act(_endpoint_of(endpoint_id))))


def _states_of(events: list[str]) -> list[str]:
    return [event.partition(".")[2] for event in events]


def _endpoint_out(endpoint: Endpoint) -> dict[str, Any]:
    body = {
        "id": endpoint.uuid,
        "url": endpoint.url,
        "events": [f"order.{state}" for state in endpoint.states],
        "payload": "snapshot" if endpoint.with_snapshot else "thin",
        "version": endpoint.version,
        "is_paused": endpoint.paused_at is not None,
        "paused_at": endpoint.paused_at,
        "created_at": endpoint.created_at,
    }
    return dict(EndpointOut(body).data)


def _with_secret(endpoint: Endpoint) -> dict[str, Any]:
    return {**_endpoint_out(endpoint), "secret": endpoint.secret}
