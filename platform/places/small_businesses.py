"""What the law of a country wants to read on the invoice of a small business without VAT."""

from django.utils.translation import gettext_lazy as _

SMALL_BUSINESS = {
    "CH": _("Not liable for VAT (art. 10 (2) of the Swiss VAT act)."),
    "DE": _("No VAT is charged (small business under section 19 of the German VAT act)."),
    "AT": _("No VAT is charged (small business under section 6 (1) no. 27 of the Austrian VAT act)."),
    "PL": _("VAT exempt (art. 113 (1) of the Polish VAT act)."),
}
