"""The answer of a customer to a job that needs a pro."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from journeys.order.working.escalate_to_pro import approve_pro, decline_pro, diagnosis_photo
from kernel.clock import now
from kernel.web.serving import as_jpeg
from storefront.order.page import order_of, order_with_payment
from tenants.requests import Request, served_while_closed


@served_while_closed
@never_cache
@require_POST
def approve(request: Request, token: str) -> HttpResponse:
    """Let a pro come for the new price."""
    approve_pro(order=order_with_payment(request, token)[0], now=now())
    messages.success(request, _("Thank you. We are asking pros near you."))
    return redirect("storefront:order", token=token)


@served_while_closed
@never_cache
@require_POST
def decline(request: Request, token: str) -> HttpResponse:
    """End the order with the diagnosis."""
    decline_pro(order=order_with_payment(request, token)[0], now=now())
    messages.success(request, _("Your order ends with the diagnosis."))
    return redirect("storefront:order", token=token)


@served_while_closed
@never_cache
@require_safe
@as_jpeg
def photo_of_diagnosis(request: Request, token: str, photo_id: int) -> bytes:
    """Show a photo of what the friend found."""
    return diagnosis_photo(order=order_of(request, token), photo_id=photo_id)
