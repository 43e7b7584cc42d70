"""What may be done with an order, and by whom: pages offer what stands here, and services refuse everything else."""

from orders.states import ARRANGING, ORDER_MOVES, TIMES_ARE_OPEN, OrderState, Side


def may_arrange(state: str) -> bool:
    """Say whether friend and customer arrange a date, so that the job can also be given back or passed on."""
    return state in ARRANGING


def may_close(state: str) -> bool:
    """Say whether the friend may report the work as done: once they are in contact."""
    return may_arrange(state) and OrderState.DONE in ORDER_MOVES[state]


def may_escalate(state: str) -> bool:
    """Say whether the friend may escalate to a pro: once they are in contact."""
    return may_arrange(state) and OrderState.ESCALATED in ORDER_MOVES[state]


def may_propose_extra(state: str) -> bool:
    """Say whether the friend may propose extra work or another price: once they are in contact, until it is done."""
    return may_close(state)


def may_tip(state: str) -> bool:
    """Say whether the customer may give a tip: once the work is done."""
    return state in {OrderState.DONE, OrderState.CONFIRMED}


def may_report_absence(state: str) -> bool:
    """Say whether somebody may have missed a date: one is agreed and the work is not done."""
    return state == OrderState.SCHEDULED


def may_change_times(state: str) -> bool:
    """Say whether the customer may wish for other times: nobody has accepted yet."""
    return state in TIMES_ARE_OPEN


def may_change_way_to_pay(state: str) -> bool:
    """Say whether the customer may still choose another way to pay: a friend has the job, and it is not confirmed."""
    return state in ARRANGING or state == OrderState.DONE


def may_search_again(state: str) -> bool:
    """Say whether a manager may ask friends once more."""
    return state == OrderState.UNFILLED


def may_cancel(state: str, side: str) -> bool:
    """Say whether a side may end the order; a customer who is asked about a pro answers that instead."""
    if side == Side.CUSTOMER and state == OrderState.ESCALATED:
        return False
    return side in {Side.CUSTOMER, Side.MANAGER} and OrderState.CANCELLED in ORDER_MOVES[state]
