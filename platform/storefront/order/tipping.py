"""The customer gives a tip: by card on the hosted page, or notes what was given in cash."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from billing.drawing import draw_tip_receipt
from journeys.order.paying.give_tip import give_tip_in_cash
from journeys.order.paying.pay_by_card import NotWaiting, open_tip_page
from kernel.clock import now
from kernel.web.limits import limited
from kernel.web.serving import pdf_response
from orders.errors import OrderBeingPaid, TipGiven, TipOutOfRange
from orders.models import Order
from storefront.order.forms import TipForm
from storefront.order.page import order_again, order_of, order_with_payment
from storefront.order.paying import CARD_PAGES, WITHIN_S
from stripe_gateway.errors import RefusedByProvider, UnableToReachProvider
from stripe_gateway.selectors import takes_cards
from tenants.requests import Request, served_while_closed

IN_CASH = "cash"


@served_while_closed
@never_cache
@require_POST
@limited(of="card-pages", most=CARD_PAGES, within_s=WITHIN_S)
def tip(request: Request, token: str) -> HttpResponse:
    """Give a tip; what was paid by card in the meantime counts."""
    found = order_with_payment(request, token)[0]
    form = TipForm(request.POST, auto_id="id_tip_%s", currency=found.currency, country=found.country)
    if form.is_valid():
        try:
            return _given(request, token, found, form.cleaned_data["amount_minor"])
        except TipOutOfRange as error:
            form.add_error("amount", str(error))
        except (TipGiven, NotWaiting):
            messages.info(request, str(TipGiven()))
            return redirect("storefront:order", token=token)
        except (UnableToReachProvider, RefusedByProvider, OrderBeingPaid) as error:
            messages.error(request, str(error))
            return redirect("storefront:order", token=token)
    return order_again(request, token, found, tip_form=form)


def _given(request: Request, token: str, found: Order, amount_minor: int) -> HttpResponse:
    if request.POST.get("how") == IN_CASH or not takes_cards():
        give_tip_in_cash(order=found, tenant=request.tenant, amount_minor=amount_minor, now=now())
        messages.success(request, _("Noted. Thank you from %(friend)s!") % {"friend": found.friend_name})
        return redirect("storefront:order", token=token)
    return redirect(
        open_tip_page(order=order_of(request, token), amount_minor=amount_minor, language=request.LANGUAGE_CODE,
                      now=now())
    )  # fmt: skip


@served_while_closed
@never_cache
@require_safe
@limited(of="tip-receipt", most=CARD_PAGES, within_s=WITHIN_S)
def receipt(request: Request, token: str) -> HttpResponse:
    """Give the receipt of a tip that was paid by card, as PDF."""
    found = order_of(request, token)
    given = getattr(found, "tip", None)
    if given is None or given.is_cash or given.paid_at is None:
        raise Http404
    return pdf_response(draw_tip_receipt(found), name=f"{found.number}-tip")
