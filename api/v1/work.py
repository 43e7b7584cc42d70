"""After the work: the customer confirms it, says that it is not done, and rates it."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import Strict
from api.v1.order_bodies import OrderOut
from api.v1.order_views import CHANGES, WRITE, changed
from api.views import View
from journeys.order.working.complete_job import confirm_completion, rate_completion
from journeys.order.working.not_done import say_not_done
from kernel.clock import now
from orders.states import Side

LONGEST_COMMENT = 1000


class NotDoneIn(Strict):
    """What is missing."""

    text = serializers.CharField(max_length=LONGEST_COMMENT, allow_blank=True)


class CriteriaIn(Strict):
    """Stars for each criterion about which the customer has an opinion."""

    punctual = serializers.IntegerField(required=False)
    skilled = serializers.IntegerField(required=False)
    clear = serializers.IntegerField(required=False)
    friendly = serializers.IntegerField(required=False)


class RatingIn(Strict):
    """One to five stars, a comment, and for one or two stars before the confirmation whether the work is done."""

    stars = serializers.IntegerField()
    criteria = CriteriaIn(required=False, default=dict)
    text = serializers.CharField(max_length=LONGEST_COMMENT, allow_blank=True, required=False, default="")
    is_done = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="If false, nothing is rated: a case is opened."
    )


class OrderConfirmation(View):
    """The customer's word that the work is done."""

    scopes = {"POST": WRITE}

    @extend_schema(operation_id="confirm_order", parameters=CHANGES, request=None, responses=OrderOut)
    def post(self, request: Request, order_id: UUID) -> Response:
        """Confirm for the customer that the work is done; without a word it is confirmed after three days."""
        return changed(
            self,
            request,
            order_id,
            lambda order: confirm_completion(
                order_uuid=order.uuid, tenant_id=request.tenant.pk, side=Side.CUSTOMER, now=now()
            ),
        )


class OrderObjection(View):
    """The customer's word that the work is not done."""

    scopes = {"POST": WRITE}

    @extend_schema(operation_id="object_to_work", parameters=CHANGES, request=NotDoneIn, responses=OrderOut)
    def post(self, request: Request, order_id: UUID) -> Response:
        """Say for the customer that the work is not done; nothing is confirmed until that is settled."""
        words = self.sent(request, NotDoneIn)["text"]
        return changed(
            self,
            request,
            order_id,
            lambda order: say_not_done(order=order, tenant_id=request.tenant.pk, words=words, now=now()),
        )


class OrderRating(View):
    """The customer's rating of the work."""

    scopes = {"POST": WRITE}

    @extend_schema(operation_id="rate_order", parameters=CHANGES, request=RatingIn, responses=OrderOut)
    def post(self, request: Request, order_id: UUID) -> Response:
        """Rate the work for the customer, which also confirms it; the friend sees it once both have rated."""
        said = self.sent(request, RatingIn)
        return changed(
            self,
            request,
            order_id,
            lambda order: rate_completion(
                order_uuid=order.uuid,
                tenant_id=request.tenant.pk,
                stars=said["stars"],
                criteria=said["criteria"],
                words=said["text"],
                is_done=said["is_done"],
                now=now(),
            ),
            with_rating=True,
        )
