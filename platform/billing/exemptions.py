"""Why a bill has no VAT, as the law wants to read it."""

from django.utils.translation import gettext

from billing.kinds import VatMode
from billing.models import Bill
from places.small_businesses import SMALL_BUSINESS


def exemption_of(bill: Bill) -> str:
    """Return why there is no VAT on a bill, in the language that is active; nothing where there is."""
    match bill.vat_mode:
        case VatMode.SMALL_BUSINESS:
            return str(SMALL_BUSINESS[bill.seller["country"]])
        case VatMode.REVERSE_CHARGE:
            return gettext("Reverse charge: the buyer owes the VAT.")
    return ""
