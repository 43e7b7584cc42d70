"""The figures of a bill: net, VAT and gross, which add up to the minor unit."""

from dataclasses import dataclass

from stdnum.eu.vat import MEMBER_STATES

from billing.kinds import VatMode
from kernel.money import Split
from kernel.typed.vat_ids import home_of_vat_id
from tenants.settings.sellers import Seller

# Between businesses of these countries the buyer owes the VAT (directive 2006/112/EC, article 196); Northern Ireland
# is one of them for goods alone.
EUROPEAN_UNION = frozenset(code.upper() for code in MEMBER_STATES) - {"XI"}


@dataclass(frozen=True)
class Figures:
    """Amounts in minor units; ``gross_minor`` is what the customer pays."""

    net_minor: int
    vat_bp: int
    vat_minor: int
    gross_minor: int


def figures_of(price_minor: int, *, currency: str, vat_bp: int, mode: str) -> Figures:
    """Return the figures for a gross price with VAT of ``vat_bp`` basis points in it.

    The price is final whoever buys. From a small business, and under reverse charge, there is no VAT in it.
    """
    if mode != VatMode.STANDARD:
        return Figures(price_minor, 0, 0, price_minor)
    vat = Split(currency=currency, price_minor=price_minor, commission_bp=0, vat_bp=vat_bp).vat_minor
    return Figures(price_minor - vat, vat_bp, vat, price_minor)


def vat_mode_of(seller: Seller, buyer_vat_id: str) -> VatMode:
    """Return how VAT stands on a bill: a business of another country of the union than the seller's owes it itself.

    It is a business by its VAT number, and the number says of which country.
    """
    if seller.is_small_business:
        return VatMode.SMALL_BUSINESS
    home = home_of_vat_id(buyer_vat_id)
    is_across = home != seller.country and {seller.country, home} <= EUROPEAN_UNION
    return VatMode.REVERSE_CHARGE if is_across else VatMode.STANDARD
