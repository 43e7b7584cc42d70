"""The two ways on of an order that waits for its payment: the same way once more, or another one."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from billing.methods import method_by_code
from journeys.order.pay_by_card import NotWaiting, pay_another_way
from kernel.clock import now
from kernel.limits import limited
from storefront.booking.card import note_booked, other_ways_of, payment_context, to_card_page
from storefront.order.views import order_of
from tenants.requests import Request, served_while_closed

# Nobody asks for the page of a card so often; each asking calls Stripe.
CARD_PAGES, WITHIN_S = 30, 600


@served_while_closed
@never_cache
@require_POST
@limited(of="card-pages", most=CARD_PAGES, within_s=WITHIN_S)
def pay(request: Request, token: str) -> HttpResponse:
    """Lead to the page where the card is typed, for the first time or once more."""
    found = order_of(request, token)
    note_booked(request, found)
    return to_card_page(request, found)


@served_while_closed
@never_cache
@require_POST
def pay_otherwise(request: Request, token: str) -> HttpResponse:
    """Let the order be paid another way: online, or later, and then friends are asked at once."""
    found = order_of(request, token)
    form = other_ways_of(found, request.POST)
    if not form.is_valid():
        context = payment_context(found, token, form=form)
        return render(request, "storefront/order/payment.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    method = method_by_code(form.cleaned_data["method"])
    try:
        chosen = pay_another_way(order=found, method=method, language=request.LANGUAGE_CODE, now=now())
    except NotWaiting:
        messages.info(request, _("Your order is up to date: it no longer waits for a payment."))
    else:
        if method.is_paid_first:
            note_booked(request, chosen)
            return to_card_page(request, chosen)
        messages.success(request, _("Thank you. We are asking friends near you right now."))
    return redirect("storefront:order", token=token)
