"""What customer and friend say of each other (R13): blind until both have spoken or 14 days are over.

A customer can rate for 60 days after the work; what comes after the 14 days is shown at once. A friend rates within
the 14 days, and not once the customer's rating is shown. A low rating opens a case for the managers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from orders.errors import (
    AlreadyRated,
    CaseIsClosed,
    IllegalOrderMove,
    NothingToReport,
    RatingIsOver,
    ReasonMissing,
    StarsOutOfRange,
)
from orders.models import CustomerReview, Order, RatingCase, Review, WordsReport
from orders.moves import locked_order, touch_order
from orders.selectors import open_objection
from orders.services.work import confirm_work
from orders.states import Attention, Criterion, CustomerCriterion, OrderState, Side, Words

BLIND_FOR = timedelta(days=14)
CUSTOMER_RATES_FOR = timedelta(days=60)
REMIND_AFTER = timedelta(days=2)
LOW_STARS = 2
STARS = range(1, 6)
WORK_IS_OVER = {OrderState.DONE, OrderState.CONFIRMED}

Criteria = Mapping[str, int]


@dataclass(frozen=True)
class SeenRatings:
    """What one side sees: its own rating, and the other's only once it is shown.

    ``shown_by`` is when both are shown at the latest, None once the own one is or while the work is not done.
    ``reports`` holds what was reported, by whose words it is about.
    """

    own: Review | CustomerReview | None = None
    other: Review | CustomerReview | None = None
    may_rate: bool = False
    shown_by: datetime | None = None
    reports: dict[str, WordsReport] = field(default_factory=dict)

    @property
    def is_own_shown(self) -> bool:
        """Say whether the other side sees the own rating."""
        return self.own is not None and self.own.shown_at is not None


@dataclass(frozen=True)
class NewlyShown:
    """What has just been shown of an order; None for what was shown before or does not exist."""

    order: Order
    review: Review | None
    customer_review: CustomerReview | None


@transaction.atomic
def rate_work(*, order_uuid: UUID, stars: int, criteria: Criteria, words: str, now: datetime) -> Review:
    """Rate the work with stars, criteria and words; rating done work also confirms it. Nobody sees it yet.

    Raises AlreadyRated, RatingIsOver, StarsOutOfRange, or IllegalOrderMove before the work is done.
    """
    _check_stars(stars, criteria, Criterion.values)
    order = locked_order(order_uuid)
    if order.state == OrderState.DONE:
        order = confirm_work(order_uuid=order_uuid, side=Side.CUSTOMER, now=now)
    done_at = _done_at(order)
    if Review.objects.filter(order=order).exists():
        raise AlreadyRated
    if now >= done_at + CUSTOMER_RATES_FOR:
        raise RatingIsOver
    review = Review.objects.create(order=order, stars=stars, criteria=dict(criteria), words=words, created_at=now)
    # The log is read by managers, who see stars once they are shown.
    touch_order(order, "rated", side=Side.CUSTOMER, who=order.name, now=now)
    if stars <= LOW_STARS:
        _open_case(order, now)
    return review


@transaction.atomic
def rate_customer(
    *, order_uuid: UUID, friend_id: UUID, stars: int, criteria: Criteria, words: str, now: datetime
) -> CustomerReview:
    """Rate the customer with stars, criteria and words. Nobody sees it yet.

    Raises AlreadyRated, RatingIsOver, StarsOutOfRange, or IllegalOrderMove before the work is done.
    """
    _check_stars(stars, criteria, CustomerCriterion.values)
    order = locked_order(order_uuid)
    done_at = _done_at(order)
    if CustomerReview.objects.filter(order=order).exists():
        raise AlreadyRated
    if now >= done_at + BLIND_FOR or Review.objects.filter(order=order, shown_at__isnull=False).exists():
        raise RatingIsOver
    review = CustomerReview.objects.create(
        order=order, friend_id=friend_id, stars=stars, criteria=dict(criteria), words=words, created_at=now
    )
    touch_order(order, "customer_rated", side=Side.FRIEND, who=order.friend_name, now=now)
    return review


@transaction.atomic
def show_ratings(*, order_uuid: UUID, now: datetime) -> NewlyShown | None:
    """Show what is not shown yet, where both have rated or the 14 days are over; None where there is nothing.

    Exactly one of any number of callers gets each rating back.
    """
    order = locked_order(order_uuid)
    review = Review.objects.filter(order=order).first()
    customer_review = CustomerReview.objects.filter(order=order).first()
    if not (review and customer_review) and now < _done_at(order) + BLIND_FOR:
        return None
    fresh_review = review if review and _mark_shown(review, now) else None
    fresh_customer_review = customer_review if customer_review and _mark_shown(customer_review, now) else None
    if fresh_review is None and fresh_customer_review is None:
        return None
    detail = {"stars": fresh_review.stars} if fresh_review else {}
    touch_order(order, "ratings_shown", side=Side.SYSTEM, who="", now=now, **detail)
    return NewlyShown(order, fresh_review, fresh_customer_review)


def seen_by(order: Order, side: str, *, now: datetime) -> SeenRatings:
    """Return what customer or friend see of an order's ratings (no query for an order of orders.selectors)."""
    if order.state not in WORK_IS_OVER or order.done_at is None:
        return SeenRatings()
    review: Review | None = getattr(order, "review", None)
    customer_review: CustomerReview | None = getattr(order, "customer_review", None)
    own: Review | CustomerReview | None
    other: Review | CustomerReview | None
    if side == Side.CUSTOMER:
        own, other = review, customer_review
        is_open = now < order.done_at + CUSTOMER_RATES_FOR and open_objection(order) is None
    else:
        own, other = customer_review, review
        is_open = now < order.done_at + BLIND_FOR and not (review and review.shown_at)
    is_shown = own is not None and own.shown_at is not None
    return SeenRatings(
        own=own,
        other=other if other and other.shown_at else None,
        may_rate=own is None and is_open,
        shown_by=None if is_shown else order.done_at + BLIND_FOR,
        reports={report.about: report for report in order.words_reports.all()},
    )


