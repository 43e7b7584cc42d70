"""Following an order by its signed link: status, date, confirmation, rating, cancelling."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from billing.methods import SITE_CARD, PaymentState, method_by_code
from billing.selectors import bills_of, count_undrawn
from crowd.selectors import rating_of_job, reputation_of
from journeys.calendar import calendar_file
from journeys.links import order_url, read_order_token
from journeys.money.incoming.card import due_by_card
from journeys.money.incoming.claims import reminded_of
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.finding.accept_other_times import proposals_of_order
from journeys.order.paying.pay_by_card import check_payment
from journeys.order.paying.pay_on_site import is_way_open
from journeys.order.rating.moderate_ratings import report_as_customer
from journeys.order.talking.ask_customer import exchanges_of_order
from journeys.order.talking.report_text import report_text_as_customer
from journeys.order.talking.write_to_each_other import unread_by_customer
from journeys.order.working.agree_date import accept_date_as_customer, propose_date_as_customer
from journeys.order.working.complete_job import confirm_completion, rate_completion
from journeys.order.working.escalate_to_pro import approve_pro, decline_pro, diagnosis_photo
from journeys.order.working.not_done import say_not_done
from journeys.reads.disruptions import disruptions_for_customer
from journeys.reads.friend_of_order import friends_photo_for_customer, portrait_for_customer
from kernel.clock import now
from kernel.errors import DomainError
from kernel.web.limits import limited
from kernel.web.serving import as_jpeg
from kernel.wording.texts import pick
from orders.cancelling import fee_if_cancelled, fees_begin_at, steps_of_order
from orders.errors import (
    CancellingCostsMore,
    ReasonMissing,
    SayWhetherDone,
    UnusualTime,
    WithdrawalIsOpen,
    WorkHasBegun,
)
from orders.models import Order, Review
from orders.permits import may_arrange, may_cancel, may_change_times
from orders.ratings import LOW_STARS, seen_by
from orders.selectors import (
    agreed_appointment,
    has_time_ahead,
    open_objection,
    open_proposal,
    order_by_uuid,
    tip_of,
    was_refunded,
)
from orders.states import Criterion, CustomerCriterion, OrderState, Side, Words
from places.countries import country_by_code
from storefront.booking.card import payment_context
from storefront.order.answering import rows_of
from storefront.order.asked import what_is_asked
from storefront.order.forms import (
    CancelForm,
    NoShowForm,
    NotDoneForm,
    ProposalForm,
    RatingForm,
    ReportForm,
    TextReportForm,
)
from storefront.order.timeline import Around, headline_of, sentence_of, timeline_of
from stripe_gateway.states import Purpose
from tenants.models import Feature, Tenant
from tenants.requests import Request, served_while_closed
from tenants.selectors import has_feature

STOP_POLLING = 286
ENDED = {OrderState.CONFIRMED, OrderState.CANCELLED}
# A customer has few orders, and each has few questions; this is against writing without end.
TEXT_REPORTS, WITHIN_S = 20, 600
REPORTABLE = {Words.CUSTOMER_REVIEW, Words.REPLY}


class LinkExpired(DomainError):
    """The signed link is too old."""

    message = gettext_lazy("This link has expired. Please write to us if you need anything.")
    code, status = "link_expired", HTTPStatus.GONE


@served_while_closed
@never_cache
@require_safe
def order(request: Request, token: str) -> HttpResponse:
    """Show the order; a live part asks with ``since`` and hears 204 where nothing has changed."""
    found, is_asked = order_with_payment(request, token)
    if found.state == OrderState.PAYING:
        context = payment_context(found, token, is_asked=is_asked)
        return render(request, "storefront/order/payment.html", context)
    version = _version(found)
    if request.htmx and request.GET.get("since") == version:
        return HttpResponse(status=STOP_POLLING if _is_over(request.tenant, found) else HTTPStatus.NO_CONTENT)
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


@served_while_closed
@never_cache
@require_POST
def approve(request: Request, token: str) -> HttpResponse:
    """Let a pro come for the new price."""
    approve_pro(order=order_with_payment(request, token)[0], now=now())
    messages.success(request, _("Thank you. We are asking pros near you."))
    return redirect("storefront:order", token=token)


@served_while_closed
@never_cache
@require_POST
def decline(request: Request, token: str) -> HttpResponse:
    """End the order with the diagnosis."""
    decline_pro(order=order_with_payment(request, token)[0], now=now())
    messages.success(request, _("Your order ends with the diagnosis."))
    return redirect("storefront:order", token=token)


@served_while_closed
@never_cache
@require_safe
@as_jpeg
def photo_of_diagnosis(request: Request, token: str, photo_id: int) -> bytes:
    """Show a photo of what the friend found."""
    return diagnosis_photo(order=order_of(request, token), photo_id=photo_id)


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


def order_with_payment(request: Request, token: str) -> tuple[Order, bool]:
    """Return the order as it is once Stripe has been asked about what it waits for, and whether Stripe has answered.

    A live part does not ask: it comes again and again, and hears of the payment once a webhook has told.
    """
    found = order_of(request, token)
    purpose = _waits_for(found)
    if request.htmx or purpose is None:
        return found, True
    is_asked = check_payment(order=found, purpose=purpose, now=now())
    return order_of(request, token), is_asked


def _waits_for(found: Order) -> Purpose | None:
    """Return what a payment by card may be under way for."""
    if due_by_card(found):
        return Purpose.ORDER
    tip = tip_of(found)
    return Purpose.TIP if tip is not None and tip.paid_at is None else None


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


def order_again(request: Request, token: str, found: Order, **forms: Any) -> HttpResponse:
    """Show the order once more with a form that is not right."""
    context = order_context(request.tenant, token, found) | forms
    return render(request, "storefront/order/order.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def order_context(tenant: Tenant, token: str, found: Order) -> dict[str, Any]:
    """Return all that the page of an order shows."""
    ratings = seen_by(found, Side.CUSTOMER, now=now())
    rows = rows_of(exchanges_of_order(found))
    has_question = any(row.form for row in rows)
    proposals = proposals_of_order(found, now=now()) if found.state == OrderState.SEARCHING else []
    portrait, method = portrait_for_customer(found), method_by_code(found.payment_method)
    return what_is_asked(found) | {
        "order": found,
        "token": token,
        "version": _version(found),
        "is_over": _is_over(tenant, found),
        "headline": headline_of(found),
        "sentence": sentence_of(
            found,
            Around(
                brand=tenant.name,
                has_ratings=has_feature(tenant, Feature.REVIEWS),
                has_proposals=bool(proposals),
                has_question=has_question,
                times_are_over=not has_time_ahead(found, time_zone=tenant.time_zone, now=now()),
            ),
        ),
        "timeline": timeline_of(found),
        "proposal": open_proposal(found),
        "agreed": agreed_appointment(found),
        "rows": rows,
        "has_question": has_question,
        "is_searching": found.state == OrderState.SEARCHING,
        "proposals": proposals,
        "can_change_times": may_change_times(found.state),
        "can_arrange": may_arrange(found.state),
        "can_cancel": may_cancel(found.state, Side.CUSTOMER),
        "fee_now_minor": fee_if_cancelled(found, now=now()).due_minor,
        "fees_begin_at": fees_begin_at(found),
        "fee_steps": steps_of_order(found),
        "has_ratings": has_feature(tenant, Feature.REVIEWS),
        "can_rate": has_feature(tenant, Feature.REVIEWS) and ratings.may_rate,
        "ratings": ratings,
        "public_rating": rating_of_job(found.placed_job_id) if ratings.own or ratings.other else None,
        "portrait": portrait,
        "spoken": [get_language_info(code)["name_translated"] for code in portrait.languages] if portrait else [],
        "reputation": reputation_of(found.friend_id) if found.friend_id else None,
        "criteria": Criterion.choices,
        "customer_criteria": CustomerCriterion.choices,
        "report": getattr(found, "report", None),
        "signature": getattr(found, "signature", None),
        "bills": bills_of(found),
        "reminded": reminded_of(found, tenant) if found.payment.state != PaymentState.PAID else None,
        "method": method,
        "can_change_payment": is_way_open(found),
        "pay_now_minor": due_by_card(found) if found.payment_method == SITE_CARD.code else 0,
        "is_paid_online": method.is_by_provider and found.payment.state == PaymentState.PAID,
        "payment": found.payment,
        "country": country_by_code(found.country),
        "customer": Side.CUSTOMER,
        "disruptions": disruptions_for_customer(found, now=now()),
        "no_show_form": NoShowForm(auto_id="id_no_show_%s"),
        "proposal_form": ProposalForm(auto_id="id_date_%s"),
        "rating_form": RatingForm(auto_id="id_rating_%s"),
        "unread": unread_by_customer(found),
        "objection": open_objection(found),
        "objections": list(found.objections.all()),
        "is_refunded": was_refunded(found),
        "not_done_form": NotDoneForm(auto_id="id_not_done_%s"),
        "report_form": ReportForm(),
        "text_report_form": TextReportForm(auto_id="id_text_%s"),
    }


def _version(found: Order) -> str:
    """Return what changes with all that the page shows; the drawing of a bill is no move of the order."""
    changed, undrawn = found.changed_at.isoformat(), count_undrawn(found)
    return f"{changed}-{undrawn}" if undrawn else changed


def _awaits_rating(tenant: Tenant, found: Order) -> bool:
    return has_feature(tenant, Feature.REVIEWS) and seen_by(found, Side.CUSTOMER, now=now()).may_rate


def _is_over(tenant: Tenant, found: Order) -> bool:
    if found.state not in ENDED or count_undrawn(found):
        return False
    return found.state == OrderState.CANCELLED or not _awaits_rating(tenant, found)


def order_of(request: Request, token: str) -> Order:
    """Return the order that a signed link opens; the page's contact is that of its country.

    Raises LinkExpired, or Http404 for any other link.
    """
    try:
        found = order_by_uuid(read_order_token(token))
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except (signing.BadSignature, Order.DoesNotExist) as error:
        raise Http404 from error
    request.order_country = found.country
    return found
