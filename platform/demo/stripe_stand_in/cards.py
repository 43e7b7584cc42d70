"""The well-known test cards."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """What comes of paying with a card: why it is declined, or whether its bank asks first."""

    declined: str = ""
    asks: bool = False


CARDS = {
    "4242424242424242": Card(),
    "5555555555554444": Card(),
    "4000000000000002": Card(declined="generic_decline"),
    "4000000000009995": Card(declined="insufficient_funds"),
    "4000000000000127": Card(declined="incorrect_cvc"),
    "4000002760003184": Card(asks=True),
    "4000002500003155": Card(asks=True),
}
REASONS = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "authentication": "Your bank has not confirmed the payment. Please try again or use another card.",
    "unknown_card": "This page takes test cards only, for example 4242 4242 4242 4242.",
}
