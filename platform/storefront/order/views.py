"""Following an order by its signed link: status, date, calendar."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from journeys.calendar import calendar_file
from journeys.links import order_url
from journeys.order.working.agree_date import accept_date_as_customer, propose_date_as_customer
from journeys.reads.friend_of_order import friends_photo_for_customer
from kernel.clock import now
from kernel.errors import DomainError
from kernel.web.serving import as_jpeg
from kernel.wording.texts import pick
from orders.errors import (
    UnusualTime,
)
from orders.selectors import agreed_appointment
from orders.states import OrderState
from storefront.booking.card import payment_context
from storefront.order.forms import (
    ProposalForm,
)
from storefront.order.page import is_over, order_again, order_context, order_of, order_with_payment, version_of
from tenants.requests import Request, served_while_closed

STOP_POLLING = 286


@served_while_closed
@never_cache
@require_safe
def order(request: Request, token: str) -> HttpResponse:
    """Show the order; a live part asks with ``since`` and hears 204 where nothing has changed."""
    found, is_asked = order_with_payment(request, token)
    if found.state == OrderState.PAYING:
        context = payment_context(found, token, is_asked=is_asked)
        return render(request, "storefront/order/payment.html", context)
    version = version_of(found)
    if request.htmx and request.GET.get("since") == version:
        return HttpResponse(status=STOP_POLLING if is_over(request.tenant, found) else HTTPStatus.NO_CONTENT)
    template = "storefront/order/parts/order.html" if request.htmx else "storefront/order/order.html"
    context = order_context(request.tenant, token, found) | {"is_checked": not is_asked}
    return render(request, template, context)


@served_while_closed
@never_cache
@require_POST
def accept_date(request: Request, token: str, appointment_id: int) -> HttpResponse:
    """Agree to the friend's date."""
    accept_date_as_customer(order=order_of(request, token), appointment_id=appointment_id, now=now())
    messages.success(request, _("The appointment is confirmed. We have sent you a calendar entry."))
    return redirect("storefront:order", token=token)


@served_while_closed
@never_cache
@require_POST
def propose_date(request: Request, token: str) -> HttpResponse:
    """Propose another date."""
    found, form = order_of(request, token), ProposalForm(request.POST)
    if form.is_valid():
        try:
            propose_date_as_customer(order=found, now=now(), **form.cleaned_data)
        except UnusualTime as error:
            form.ask_whether_meant(str(error))
        except DomainError as error:
            form.add_error("starts_at", str(error))
        else:
            messages.success(request, _("We've sent your proposal to the friend."))
            return redirect("storefront:order", token=token)
    return order_again(request, token, found, proposal_form=form)


@served_while_closed
@never_cache
@require_safe
@as_jpeg
def photo_of_friend(request: Request, token: str) -> bytes | None:
    """Show the face of the friend who has the order."""
    return friends_photo_for_customer(order_of(request, token))


@served_while_closed
@never_cache
@require_safe
def calendar(request: Request, token: str) -> HttpResponse:
    """Give the agreed date as a calendar file."""
    found = order_of(request, token)
    agreed = agreed_appointment(found)
    if agreed is None:
        raise Http404
    content = calendar_file(
        order_uuid=found.uuid,
        title=f"{pick(found.package_name, request.LANGUAGE_CODE)} · {request.tenant.name}",
        where=f"{found.street}, {found.postal_code} {found.town}",
        url=order_url(request.tenant, found.uuid, request.LANGUAGE_CODE),
        starts_at=agreed.starts_at,
        minutes=found.minutes,
        now=now(),
    )
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{found.number}.ics"'},
    )
