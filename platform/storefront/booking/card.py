"""Paying online: the way to the hosted page, what the page says on the way back, and the two ways on."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from billing.methods import method_by_code
from billing.selectors import available_methods
from journeys.links import order_token
from journeys.order.paying.pay_by_card import NotWaiting, is_pending, open_card_page
from kernel.clock import now
from orders.models import Order
from orders.states import OrderState
from storefront.booking.forms import PaymentForm
from stripe_gateway.errors import RefusedByProvider, UnableToReachProvider
from stripe_gateway.selectors import takes_cards
from tenants.context import current_tenant
from tenants.requests import Request

# What a session keeps of the orders placed in it: the token of the status page by draft.
BOOKED = "booked"
# A page that waits for an answer asks anew after so many seconds, without script.
ASK_ANEW_S = 5


def note_booked(request: Request, order: Order) -> None:
    """Let this browser see the confirmation; the link in it is as old as the order."""
    booked = request.session.get(BOOKED, {})
    request.session[BOOKED] = {str(order.draft_id): order_token(order.uuid), **booked}


def to_card_page(request: Request, order: Order) -> HttpResponse:
    """Lead to the page where the card is typed; where there is none, say so and show the ways on."""
    token = order_token(order.uuid)
    try:
        return redirect(open_card_page(order=order, language=request.LANGUAGE_CODE, now=now()))
    except NotWaiting:
        if order.state != OrderState.PAYING:
            return redirect("storefront:order", token=token)
        return redirect("storefront:done", draft_id=order.draft_id)
    except (UnableToReachProvider, RefusedByProvider) as error:
        messages.error(request, str(error))
        if order.state != OrderState.PAYING:
            return redirect("storefront:order", token=token)
        context = payment_context(order, token)
        return render(request, "storefront/order/payment.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)


def other_ways_of(order: Order, data: Any = None) -> PaymentForm:
    """Return the form with the ways to pay that an order has not, for those who would rather pay another way."""
    tenant = current_tenant()
    assert tenant is not None, "an order's page is its partner's"
    methods = [method for method in available_methods(tenant, order.country) if method.code != order.payment_method]
    return PaymentForm(data, methods=methods)


def payment_context(
    order: Order, token: str, *, is_asked: bool = True, form: PaymentForm | None = None
) -> dict[str, Any]:
    """Return what the page of an order that waits for its payment shows.

    ``is_asked`` is whether Stripe could be asked: without its answer the payment is being checked.
    """
    return {
        "order": order,
        "token": token,
        "is_checked": not is_asked,
        "ask_anew_s": ASK_ANEW_S,
        "form": form or other_ways_of(order),
        "method": method_by_code(order.payment_method),
        "takes_cards": takes_cards(),
        "is_pending": is_asked and is_pending(order),
    }
