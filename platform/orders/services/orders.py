"""Writes about an order from its placing to its end, but for the search and the work."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from catalog.languages import texts_of
from kernel.money import Split
from orders.cancelling import Fee, fee_if_cancelled
from orders.errors import CancellingCostsMore, IllegalOrderMove, WorkHasBegun
from orders.intake import Details, answer_value
from orders.models import Answer, BookingDraft, Order, OrderEvent, TimeWindow
from orders.moves import (
    locked_order,
    log_order,
    move_found,
    move_order,
    name_of,
    refuse_open_withdrawal,
    split_columns,
    touch_order,
)
from orders.permits import may_cancel
from orders.selectors import withdrawal_of
from orders.services.search import Asked
from orders.states import NOT_PAID, TIMES_ARE_OPEN, WITHDRAWN, Attention, OrderState, Side, Source
from orders.vouchers import give_voucher_back
from orders.withdrawals import must_withdraw
from places.selectors import Place
from tenants.settings.ways import PARTNER_PAYS


def write_order(
    *,
    draft: BookingDraft,
    details: Details,
    place: Place,
    split: Split,
    commission_version: UUID | None,
    language: str,
    number_prefix: str,
    cancellation_fees: Sequence[Sequence[int]] = (),
    covered_minor: int = 0,
    voucher_code: str = "",
    now: datetime,
) -> tuple[Order, list[Answer]]:
    """Write the order of a locked draft with its answers and wished times, and return it with the answers.

    ``release_order`` then writes its number and lets it be dispatched. ``split`` is the price as it
    was quoted, ``commission_version`` the version of the row of the table of commissions by which it was;
    ``covered_minor`` is what the partner bears of it, by the voucher with ``voucher_code`` where there is one.
    """
    package = draft.package
    order = Order.objects.create(
        draft=draft,
        source=draft.source,
        booked_by=draft.booked_by,
        language=language,
        package=package,
        package_name=texts_of(package, "name"),
        minutes=package.minutes,
        country=details.country,
        currency=split.currency,
        vat_bp=split.vat_bp,
        **split_columns(split, covered_minor=covered_minor),
        covered_minor=covered_minor,
        voucher_code=voucher_code,
        cancellation_fees=[list(row) for row in cancellation_fees],
        commission_version=commission_version,
        payment_method=PARTNER_PAYS if covered_minor == split.price_minor else details.payment_method,
        name=details.name,
        email=details.email,
        phone=details.phone,
        street=details.street,
        postal_code=place.code,
        town=place.name,
        latitude=place.latitude,
        longitude=place.longitude,
        note=details.note,
        company=details.company.name,
        vat_id=details.company.vat_id,
        leitweg_id=details.company.leitweg_id,
        created_at=now,
        changed_at=now,
    )
    order.number = f"{number_prefix}-{10_000 + order.pk}"
    answers = _write_answers(order, draft, details)
    TimeWindow.objects.bulk_create([TimeWindow(order=order, day=day, part=part) for day, part in details.windows])
    return order, answers


def await_payment(*, order: Order, booked_by: str = "", now: datetime) -> None:
    """Let the order wait for its payment; it is placed, and nobody is asked yet (1 query).

    The database refuses it while a required answer is missing (R18).
    """
    side, who = _placed_by(order, booked_by)
    move_order(order, OrderState.PAYING, "placed", side=side, who=who, now=now, number=order.number)


def release_order(
    *, order: Order, job_id: UUID, booked_by: str = "", asked: Asked | None = None, now: datetime
) -> None:
    """Let the order be dispatched, with the name of the manager in the log who has booked for a caller (1 query).

    ``asked`` are the friends of the first wave, which the log tells too. The database refuses it while a required
    answer is missing (R18).
    """
    side, who = _placed_by(order, booked_by)
    along = [asked.line(now)] if asked else []
    move_order(
        order,
        OrderState.SEARCHING,
        "paid" if order.state == OrderState.PAYING else "placed",
        side=side,
        who=who,
        now=now,
        along=along,
        job_id=job_id,
        number=order.number,
    )


def _placed_by(order: Order, booked_by: str) -> tuple[str, str]:
    """Return who has placed an order, for its log."""
    is_by_phone = order.source == Source.PHONE
    return (Side.MANAGER, booked_by) if is_by_phone else (Side.CUSTOMER, order.name)


@transaction.atomic
def change_way_to_pay(*, order_uuid: UUID, method: str, side: str, now: datetime) -> Order:
    """Let an order be paid another way, and return it."""
    order = locked_order(order_uuid)
    order.payment_method = method
    order.save(update_fields=["payment_method"])
    touch_order(order, "way_to_pay_changed", side=side, who=name_of(order, side), now=now)
    return order


def note_paid_on_site(*, order: Order, now: datetime) -> None:
    """Log that the customer has paid by card once the work was done."""
    touch_order(order, "paid_on_site", side=Side.CUSTOMER, who=order.name, now=now)


@transaction.atomic
def end_unpaid(*, order_uuid: UUID, now: datetime) -> bool:
    """Cancel an order that was not paid in time; say whether it still waited."""
    order = locked_order(order_uuid)
    if order.state != OrderState.PAYING:
        return False
    move_order(order, OrderState.CANCELLED, NOT_PAID, side=Side.SYSTEM, now=now)
    give_voucher_back(order=order, now=now)
    return True


def assign_friend(
    *, order_uuid: UUID, friend_id: UUID, name: str, phone: str, contact_due_at: datetime, now: datetime
) -> Order:
    """Record who has taken the job (1 query).

    Raises IllegalOrderMove unless the order is searching.
    """
    return move_found(
        Order.objects.filter(uuid=order_uuid),
        OrderState.SEARCHING,
        OrderState.ACCEPTED,
        "accepted",
        side=Side.FRIEND,
        who=name,
        now=now,
        friend_id=friend_id,
        friend_name=name,
        friend_phone=phone,
        accepted_at=now,
        contact_due_at=contact_due_at,
        attention=Attention.NONE,
    )


@transaction.atomic
def change_windows(*, order_uuid: UUID, windows: Sequence[tuple[date, int]], now: datetime) -> Order:
    """Replace the wished times.

    Raises IllegalOrderMove where somebody has accepted or the order has ended.
    """
    order = locked_order(order_uuid)
    if order.state not in TIMES_ARE_OPEN:
        raise IllegalOrderMove
    before = [[window.day.isoformat(), window.part] for window in order.windows.order_by("day", "part")]
    order.windows.all().delete()
    TimeWindow.objects.bulk_create([TimeWindow(order=order, day=day, part=part) for day, part in windows])
    touch_order(
        order,
        "windows_changed",
        side=Side.CUSTOMER,
        who=order.name,
        now=now,
        before=before,
        after=[[day.isoformat(), part] for day, part in windows],
    )
    return order


@transaction.atomic
def cancel_order(
    *, order_uuid: UUID, side: str, who: str, why: str = "", agreed_fee_minor: int = 0, now: datetime
) -> Order:
    """Cancel an order that is not done. A customer who is asked about a pro answers that instead.

    A customer owes the fee that holds now, in minor units, and has agreed to so much; who else cancels costs them
    nothing. A voucher may be used again. Raises IllegalOrderMove where it is done or cancelled, CancellingCostsMore
    above what was agreed, WorkHasBegun for a consumer who has to withdraw instead, WithdrawalIsOpen.
    """
    order = locked_order(order_uuid)
    if not may_cancel(order.state, side):
        raise IllegalOrderMove
    refuse_open_withdrawal(order)
    if side == Side.CUSTOMER and must_withdraw(order, now=now):
        raise WorkHasBegun
    fee = fee_if_cancelled(order, now=now) if side == Side.CUSTOMER else Fee.none(order)
    if fee.due_minor > agreed_fee_minor:
        raise CancellingCostsMore
    detail = {"why": why} | ({"fee_minor": fee.due_minor, "currency": order.currency} if fee.due_minor else {})
    move_order(
        order,
        OrderState.CANCELLED,
        "cancelled",
        side=side,
        who=who,
        now=now,
        attention=Attention.NONE,
        detail=detail,
        **fee.columns,
    )
    give_voucher_back(order=order, now=now)
    return order


@transaction.atomic
def note_withdrawal(*, order_uuid: UUID, now: datetime) -> OrderEvent:
    """Note that the customer has withdrawn from the contract, and return the log's line; the first one counts."""
    order = locked_order(order_uuid)
    noted = withdrawal_of(order)
    if noted is None:
        noted = OrderEvent(at=now, kind=WITHDRAWN, side=Side.CUSTOMER, who=order.name)
        log_order(order, noted)
    return noted


