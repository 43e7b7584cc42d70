"""Booking: place, questions, times, contact, payment, review, done. One thing a page; each page has its own address."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Kind
from billing.methods import PaymentMethod
from billing.selectors import available_methods, quote
from catalog.errors import PackageClosed
from catalog.languages import texts_of
from catalog.models import Package
from catalog.selectors import package_by_slug
from catalog.shown import shown
from journeys.order.booking.book_package import (
    BookingClosed,
    answer_place,
    book_package,
    must_be_open,
    voucher_worth,
)
from journeys.order.paying.pay_by_card import check_payment
from journeys.order.talking.hide_contact import hide_in_draft
from kernel.clock import now
from kernel.errors import DomainError
from kernel.money import Split
from kernel.templatetags.quartett import words
from kernel.web.answers import as_fields
from kernel.web.limits import limited
from kernel.web.serving import as_jpeg
from orders.cancelling import fee_steps
from orders.early_start import needs_early_start
from orders.errors import UnableToPlaceOrder, VoucherRefused
from orders.intake import STEPS, VOUCHER, answer_error, answer_value, known_windows, steps_of, voucher_code
from orders.models import BookingDraft
from orders.selectors import draft_by_id, search_waits_until
from orders.services.drafts import remove_photo, save_photo, save_step, start_draft
from orders.states import OrderState, Source
from places.countries import country_by_code
from places.selectors import find_place
from storefront.booking.card import BOOKED, note_booked, payment_context, to_card_page
from storefront.booking.company import company_of, vat_mode_of_draft
from storefront.booking.forms import ContactForm, EarlyStartForm, PaymentForm, QuestionsForm, VoucherForm
from storefront.booking.times import times_form
from storefront.catalogue.forms import PlaceForm
from storefront.catalogue.views import LIMITED_S, PLACES, package_or_404, place_errors, refusal_of
from storefront.countries import choose_country, countries_to_choose, other_country
from storefront.fields import TextField
from storefront.prices import priced
from tenants.context import current_tenant
from tenants.requests import Request

# Nobody places so many orders in ten minutes, a shop's own staff behind one address included.
REVIEWS = 60
# Somebody who guesses codes learns nothing, and slowly.
VOUCHERS = 15


@dataclass(frozen=True)
class Step:
    """One page of the booking: its title, how its form is made, and what of the form is kept."""

    title: Promise
    form: Callable[[Request, BookingDraft], Form]
    keep: Callable[[Any], dict[str, Any]]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited(of="place", most=PLACES, within_s=LIMITED_S)
def start(request: Request, slug: str) -> HttpResponse:
    """Ask for the place; a place that is covered begins a booking, any other writes nothing."""
    package = package_or_404(slug)
    must_be_open(request.tenant, package)
    form = _place_form(request, {"country": choose_country(request)})
    refusal = _refusal(form, package) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        draft = start_draft(package=package, now=now(), **_booked_by(request))
        save_step(draft_id=draft.pk, step="place", values=form.cleaned_data)
        return redirect("storefront:step", draft_id=draft.pk, step="questions")
    return _page(request, package, "place", form, **(refusal or {}))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: Request, draft_id: UUID, step: str) -> HttpResponse:
    """Show or take one step; what was typed is kept, right or wrong."""
    draft = _draft(request, draft_id)
    if _is_placed(draft):
        return redirect("storefront:done", draft_id=draft.pk)
    missing = _first_missing(draft)
    if step not in steps_of(draft.package):
        return redirect("storefront:review", draft_id=draft.pk)
    if STEPS.index(step) > STEPS.index(missing or step):
        return redirect("storefront:step", draft_id=draft.pk, step=missing)
    form = _STEPS[step].form(request, draft)
    if request.method != "POST":
        return _page(request, draft.package, step, form, draft=draft)
    refusal = _refusal(form, draft.package)
    is_valid = refusal is None
    _keep_photos(draft, form)
    # The other steps stand on the place, so a wrong one is kept on the page only.
    if is_valid or (step in draft.data and step != "place"):
        draft = save_step(draft_id=draft.pk, step=step, values=_STEPS[step].keep(form))
    if not is_valid:
        return _page(request, draft.package, step, form, draft=_draft(request, draft_id), **(refusal or {}))
    following = None if "review" in request.GET else _first_missing(draft, after=step)
    if following is None:
        return redirect("storefront:review", draft_id=draft.pk)
    return redirect("storefront:step", draft_id=draft.pk, step=following)


@never_cache
@require_POST
def forget_photo(request: Request, draft_id: UUID, key: str) -> HttpResponse:
    """Take a photo out of the booking."""
    draft = _draft(request, draft_id)
    if not _is_placed(draft):
        remove_photo(draft=draft, question_key=key)
    return redirect("storefront:step", draft_id=draft.pk, step="questions")


@never_cache
@require_safe
@as_jpeg
def photo(request: Request, draft_id: UUID, key: str) -> bytes | None:
    """Show a photo of a booking that is being written to whoever holds its address."""
    draft = _draft(request, draft_id)
    if _is_placed(draft):
        raise Http404
    for kept in draft.photos.all():
        if kept.question_key == key:
            with kept.image.open("rb") as file:
                return bytes(file.read())
    return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited(of="booking", most=REVIEWS, within_s=LIMITED_S)
def review(request: Request, draft_id: UUID) -> HttpResponse:
    """Show all that was typed with links to change it, and place the order; pressing twice places it once."""
    draft = _draft(request, draft_id)
    if _is_placed(draft):
        return redirect("storefront:done", draft_id=draft.pk)
    missing = _first_missing(draft)
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
    draft = _draft(request, draft_id)
    if _is_placed(draft):
        return redirect("storefront:done", draft_id=draft.pk)
    if request.method != "POST" or _first_missing(draft) or draft.package.is_paid_by_partner:
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
    draft = _draft(request, draft_id)
    if not _is_placed(draft):
        return redirect("storefront:review", draft_id=draft.pk)
    is_asked = check_payment(order=draft.order, now=now()) if draft.order.state == OrderState.PAYING else True
    token = request.session.get(BOOKED, {}).get(str(draft_id))
    if token is None:
        is_paying = _draft(request, draft_id).order.state == OrderState.PAYING
        return render(request, "storefront/booking/done_elsewhere.html", {"is_paying": is_paying})
    draft = _draft(request, draft_id)
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


def _page(
    request: Request,
    package: Package,
    step: str,
    form: Form,
    *,
    draft: BookingDraft | None = None,
    **refusal: Any,
) -> HttpResponse:
    country = draft.data.get("place", {}).get("country", "") if draft else ""
    if isinstance(form, PlaceForm):
        request.order_country = country = form.shown_country
    context = refusal | {
        "package": package,
        "priced": priced([shown(package)], country)[0],
        "country": country,
        "countries": countries_to_choose(),
        "draft": draft,
        "step": step,
        "title": _STEPS[step].title,
        "number": STEPS.index(step) + 1,
        "steps": _stations(package),
        "form": form,
        "back_url": _back_url(package, draft, step),
        "answer": _answer(draft) if step == "questions" else None,
        "photos": {kept.question_key for kept in draft.photos.all()} if draft else set(),
        "for_caller": draft is not None and draft.source == Source.PHONE,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and not form.is_valid() else HTTPStatus.OK
    return render(request, f"storefront/booking/steps/{step}.html", context, status=status)


def _back_url(package: Package, draft: BookingDraft | None, step: str) -> str:
    place = STEPS.index(step)
    if draft is None or place == 0:
        return reverse("storefront:package", args=[package.slug])
    return reverse("storefront:step", args=[draft.pk, STEPS[place - 1]])


def _answer(draft: BookingDraft | None) -> Any:
    """Return the answer to the place, or None where it has changed since; the review says so then."""
    try:
        return answer_place(package=draft.package, now=now(), **draft.data["place"]) if draft else None
    except DomainError:
        return None


def _refusal(form: Form, package: Package) -> dict[str, Any] | None:
    """Return what the page says besides the faults at the fields; None where the form is right."""
    if not form.is_valid():
        return {}
    if not isinstance(form, PlaceForm):
        return None
    place = dict(form.cleaned_data)
    try:
        answer_place(package=package, now=now(), **place)
    except (BookingClosed, PackageClosed):
        raise
    except DomainError as error:
        place_errors(form, error)
        return refusal_of(error, **place)
    return None


def _keep_photos(draft: BookingDraft, form: Form) -> None:
    if isinstance(form, QuestionsForm):
        for key, content in form.cleaned_data.get("photos", {}).items():
            save_photo(draft=draft, question_key=key, content=content)


def _booked_by(request: Request) -> dict[str, Any]:
    """A signed-in manager books for a caller."""
    user = request.user
    if user.is_authenticated and user.kind == Kind.STAFF:
        return {"source": Source.PHONE, "booked_by": user.uuid}
    return {}


def _draft(request: Request, draft_id: UUID) -> BookingDraft:
    """Return a draft; the page's contact is that of its country."""
    try:
        draft = draft_by_id(draft_id)
    except BookingDraft.DoesNotExist as error:
        raise Http404 from error
    draft.package = package_by_slug(draft.package.slug)
    request.order_country = draft.data.get("place", {}).get("country", "")
    return draft


