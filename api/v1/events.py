"""Events: what is planned, and signing somebody up."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import Strict
from api.views import ONCE, View
from developers.kinds import Scope
from events.models import Event
from events.selectors import coming_events, open_event
from events.services import Guest
from events.states import SignUpState
from journeys.event.attend import sign_up_guest
from journeys.links import event_path
from kernel.clock import now
from kernel.wording.texts import pick
from tenants.selectors import tenant_url

MOST = 200


class PublicEvent(serializers.Serializer):
    """An event that everybody may come to, in the language asked for."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    summary = serializers.CharField()
    starts_at = serializers.DateTimeField(help_text="With the offset of the event's own time zone.")
    ends_at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    is_online = serializers.BooleanField(help_text="Those who have a seat get the link by email.")
    capacity = serializers.IntegerField(allow_null=True, help_text="Null means any number.")
    seats_left = serializers.IntegerField(allow_null=True)
    is_called_off = serializers.BooleanField()
    url = serializers.URLField(help_text="Leads to the event's page on the brand site.")


class PublicEventList(serializers.Serializer):
    """The events that are not over, the next first."""

    results = PublicEvent(many=True)


class SignUpIn(Strict):
    """Who comes. The address gets a link, by which the guest confirms within 24 hours."""

    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(max_length=254)


class SignUpOut(serializers.Serializer):
    """Where the guest stands: a seat is held, or they wait; it counts once they have confirmed."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=[SignUpState.GOING.value, SignUpState.WAITING.value])
    is_confirmed = serializers.BooleanField()


class Events(View):
    """The partner's public events."""

    scopes = {"GET": Scope.EVENTS_READ}

    @extend_schema(operation_id="list_events", responses=PublicEventList)
    def get(self, request: Request) -> Response:
        """List the events that are not over, the next first, at most 200."""
        found = coming_events(now=now(), is_friend=False)[:MOST]
        site = tenant_url(request.tenant, "")
        return Response({"results": [_event_out(event, request, site) for event in found]})


class OneEvent(View):
    """One event."""

    scopes = {"GET": Scope.EVENTS_READ}

    @extend_schema(operation_id="read_event", responses=PublicEvent)
    def get(self, request: Request, event_id: UUID) -> Response:
        """Read an event."""
        event = open_event(event_id, is_friend=False)
        return Response(_event_out(event, request, tenant_url(request.tenant, "")))


class EventSignUps(View):
    """Those who come to an event."""

    scopes = {"POST": Scope.EVENTS_WRITE}

    @extend_schema(operation_id="sign_up", parameters=[ONCE], request=SignUpIn, responses={201: SignUpOut})
    def post(self, request: Request, event_id: UUID) -> Response:
        """Sign somebody up: hold a seat, or a place on the waiting list, and mail the link that confirms it."""
        sent = self.sent(request, SignUpIn)

        def act() -> tuple[int, Any]:
            event = open_event(event_id, is_friend=False)
            guest = Guest(language=get_language() or request.tenant.default_language, **sent)
            made = sign_up_guest(event_id=event.pk, guest=guest, tenant_id=request.tenant.pk, now=now())
            said = {"id": made.pk, "state": made.state, "is_confirmed": made.confirmed_at is not None}
            return HTTPStatus.CREATED.value, SignUpOut(said).data

        return self.once(request, act)


def _event_out(event: Event, request: Request, site: str) -> dict[str, Any]:
    language = get_language() or request.tenant.default_language
    texts = {text.language: text.summary for text in event.texts.all()}
    said = {
        "id": event.pk,
        "title": event.title_in(language),
        "summary": pick(texts, language),
        "starts_at": event.starts_at.astimezone(event.zone).isoformat(),
        "ends_at": event.ends_at.astimezone(event.zone).isoformat(),
        "time_zone": event.time_zone,
        "place": event.place,
        "is_online": bool(event.online_url),
        "capacity": event.capacity,
        "seats_left": event.seats_left,
        "is_called_off": event.called_off_at is not None,
        "url": f"{site}{event_path(event.pk, language)}",
    }
    return dict(PublicEvent(said).data)
