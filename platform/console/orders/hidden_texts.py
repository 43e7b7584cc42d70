"""The manager's way to hide a text from both sides, and to show it again."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from console.orders.views import act_on_order
from console.permissions import VIEW_ORDERS
from journeys.order.talking.hide_text import hide_text, show_text_again
from kernel.clock import now
from orders.models import Order
from orders.states import TextPlace
from tenants.requests import Request


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def hide(request: Request, order_uuid: UUID) -> HttpResponse:
    """Hide a text of an order."""
    return _act(request, order_uuid, hide_text, _("The text has been hidden."))


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def show(request: Request, order_uuid: UUID) -> HttpResponse:
    """Show a hidden text again."""
    return _act(request, order_uuid, show_text_again, _("The text is shown again."))


def _act(request: Request, order_uuid: UUID, act: Callable[..., None], said: str) -> HttpResponse:
    place, text_id = request.POST.get("place", ""), request.POST.get("text", "")
    if place not in TextPlace.values:
        raise Http404

    def do(order: Order) -> None:
        act(order_uuid=order.uuid, place=TextPlace(place), text_id=text_id, who=str(request.user), now=now())

    return act_on_order(request, order_uuid, do, said)
