"""What customer and friend write to each other from acceptance on."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import NothingThere
from api.serializers import PageAsked, Strict
from api.v1.order_bodies import SIDES
from api.v1.order_views import READ, WRITE, order_of
from api.views import ONCE, FileView, Pages, View, jpeg
from journeys.order.talking.write_to_each_other import messages_for_partner, photo_for_customer, write_as_customer
from kernel.clock import now
from kernel.hiding.masking import show_hidden
from orders.models import ThreadMessage
from orders.services.attachments import use_attachment

LONGEST_MESSAGE = 2000


class MessageIn(Strict):
    """A text, a photo (the id of an attachment), or both."""

    text = serializers.CharField(max_length=LONGEST_MESSAGE, allow_blank=True, required=False, default="")
    photo = serializers.UUIDField(required=False, allow_null=True, default=None)


class MessageOut(serializers.Serializer):
    """A message; ``read_at`` is when the other side has seen it."""

    id = serializers.IntegerField()
    side = serializers.ChoiceField(choices=SIDES)
    name = serializers.CharField()
    text = serializers.CharField()
    photo_url = serializers.CharField(allow_null=True)
    written_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class MessagePage(serializers.Serializer):
    """A page of messages."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = MessageOut(many=True)


class OldestFirst(Pages):
    """The thread as it was written."""

    ordering = ("written_at", "id")


class Messages(View):
    """What customer and friend have written about an order."""

    scopes = {"GET": READ, "POST": WRITE}
    query = PageAsked

    @extend_schema(operation_id="list_messages", parameters=[PageAsked], responses=MessagePage)
    def get(self, request: Request, order_id: UUID) -> Response:
        """List the messages, the oldest first. Reading them here does not mark them as read by the customer."""
        pages = OldestFirst()
        page = pages.paginate_queryset(messages_for_partner(order_of(order_id)), request, view=self)
        return pages.get_paginated_response([_message_out(one, order_id, request) for one in page])

    @extend_schema(operation_id="write_message", parameters=[ONCE], request=MessageIn, responses={201: MessageOut})
    def post(self, request: Request, order_id: UUID) -> Response:
        """Write to the friend for the customer, from acceptance until seven days after completion."""
        said = self.sent(request, MessageIn)

        def write() -> tuple[int, Any]:
            order, photo = order_of(order_id), use_attachment(said["photo"])
            message = write_as_customer(order=order, words=said["text"], photo=photo, now=now())
            return HTTPStatus.CREATED.value, _message_out(message, order_id, request)

        return self.once(request, write)


class MessagePhoto(FileView):
    """The photo of a message."""

    scopes = {"GET": READ}

    @extend_schema(operation_id="read_message_photo", responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, order_id: UUID, message_id: int) -> Any:
        """Read the photo of a message."""
        try:
            return jpeg(photo_for_customer(order=order_of(order_id), message_id=message_id))
        except ThreadMessage.DoesNotExist as error:
            raise NothingThere from error


def _message_out(message: ThreadMessage, order_id: UUID, request: Request) -> dict[str, Any]:
    photo_url = reverse("api:message_photo", args=[order_id, message.pk])
    body = {
        "id": message.pk,
        "side": message.side,
        "name": message.who,
        "text": show_hidden(message.words),
        "photo_url": request.build_absolute_uri(photo_url) if message.photo else None,
        "written_at": message.written_at,
        "read_at": message.read_at,
    }
    return dict(MessageOut(body).data)
