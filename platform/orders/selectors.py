"""Reads of orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.models import Price
from kernel.database.at_once import at_once
from kernel.database.written_once import only_one, written_once
from kernel.slots import Part
from orders.intake import Window, is_ahead
from orders.models import (
    Answer,
    Appointment,
    BookingDraft,
    EscalationPhoto,
    Extra,
    FedOrder,
    Objection,
    Order,
    OrderEvent,
    TimeWindow,
    Tip,
    Withdrawal,
    WordsReport,
)
from orders.states import (
    FEE_OBJECTED,
    FEE_STANDS,
    FEE_WAIVED,
    GIVEN_UP,
    NO_SHOW_ENDED,
    NOT_PAID,
    SEARCH_WAITS,
    WAVE_OPENED,
    WITHDRAWN,
    AppointmentState,
    ExtraState,
    ObjectionOutcome,
    OrderState,
)

# People may be so much late before it counts as not having been there.
PATIENCE = timedelta(minutes=15)
# What puts an order on the manager's desk.
ON_THE_DESK_BY = (
    "nobody_found",
    "waits_for_times",
    "contact_overdue",
    "no_show",
    "customer_is_back",
    "case_opened",
    "pro_wanted",
    "pro_lapsed",
    "text_reported",
    "not_done",
    "withdrawal_waits",
    FEE_OBJECTED,
)


@dataclass(frozen=True)
class NoShow:
    """One side says that the other was not there at the date that is agreed at the moment."""

    side: str
    words: str
    at: datetime


def draft_by_id(draft_id: UUID) -> BookingDraft:
    """Return a draft with its package and photos.

    Raises ``BookingDraft.DoesNotExist``.
    """
    return BookingDraft.objects.select_related("package", "order").prefetch_related("photos").get(pk=draft_id)


def order_of_draft(draft_id: UUID) -> Order | None:
    """Return the order that a draft has become (1 query)."""
    return next(iter(_order_of_draft(draft_id)), None)


@written_once
def _order_of_draft(draft_id: UUID) -> QuerySet[Order]:
    return Order.objects.filter(draft=draft_id)


def order_by_uuid(order_uuid: UUID | str) -> Order:
    """Return an order with all that belongs to it but the thread (1 query).

    Raises ``Order.DoesNotExist``.
    """
    return only_one(_whole_order(UUID(str(order_uuid))), Order)


def orders_by_uuid(uuids: Iterable[UUID]) -> dict[UUID, Order]:
    """Return several orders, bare (1 query)."""
    return Order.objects.in_bulk(list(uuids), field_name="uuid")


@written_once
def _whole_order(order_uuid: UUID) -> QuerySet[Order]:
    return whole_orders().filter(uuid=order_uuid)


def order_of_reference(reference: str) -> Order | None:
    """Return the order that a partner's system has placed under a reference, bare (1 query)."""
    fed = FedOrder.objects.select_related("order").filter(reference=reference).first()
    return fed.order if fed else None


def orders_of_partner(
    *,
    state: str = "",
    reference: str = "",
    package: str = "",
    created_from: datetime | None = None,
    created_to: datetime | None = None,
    changed_from: datetime | None = None,
    changed_to: datetime | None = None,
    with_prices: bool = False,
) -> QuerySet[Order]:
    """Return the placed orders with all that belongs to them but the thread (1 query, with prices 2).

    Those in a state, of a reference, of a package by its slug, and from a moment on until before another one.
    """
    wanted = {
        "state": state,
        "fed__reference": reference,
        "package__slug": package,
        "created_at__gte": created_from,
        "created_at__lt": created_to,
        "changed_at__gte": changed_from,
        "changed_at__lt": changed_to,
    }
    found = whole_orders().filter(**{column: value for column, value in wanted.items() if value})
    return (
        found.prefetch_related(Prefetch("package__prices", Price.objects.order_by("country"))) if with_prices else found
    )


def order_to_withdraw(*, number: str, email: str) -> Order | None:
    """Return the placed order of a number, if it was booked with that email; upper and lower case are the same."""
    return whole_orders().filter(number__iexact=number, email__iexact=email).first()


def withdrawal_of(order: Order) -> OrderEvent | None:
    """Return the log's line with which the customer has withdrawn from the contract, or None (1 query)."""
    return OrderEvent.objects.filter(order_id=order.pk, kind=WITHDRAWN).first()


