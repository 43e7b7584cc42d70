"""How notices reach people, and what is to be done about those that do not."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel.clock import now
from notices.delivery import about, channel_of, measured
from notifications.client import push_is_on
from operators.access import OperatorRequest, operator_required
from outbox.selectors import given_up
from outbox.services import try_again

PAGE_SIZE = 20


@operator_required
@require_safe
def overview(request: OperatorRequest) -> HttpResponse:
    """Show the figures of the last 24 hours, and the messages that were given up."""
    page = Paginator(given_up(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "section": "delivery",
        "measured": measured(now=now()),
        "page": page,
        "given_up": [
            (message, channel_of(message.topic), about(message.reference.get("notice") or message.topic))
            for message in page
        ],
        "push_is_on": push_is_on(),
    }
    return render(request, "operators/delivery/delivery.html", context)


@operator_required
@require_POST
def retry(request: OperatorRequest, message_id: int) -> HttpResponse:
    """Let a message be delivered once more."""
    try_again(message_id=message_id, operator=request.operator.email, now=now())
    messages.success(request, _("The message will be sent again."))
    return redirect("operators:delivery")
