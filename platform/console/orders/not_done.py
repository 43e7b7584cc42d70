"""A manager decides about work that is not done, as its customer says."""

from uuid import UUID

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from console.orders.views import act_on_order
from console.permissions import VIEW_ORDERS
from journeys.order.working.not_done import send_friend_back, settle_objection
from kernel.clock import now
from orders.errors import ReasonMissing
from orders.models import Order
from orders.objections import SETTLED_BY_MANAGER
from tenants.requests import Request

SENT_BACK = "sent_back"


class DecisionForm(forms.Form):
    """How it goes on, and words for both sides."""

    outcome = forms.ChoiceField(choices=[(SENT_BACK, SENT_BACK), *[(one, one.label) for one in SETTLED_BY_MANAGER]])
    words = forms.CharField(max_length=1000, error_messages={"required": gettext_lazy("Please give a reason.")})


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def decide(request: Request, order_uuid: UUID) -> HttpResponse:
    """Send the friend back, or settle the case, which completes the order."""
    form = DecisionForm(request.POST)

    def act(order: Order) -> None:
        if not form.is_valid():
            raise ReasonMissing
        outcome, words = form.cleaned_data["outcome"], form.cleaned_data["words"]
        who, tenant_id = str(request.user), request.tenant.pk
        if outcome == SENT_BACK:
            send_friend_back(order=order, tenant_id=tenant_id, words=words, who=who, now=now())
        else:
            settle_objection(order=order, tenant_id=tenant_id, outcome=outcome, words=words, who=who, now=now())

    return act_on_order(request, order_uuid, act, _("We've notified the customer and the friend."))
