"""What an order's page asks the customer beside its appointment: about a pro, extra work, and a tip."""

from typing import Any

from journeys.money.incoming.card import due_by_card
from journeys.order.working.escalate_to_pro import ANSWER_WITHIN
from kernel.clock import now
from orders.models import Order, Withdrawal
from orders.permits import may_tip
from orders.selectors import agreed_extras, decision_about_fee, given_tip, objection_to_fee, open_extra
from orders.withdrawals import must_withdraw
from storefront.order.forms import FeeForm, TipForm
from stripe_gateway.selectors import takes_cards


def what_is_asked(found: Order) -> dict[str, Any]:
    """Return what the page needs for its questions, and what was answered before."""
    due_minor = due_by_card(found)
    return (
        {"takes_cards": takes_cards()}
        | _about_pro(found, bool(due_minor))
        | _about_extras(found, due_minor)
        | _about_tip(found)
        | _about_withdrawal(found)
        | _about_fee(found)
    )


def _about_pro(found: Order, is_due: bool) -> dict[str, Any]:
    """Return what the question about a pro says: the difference, and until when it can be answered."""
    escalation = getattr(found, "escalation", None)
    if escalation is None:
        return {}
    return {
        "pro_difference_minor": found.own_difference(escalation.price_before_minor, escalation.price_after_minor),
        "pro_fee_minor": found.own_part_of(escalation.diagnosis_minor),
        "pro_is_paid_online": is_due,
        "pro_answer_by": escalation.created_at + ANSWER_WITHIN,
    }


def _about_extras(found: Order, due_minor: int) -> dict[str, Any]:
    """Return what the question about extra work says, what is paid for a yes, and what was agreed on site before."""
    extra, agreed = open_extra(found), agreed_extras(found)
    return {
        "extra": extra,
        "extra_is_paid_online": extra is not None and due_minor > 0,
        "extra_due_minor": due_minor,
        "extra_own_minor": found.own_part_of(extra.price_after_minor) if extra else 0,
        "agreed_extras": agreed,
        "booked_price_minor": agreed[0].price_before_minor if agreed else found.price_minor,
    }


def _about_withdrawal(found: Order) -> dict[str, Any]:
    case: Withdrawal | None = getattr(found, "withdrawal", None)
    is_open = case is not None and case.decided_at is None
    return {
        "withdrawal": case,
        "withdrawal_waits": is_open,
        "must_withdraw": not is_open and must_withdraw(found, now=now()),
    }


def _about_fee(found: Order) -> dict[str, Any]:
    """Return what was said against the fee for not having been there, and what was decided."""
    return {
        "fee_objection": objection_to_fee(found),
        "fee_decision": decision_about_fee(found),
        "fee_form": FeeForm(auto_id="id_fee_%s"),
    }


def _about_tip(found: Order) -> dict[str, Any]:
    tip = given_tip(found)
    return {
        "tip": tip,
        "may_tip": tip is None and may_tip(found.state) and found.friend_id is not None,
        "tip_form": TipForm(auto_id="id_tip_%s", currency=found.currency, country=found.country),
    }