def whole_orders() -> QuerySet[Order]:
    """Return the orders that were placed, each with all that belongs to it but the thread."""
    placed = Order.objects.exclude(state=OrderState.DRAFT).select_related(
        # The payment is billing's row; every page of an order says how it stands.
        "package",
        "payment",
        "report",
        "review",
        "customer_review",
        "rating_case",
        "escalation",
        "tip",
        "early_start",
        "fed",
        "withdrawal",
    )
    return at_once(
        placed,
        answers=Answer.objects.order_by("sort_order", "id"),
        windows=TimeWindow.objects.order_by("day", "part"),
        appointments=Appointment.objects.order_by("created_at", "id"),
        events=OrderEvent.objects.order_by("at", "id"),
        extras=Extra.objects.order_by("created_at", "id"),
        objections=Objection.objects.order_by("opened_at", "id"),
        words_reports=WordsReport.objects.order_by("reported_at", "id"),
        escalation__photos=EscalationPhoto.objects.order_by("id"),
    )


def orders_for_desk(*, query: str = "", state: str = "", needs_attention: bool = False) -> QuerySet[Order]:
    """Return the partner's orders, newest first, found by number, name, mail or town (1 query).

    One that nobody has paid yet, and so nobody was asked about, is not among them.
    """
    found = Order.objects.filter(job_id__isnull=False).select_related("package")
    if query:
        found = found.filter(
            Q(number__icontains=query) | Q(name__icontains=query) | Q(email__icontains=query) | Q(town__icontains=query)
        )
    if state:
        found = found.filter(state=state)
    if needs_attention:
        found = found.exclude(attention="")
    return found.order_by("-created_at", "-id")


def waiting_orders() -> QuerySet[Order]:
    """Return the orders on the desk with ``waits_since``, those that wait longest first (1 query)."""
    put_there = OrderEvent.objects.filter(order=OuterRef("pk"), kind__in=ON_THE_DESK_BY).order_by("-at", "-id")
    found = orders_for_desk(needs_attention=True).annotate(waits_since=Subquery(put_there.values("at")[:1]))
    return found.order_by(Coalesce("waits_since", "changed_at"), "id")


def open_proposal(order: Order) -> Appointment | None:
    """Return the date that waits for an answer."""
    return next((one for one in order.appointments.all() if one.state == AppointmentState.PROPOSED), None)


def agreed_appointment(order: Order) -> Appointment | None:
    """Return the agreed date."""
    return next((one for one in order.appointments.all() if one.state == AppointmentState.AGREED), None)


def open_objection(order: Order) -> Objection | None:
    """Return what the customer says against the work of a whole order, while nobody has closed it."""
    return next((one for one in order.objections.all() if one.closed_at is None), None)


def open_extra(order: Order) -> Extra | None:
    """Return the extra work that waits for the customer's answer; no query for a whole order."""
    return next((one for one in order.extras.all() if one.state == ExtraState.PROPOSED), None)


def open_withdrawal_of(order: Order) -> Withdrawal | None:
    """Return the withdrawal that a manager has yet to decide about; no query for a whole order."""
    case: Withdrawal | None = getattr(order, "withdrawal", None)
    return case if case is not None and case.decided_at is None else None


def given_tip(order: Order) -> Tip | None:
    """Return what the customer has given on top, once it is paid; no query for a whole order."""
    tip = tip_of(order)
    return tip if tip is not None and tip.paid_at is not None else None


def tip_of(order: Order) -> Tip | None:
    """Return the tip of an order, paid or not; no query for a whole order."""
    return getattr(order, "tip", None)


def agreed_extras(order: Order) -> list[Extra]:
    """Return the changes of the price that the customer has agreed to, oldest first; no query for a whole order."""
    agreed = [one for one in order.extras.all() if one.state == ExtraState.ACCEPTED]
    return sorted(agreed, key=lambda one: (one.answered_at, one.pk))


def has_time_ahead(order: Order, *, time_zone: str, now: datetime) -> bool:
    """Say whether one of the wished times has not begun yet."""
    return any(is_ahead(window.day, window.part, time_zone=time_zone, now=now) for window in order.windows.all())


def was_refunded(order: Order) -> bool:
    """Say whether a manager has closed what the customer said against the work with a refund (1 query)."""
    return order.objections.filter(outcome=ObjectionOutcome.REFUND).exists()


def closes_early(agreed_at: datetime | None, *, time_zone: str, now: datetime) -> bool:
    """Say whether work that is closed now is closed before the agreed day, or without one."""
    zone = ZoneInfo(time_zone)
    return agreed_at is None or now.astimezone(zone).date() < agreed_at.astimezone(zone).date()


