"""Where the webhooks of Stripe and SumUp arrive: on the platform's host, for all partners."""

import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kernel.clock import now
from kernel.web.limits import unlimited
from stripe_gateway.at_sumup import note_hint
from stripe_gateway.errors import ForgedEvent
from stripe_gateway.services import receive_event


@unlimited
@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Take a webhook that Stripe has signed; the same one again is thanked for and changes nothing."""
    if request.content_type != "application/json":
        return HttpResponse(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        receive_event(request.body, request.headers.get("Stripe-Signature", ""), now=now())
    except ForgedEvent as error:
        return HttpResponse(error.code, status=error.status, content_type="text/plain")
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def sumup_webhook(request: HttpRequest) -> HttpResponse:
    """Take the hint that something has happened to a payment at SumUp. It is not signed, so nothing in it is believed.

    A hint names a checkout by its id, or what a card reader was asked for by the reference that we gave along.
    """
    if request.content_type != "application/json":
        return HttpResponse(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        said = json.loads(request.body)
        names = [said.get("id"), (said.get("payload") or {}).get("foreign_transaction_id")]
    except (ValueError, AttributeError):
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    for name in names:
        if isinstance(name, str):
            note_hint(name, now=now())
    return HttpResponse(status=204)
