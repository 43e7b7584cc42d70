"""Where Stripe's webhooks arrive: on the platform's host, for all partners."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kernel.clock import now
from kernel.limits import unlimited
from stripe_gateway.errors import ForgedEvent
from stripe_gateway.services import receive_event


@unlimited
@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Take a webhook that Stripe has signed; the same one again is thanked for and changes nothing."""
    try:
        receive_event(request.body, request.headers.get("Stripe-Signature", ""), now=now())
    except ForgedEvent as error:
        return HttpResponse(error.code, status=error.status, content_type="text/plain")
    return HttpResponse(status=204)