def before_closing(order: Order) -> tuple[datetime | None, bool]:
    """Return the agreed date, and whether the customer is asked about extra work, as it is now (1 query)."""
    agreed = Appointment.objects.filter(order=OuterRef("pk"), state=AppointmentState.AGREED).values("starts_at")
    asked = Extra.objects.filter(order=OuterRef("pk"), state=ExtraState.PROPOSED)
    agreed_at, is_asked = Order.objects.filter(pk=order.pk).values_list(Subquery(agreed[:1]), Exists(asked)).get()
    return agreed_at, is_asked


def search_waits_until(order: Order) -> datetime | None:
    """Return when friends are asked (again) after the quiet hours; None where they are being asked or nobody is."""
    told = [event for event in order.events.all() if event.kind in {WAVE_OPENED, SEARCH_WAITS}]
    if order.state != OrderState.SEARCHING or not told or told[-1].kind != SEARCH_WAITS:
        return None
    return datetime.fromisoformat(told[-1].detail["until"])


def was_given_up(order: Order) -> bool:
    """Say whether the order ended because nobody was found."""
    ending = ending_of(order)
    return ending is not None and ending.kind == GIVEN_UP


def current_agreed(order: Order) -> Appointment | None:
    """Return the agreed date as the database has it now (1 query)."""
    return Appointment.objects.filter(order=order, state=AppointmentState.AGREED).first()


def has_reported_no_show(order: Order, *, side: str, appointment_id: int) -> bool:
    """Say whether a side has already reported the other's absence at a date (1 query)."""
    reports = OrderEvent.objects.filter(order=order, kind="no_show", side=side)
    return reports.filter(detail__appointment=appointment_id).exists()


def no_shows(order: Order) -> tuple[NoShow, ...]:
    """Return who has reported whom as absent at the agreed date, oldest first; no query for a whole order."""
    agreed = agreed_appointment(order)
    if agreed is None:
        return ()
    return tuple(
        NoShow(event.side, event.detail.get("words", ""), event.at)
        for event in order.events.all()
        if event.kind == "no_show" and event.detail.get("appointment") == agreed.pk
    )


def ending_of(order: Order) -> OrderEvent | None:
    """Return the line of the log that says how a cancelled order has ended; None for all others."""
    if order.state != OrderState.CANCELLED:
        return None
    endings = [event for event in order.events.all() if event.to_state == OrderState.CANCELLED]
    return max(endings, key=lambda event: (event.at, event.pk), default=None)


def ended_absent(order: Order) -> bool:
    """Say whether the order ended because its customer was not there."""
    ending = ending_of(order)
    return ending is not None and ending.kind == NO_SHOW_ENDED


def fee_of_absence(order: Order) -> int:
    """Return what its end has cost a customer who was not there, in minor units, whether it was waived later or not."""
    ending = ending_of(order)
    return int(ending.detail.get("fee_minor", 0)) if ending is not None and ending.kind == NO_SHOW_ENDED else 0


def may_object_to_fee(order: Order) -> bool:
    """Say whether the customer owes a fee for not having been there, and has not objected to it yet."""
    return bool(order.fee_due_minor) and ended_absent(order) and objection_to_fee(order) is None


def objection_to_fee(order: Order) -> OrderEvent | None:
    """Return what the customer has said against the fee; no query for a whole order."""
    return next((event for event in order.events.all() if event.kind == FEE_OBJECTED), None)


def decision_about_fee(order: Order) -> OrderEvent | None:
    """Return what was decided about that; no query for a whole order."""
    return next((event for event in order.events.all() if event.kind in {FEE_STANDS, FEE_WAIVED}), None)


def fee_is_disputed(order: Order) -> bool:
    """Say whether a manager has to decide about the customer's objection to the fee."""
    return objection_to_fee(order) is not None and decision_about_fee(order) is None


def was_not_paid(order: Order) -> bool:
    """Say whether the order ended because it was not paid in time."""
    ending = ending_of(order)
    return ending is not None and ending.kind == NOT_PAID


def unreachable_since(order: Order) -> datetime | None:
    """Return when the order ended because its customer could not be reached; None where it did not end so."""
    ending = ending_of(order)
    return ending.at if ending is not None and ending.kind == "unreachable" else None


def bookable_windows(*, time_zone: str, days_ahead: int, now: datetime) -> dict[date, list[Window]]:
    """Return the parts of the next days that have not begun, by day in the partner's time zone."""
    today = now.astimezone(ZoneInfo(time_zone)).date()
    days = (today + timedelta(days=ahead) for ahead in range(days_ahead + 1))
    found = {
        day: [(day, part) for part in Part.values if is_ahead(day, part, time_zone=time_zone, now=now)] for day in days
    }
    return {day: windows for day, windows in found.items() if windows}
