"""What it costs a customer to cancel, or not to be there, by the partner's table as it was at booking (R7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.money import Split
from orders.models import Order
from orders.selectors import agreed_appointment, no_shows
from orders.states import Side
from places.countries import country_by_code


@dataclass(frozen=True)
class FeeStep:
    """What cancelling costs less than so many hours before the appointment."""

    hours: int
    basis_points: int
    fee_minor: int


def fee_steps(fees: Sequence[Sequence[int]], of: Split) -> list[FeeStep]:
    """Return the steps of a table with their fees in minor units, as time goes on."""
    return [FeeStep(hours, share, of.for_cancelling(share).price_minor) for hours, share in reversed(fees)]


def fee_if_cancelled(order: Order, *, now: datetime) -> Split:
    """Return the split of what a customer owes who cancels now; its price is 0 where that is free.

    It is while no appointment is agreed, where the friend did not come to it, and for as long as the law lets consumers
    withdraw, since whoever cancels then withdraws.
    """
    begins_at = fees_begin_at(order)
    if begins_at is None or now < begins_at:
        return agreed_split(order).for_cancelling(0)
    agreed = agreed_appointment(order)
    left = agreed.starts_at - now if agreed else timedelta.max
    share = next((share for hours, share in order.cancellation_fees if left < timedelta(hours=hours)), 0)
    return agreed_split(order).for_cancelling(share)


def no_show_fee(order: Order) -> Split:
    """Return the split of what a customer owes who was not there, by the row of the table for no hours before."""
    share = next((share for hours, share in order.cancellation_fees if not hours), 0)
    return agreed_split(order).for_cancelling(share)


def may_be_withdrawn(order: Order) -> bool:
    """Say whether a consumer has booked, in a country whose consumers may withdraw; a company is none."""
    return bool(country_by_code(order.country).withdrawal_days) and not order.company


def withdrawal_ends(order: Order) -> datetime:
    """Return when the days are over in which whoever has booked may withdraw; at once where they may not."""
    if not may_be_withdrawn(order):
        return order.created_at
    return country_by_code(order.country).withdrawal_ends(order.created_at)


def fees_begin_at(order: Order) -> datetime | None:
    """Return from when on cancelling costs something; None where no moment is known from which it does."""
    agreed = agreed_appointment(order)
    if not order.cancellation_fees or agreed is None or was_friend_absent(order):
        return None
    first = agreed.starts_at - timedelta(hours=order.cancellation_fees[-1][0])
    return max(first, withdrawal_ends(order))


def steps_of_order(order: Order) -> list[FeeStep]:
    """Return the steps of an order's table."""
    return fee_steps(order.cancellation_fees, agreed_split(order))


def split_of_fee(order: Order) -> Split:
    """Return how the fee is split that the customer of a cancelled order owes."""
    return Split(
        currency=order.currency,
        price_minor=order.cancellation_fee_minor,
        commission_bp=order.commission_bp,
        vat_bp=order.vat_bp,
    )


def was_friend_absent(order: Order) -> bool:
    """Say whether the customer has reported that the friend did not come to the agreed appointment."""
    return any(report.side == Side.CUSTOMER for report in no_shows(order))


def agreed_split(order: Order) -> Split:
    """Return how the price of an order is split that has had no diagnosis."""
    return Split(
        currency=order.currency,
        price_minor=order.price_minor,
        commission_bp=order.commission_bp,
        vat_bp=order.vat_bp,
    )
