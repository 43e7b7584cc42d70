"""The end of an order by its customer: confirm, rate, object, report words, cancel."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from journeys.order.ending.cancel_order import cancel_order
from journeys.order.rating.moderate_ratings import report_as_customer
from journeys.order.talking.report_text import report_text_as_customer
from journeys.order.working.complete_job import confirm_completion, rate_completion
from journeys.order.working.not_done import say_not_done
from kernel.clock import now
from kernel.web.limits import limited
from orders.errors import (
    CancellingCostsMore,
    ReasonMissing,
    SayWhetherDone,
    WithdrawalIsOpen,
    WorkHasBegun,
)
from orders.models import Order, Review
from orders.ratings import LOW_STARS
from orders.states import Side, Words
from storefront.order.forms import (
    CancelForm,
    NotDoneForm,
    RatingForm,
    ReportForm,
    TextReportForm,
)
from storefront.order.page import order_again, order_of
from tenants.models import Tenant
from tenants.requests import Request, served_while_closed

# A customer has few orders, and each has few questions; this is against writing without end.
TEXT_REPORTS, WITHIN_S = 20, 600
REPORTABLE = {Words.CUSTOMER_REVIEW, Words.REPLY}


@served_while_closed
@never_cache
@require_POST
def confirm(request: Request, token: str) -> HttpResponse:
    """Confirm that the work is done."""
    found = order_of(request, token)
    confirm_completion(order_uuid=found.uuid, tenant_id=request.tenant.pk, side=Side.CUSTOMER, now=now())
    messages.success(request, _("Thank you for confirming."))
    return redirect("storefront:order", token=token)


@served_while_closed
@never_cache
@require_POST
def rate(request: Request, token: str) -> HttpResponse:
    """Rate the work with stars and words."""
    found, form = order_of(request, token), RatingForm(request.POST, auto_id="id_rating_%s")
    if form.is_valid():
        try:
            review = rate_completion(order_uuid=found.uuid, tenant_id=request.tenant.pk, now=now(), **form.rating())
        except SayWhetherDone:
            form.ask_whether_done()
        except ReasonMissing:
            form.ask_what_is_missing()
        else:
            messages.success(request, _rating_noted(found, review, request.tenant))
            return redirect("storefront:order", token=token)
    return order_again(request, token, found, rating_form=form)


@served_while_closed
@never_cache
@require_POST
def not_done(request: Request, token: str) -> HttpResponse:
    """Say that the work is not done."""
    found, form = order_of(request, token), NotDoneForm(request.POST, auto_id="id_not_done_%s")
    if not form.is_valid():
        return order_again(request, token, found, not_done_form=form)
    say_not_done(order=found, tenant_id=request.tenant.pk, now=now(), **form.cleaned_data)
    messages.success(request, _not_done_noted(found))
    return redirect("storefront:order", token=token)


@served_while_closed
@never_cache
@require_POST
def report_words(request: Request, token: str, about: str) -> HttpResponse:
    """Ask the managers to look at the friend's words or reply."""
    found, form = order_of(request, token), ReportForm(request.POST, auto_id=f"id_{about}_%s")
    if about not in REPORTABLE:
        raise Http404
    if not form.is_valid():
        return order_again(request, token, found, report_form=form, report_about=about)
    report_as_customer(order_uuid=found.uuid, tenant_id=request.tenant.pk, about=about, now=now(), **form.cleaned_data)
    messages.success(request, _("Thank you. We'll look at this comment and tell you what we decided."))
    return redirect("storefront:order", token=token)


@served_while_closed
@never_cache
@require_POST
@limited(of="text-reports", most=TEXT_REPORTS, within_s=WITHIN_S)
def report_text(request: Request, token: str) -> HttpResponse:
    """Ask the managers to look at a question of a friend."""
    found, form = order_of(request, token), TextReportForm(request.POST, auto_id="id_text_%s")
    if not form.is_valid():
        return order_again(request, token, found, text_report_form=form)
    report_text_as_customer(order=found, tenant_id=request.tenant.pk, now=now(), **form.cleaned_data)
    messages.success(request, _("Thank you. A community manager looks at it."))
    return redirect("storefront:order", token=token)


@served_while_closed
@never_cache
@require_POST
def cancel(request: Request, token: str) -> HttpResponse:
    """Cancel an order that is not done."""
    found, form = order_of(request, token), CancelForm(request.POST)
    try:
        cancel_order(
            order_uuid=found.uuid,
            job_id=found.job_id,
            tenant_id=request.tenant.pk,
            side=Side.CUSTOMER,
            who=found.name,
            why="",
            agreed_fee_minor=form.fee_minor(),
            now=now(),
        )
    except (CancellingCostsMore, WorkHasBegun, WithdrawalIsOpen) as error:
        messages.error(request, str(error))
        return redirect("storefront:order", token=token)
    messages.success(request, _("Your order has been cancelled."))
    return redirect("storefront:order", token=token)


def _rating_noted(found: Order, review: Review | None, tenant: Tenant) -> str:
    if review is None:
        return _not_done_noted(found)
    if review.stars <= LOW_STARS:
        sorry = _("Thank you for saying so. We are sorry; %(name)s looks into it and will write to you.")
        return sorry % {"name": tenant.name}
    return _("Thank you for your rating.")


def _not_done_noted(found: Order) -> str:
    words = _(
        "Thank you for telling us. %(friend)s knows, we look into it, and nothing is confirmed until it is settled."
    )
    return words % {"friend": found.friend_name}