def _is_placed(draft: BookingDraft) -> bool:
    return getattr(draft, "order", None) is not None


def _first_missing(draft: BookingDraft, after: str = "") -> str | None:
    """Return the first step, from the one after ``after``, that was never filled in."""
    begin = STEPS.index(after) + 1 if after else 0
    return next((step for step in steps_of(draft.package)[begin:] if step not in draft.data), None)


def _stations(package: Package) -> tuple[str, ...]:
    """Return what the customer goes through: the steps, and the look at all of it."""
    return (*steps_of(package), "review")


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
        "steps": _stations(package),
        "step": "review",
        "number": len(_stations(package)),
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
        "vat_mode": vat_mode_of_draft(draft, tenant) if tenant else "",
        "place": _write_place(draft.data["place"]),
        "method": next((one for one in _methods(tenant_country) if one.code == method), None),
        "faults": [
            (step, _STEPS[step].title, message) for step, fields in faults.items() for message in fields.values()
        ],
        "for_caller": draft.source == Source.PHONE,
    }


def _methods(country: str) -> list[PaymentMethod]:
    tenant = current_tenant()
    assert tenant is not None, "a booking is its partner's"
    return available_methods(tenant, country)


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
                "preview": _seen_by_friends(draft, value) if isinstance(value, str) else "",
            }
        )
    return rows


