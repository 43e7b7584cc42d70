"""An order's way as one sentence and a line of stations, in the customer's words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.methods import is_paid_online
from kernel.money import format_money
from kernel.wording.dates import Place, write_moment
from orders.models import Order
from orders.selectors import (
    agreed_appointment,
    open_objection,
    open_proposal,
    open_withdrawal_of,
    search_waits_until,
    was_given_up,
    was_not_paid,
)
from orders.states import EscalationState, OrderState


@dataclass(frozen=True)
class Station:
    """One station: ``stage`` is ``done``, ``now`` or ``todo``; ``at`` is when it happened or will."""

    title: str
    stage: str
    at: datetime | None = None


@dataclass(frozen=True)
class Around:
    """What the sentence knows besides the order: the partner, and what waits for the customer's answer."""

    brand: str
    has_ratings: bool
    has_proposals: bool
    has_question: bool
    times_are_over: bool


# How far each state has come on the line of stations.
_REACHED = {
    OrderState.PAYING: 0,
    OrderState.SEARCHING: 1,
    OrderState.UNFILLED: 1,
    OrderState.ACCEPTED: 2,
    OrderState.CONTACTED: 3,
    OrderState.SCHEDULED: 4,
    OrderState.ESCALATED: 4,
    OrderState.DONE: 5,
    OrderState.CONFIRMED: 6,
}


def headline_of(order: Order) -> str:
    """Say in a few words how the order is doing."""
    escalation = _escalation(order)
    friend = {"friend": order.friend_name}
    if open_withdrawal_of(order) is not None:
        return _("You have withdrawn from the contract")
    match order.state:
        case OrderState.PAYING:
            return _("Your order is not paid yet")
        case OrderState.SEARCHING if escalation == EscalationState.APPROVED:
            return _("We are looking for a pro for you")
        case OrderState.SEARCHING:
            return _("We are looking for a friend for you")
        case OrderState.UNFILLED:
            return _("We have not found anybody yet")
        case OrderState.ACCEPTED:
            return _("%(friend)s has accepted your order") % friend
        case OrderState.CONTACTED:
            return _("You are in contact with %(friend)s") % friend
        case OrderState.SCHEDULED:
            return _("Your appointment is confirmed")
        case OrderState.ESCALATED:
            return _("Can we send a pro?")
        case OrderState.DONE if escalation == EscalationState.DECLINED:
            return _("Your order ended with the diagnosis")
        case OrderState.DONE if open_objection(order):
            return _("The work is not done yet")
        case OrderState.DONE:
            return _("The work is done")
        case OrderState.CONFIRMED:
            return _("Your order is complete")
    return _("Your order has been cancelled")


def sentence_of(order: Order, around: Around) -> str:
    """Say what comes next, and what the customer can do."""
    if open_withdrawal_of(order) is not None:
        return _(
            "The work had begun, so %(name)s decides what you owe for it and writes to you. Until then nothing is "
            "confirmed or charged."
        ) % {"name": around.brand}
    match order.state:
        case OrderState.PAYING:
            return _(
                "Nothing has been charged. As soon as your order is paid or you choose another way to pay, we ask "
                "friends near you."
            )
        case OrderState.SEARCHING:
            return _while_searching(order, around)
        case OrderState.UNFILLED if around.times_are_over:
            return _("Your preferred times have passed. Please choose new ones; we then ask friends at once.")
        case OrderState.UNFILLED:
            return _(
                "Nobody near you was available. %(name)s is looking into it and will write to you. You don't pay "
                "anything."
            ) % {"name": around.brand}
        case OrderState.ACCEPTED if open_proposal(order):
            return _("Please respond to the proposed appointment.")
        case OrderState.ACCEPTED:
            return _("You will be contacted %(by)s at the latest.") % {
                "by": write_moment(order.contact_due_at, place=Place.BY)
            }
        case OrderState.CONTACTED:
            return _("Arrange an appointment that suits both of you.")
        case OrderState.SCHEDULED:
            return _("You can reschedule here if something comes up.")
        case OrderState.ESCALATED:
            return _(
                "%(friend)s has found that more is needed than you booked. Please say whether a pro may take over."
            ) % {"friend": order.friend_name}
        case OrderState.DONE if open_objection(order):
            return _(
                "You say that the work is not done. %(friend)s and %(name)s know, and nothing is confirmed until it is "
                "settled."
            ) % {"friend": order.friend_name, "name": around.brand}
        case OrderState.DONE:
            return _when_done(order, around)
        case OrderState.CONFIRMED if _has_open_case(order):
            return _("We are sorry that it was not as it should be. %(name)s looks into it and will write to you.") % {
                "name": around.brand
            }
        case OrderState.CONFIRMED:
            return _("Thank you for your trust.")
    if was_not_paid(order):
        return _("No payment has arrived, so we have closed your order. Nothing has been charged.")
    if was_given_up(order):
        return _(
            "We have asked everyone suitable near you, but nobody was available. We are sorry. You don't pay anything,"
            " and you can book again with other times."
        )
    if order.fee_due_minor:
        fee = format_money(order.fee_due_minor, order.currency, language=get_language() or "", country=order.country)
        return _("You pay %(fee)s.") % {"fee": fee}
    return _("You don't pay anything.")


