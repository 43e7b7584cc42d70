"""Why a bill has no VAT, as the law wants to read it."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.kinds import VatMode
from billing.models import Bill

# What the law of the seller's country wants to read on the bill of a small business.
SMALL_BUSINESS = {
    "CH": _("Not liable for VAT (art. 10 (2) of the Swiss VAT act)."),
    "DE": _("No VAT is charged (small business under section 19 of the German VAT act)."),
    "AT": _("No VAT is charged (small business under section 6 (1) no. 27 of the Austrian VAT act)."),
    "PL": _("VAT exempt (art. 113 (1) of the Polish VAT act)."),
}


def exemption_of(bill: Bill) -> str:
    """Return why there is no VAT on a bill, in the language that is active; nothing where there is."""
    match bill.vat_mode:
        case VatMode.SMALL_BUSINESS:
            return str(SMALL_BUSINESS[bill.seller["country"]])
        case VatMode.REVERSE_CHARGE:
            return gettext("Reverse charge: the buyer owes the VAT.")
    return ""
