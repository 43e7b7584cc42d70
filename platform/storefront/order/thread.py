"""The customer's page on which they and their friend write to each other."""

from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from journeys.order.talking.write_to_each_other import photo_for_customer, thread_for_customer, write_as_customer
from kernel.clock import now
from kernel.errors import DomainError
from kernel.web.serving import as_jpeg
from orders.states import Side
from storefront.order.answering import MessageForm
from storefront.order.page import order_of
from tenants.requests import Request, served_while_closed


@served_while_closed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def messages(request: Request, token: str) -> HttpResponse:
    """Show what was written, and send a message; a live part asks with ``since`` and hears 204 where nothing is new."""
    found = order_of(request, token)
    if found.friend_id is None:
        raise Http404
    form = MessageForm(request.POST or None, request.FILES or None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                write_as_customer(order=found, now=now(), **form.cleaned_data)
            except DomainError as error:
                form.add_error("words", str(error))
                status = HTTPStatus(error.status)
            else:
                return redirect("storefront:messages", token=token)
    seen = thread_for_customer(found, now=now())
    if request.htmx and request.GET.get("since") == seen.version:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    template = "storefront/order/parts/messages.html" if request.htmx else "storefront/order/messages.html"
    context = {"order": found, "token": token, "thread": seen, "form": form, "own_side": Side.CUSTOMER}
    return render(request, template, context, status=status)


@served_while_closed
@never_cache
@require_safe
@as_jpeg
def photo(request: Request, token: str, message_id: int) -> bytes:
    """Show a photo that one of the two has sent."""
    return photo_for_customer(order=order_of(request, token), message_id=message_id)
