"""The pages about ratings. Managers see what is shown to both sides, and a low rating at once."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.menu import MenuItem

from console.permissions import VIEW_ORDERS
from console.ratings.forms import DecisionForm, NoteForm, OutcomeForm
from crowd.models import Rating
from crowd.selectors import rating_of_job, ratings_of_jobs, reputation_of
from journeys.order.rating.moderate_ratings import decide_words
from kernel.clock import now
from orders.models import CustomerReview, Order, RatingCase, Review, WordsReport
from orders.ratings import BLIND_FOR, LOW_STARS, close_case, note_on_case, rated_orders
from orders.selectors import order_by_uuid
from orders.states import CaseOutcome, Criterion, CustomerCriterion, Words
from tenants.requests import Request

ON_A_PAGE = 30
FILTERS = {
    "": gettext_lazy("All"),
    "low": gettext_lazy("Low"),
    "open": gettext_lazy("Open cases"),
    "reported": gettext_lazy("Reported"),
    "hidden": gettext_lazy("Hidden"),
}


@dataclass(frozen=True)
class Row:
    """An order in the list, with what managers see of it."""

    order: Order
    review: Review | None
    customer_review: CustomerReview | None
    case: RatingCase | None
    rating: Rating | None


@dataclass(frozen=True)
class Said:
    """Somebody's words on the page of an order, and what was reported and decided about them."""

    about: str
    label: str
    words: str
    report: WordsReport | None
    form: Form

    @property
    def can_decide(self) -> bool:
        """Say whether nobody has decided yet."""
        return bool(self.words) and (self.report is None or self.report.decided_at is None)


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
def index(request: Request) -> HttpResponse:
    """List the orders with ratings, the latest first."""
    show = request.GET.get("show", "")
    page = Paginator(rated_orders(show=show), ON_A_PAGE).get_page(request.GET.get("p"))
    published = ratings_of_jobs(order.placed_job_id for order in page)
    context = {
        "page_title": _("Ratings"),
        "header_icon": "pick",
        "rows": [_row(order, published.get(order.placed_job_id)) for order in page],
        "page": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "filters": FILTERS.items(),
        "show": show,
        "low_stars": LOW_STARS,
    }
    return render(request, "console/ratings/index.html", context)


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
def ratings_of_order(request: Request, order_uuid: UUID) -> HttpResponse:
    """Show both ratings of an order, what was reported, and the case of a low one."""
    return _show(request, _order(order_uuid))


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def decide(request: Request, order_uuid: UUID, about: str) -> HttpResponse:
    """Hide words or let them stand, with a reason that both sides are told."""
    order, form = _order(order_uuid), DecisionForm(request.POST, auto_id=f"id_{about}_%s")
    if about not in Words.values:
        raise Http404
    is_hidden = request.POST.get("verdict") == "hide"

    def act(decision: str) -> None:
        decide_words(
            order_uuid=order.uuid,
            tenant_id=request.tenant.pk,
            about=about,
            is_hidden=is_hidden,
            decision=decision,
            who=str(request.user),
            now=now(),
        )

    said = (
        _("The comment has been hidden, and both sides have been informed.")
        if is_hidden
        else _("The comment stays visible. Both sides have been informed.")
    )
    return _act(request, order, form, act, said, decision_form=form, decided_about=about)


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def note(request: Request, order_uuid: UUID) -> HttpResponse:
    """Write down what was found out about a low rating."""
    order, form = _order(order_uuid), NoteForm(request.POST)

    def act(text: str) -> None:
        note_on_case(order_uuid=order.uuid, text=text, who=str(request.user), now=now())

    return _act(request, order, form, act, _("The note has been kept."), note_form=form)


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def close(request: Request, order_uuid: UUID) -> HttpResponse:
    """Close the case of a low rating with what came of it."""
    order, form = _order(order_uuid), OutcomeForm(request.POST)

    def act(outcome: str, words: str) -> None:
        close_case(order_uuid=order.uuid, outcome=outcome, words=words, who=str(request.user), now=now())

    return _act(request, order, form, act, _("The case has been closed."), outcome_form=form)


