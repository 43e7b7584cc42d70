"""Why a customer disputes a payment, in the operator's language.

The reasons are Stripe's: https://docs.stripe.com/api/disputes/object#dispute_object-reason.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORDS: dict[str, Promise] = {
    "bank_cannot_process": _("The bank could not carry the payment out"),
    "check_returned": _("The debit was returned"),
    "credit_not_processed": _("A promised refund did not arrive"),
    "customer_initiated": _("The customer asked the bank to reverse it"),
    "debit_not_authorized": _("The debit was not allowed"),
    "duplicate": _("Paid twice"),
    "fraudulent": _("The customer says they did not make the payment"),
    "general": _("Another reason"),
    "incorrect_account_details": _("The account's details are wrong"),
    "insufficient_funds": _("There was not enough money in the account"),
    "noncompliant": _("The rules of the card network were not followed"),
    "product_not_received": _("The work was not done"),
    "product_unacceptable": _("The work was not as promised"),
    "subscription_canceled": _("The order had already been cancelled"),
    "unrecognized": _("The customer does not recognise the payment"),
}


def reason_in_words(reason: str) -> Promise | str:
    """Return a dispute's reason in words; a reason that is not known stays as the provider says it."""
    return _WORDS.get(reason, reason)
