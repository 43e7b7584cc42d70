"""Getting paid at the customer's: the code of a page, a card reader, or cash; the page follows until it is paid."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from segno import make_qr

from billing.methods import CASH
from friendhub.access import FriendRequest, friend_required
from friendhub.jobs.page import job_of
from journeys.order.paying.pay_by_card import NotWaiting
from journeys.order.paying.pay_on_site import WayIsClosed, ask_for_card, on_site, take_cash
from kernel.clock import now
from kernel.money import to_step
from kernel.web.limits import limited
from stripe_gateway.errors import RefusedByProvider, UnableToReachProvider

# Nobody asks for a card so often; each asking calls the provider.
ASKED, WITHIN_S = 30, 600


@never_cache
@friend_required
@require_safe
def pay(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Show how the customer pays now, and follow it until they have."""
    found = job_of(request, job_id)
    state = on_site(job_id=job_id, friend_id=request.friend_id, now=now())
    context = {
        "section": "jobs",
        "found": found,
        "job": found.job,
        "on_site": state,
        "is_cash": state.method == CASH,
        "cash_minor": to_step(state.due_minor, found.job.currency),
        "code": make_qr(state.url, error="m").svg_data_uri(border=3, light="#fff") if state.url else "",
    }
    template = "friendhub/jobs/parts/pay.html" if request.htmx else "friendhub/jobs/pay.html"
    return render(request, template, context)


@limited(of="site-cards", most=ASKED, within_s=WITHIN_S)
@never_cache
@friend_required
@require_POST
def pay_by_card(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Open the page on which the customer pays, or let a card reader ask for the card."""
    try:
        ask_for_card(job_id=job_id, friend_id=request.friend_id, reader=request.POST.get("reader", ""), now=now())
    except (NotWaiting, WayIsClosed):
        messages.info(request, pgettext("friend", "This job can't be paid by card any more. Here is how it stands."))
    except (UnableToReachProvider, RefusedByProvider) as error:
        messages.error(request, str(error))
    return redirect("friendhub:pay", job_id)


@never_cache
@friend_required
@require_POST
def pay_in_cash(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Note that the customer has given cash."""
    try:
        is_taken = take_cash(job_id=job_id, friend_id=request.friend_id, now=now())
    except WayIsClosed:
        messages.error(
            request,
            pgettext("friend", "You owe too much from cash to take more of it. Please let the customer pay by card."),
        )
        return redirect("friendhub:pay", job_id)
    if is_taken:
        messages.success(request, pgettext("friend", "Noted: paid in cash. The customer gets the receipt by email."))
    else:
        messages.info(
            request, pgettext("friend", "The customer has paid already. If they gave you cash, please give it back.")
        )
    return redirect("friendhub:pay", job_id)
