"""The customer answers what the friend proposes on site: extra work, or another price."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from journeys.order.working.extra_work import accept_extra, decline_extra
from kernel.clock import now
from kernel.web.limits import limited
from orders.errors import ExtraAnswered
from orders.selectors import open_extra
from storefront.booking.card import to_card_page
from storefront.order.page import order_of, order_with_payment
from storefront.order.paying import CARD_PAGES, WITHIN_S
from tenants.requests import Request, served_while_closed


@served_while_closed
@never_cache
@require_POST
def accept(request: Request, token: str, extra_id: UUID) -> HttpResponse:
    """Agree to it: it is paid as the order is, and by invoice where it is not paid by card."""
    try:
        accept_extra(order=order_with_payment(request, token)[0], extra_id=extra_id, now=now())
    except ExtraAnswered as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Agreed. The new price is on this page and in your email."))
    return redirect("storefront:order", token=token)


@served_while_closed
@never_cache
@require_POST
def decline(request: Request, token: str, extra_id: UUID) -> HttpResponse:
    """Leave the order as it was booked."""
    try:
        decline_extra(order=order_with_payment(request, token)[0], extra_id=extra_id, now=now())
    except ExtraAnswered as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Noted. Your order goes on as booked, at the price so far."))
    return redirect("storefront:order", token=token)


@served_while_closed
@never_cache
@require_POST
@limited(of="card-pages", most=CARD_PAGES, within_s=WITHIN_S)
def pay(request: Request, token: str, extra_id: UUID) -> HttpResponse:
    """Lead to the page on which the difference is paid by card, which says yes."""
    found = order_of(request, token)
    extra = open_extra(found)
    if extra is None or extra.pk != extra_id:
        messages.error(request, str(ExtraAnswered()))
        return redirect("storefront:order", token=token)
    return to_card_page(request, found)