@transaction.atomic
def report_words(*, order_uuid: UUID, about: str, side: str, reason: str, now: datetime) -> WordsReport:
    """Let a side ask the managers to look at the other's words; the caller has seen that these are shown.

    Raises ReasonMissing, or NothingToReport where they were reported before.
    """
    order = locked_order(order_uuid)
    if not reason.strip():
        raise ReasonMissing
    if WordsReport.objects.filter(order=order, about=about).exists():
        raise NothingToReport
    touch_order(order, "words_reported", side=side, who="", now=now, about=about, reason=reason)
    return WordsReport.objects.create(order=order, about=about, side=side, reason=reason, reported_at=now)


@transaction.atomic
def decide_words(
    *, order_uuid: UUID, about: str, is_hidden: bool, decision: str, who: str, now: datetime
) -> WordsReport:
    """Hide words or let them stand, reported or not, with a reason; the stars stay either way.

    Raises ReasonMissing, or NothingToReport where somebody has decided already.
    """
    order = locked_order(order_uuid)
    if not decision.strip():
        raise ReasonMissing
    report, _created = WordsReport.objects.get_or_create(
        order=order, about=about, defaults={"side": Side.MANAGER, "reason": decision, "reported_at": now}
    )
    if report.decided_at is not None:
        raise NothingToReport
    report.is_hidden, report.decision, report.decided_at, report.decided_by = is_hidden, decision, now, who
    report.save(update_fields=["is_hidden", "decision", "decided_at", "decided_by"])
    if is_hidden:
        hidden = {"hidden_at": now, "hidden_by": who, "hidden_reason": decision}
        if about == Words.REVIEW:
            Review.objects.filter(order=order).update(**hidden)
        elif about == Words.CUSTOMER_REVIEW:
            CustomerReview.objects.filter(order=order).update(**hidden)
    kind = "words_hidden" if is_hidden else "words_kept"
    touch_order(order, kind, side=Side.MANAGER, who=who, now=now, about=about, reason=decision)
    return report


