"""What a manager does when a job does not go as planned: one click for each way out."""

from http import HTTPStatus
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from console.orders.views import act_on_order
from console.permissions import VIEW_ORDERS
from journeys.order.finding.pass_on_job import pass_on_job
from journeys.order.finding.take_off_desk import take_off_desk
from journeys.order.working.no_show import agree_anew, end_for_absent_customer
from journeys.order.working.no_show import settle_fee as decide_about_fee
from journeys.order.working.unreachable import reopen_order
from kernel.clock import now
from kernel.errors import DomainError
from orders.models import Order
from tenants.requests import Request

LONGEST_WHY = 300


class WhyIsMissing(DomainError):
    """Whoever takes a job from a friend says why, for the log."""

    message = gettext_lazy("Please say why.")
    code, status = "why_is_missing", HTTPStatus.UNPROCESSABLE_ENTITY


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def pass_on(request: Request, order_uuid: UUID) -> HttpResponse:
    """Pass the job on to other friends, with a reason."""

    def act(order: Order) -> None:
        why = request.POST.get("why", "").strip()[:LONGEST_WHY]
        if not why:
            raise WhyIsMissing
        pass_on_job(order=order, search=_search(request), who=str(request.user), why=why, now=now())

    return act_on_order(
        request, order_uuid, act, _("Other friends are being asked. The customer and the friend have been notified.")
    )


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def new_date(request: Request, order_uuid: UUID) -> HttpResponse:
    """Let friend and customer agree on a new date."""

    def act(order: Order) -> None:
        agree_anew(order=order, tenant_id=request.tenant.pk, who=str(request.user), now=now())

    return act_on_order(request, order_uuid, act, _("Both have been asked to arrange a new appointment."))


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def end_absent(request: Request, order_uuid: UUID) -> HttpResponse:
    """End the order because the customer was not there."""

    def act(order: Order) -> None:
        end_for_absent_customer(
            order=order, tenant_id=request.tenant.pk, search=_search(request), who=str(request.user), now=now()
        )

    return act_on_order(
        request, order_uuid, act, _("The order has ended. The customer and the friend have been notified.")
    )


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def settle_fee(request: Request, order_uuid: UUID) -> HttpResponse:
    """Decide about a customer's objection to the fee for not having been there."""

    def act(order: Order) -> None:
        decide_about_fee(
            order=order,
            tenant_id=request.tenant.pk,
            is_waived=request.POST.get("decision") == "waived",
            words=request.POST.get("words", "").strip()[:500],
            who=str(request.user),
            now=now(),
        )

    return act_on_order(request, order_uuid, act, _("We've notified the customer."))


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def reopen(request: Request, order_uuid: UUID) -> HttpResponse:
    """Search again for a customer who could not be reached and is back."""

    def act(order: Order) -> None:
        reopen_order(order=order, tenant_id=request.tenant.pk, who=str(request.user), now=now())

    return act_on_order(request, order_uuid, act, _("Friends are being asked again. The customer has been notified."))


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def off_desk(request: Request, order_uuid: UUID) -> HttpResponse:
    """Take an order off the desk about which nothing more is to be done."""

    def act(order: Order) -> None:
        take_off_desk(order_uuid=order.uuid, who=str(request.user), now=now())

    return act_on_order(request, order_uuid, act, _("The order has been marked as handled."))


def _search(request: Request) -> int:
    text = request.POST.get("search", "")
    return int(text) if text.isdecimal() else 0
