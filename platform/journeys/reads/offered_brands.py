"""Whose job an offer is, as far as the offered friend may know it before acceptance (R17)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from dispatch.models import Offer
from dispatch.overflow.gate import show_promise, shows_brand
from dispatch.permits import may_answer
from dispatch.selectors import open_and_past_offers
from kernel.database.written_once import written_once
from tenants.models import Tenant


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


@dataclass(frozen=True)
class Offers:
    """A friend's offers: the open ones, nearest first, and the latest of those that are not, newest first."""

    cards: list[OfferCard]
    past: list[Offer]


def brand_of(offer: Offer, tenant: Tenant) -> Brand | None:
    """Return the badge of the offer's partner, or None where the contract does not show it."""
    return Brand(tenant.name, tenant.brand_colour) if shows_brand(offer) else None


def offers_for_friend(friend_id: UUID, *, now: datetime) -> Offers:
    """Return what the friend is offered and what became of the latest offers (1 query). Run on the platform."""
    rows = _offers_with_badge(friend_id, now)
    is_open = {offer.pk: may_answer(offer, offer.job, now=now) for offer in rows}
    nearest = sorted((offer for offer in rows if is_open[offer.pk]), key=lambda offer: (offer.distance_m, offer.pk))
    return Offers(
        cards=[OfferCard(show_promise(offer), _badge(offer)) for offer in nearest],
        past=[offer for offer in rows if not is_open[offer.pk]],
    )


@written_once
def _offers_with_badge(friend_id: UUID, now: datetime) -> QuerySet[Offer]:
    partner = Tenant.objects.filter(pk=OuterRef("job__tenant_id"))
    badge = Subquery(partner.values(badge=JSONObject(name="name", colour="brand_colour")))
    return open_and_past_offers(friend_id, now=now).annotate(badge=badge)


def _badge(offer: Offer) -> Brand | None:
    return Brand(**offer.badge) if shows_brand(offer) else None  # type: ignore[attr-defined]  # annotated
