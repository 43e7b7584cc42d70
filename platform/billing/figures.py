"""The figures of a bill: net, VAT and gross, which add up to the minor unit."""

from dataclasses import dataclass

from billing.kinds import VatMode
from kernel.money import Split

# Between businesses of these countries the buyer owes the VAT (directive 2006/112/EC, article 196).
EUROPEAN_UNION = frozenset({"AT", "DE", "PL"})


@dataclass(frozen=True)
class Figures:
    """Amounts in minor units; ``gross_minor`` is what the customer pays."""

    net_minor: int
    vat_bp: int
    vat_minor: int
    gross_minor: int


def figures_of(price_minor: int, *, currency: str, vat_bp: int, mode: str) -> Figures:
    """Return the figures for a gross price with VAT of ``vat_bp`` basis points in it.

    A small business keeps the price and shows no VAT; under reverse charge the buyer pays the net price alone.
    """
    vat = Split(currency=currency, price_minor=price_minor, commission_bp=0, vat_bp=vat_bp).vat_minor
    match mode:
        case VatMode.STANDARD:
            return Figures(price_minor - vat, vat_bp, vat, price_minor)
        case VatMode.SMALL_BUSINESS:
            return Figures(price_minor, 0, 0, price_minor)
        case VatMode.REVERSE_CHARGE:
            return Figures(price_minor - vat, 0, 0, price_minor - vat)
    raise ValueError(mode)


def vat_mode_of(*, is_small_business: bool, seller_country: str, buyer_country: str, buyer_vat_id: str) -> VatMode:
    """Return how VAT stands on a bill: buyers with a VAT id in another country of the union owe it themselves."""
    if is_small_business:
        return VatMode.SMALL_BUSINESS
    is_across = seller_country != buyer_country and {seller_country, buyer_country} <= EUROPEAN_UNION
    return VatMode.REVERSE_CHARGE if is_across and buyer_vat_id else VatMode.STANDARD
