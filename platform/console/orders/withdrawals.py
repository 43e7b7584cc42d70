"""A manager decides what a customer owes who has withdrawn once the work had begun."""

from uuid import UUID

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from console.orders.views import act_on_order
from console.permissions import VIEW_ORDERS
from journeys.order.ending.withdraw_order import decide_withdrawal
from kernel.clock import now
from kernel.typed.amounts import read_amount
from orders.errors import OwedOutOfRange
from orders.models import Order
from tenants.requests import Request


class DecisionForm(forms.Form):
    """What is owed, as people write amounts, and words for the customer."""

    amount = forms.CharField(max_length=20)
    words = forms.CharField(max_length=1000, required=False)


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def decide(request: Request, order_uuid: UUID) -> HttpResponse:
    """Settle the withdrawal; what was proposed takes one tap."""
    form = DecisionForm(request.POST)

    def act(order: Order) -> None:
        if not form.is_valid():
            raise OwedOutOfRange
        try:
            owed = read_amount(form.cleaned_data["amount"], order.currency)
        except ValueError as error:
            raise OwedOutOfRange from error
        decide_withdrawal(
            order=order,
            tenant_id=request.tenant.pk,
            owed_minor=owed.minor,
            words=form.cleaned_data["words"].strip(),
            who=str(request.user),
            now=now(),
        )

    return act_on_order(request, order_uuid, act, _("The withdrawal has been settled. The customer has been notified."))
