"""The page of an order that a signed link opens: who may see it, and all that it shows."""

from http import HTTPStatus
from typing import Any

from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_info, gettext_lazy

from billing.methods import SITE_CARD, PaymentState, method_by_code
from billing.selectors import bills_of, count_undrawn
from crowd.selectors import rating_of_job, reputation_of
from journeys.links import read_order_token
from journeys.money.incoming.card import due_by_card
from journeys.money.incoming.claims import reminded_of
from journeys.order.finding.accept_other_times import proposals_of_order
from journeys.order.paying.pay_by_card import check_payment
from journeys.order.paying.pay_on_site import is_way_open
from journeys.order.talking.ask_customer import exchanges_of_order
from journeys.order.talking.write_to_each_other import unread_by_customer
from journeys.reads.disruptions import disruptions_for_customer
from journeys.reads.friend_of_order import portrait_for_customer
from kernel.clock import now
from kernel.errors import DomainError
from orders.cancelling import fee_if_cancelled, fees_begin_at, steps_of_order
from orders.models import Order
from orders.permits import may_arrange, may_cancel, may_change_times
from orders.ratings import seen_by
from orders.selectors import (
    agreed_appointment,
    has_time_ahead,
    open_objection,
    open_proposal,
    order_by_uuid,
    tip_of,
    was_refunded,
)
from orders.states import Criterion, CustomerCriterion, OrderState, Side
from places.countries import country_by_code
from storefront.order.answering import rows_of
from storefront.order.asked import what_is_asked
from storefront.order.forms import (
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
from tenants.requests import Request
from tenants.selectors import has_feature

ENDED = {OrderState.CONFIRMED, OrderState.CANCELLED}


class LinkExpired(DomainError):
    """The signed link is too old."""

    message = gettext_lazy("This link has expired. Please write to us if you need anything.")
    code, status = "link_expired", HTTPStatus.GONE


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
        "version": version_of(found),
        "is_over": is_over(tenant, found),
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


def version_of(found: Order) -> str:
    """Return what changes with all that the page shows; the drawing of a bill is no move of the order."""
    changed, undrawn = found.changed_at.isoformat(), count_undrawn(found)
    return f"{changed}-{undrawn}" if undrawn else changed


def is_over(tenant: Tenant, found: Order) -> bool:
    """Say whether nothing on the page will change any more, so that its live part may stop asking."""
    if found.state not in ENDED or count_undrawn(found):
        return False
    return found.state == OrderState.CANCELLED or not _awaits_rating(tenant, found)


def _awaits_rating(tenant: Tenant, found: Order) -> bool:
    return has_feature(tenant, Feature.REVIEWS) and seen_by(found, Side.CUSTOMER, now=now()).may_rate
