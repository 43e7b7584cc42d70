"""SumUp's side of the comparison: what has moved there, and what of the books it is."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from journeys.money.comparing.movements import about_payment, as_seen
from journeys.money.incoming.disputes import follow_charge_backs
from ledger import chart
from ledger.kinds import Event
from ledger.services import About
from reconciliation.models import Movement
from reconciliation.selectors import is_taken
from reconciliation.services import Seen, keep_movements
from reconciliation.states import Party
from stripe_gateway import at_sumup
from stripe_gateway.models import CardDispute, CardPayment
from stripe_gateway.selectors import (
    charge_backs,
    disputes_of_amount,
    payment_of_intent,
    refunds_of_amount,
    takes_cards_at_sumup,
)
from stripe_gateway.services import ask_look
from stripe_gateway.states import DisputeState
from stripe_gateway.sumup import CHARGE_BACK, CHARGE_BACK_FAILED, FEE, PAYMENT, PAYOUT, REFUND

# Banks decide about charge-backs within this time.
ASKED_ABOUT = timedelta(days=180)
EVENTS = {CHARGE_BACK: Event.DISPUTE_OPENED, CHARGE_BACK_FAILED: Event.DISPUTE_WON}


class SumUpSide:
    """SumUp, as the comparison sees a provider. What it keeps stands in its payouts, and is a movement of its own."""

    party = Party.SUMUP
    account = chart.SUMUP

    def is_on(self) -> bool:
        """Say whether this installation has anything there."""
        return takes_cards_at_sumup()

    def pages(self, *, since: datetime, until: datetime) -> Iterator[list[Seen]]:
        """Yield what has moved there in a time.

        Raises UnableToReachSumUp or RefusedBySumUp.
        """
        for page in at_sumup.read_movements(since=since, until=until):
            yield as_seen(page)

    def make_good(self, *, now: datetime) -> None:
        """Read again how charge-backs stand, and keep as a movement what has come back of one that has failed.

        Raises UnableToReachSumUp or RefusedBySumUp.
        """
        since = now - ASKED_ABOUT
        undecided = [one for one in charge_backs(since=since) if one.state != DisputeState.WON]
        for payment in dict.fromkeys(one.payment for one in undecided):
            follow_charge_backs(payment, now=now)
        won = [one for one in charge_backs(since=since) if one.state == DisputeState.WON]
        keep_movements(self.party, map(_come_back, won))

    def look_into(self, movement: Movement, *, now: datetime) -> None:
        """Let what is not booked be heard of: a charge-back is read now, a payment is looked at soon.

        Raises UnableToReachSumUp or RefusedBySumUp.
        """
        payment = payment_of_intent(movement.payment)
        if payment is None:
            return
        if movement.kind == CHARGE_BACK:
            follow_charge_backs(payment, now=now)
        else:
            ask_look([payment.pk], now=now)

    def key_of(self, movement: Movement) -> str:
        """Return the key under which the books have a movement, if they have it; empty where nobody knows it.

        SumUp gives refunds and charge-backs no name that we know: it is the first of this amount that stands for no
        other movement.
        """
        payment = payment_of_intent(movement.payment)
        if payment is None:
            return ""
        if movement.kind == PAYMENT:
            return f"{Event.CARD_PAID}:{payment.pk}"
        return next((key for key in _keys(payment, movement) if not is_taken(key)), "")

    def about(self, movement: Movement) -> About:
        """Return whose payment a movement is about; what is about none has the movement's own id."""
        return about_payment(movement) or About(payment_id=movement.pk)

    def is_fee(self, movement: Movement) -> bool:
        """Say whether the movement itself is something that SumUp keeps."""
        return movement.kind == FEE

    def is_payout(self, movement: Movement) -> bool:
        """Say whether it is a transfer to the platform's bank account."""
        return movement.kind == PAYOUT


def _keys(payment: CardPayment, movement: Movement) -> list[str]:
    """Return the keys under which a movement that has no name of ours may be booked."""
    amount_minor = abs(movement.amount_minor)
    if movement.kind == REFUND:
        return [f"{Event.REFUND_PAID}:{one.pk}" for one in refunds_of_amount(payment.pk, amount_minor=amount_minor)]
    event = EVENTS.get(movement.kind)
    disputes = disputes_of_amount(payment.pk, amount_minor=amount_minor) if event else []
    return [f"{event}:{one.pk}" for one in disputes]


def _come_back(dispute: CardDispute) -> Seen:
    assert dispute.closed_at is not None
    return Seen(
        name=f"failed:{dispute.dispute_id}",
        kind=CHARGE_BACK_FAILED,
        currency=dispute.currency,
        amount_minor=dispute.amount_minor,
        fee_minor=0,
        source=dispute.dispute_id,
        payment=str(dispute.payment.intent_id),
        moved_at=dispute.closed_at,
    )
