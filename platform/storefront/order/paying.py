"""Paying an order later than at booking: the same way once more, another one, another one at the door, and on site."""

from http import HTTPStatus

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.methods import PaymentState, method_by_code
from journeys.links import read_paid_token
from journeys.money.incoming.card import due_by_card
from journeys.order.paying.pay_by_card import NotWaiting, check_payment, pay_another_way
from journeys.order.paying.pay_on_site import WayIsClosed, change_at_the_door, ways_at_the_door
from kernel.clock import now
from kernel.web.limits import limited
from orders.models import Order
from orders.selectors import order_by_uuid
from storefront.booking.card import ASK_ANEW_S, note_booked, other_ways_of, payment_context, to_card_page
from storefront.booking.forms import PaymentForm
from storefront.order.page import order_of
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


@served_while_closed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_payment(request: Request, token: str) -> HttpResponse:
    """Let the customer choose another way to pay, up to the moment at the door."""
    found = order_of(request, token)
    typed = request.POST if request.method == "POST" else None
    form = PaymentForm(typed, methods=ways_at_the_door(found, request.tenant))
    if not (form.is_bound and form.is_valid()):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
        context = {"order": found, "token": token, "form": form, "method": method_by_code(found.payment_method)}
        return render(request, "storefront/order/change_payment.html", context, status=status)
    try:
        changed = change_at_the_door(order=found, method=method_by_code(form.cleaned_data["method"]), now=now())
    except WayIsClosed as error:
        messages.error(request, str(error))
    else:
        label = method_by_code(changed.payment_method).label
        said = _("Changed. Way to pay: %(way)s. We have told %(friend)s.")
        messages.success(request, said % {"way": label, "friend": found.friend_name})
    return redirect("storefront:order", token=token)


@served_while_closed
@never_cache
@require_safe
def paid(request: Request, token: str) -> HttpResponse:
    """Say to whoever comes back from paying on site whether the payment has arrived; nothing else of the order."""
    try:
        found = order_by_uuid(read_paid_token(token))
    except (signing.BadSignature, Order.DoesNotExist) as error:
        raise Http404 from error
    request.order_country = found.country
    is_asked = check_payment(order=found, now=now()) if due_by_card(found) else True
    found = order_by_uuid(found.uuid)
    is_paid = found.payment.state == PaymentState.PAID
    context = {"order": found, "is_paid": is_paid, "is_asked": is_asked, "ask_anew_s": ASK_ANEW_S}
    return render(request, "storefront/order/paid.html", context)