@transaction.atomic
def note_reply(*, order_uuid: UUID, now: datetime) -> Order:
    """Tell the order's log that the friend has replied to the rating."""
    order = locked_order(order_uuid)
    touch_order(order, "replied", side=Side.FRIEND, who=order.friend_name, now=now)
    return order


@transaction.atomic
def note_on_case(*, order_uuid: UUID, text: str, who: str, now: datetime) -> None:
    """Write down what a manager has found out.

    Raises CaseIsClosed where there is no open case, ReasonMissing without words.
    """
    order = _with_open_case(order_uuid)
    if not text.strip():
        raise ReasonMissing
    touch_order(order, "case_note", side=Side.MANAGER, who=who, now=now, text=text)


@transaction.atomic
def close_case(*, order_uuid: UUID, outcome: str, words: str, who: str, now: datetime) -> None:
    """Close the case of a low rating with what came of it, and take the order off the desk.

    Raises CaseIsClosed where there is no open case, ReasonMissing without words.
    """
    order = _with_open_case(order_uuid)
    if not words.strip():
        raise ReasonMissing
    RatingCase.objects.filter(order=order).update(outcome=outcome, words=words, closed_at=now, closed_by=who)
    Order.objects.filter(pk=order.pk, attention=Attention.LOW_RATING).update(attention=Attention.NONE)
    touch_order(order, "case_closed", side=Side.MANAGER, who=who, now=now, outcome=outcome, words=words)


def rated_orders(*, show: str = "") -> QuerySet[Order]:
    """Return the orders with a rating that managers see, the latest first (1 query, with both ratings and the case).

    They see what is shown, and a low rating at once. ``show`` narrows to ``low``, ``open`` (cases), ``reported``
    (waiting for a decision) or ``hidden``.
    """
    reports = WordsReport.objects.filter(order=OuterRef("pk"))
    found = Order.objects.filter(
        Q(review__shown_at__isnull=False) | Q(customer_review__shown_at__isnull=False) | Q(rating_case__isnull=False)
    )
    found = found.annotate(is_reported=Exists(reports.filter(decided_at=None)))
    narrowed = {
        "low": Q(review__stars__lte=LOW_STARS),
        "open": Q(rating_case__isnull=False, rating_case__closed_at=None),
        "reported": Q(is_reported=True),
        "hidden": Q(Exists(reports.filter(is_hidden=True))),
    }
    if show in narrowed:
        found = found.filter(narrowed[show])
    return found.select_related("review", "customer_review", "rating_case").order_by("-done_at", "-id")


def count_reported() -> int:
    """Return how many reported words wait for a decision (1 query)."""
    return WordsReport.objects.filter(decided_at=None).count()


def _with_open_case(order_uuid: UUID) -> Order:
    order = locked_order(order_uuid)
    if not RatingCase.objects.filter(order=order, closed_at=None).exists():
        raise CaseIsClosed
    return order


def _open_case(order: Order, now: datetime) -> None:
    RatingCase.objects.create(order=order, opened_at=now)
    Order.objects.filter(pk=order.pk).update(attention=Attention.LOW_RATING)
    touch_order(order, "case_opened", side=Side.SYSTEM, who="", now=now)


def _done_at(order: Order) -> datetime:
    if order.state not in WORK_IS_OVER or order.done_at is None:
        raise IllegalOrderMove
    return order.done_at


def _mark_shown(review: Review | CustomerReview, now: datetime) -> bool:
    return bool(type(review).objects.filter(pk=review.pk, shown_at=None).update(shown_at=now))


def _check_stars(stars: int, criteria: Criteria, known: list[str]) -> None:
    if stars not in STARS or not set(criteria) <= set(known) or any(value not in STARS for value in criteria.values()):
        raise StarsOutOfRange
