"""The end of a booking: the look at all of it, a voucher's code, and the confirmation."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from billing.selectors import quote
from catalog.languages import texts_of
from catalog.shown import shown
from journeys.order.booking.book_package import (
    book_package,
    voucher_worth,
)
from journeys.order.paying.pay_by_card import check_payment
from kernel.clock import now
from kernel.errors import DomainError
from kernel.money import Split
from kernel.templatetags.quartett import words
from kernel.web.answers import as_fields
from kernel.web.limits import limited
from orders.cancelling import fee_steps
from orders.early_start import needs_early_start
from orders.errors import UnableToPlaceOrder, VoucherRefused
from orders.intake import VOUCHER, answer_error, answer_value, known_windows, steps_of, voucher_code
from orders.models import BookingDraft
from orders.selectors import search_waits_until
from orders.services.drafts import save_step
from orders.states import OrderState, Source
from places.countries import country_by_code
from places.selectors import find_place
from storefront.booking.card import BOOKED, note_booked, payment_context, to_card_page
from storefront.booking.company import bill_to_of, company_of, vat_mode_of_draft
from storefront.booking.drafts import (
    TITLES,
    first_missing,
    is_placed,
    methods_in,
    open_draft,
    posted,
    seen_by_friends,
    stations,
)
from storefront.booking.forms import EarlyStartForm, VoucherForm
from storefront.catalogue.views import LIMITED_S
from storefront.prices import priced
from tenants.context import current_tenant
from tenants.requests import Request

# Nobody places so many orders in ten minutes, a shop's own staff behind one address included.
REVIEWS = 60
# Somebody who guesses codes learns nothing, and slowly.
VOUCHERS = 15


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited(of="booking", most=REVIEWS, within_s=LIMITED_S)
def review(request: Request, draft_id: UUID) -> HttpResponse:
    """Show all that was typed with links to change it, and place the order; pressing twice places it once."""
    draft = open_draft(request, draft_id)
    if is_placed(draft):
        return redirect("storefront:done", draft_id=draft.pk)
    missing = first_missing(draft)
    if missing:
        return redirect("storefront:step", draft_id=draft.pk, step=missing)
    faults: dict[str, dict[str, str]] = {}
    form = _early_start_form(request, draft)
    if form.is_bound and form.is_valid():
        try:
            order = book_package(draft_id=draft.pk, language=request.LANGUAGE_CODE, early_start=form.words(), now=now())
        except UnableToPlaceOrder as error:
            faults = error.fields
        else:
            note_booked(request, order)
            if order.state == OrderState.PAYING:
                return to_card_page(request, order)
            return redirect("storefront:done", draft_id=draft.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults or form.errors else HTTPStatus.OK
    voucher_form = VoucherForm(initial=draft.data.get(VOUCHER, {}))
    if VOUCHER in faults:
        voucher_form = VoucherForm(draft.data[VOUCHER])
        as_fields(voucher_form, faults.pop(VOUCHER))
    context = _review_context(draft, faults) | {"early_start_form": form, "voucher_form": voucher_form}
    return render(request, "storefront/booking/review.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited(of="vouchers", most=VOUCHERS, within_s=LIMITED_S)
def voucher(request: Request, draft_id: UUID) -> HttpResponse:
    """Take the code of a voucher, or let go of it; what it takes off the price stands on the review page."""
    draft = open_draft(request, draft_id)
    if is_placed(draft):
        return redirect("storefront:done", draft_id=draft.pk)
    if request.method != "POST" or first_missing(draft) or draft.package.is_paid_by_partner:
        return redirect("storefront:review", draft_id=draft.pk)
    form = VoucherForm(request.POST)
    if form.is_valid() and "forget" not in request.POST:
        try:
            voucher_worth(
                draft=draft, split=_quote(draft), code=form.cleaned_data["code"], language=request.LANGUAGE_CODE,
                now=now(),
            )  # fmt: skip
        except VoucherRefused as error:
            form.add_error("code", str(error))
    if "forget" in request.POST or form.is_valid():
        code = "" if "forget" in request.POST else form.cleaned_data["code"]
        save_step(draft_id=draft.pk, step=VOUCHER, values={"code": code})
        return redirect(reverse("storefront:review", args=[draft.pk]) + "#total")
    context = _review_context(draft, {}) | {
        "early_start_form": _early_start_form(request, draft, is_posted=False),
        "voucher_form": form,
    }
    return render(request, "storefront/booking/review.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@never_cache
@require_safe
def done(request: Request, draft_id: UUID) -> HttpResponse:
    """Confirm the order to the browser that booked: number, what happens next, and the link to follow it.

    Here customers come back from paying by card as well, paid or not. Any other browser hears only that the mail holds
    the link.
    """
    draft = open_draft(request, draft_id)
    if not is_placed(draft):
        return redirect("storefront:review", draft_id=draft.pk)
    is_asked = check_payment(order=draft.order, now=now()) if draft.order.state == OrderState.PAYING else True
    token = request.session.get(BOOKED, {}).get(str(draft_id))
    if token is None:
        is_paying = open_draft(request, draft_id).order.state == OrderState.PAYING
        return render(request, "storefront/booking/done_elsewhere.html", {"is_paying": is_paying})
    draft = open_draft(request, draft_id)
    if draft.order.state == OrderState.PAYING:
        return render(request, "storefront/order/payment.html", payment_context(draft.order, token, is_asked=is_asked))
    if draft.order.state == OrderState.CANCELLED and draft.order.job_id is None:
        return redirect("storefront:order", token=token)
    context = {
        "order": draft.order,
        "waits_until": search_waits_until(draft.order),
        "status_url": reverse("storefront:order", args=[token]),
    }
    return render(request, "storefront/booking/done.html", context)


def _quote(draft: BookingDraft) -> Split:
    country = draft.data["place"]["country"]
    return quote(package=draft.package, country=country, commission_bp=0, on=now().date())


def _covered(draft: BookingDraft, split: Split) -> tuple[int, str]:
    """Return what of the price the customer does not pay, in minor units, and by which voucher."""
    code = voucher_code(draft)
    if draft.package.is_paid_by_partner:
        return split.price_minor, ""
    if not code:
        return 0, ""
    try:
        worth = voucher_worth(draft=draft, split=split, code=code, language=get_language() or "", now=now())
    except VoucherRefused:
        return 0, ""
    return worth.amount_minor, worth.voucher.code


def _review_context(draft: BookingDraft, faults: dict[str, dict[str, str]]) -> dict[str, Any]:
    tenant_country = draft.data["place"]["country"]
    package = draft.package
    method = draft.data.get("payment", {}).get("method")
    split, tenant = _quote(draft), current_tenant()
    covered_minor, code = _covered(draft, split)
    due = replace(split, price_minor=split.price_minor - covered_minor)
    return {
        "draft": draft,
        "steps": stations(package),
        "step": "review",
        "number": len(stations(package)),
        "last_step": steps_of(package)[-1],
        "covered_minor": covered_minor,
        "voucher_code": code,
        "due": due,
        "package": package,
        "country": country_by_code(tenant_country),
        "priced": priced([shown(package)], tenant_country)[0],
        "quote": split,
        "fee_steps": fee_steps(tenant.cancellation_fees, due) if tenant else [],
        "answers": _answer_rows(draft),
        "windows": known_windows(draft.data["times"].get("windows", [])),
        "contact": draft.data["contact"],
        "company": company_of(draft),
        "withdrawal_days": 0 if company_of(draft).name else country_by_code(tenant_country).withdrawal_days,
        "bill_to": bill_to_of(draft),
        "vat_mode": vat_mode_of_draft(draft, tenant) if tenant else "",
        "place": _write_place(draft.data["place"]),
        "method": next((one for one in methods_in(tenant_country) if one.code == method), None),
        "faults": [(step, TITLES[step], message) for step, fields in faults.items() for message in fields.values()],
        "for_caller": draft.source == Source.PHONE,
    }


def _write_place(place: dict[str, str]) -> str:
    """Return postal code and town; the code alone where it has ceased to exist, which the order then says."""
    try:
        found = find_place(place["country"], place["postal_code"])
    except DomainError:
        return place["postal_code"]
    return f"{found.code} {found.name}"


def _answer_rows(draft: BookingDraft) -> list[dict[str, Any]]:
    """Return question and answer as they are read, in the package's order."""
    typed, photos = draft.data["questions"], {kept.question_key for kept in draft.photos.all()}
    rows = []
    for question in draft.package.questions.all():
        raw = typed.get(question.key, "")
        value = answer_value(question, raw) if raw and not answer_error(question, raw) else raw
        rows.append(
            {
                "label": words(texts_of(question, "label")),
                "value": value,
                "photo": question.key if question.key in photos else "",
                "preview": seen_by_friends(draft, value) if isinstance(value, str) else "",
            }
        )
    return rows


def _early_start_form(request: Request, draft: BookingDraft, *, is_posted: bool = True) -> EarlyStartForm:
    """Return the consent that is wanted of consumers whose wished times lie within the days of withdrawal."""
    windows = known_windows(draft.data["times"].get("windows", []))
    country = country_by_code(draft.data["place"]["country"])
    return EarlyStartForm(
        posted(request) if is_posted else None,
        is_needed=not company_of(draft).name and needs_early_start(country, windows, now=now()),
        is_for_caller=draft.source == Source.PHONE,
    )
