"""SumUp's side of the comparison: what has moved there, and what of the books it is."""

from collections.abc import Iterator
from datetime import datetime

from ledger import chart
from ledger.kinds import Event
from ledger.services import About
from reconciliation.models import Movement
from reconciliation.selectors import is_taken
from reconciliation.services import Seen
from reconciliation.states import Party
from stripe_gateway import at_sumup
from stripe_gateway.selectors import payment_of_intent, refunds_of_amount, takes_cards_at_sumup
from stripe_gateway.services import ask_look
from stripe_gateway.sumup import FEE, PAYMENT, PAYOUT, REFUND


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
            yield [
                Seen(
                    name=one.movement_id,
                    kind=one.kind,
                    currency=one.currency,
                    amount_minor=one.amount_minor,
                    fee_minor=one.fee_minor,
                    source=one.source_id,
                    payment=one.intent_id,
                    moved_at=one.moved_at,
                )
                for one in page
            ]

    def make_good(self, *, now: datetime) -> None:
        """Do nothing: SumUp tells of no dispute that is undecided here; a charge-back is a difference."""

    def look_into(self, movement: Movement, *, now: datetime) -> None:
        """Let the payment be looked at soon of which a movement is not booked."""
        payment = payment_of_intent(movement.payment)
        if payment is not None:
            ask_look([payment.pk], now=now)

    def key_of(self, movement: Movement) -> str:
        """Return the key under which the books have a movement, if they have it; empty where nobody knows it.

        SumUp gives refunds no name that we know: it is the first of this amount that stands for no other movement.
        """
        payment = payment_of_intent(movement.payment)
        if payment is None:
            return ""
        if movement.kind == PAYMENT:
            return f"{Event.CARD_PAID}:{payment.pk}"
        if movement.kind != REFUND:
            return ""
        made = refunds_of_amount(payment.pk, amount_minor=-movement.amount_minor)
        keys = (f"{Event.REFUND_PAID}:{refund.pk}" for refund in made)
        return next((key for key in keys if not is_taken(key)), "")

    def about(self, movement: Movement) -> About:
        """Return whose payment a movement is about; what is about none has the movement's own id."""
        payment = payment_of_intent(movement.payment)
        if payment is None:
            return About(payment_id=movement.pk)
        return About(tenant_id=payment.tenant_id, order_id=payment.order_id, payment_id=payment.pk)

    def is_fee(self, movement: Movement) -> bool:
        """Say whether the movement itself is something that SumUp keeps."""
        return movement.kind == FEE

    def is_payout(self, movement: Movement) -> bool:
        """Say whether it is a transfer to the platform's bank account."""
        return movement.kind == PAYOUT
