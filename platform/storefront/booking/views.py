"""Booking: place, questions, times, contact, payment. One thing a page; each page has its own address."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Kind
from catalog.errors import PackageClosed
from catalog.models import Package
from catalog.shown import shown
from journeys.order.booking.book_package import (
    BookingClosed,
    answer_place,
    must_be_open,
)
from kernel.clock import now
from kernel.errors import DomainError
from kernel.web.limits import limited
from kernel.web.serving import as_jpeg
from orders.intake import STEPS, steps_of
from orders.models import BookingDraft
from orders.services.drafts import remove_photo, save_photo, save_step, start_draft
from orders.states import Source
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
from storefront.booking.forms import ContactForm, PaymentForm, QuestionsForm
from storefront.booking.times import times_form
from storefront.catalogue.forms import PlaceForm
from storefront.catalogue.views import LIMITED_S, PLACES, package_or_404, place_errors, refusal_of
from storefront.countries import choose_country, countries_to_choose, other_country
from storefront.fields import TextField
from storefront.prices import priced
from tenants.requests import Request


@dataclass(frozen=True)
class Step:
    """One page of the booking: how its form is made, and what of the form is kept."""

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
    draft = open_draft(request, draft_id)
    if is_placed(draft):
        return redirect("storefront:done", draft_id=draft.pk)
    missing = first_missing(draft)
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
        return _page(request, draft.package, step, form, draft=open_draft(request, draft_id), **(refusal or {}))
    following = None if "review" in request.GET else first_missing(draft, after=step)
    if following is None:
        return redirect("storefront:review", draft_id=draft.pk)
    return redirect("storefront:step", draft_id=draft.pk, step=following)


@never_cache
@require_POST
def forget_photo(request: Request, draft_id: UUID, key: str) -> HttpResponse:
    """Take a photo out of the booking."""
    draft = open_draft(request, draft_id)
    if not is_placed(draft):
        remove_photo(draft=draft, question_key=key)
    return redirect("storefront:step", draft_id=draft.pk, step="questions")


@never_cache
@require_safe
@as_jpeg
def photo(request: Request, draft_id: UUID, key: str) -> bytes | None:
    """Show a photo of a booking that is being written to whoever holds its address."""
    draft = open_draft(request, draft_id)
    if is_placed(draft):
        raise Http404
    for kept in draft.photos.all():
        if kept.question_key == key:
            with kept.image.open("rb") as file:
                return bytes(file.read())
    return None


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
        "title": TITLES[step],
        "number": STEPS.index(step) + 1,
        "steps": stations(package),
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


def _place_form(request: Request, initial: dict[str, Any]) -> PlaceForm:
    country = other_country(request, initial.get("country", ""))
    if country != initial.get("country"):
        initial = {"country": country}
    return PlaceForm(posted(request), countries=request.tenant.countries, initial=initial)


def _questions_form(request: Request, draft: BookingDraft) -> QuestionsForm:
    form = QuestionsForm(
        posted(request),
        request.FILES if request.method == "POST" else None,
        questions=list(draft.package.questions.all()),
        photos={kept.question_key for kept in draft.photos.all()},
        initial=draft.data.get("questions", {}),
    )
    for key, typed in (form.answers() if form.is_bound else form.initial).items():
        field = form.fields.get(key)
        if isinstance(field, TextField):
            field.preview = seen_by_friends(draft, typed)
    return form


_STEPS: dict[str, Step] = {
    "place": Step(
        lambda request, draft: _place_form(request, draft.data.get("place", {})),
        lambda form: {name: form.data.get(name, "") for name in ("country", "postal_code")},
    ),
    "questions": Step(_questions_form, lambda form: form.answers()),
    "times": Step(
        lambda request, draft: times_form(request, draft.data.get("times", {})),
        lambda form: {"windows": form.kept()},
    ),
    "contact": Step(
        lambda request, draft: ContactForm(
            posted(request), country=draft.data["place"]["country"], initial=draft.data.get("contact", {})
        ),
        lambda form: {name: form.data.get(name, "") for name in form.fields},
    ),
    "payment": Step(
        lambda request, draft: PaymentForm(
            posted(request),
            methods=methods_in(draft.data["place"]["country"]),
            initial=draft.data.get("payment", {}),
        ),
        lambda form: {"method": form.data.get("method", "")},
    ),
}