def _place_form(request: Request, initial: dict[str, Any]) -> PlaceForm:
    country = other_country(request, initial.get("country", ""))
    if country != initial.get("country"):
        initial = {"country": country}
    return PlaceForm(_posted(request), countries=request.tenant.countries, initial=initial)


def _posted(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _questions_form(request: Request, draft: BookingDraft) -> QuestionsForm:
    form = QuestionsForm(
        _posted(request),
        request.FILES if request.method == "POST" else None,
        questions=list(draft.package.questions.all()),
        photos={kept.question_key for kept in draft.photos.all()},
        initial=draft.data.get("questions", {}),
    )
    for key, typed in (form.answers() if form.is_bound else form.initial).items():
        field = form.fields.get(key)
        if isinstance(field, TextField):
            field.preview = _seen_by_friends(draft, typed)
    return form


def _early_start_form(request: Request, draft: BookingDraft, *, is_posted: bool = True) -> EarlyStartForm:
    """Return the consent that is wanted of consumers whose wished times lie within the days of withdrawal."""
    windows = known_windows(draft.data["times"].get("windows", []))
    country = country_by_code(draft.data["place"]["country"])
    return EarlyStartForm(
        _posted(request) if is_posted else None,
        is_needed=not company_of(draft).name and needs_early_start(country, windows, now=now()),
        is_for_caller=draft.source == Source.PHONE,
    )


def _seen_by_friends(draft: BookingDraft, typed: str) -> str:
    """Return what friends read of an answer before they accept, if that is less than what was typed."""
    masked = hide_in_draft(typed, draft=draft)
    return masked.text if masked.has_hidden else ""


_STEPS: dict[str, Step] = {
    "place": Step(
        _("Where do you need help?"),
        lambda request, draft: _place_form(request, draft.data.get("place", {})),
        lambda form: {name: form.data.get(name, "") for name in ("country", "postal_code")},
    ),
    "questions": Step(_("What is it about?"), _questions_form, lambda form: form.answers()),
    "times": Step(
        _("When would it suit you?"),
        lambda request, draft: times_form(request, draft.data.get("times", {})),
        lambda form: {"windows": form.kept()},
    ),
    "contact": Step(
        _("Your contact details"),
        lambda request, draft: ContactForm(
            _posted(request), country=draft.data["place"]["country"], initial=draft.data.get("contact", {})
        ),
        lambda form: {name: form.data.get(name, "") for name in form.fields},
    ),
    "payment": Step(
        _("How would you like to pay?"),
        lambda request, draft: PaymentForm(
            _posted(request),
            methods=_methods(draft.data["place"]["country"]),
            initial=draft.data.get("payment", {}),
        ),
        lambda form: {"method": form.data.get("method", "")},
    ),
}
