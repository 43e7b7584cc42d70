"""What it costs a customer to cancel, or not to be there, by the partner's table as it was at booking (R7)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

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


@dataclass(frozen=True)
class Fee:
    """What ending an order costs: ``split`` is of all of it, ``due_minor`` what of it the customer pays.

    A customer pays the share of their own part of the price; the partner that of what it bears.
    """

    split: Split
    due_minor: int

    @classmethod
    def none(cls, order: Order) -> Self:
        """Return the fee of whoever owes nothing."""
        return cls.of(order, 0)

    @classmethod
    def of(cls, order: Order, basis_points: int) -> Self:
        """Return the fee that is a share of the price."""
        whole = agreed_split(order)
        fee = whole.for_cancelling(basis_points)
        own = replace(whole, price_minor=whole.price_minor - order.borne_minor).for_cancelling(basis_points)
        # Rounding to coins never makes the partner bear more than it has said.
        return cls(fee, max(own.price_minor, fee.price_minor - order.borne_minor))

    @property
    def partner_minor(self) -> int:
        """What of it the partner pays."""
        return self.split.price_minor - self.due_minor

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the order that it ends."""
        return {"cancellation_fee_minor": self.split.price_minor, "partner_pays_minor": self.partner_minor}


def fee_steps(fees: Sequence[Sequence[int]], of: Split) -> list[FeeStep]:
    """Return the steps of a table with their fees in minor units, as time goes on."""
    return [FeeStep(hours, share, of.for_cancelling(share).price_minor) for hours, share in reversed(fees)]


def fee_if_cancelled(order: Order, *, now: datetime) -> Fee:
    """Return what it costs that a customer cancels now; nothing where that is free.

    It is while no appointment is agreed, where the friend did not come to it, and for as long as the law lets consumers
    withdraw, since whoever cancels then withdraws.
    """
    begins_at = fees_begin_at(order)
    if begins_at is None or now < begins_at:
        return Fee.none(order)
    agreed = agreed_appointment(order)
    left = agreed.starts_at - now if agreed else timedelta.max
    share = next((share for hours, share in order.cancellation_fees if left < timedelta(hours=hours)), 0)
    return Fee.of(order, share)


def no_show_fee(order: Order) -> Fee:
    """Return what it costs that a customer was not there, by the row of the table for no hours before."""
    share = next((share for hours, share in order.cancellation_fees if not hours), 0)
    return Fee.of(order, share)


def fees_begin_at(order: Order) -> datetime | None:
    """Return from when on cancelling costs something; None where no moment is known from which it does."""
    agreed = agreed_appointment(order)
    if not order.cancellation_fees or agreed is None or was_friend_absent(order):
        return None
    first = agreed.starts_at - timedelta(hours=order.cancellation_fees[-1][0])
    return max(first, country_by_code(order.country).withdrawal_ends(order.created_at))


def steps_of_order(order: Order) -> list[FeeStep]:
    """Return the steps of an order's table, with what the customer pays of each."""
    steps = [(hours, share, Fee.of(order, share)) for hours, share in reversed(order.cancellation_fees)]
    return [FeeStep(hours, share, fee.due_minor) for hours, share, fee in steps]


def split_of_fee(order: Order) -> Split:
    """Return how the fee of a cancelled order is split, whoever pays it."""
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
