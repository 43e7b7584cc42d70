"""What a manager does about an order."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from billing.models import Bill
from billing.selectors import bill_with_xml, drawn_bill, read_drawing, read_for_machines
from console.permissions import VIEW_ORDERS
from dispatch.errors import QuestionClosed
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.finding.ask_friends import begin_new_search
from journeys.order.talking.ask_customer import answer_photo_of_order
from journeys.order.talking.write_to_each_other import photo_for_manager
from journeys.order.working.escalate_to_pro import diagnosis_photo
from kernel.clock import now
from kernel.errors import DomainError
from kernel.web.serving import as_jpeg, pdf_response, xml_response
from orders.models import Answer, Order
from orders.selectors import order_by_uuid
from orders.states import Side
from tenants.requests import Request

REFUSED = "refused_act"


class Refused(NamedTuple):
    """What a manager has sent about an order in vain: where to, why it was refused, and what was typed."""

    act: str
    why: str
    typed: dict[str, str]


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def search_again(request: Request, order_uuid: UUID) -> HttpResponse:
    """Ask friends once more for an order that found nobody."""

    def search(order: Order) -> None:
        begin_new_search(order_uuid=order.uuid, job_id=order.placed_job_id, who=str(request.user), now=now())

    return act_on_order(request, order_uuid, search, _("Friends are being asked again."))


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def cancel(request: Request, order_uuid: UUID) -> HttpResponse:
    """Cancel an order; customer and friend are told."""

    def end(order: Order) -> None:
        cancel_order(
            order_uuid=order.uuid,
            job_id=order.placed_job_id,
            tenant_id=request.tenant.pk,
            side=Side.MANAGER,
            who=str(request.user),
            why=request.POST.get("why", "")[:300],
            now=now(),
        )

    return act_on_order(
        request, order_uuid, end, _("The order has been cancelled. The customer and the friend have been notified.")
    )


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
@as_jpeg
def photo(request: Request, answer_id: int) -> bytes | None:
    """Show a photo of an order."""
    answer = Answer.objects.get(pk=answer_id)
    if not answer.photo:
        return None
    with answer.photo.open("rb") as file:
        return bytes(file.read())


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
def bill(request: Request, order_uuid: UUID, bill_uuid: UUID) -> HttpResponse:
    """Show an invoice, receipt or credit note of an order."""
    try:
        found = drawn_bill(_order(order_uuid), bill_uuid)
    except Bill.DoesNotExist as error:
        raise Http404 from error
    return pdf_response(read_drawing(found), name=found.number)


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
def bill_for_machines(request: Request, order_uuid: UUID, bill_uuid: UUID) -> HttpResponse:
    """Give an invoice, receipt or credit note of a company as XML."""
    try:
        found = bill_with_xml(_order(order_uuid), bill_uuid)
    except Bill.DoesNotExist as error:
        raise Http404 from error
    return xml_response(read_for_machines(found), name=found.number)


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
@as_jpeg
def photo_of_diagnosis(request: Request, order_uuid: UUID, photo_id: int) -> bytes:
    """Show a photo of what a friend found on site."""
    return diagnosis_photo(order=_order(order_uuid), photo_id=photo_id)


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
@as_jpeg
def answer_photo(request: Request, order_uuid: UUID, question_id: UUID) -> bytes:
    """Show the photo with which the customer has answered a friend's question."""
    try:
        return answer_photo_of_order(order=_order(order_uuid), question_id=question_id)
    except QuestionClosed as error:
        raise Http404 from error


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
@as_jpeg
def message_photo(request: Request, order_uuid: UUID, message_id: int) -> bytes:
    """Show a photo that customer or friend has sent to the other."""
    return photo_for_manager(order=_order(order_uuid), message_id=message_id)


def act_on_order(request: Request, order_uuid: UUID, act: Callable[[Order], None], said: str) -> HttpResponse:
    """Do something about an order, say how it went, and show the order again; what was refused stays typed in."""
    order = _order(order_uuid)
    try:
        act(order)
    except DomainError as error:
        messages.error(request, str(error))
        request.session[REFUSED] = Refused(request.path, str(error), request.POST.dict())._asdict()
    else:
        messages.success(request, said)
    return redirect("orders:inspect", order.pk)


def take_refused(request: Request) -> Refused | None:
    """Return what was refused last, once."""
    kept = request.session.pop(REFUSED, None)
    return Refused(**kept) if kept else None


def _order(order_uuid: UUID) -> Order:
    try:
        return order_by_uuid(order_uuid)
    except Order.DoesNotExist as error:
        raise Http404 from error
