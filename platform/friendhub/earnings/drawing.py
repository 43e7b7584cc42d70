"""A friend's year for the tax office as PDF/A."""

from datetime import date

from django.conf import settings

from crowd.models import Friend
from journeys.reads.yearly_paper import YearInCurrency
from kernel.files.pdf import render
from tax.models import SellerData


def draw_year(
    year: int, currencies: list[YearInCurrency], friend: Friend, known: SellerData | None, *, on: date
) -> bytes:
    """Return the paper in the language of the moment; on the same day the same figures give the same bytes.

    Raises UnableToDraw.
    """
    context = {
        "year": year,
        "currencies": currencies,
        "friend": friend,
        "known": known,
        "sender": settings.PAYOUT_SENDER,
        "on": on,
    }
    identifier = friend.pk.bytes[:12] + year.to_bytes(4, "big")
    return render("friendhub/earnings/yearly.html", context, identifier=identifier)
