"""Stripe's side of the comparison: what has moved there, what of the books it is, and what can be made good."""

from collections.abc import Iterator
from datetime import datetime

from journeys.money.comparing.movements import about_payment, as_seen
from journeys.money.incoming.disputes import follow_dispute
from ledger import chart
from ledger.kinds import Event
from ledger.selectors import transaction_by_key
from ledger.services import About
from payouts.models import Transfer
from payouts.selectors import transfer_named
from payouts.transfers import ask_look
from reconciliation.models import Movement
from reconciliation.services import Seen
from reconciliation.states import Party
from stripe_gateway import services as gateway
from stripe_gateway.kinds import Provider
from stripe_gateway.models import CardPayment
from stripe_gateway.selectors import dispute_named, open_disputes, payment_of_intent, refund_named, takes_cards
from stripe_gateway.states import Purpose

# Stripe's words for a dispute that takes money, or gives it back.
OF_DISPUTES = "adjustment"


class StripeSide:
    """Stripe, as the comparison sees a provider."""

    party = Party.STRIPE
    account = chart.STRIPE

    def is_on(self) -> bool:
        """Say whether this installation has anything there."""
        return takes_cards()

    def pages(self, *, since: datetime, until: datetime) -> Iterator[list[Seen]]:
        """Yield what has moved there in a time.

        Raises UnableToReachStripe or RefusedByStripe.
        """
        for page in gateway.read_movements(since=since, until=until):
            yield as_seen(page)

    def make_good(self, *, now: datetime) -> None:
        """Read again how the disputes stand that are undecided here: one may be over, and its webhook lost.

        Raises UnableToReachStripe or RefusedByStripe.
        """
        for dispute in open_disputes(provider=Provider.STRIPE):
            follow_dispute(dispute.payment_id, dispute.dispute_id, now=now)

    def look_into(self, movement: Movement, *, now: datetime) -> None:
        """Let what is not booked be heard of: a dispute is read now, a payment is looked at soon.

        Raises UnableToReachStripe or RefusedByStripe.
        """
        transfer = _transfer(movement)
        if transfer is not None:
            ask_look(str(transfer.transfer_id), now=now)
        payment = payment_of_intent(movement.payment)
        if payment is None:
            return
        if movement.kind == OF_DISPUTES:
            follow_dispute(payment.pk, movement.source, now=now)
        else:
            gateway.ask_look([payment.pk], now=now)

    def key_of(self, movement: Movement) -> str:
        """Return the key under which the books have a movement, if they have it; empty where nobody knows it."""
        payment = payment_of_intent(movement.payment)
        match movement.kind:
            case "charge" | "payment":
                return _key_of_payment(payment) if payment else ""
            case "refund" | "payment_refund":
                refund = refund_named(movement.source)
                return f"{Event.REFUND_PAID}:{refund.pk}" if refund else ""
            case "refund_failure" | "payment_failure_refund":
                refund = refund_named(movement.source)
                paid = transaction_by_key(f"{Event.REFUND_PAID}:{refund.pk}") if refund else None
                return f"{Event.REVERSAL}:{paid.pk}" if paid else ""
            case "adjustment":
                dispute = dispute_named(movement.source)
                event = Event.DISPUTE_OPENED if movement.amount_minor < 0 else Event.DISPUTE_WON
                return f"{event}:{dispute.pk}" if dispute else ""
            case "transfer":
                transfer = _transfer(movement)
                return f"{Event.PAYOUT_TRANSFERRED}:{transfer.pk}" if transfer else ""
            case "transfer_refund":
                transfer = _transfer(movement)
                made = transaction_by_key(f"{Event.PAYOUT_TRANSFERRED}:{transfer.pk}") if transfer else None
                return f"{Event.REVERSAL}:{made.pk}" if made else ""
        return ""

    def about(self, movement: Movement) -> About:
        """Return whose payment a movement is about; what is about none has the movement's own id."""
        if about := about_payment(movement):
            return about
        transfer = _transfer(movement)
        return About(payout_id=transfer.pk) if transfer else About(payment_id=movement.pk)

    def is_fee(self, movement: Movement) -> bool:
        """Say whether the movement itself is something that Stripe keeps."""
        return movement.kind in {"stripe_fee", "stripe_fx_fee", "tax_fee"}

    def is_payout(self, movement: Movement) -> bool:
        """Say whether it is a transfer to the platform's bank account."""
        return movement.kind in {"payout", "payout_failure", "payout_cancel"}


def _key_of_payment(payment: CardPayment) -> str:
    """Return the key of what a payment has brought: a tip, or, where that was not wanted any more, the customer's."""
    key = f"{Event.TIP_PAID}:{payment.pk}"
    is_tip = payment.purpose == Purpose.TIP and transaction_by_key(key) is not None
    return key if is_tip else f"{Event.CARD_PAID}:{payment.pk}"


def _transfer(movement: Movement) -> Transfer | None:
    """Return the transfer that a movement is, or takes back."""
    return transfer_named(movement.source) or transfer_named(movement.payment)