@transaction.atomic
def match_split(*, order_uuid: UUID, of_job: Split, now: datetime) -> Order:
    """Split the order's price as its job's is; what the customer pays stays. Nothing happens where it is so already."""
    order = locked_order(order_uuid)
    split, before = of_job.within(order.price_minor), order.commission_bp
    if (before, order.commission_minor) == (split.commission_bp, split.commission_minor):
        return order
    order.commission_bp, order.commission_minor = split.commission_bp, split.commission_minor
    order.friend_minor = split.friends_minor
    order.save(update_fields=["commission_bp", "commission_minor", "friend_minor"])
    touch_order(
        order, "split_changed", side=Side.SYSTEM, who="", now=now, before_bp=before, after_bp=split.commission_bp
    )
    return order


def _write_answers(order: Order, draft: BookingDraft, details: Details) -> list[Answer]:
    photos = {photo.question_key: photo for photo in draft.photos.all()} if draft.photo_keys else {}  # type: ignore[attr-defined]  # of lock_draft
    rows = []
    for place, question in enumerate(draft.package.questions.all()):
        raw, photo = details.answers.get(question.key, ""), photos.get(question.key)
        if not raw and photo is None:
            continue
        rows.append(
            Answer(
                order=order,
                question_key=question.key,
                kind=question.kind,
                label=texts_of(question, "label"),
                value=answer_value(question, raw) if raw else "",
                photo=photo.image.name if photo else "",
                sort_order=place,
            )
        )
    return Answer.objects.bulk_create(rows)
