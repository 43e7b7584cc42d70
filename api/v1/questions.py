"""What friends ask before they decide, and the customer's answers."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import NothingThere
from api.serializers import Strict
from api.v1.order_bodies import OrderOut
from api.v1.order_views import CHANGES, READ, WRITE, changed, order_of
from api.views import FileView, View, jpeg
from dispatch.errors import QuestionClosed
from journeys.order.talking.ask_customer import Exchange, answer_friend, answer_photo_of_order, exchanges_of_order
from kernel.clock import now
from kernel.hiding.masking import show_hidden
from orders.models import Order
from orders.services.attachments import use_attachment

LONGEST_ANSWER = 1000


class AnswerIn(Strict):
    """The customer's answer: a text, a photo (the id of an attachment), or both. Contact details in it are hidden."""

    text = serializers.CharField(max_length=LONGEST_ANSWER, allow_blank=True, required=False, default="")
    photo = serializers.UUIDField(required=False, allow_null=True, default=None)


class QuestionOut(serializers.Serializer):
    """A friend's question and its answer, without saying who asks; contact details are hidden in both."""

    id = serializers.UUIDField()
    text = serializers.CharField()
    asked_at = serializers.DateTimeField()
    answer = serializers.CharField(allow_null=True)
    photo_url = serializers.CharField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class QuestionList(serializers.Serializer):
    """The questions about an order, the oldest first."""

    results = QuestionOut(many=True)


class OrderQuestions(View):
    """What friends have asked about an order."""

    scopes = {"GET": READ}

    @extend_schema(operation_id="list_questions", responses=QuestionList)
    def get(self, request: Request, order_id: UUID) -> Response:
        """List what friends have asked before deciding; the customer's answer helps them to say yes."""
        exchanges = exchanges_of_order(order_of(order_id))
        return Response({"results": [_question_out(one, order_id, request) for one in exchanges]})


class QuestionAnswer(View):
    """The answer to one question."""

    scopes = {"POST": WRITE}

    @extend_schema(operation_id="answer_question", parameters=CHANGES, request=AnswerIn, responses=OrderOut)
    def post(self, request: Request, order_id: UUID, question_id: UUID) -> Response:
        """Answer a friend's question for the customer; all friends who are asked see the answer."""
        said = self.sent(request, AnswerIn)

        def answer(order: Order) -> None:
            photo = use_attachment(said["photo"])
            answer_friend(order=order, question_id=question_id, words=said["text"], photo=photo, now=now())

        return changed(self, request, order_id, answer)


class AnswerPhoto(FileView):
    """The photo of an answer."""

    scopes = {"GET": READ}

    @extend_schema(operation_id="read_answer_photo", responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, order_id: UUID, question_id: UUID) -> Any:
        """Read the photo with which a question was answered."""
        order = order_of(order_id)
        if order.job_id is None:
            raise NothingThere
        try:
            return jpeg(answer_photo_of_order(order=order, question_id=question_id))
        except QuestionClosed as error:
            raise NothingThere from error


def _question_out(exchange: Exchange, order_id: UUID, request: Request) -> dict[str, Any]:
    words = [exchange.ready_words, show_hidden(exchange.words)]
    photo_url = reverse("api:answer_photo", args=[order_id, exchange.id])
    body = {
        "id": exchange.id,
        "text": "\n".join(text for text in words if text),
        "asked_at": exchange.asked_at,
        "answer": None if exchange.answered_at is None else show_hidden(exchange.answer),
        "photo_url": request.build_absolute_uri(photo_url) if exchange.has_photo else None,
        "answered_at": exchange.answered_at,
    }
    return dict(QuestionOut(body).data)
