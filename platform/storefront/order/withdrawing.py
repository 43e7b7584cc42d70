"""Withdrawing from a contract in two steps, without a link from a mail: which order, then the confirmation."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from journeys.order.ending.withdraw_order import withdraw_order
from kernel.clock import now
from kernel.web.limits import Limit, address_of
from orders.selectors import order_to_withdraw
from places.countries import country_by_code
from storefront.order.forms import WithdrawalForm
from tenants.requests import Request, served_while_closed

# Somebody who guesses numbers and addresses learns little, and slowly.
ATTEMPTS = Limit(of="withdrawals", most=20, within_s=600)


@served_while_closed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request) -> HttpResponse:
    """Ask which order, show it for confirmation, and take the withdrawal."""
    if request.method != "POST":
        return _page(request, WithdrawalForm())
    ATTEMPTS.count(address_of(request))
    form = WithdrawalForm(request.POST)
    order = order_to_withdraw(**form.cleaned_data) if form.is_valid() else None
    if form.is_valid() and order is None:
        form.add_error(None, _("We found no order with this number and email. Please check both."))
    elif order is not None and not country_by_code(order.country).withdrawal_days:
        form.add_error(
            None, _("Orders in this country have no right of withdrawal. You can cancel on your order page.")
        )
    if order is None or form.errors:
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if "confirm" not in request.POST:
        return render(
            request, "storefront/order/withdraw.html", {"form": form, "order": order, "section": "withdrawal"}
        )
    withdraw_order(order=order, tenant_id=request.tenant.pk, now=now())
    messages.success(request, _("We have received your withdrawal. The receipt is on its way to your inbox."))
    return redirect("storefront:withdraw")


def _page(request: Request, form: WithdrawalForm, *, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return render(request, "storefront/order/withdraw.html", {"form": form, "section": "withdrawal"}, status=status)
