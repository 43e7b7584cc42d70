"""The newsletter: signing a customer up, who then confirms by email."""

from http import HTTPStatus
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import Strict
from api.views import ONCE, View
from developers.kinds import Scope
from journeys.partner.newsletters.subscribe import subscribe
from kernel.clock import now
from newsletters.states import Source


class SubscriberIn(Strict):
    """Who wants the newsletter. The address gets a link, by which its owner confirms within seven days."""

    email = serializers.EmailField(max_length=254)
    consent = serializers.CharField(
        max_length=1000, help_text="What the customer has agreed to, word for word; it is kept as the proof."
    )


class SubscriberOut(serializers.Serializer):
    """The sign-up was noted. Whether the address is on the list already is told to its owner only."""

    email = serializers.EmailField()


class NewsletterSubscribers(View):
    """Those who get the newsletter."""

    scopes = {"POST": Scope.NEWSLETTER_WRITE}

    @extend_schema(
        operation_id="sign_up_for_newsletter", parameters=[ONCE], request=SubscriberIn, responses={202: SubscriberOut}
    )
    def post(self, request: Request) -> Response:
        """Sign a customer up, in the language asked for, and mail the link that confirms it."""
        sent = self.sent(request, SubscriberIn)

        def act() -> tuple[int, Any]:
            subscribe(
                tenant=request.tenant,
                email=sent["email"],
                language=get_language() or request.tenant.default_language,
                words=sent["consent"],
                source=Source.API,
                address="",
                now=now(),
            )
            return HTTPStatus.ACCEPTED.value, SubscriberOut(sent).data

        return self.once(request, act)
