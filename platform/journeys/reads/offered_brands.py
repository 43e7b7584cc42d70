"""Whose job an offer is, as far as the offered friend may know it before acceptance (R17)."""

from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.gate import show_promise, shows_brand
from dispatch.models import Offer
from tenants.models import Tenant
from tenants.selectors import partners


@dataclass(frozen=True)
class Brand:
    """A partner's badge."""

    name: str
    colour: str


@dataclass(frozen=True)
class OfferCard:
    """An offer in a list. Without a brand it is from "a partner of Quartett"."""

    offer: Offer
    brand: Brand | None


def brand_of(offer: Offer, tenant: Tenant) -> Brand | None:
    """Return the badge of the offer's partner, or None where the contract does not show it."""
    return Brand(tenant.name, tenant.brand_colour) if shows_brand(offer) else None


def offer_cards(offers: Iterable[Offer]) -> list[OfferCard]:
    """Return the offers with their badges and the split that each promises (1 query). Run on the platform."""
    rows = list(offers)
    known = partners().in_bulk({offer.job.tenant_id for offer in rows})
    return [OfferCard(show_promise(offer), brand_of(offer, known[offer.job.tenant_id])) for offer in rows]
