"""What a customer says when something goes wrong: the friend did not come, or the customer is back."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from journeys.order.working.no_show import object_to_fee as send_objection
from journeys.order.working.no_show import report_no_show_as_customer
from journeys.order.working.unreachable import say_i_am_here
from kernel.clock import now
from kernel.errors import DomainError
from orders.errors import IllegalOrderMove
from storefront.order.forms import FeeForm, NoShowForm
from storefront.order.page import order_again, order_context, order_of
from tenants.requests import Request, served_while_closed


@served_while_closed
@never_cache
@require_POST
def no_show(request: Request, token: str) -> HttpResponse:
    """Report that the friend did not come."""
    found, form = order_of(request, token), NoShowForm(request.POST, auto_id="id_no_show_%s")
    if form.is_valid():
        try:
            report_no_show_as_customer(
                order=found, tenant_id=request.tenant.pk, words=form.cleaned_data["words"], now=now()
            )
        except DomainError as error:
            form.add_error("words", str(error))
        else:
            messages.success(request, _("Thank you for telling us. We'll look into it and write to you."))
            return redirect("storefront:order", token=token)
    context = order_context(request.tenant, token, found) | {"no_show_form": form}
    return render(request, "storefront/order/order.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@served_while_closed
@never_cache
@require_POST
def i_am_here(request: Request, token: str) -> HttpResponse:
    """Say that the order shall go on, after it ended because nobody could be reached."""
    found = order_of(request, token)
    say_i_am_here(order=found, tenant_id=request.tenant.pk, now=now())
    messages.success(request, _("Good to hear from you. We'll resume your order and write to you."))
    return redirect("storefront:order", token=token)


@served_while_closed
@never_cache
@require_POST
def object_to_fee(request: Request, token: str) -> HttpResponse:
    """Say why the fee for not having been there is not owed."""
    found, form = order_of(request, token), FeeForm(request.POST, auto_id="id_fee_%s")
    if not form.is_valid():
        return order_again(request, token, found, fee_form=form)
    try:
        send_objection(order=found, tenant_id=request.tenant.pk, words=form.cleaned_data["words"], now=now())
    except IllegalOrderMove as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Thank you for telling us. We'll look into it and write to you."))
    return redirect("storefront:order", token=token)