def timeline_of(order: Order) -> list[Station]:
    """Return the stations from the booking to the rating; a cancelled order has two."""
    if order.state == OrderState.CANCELLED:
        return [
            Station(_("Order placed"), "done", order.created_at),
            Station(_("Cancelled"), "done", order.changed_at),
        ]
    agreed = agreed_appointment(order)
    reached = _REACHED[OrderState(order.state)]
    stations = (
        (_("Order placed"), order.created_at),
        # Nobody is found while friends are asked.
        (_("Friend found") if reached > 1 else _("Friends near you are asked"), order.accepted_at),
        (_("First contact"), order.contacted_at),
        (_("Appointment confirmed"), agreed.starts_at if agreed else None),
        (_("Work done"), order.done_at),
        (_("Confirmed and rated"), order.confirmed_at),
    )
    return [Station(title, _stage(place, reached), at) for place, (title, at) in enumerate(stations)]


def _while_searching(order: Order, around: Around) -> str:
    waits_until = search_waits_until(order)
    if waits_until is not None:
        return _(
            "We don't disturb anyone at this hour: %(from_then)s we'll ask friends near you. You'll "
            "see it here and get an email as soon as one accepts."
        ) % {"from_then": write_moment(waits_until, place=Place.FROM)}
    if _escalation(order) == EscalationState.APPROVED:
        return _("Pros near you have been asked. As soon as one accepts, you see it here and get an email.")
    if around.has_proposals:
        return _(
            "Nobody has accepted one of your preferred times yet, but other times are available. Please choose one if "
            "it suits you."
        )
    if around.has_question:
        return _("A friend has a question before deciding. Please answer it below; all who are asked see your answer.")
    return _("Friends near you have been asked. As soon as one accepts, you see it here and get an email.")


def _when_done(order: Order, around: Around) -> str:
    is_for_diagnosis = _escalation(order) == EscalationState.DECLINED and order.due_minor > 0
    if is_for_diagnosis and is_paid_online(order.payment_method):
        return _(
            "You pay for the diagnosis only; the rest goes back to you. Please confirm it; if we don't hear from you, "
            "the order counts as confirmed after three days."
        )
    if is_for_diagnosis:
        return _(
            "You pay for the diagnosis only, by invoice. Please confirm it; if we don't hear from you, the order "
            "counts as confirmed after three days."
        )
    if around.has_ratings:
        return _(
            "Please confirm it and rate how it went. If we don't hear from you, the order counts as confirmed after "
            "three days."
        )
    return _("Please confirm it. If we don't hear from you, the order counts as confirmed after three days.")


def _has_open_case(order: Order) -> bool:
    case = getattr(order, "rating_case", None)
    return case is not None and case.closed_at is None


def _escalation(order: Order) -> str:
    escalation = getattr(order, "escalation", None)
    return escalation.state if escalation is not None else ""


def _stage(place: int, reached: int) -> str:
    if place < reached:
        return "done"
    return "now" if place == reached else "todo"
