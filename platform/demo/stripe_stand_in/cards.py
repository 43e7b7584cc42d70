"""The well-known test cards and accounts, and the ways to pay besides."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """What comes of paying with a card: why it is declined, whether its bank asks first, or its holder disputes it."""

    declined: str = ""
    asks: bool = False
    # It is charged, and its holder disputes that at once.
    disputes: bool = False


CARDS = {
    "4242424242424242": Card(),
    "5555555555554444": Card(),
    "4000000000000002": Card(declined="generic_decline"),
    "4000000000009995": Card(declined="insufficient_funds"),
    "4000000000000127": Card(declined="incorrect_cvc"),
    "4000002760003184": Card(asks=True),
    "4000002500003155": Card(asks=True),
    "4000000000000259": Card(disputes=True),
}
# Direct debits by account: whether the bank says yes, a while later.
ACCOUNTS = {"DE89370400440532013000": True, "AT611904300234573201": True, "DE62370400440532013001": False}
# A code that the bank refuses; all others of six digits are paid.
REFUSED_CODE = "999999"
# The ways to pay, with the currencies in which there are, and what is kept: per mille, and a fixed part.
WAYS: dict[str, frozenset[str]] = {
    "card": frozenset({"chf", "eur", "pln"}),
    "twint": frozenset({"chf"}),
    "blik": frozenset({"pln"}),
    "p24": frozenset({"eur", "pln"}),
    "eps": frozenset({"eur"}),
    "sepa_debit": frozenset({"eur"}),
}
FEES = {"card": (29, 30), "twint": (19, 30), "blik": (16, 100), "p24": (22, 30), "eps": (16, 35), "sepa_debit": (0, 35)}
REASONS = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "authentication": "Your bank has not confirmed the payment. Please try again or use another card.",
    "bank_refused": "Your bank has refused the payment. Nothing has been charged.",
    "wrong_code": "Please enter the six digits that your banking app shows.",
    "unknown_account": "This page takes test accounts only, for example DE89 3704 0044 0532 0130 00.",
    "unknown_card": "This page takes test cards only, for example 4242 4242 4242 4242.",
}