def _act(request: Request, order: Order, form: Form, act: Callable[..., None], said: str, **forms: Any) -> HttpResponse:
    """Do what a right form says and show the order again, else show what is wrong beside what was typed."""
    if not form.is_valid():
        return _show(request, order, status=HTTPStatus.UNPROCESSABLE_ENTITY, **forms)
    act(**form.cleaned_data)
    messages.success(request, said)
    return redirect("ratings_of_order", order.uuid)


def _show(
    request: Request,
    order: Order,
    *,
    status: int = HTTPStatus.OK,
    decision_form: Form | None = None,
    decided_about: str = "",
    **forms: Any,
) -> HttpResponse:
    row = _row(order, rating_of_job(order.placed_job_id))
    reports = {report.about: report for report in order.words_reports.all()}
    texts = {
        Words.REVIEW: row.review.words if row.review and row.review.shown_at else "",
        Words.CUSTOMER_REVIEW: row.customer_review.words if row.customer_review else "",
        Words.REPLY: row.rating.reply if row.rating else "",
    }
    context = {
        "page_title": _("Ratings of order %(number)s") % {"number": order.number},
        "header_icon": "pick",
        "order": order,
        "row": row,
        "report": getattr(order, "report", None),
        "reputation": reputation_of(order.friend_id) if order.friend_id else None,
        "said": [
            Said(
                about=about,
                label=str(about.label),
                words=words,
                report=reports.get(about),
                form=decision_form
                if decision_form and decided_about == about
                else DecisionForm(auto_id=f"id_{about}_%s"),
            )
            for about, words in texts.items()
            if words or about in reports
        ],
        "is_blind": row.review is not None and row.review.shown_at is None,
        "shown_by": order.done_at + BLIND_FOR if order.done_at else None,
        "notes": [event for event in order.events.all() if event.kind == "case_note"],
        "outcome": CaseOutcome(row.case.outcome).label if row.case and row.case.outcome else "",
        "criteria": Criterion.choices,
        "customer_criteria": CustomerCriterion.choices,
        "note_form": NoteForm(),
        "outcome_form": OutcomeForm(),
    }
    return render(request, "console/ratings/order.html", context | forms, status=status)


def _row(order: Order, rating: Rating | None) -> Row:
    """Return what managers see: what is shown, and of a low rating the customer's side at once."""
    review: Review | None = getattr(order, "review", None)
    customer_review: CustomerReview | None = getattr(order, "customer_review", None)
    case: RatingCase | None = getattr(order, "rating_case", None)
    return Row(
        order=order,
        review=review if review and (review.shown_at or case) else None,
        customer_review=customer_review if customer_review and customer_review.shown_at else None,
        case=case,
        rating=rating,
    )


def _order(order_uuid: UUID) -> Order:
    try:
        order = order_by_uuid(order_uuid)
    except Order.DoesNotExist as error:
        raise Http404 from error
    row = _row(order, None)
    if not (row.review or row.customer_review):
        raise Http404
    return order


class RatingsMenuItem(MenuItem):
    """A menu item for those who look after orders."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this user may see ratings."""
        return request.user.has_perm(VIEW_ORDERS)


def menu_item() -> MenuItem:
    """Return the entry of the main menu."""
    return RatingsMenuItem(gettext_lazy("Ratings"), reverse_lazy("ratings"), icon_name="pick", order=107)


urlpatterns = [
    path("ratings/", index, name="ratings"),
    path("ratings/<uuid:order_uuid>/", ratings_of_order, name="ratings_of_order"),
    path("ratings/<uuid:order_uuid>/words/<slug:about>/", decide, name="decide_words"),
    path("ratings/<uuid:order_uuid>/note/", note, name="note_on_case"),
    path("ratings/<uuid:order_uuid>/close/", close, name="close_case"),
]
