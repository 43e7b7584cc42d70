"""Friends who sell in their own name: what their papers say of them, and where they can (docs/money/sellers.md)."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crowd.errors import SellerDetailsAreMissing, VatIdIsMissing
from crowd.models import FormerSellerProfile, SellerDetails, SellerProfile
from crowd.services import hold_friends
from crowd.vat import clean_vat_id
from tenants.settings.sellers import Seller, SellerKind


@dataclass(frozen=True)
class SellerHistory:
    """As whom a friend has sold, each from a moment on, oldest first."""

    said: tuple[tuple[datetime, Seller], ...]

    def at(self, moment: datetime, *, country: str) -> Seller | None:
        """Return as whom the friend sold in a country at a moment; None where they could not."""
        found = [seller for since, seller in self.said if since <= moment]
        return found[-1] if found and found[-1].country == country else None


@transaction.atomic
def enter_seller_profile(
    *,
    friend_id: UUID,
    name: str,
    street: str,
    postal_code: str,
    town: str,
    country: str,
    vat_id: str,
    is_small_business: bool,
    now: datetime,
) -> SellerProfile:
    """Keep as whom a friend sells, in place of what they said before; from now on they are offered such jobs.

    Raises SellerDetailsAreMissing, VatIdIsMissing or NotAVatId.
    """
    said = {
        part: " ".join(text.split())
        for part, text in {"name": name, "street": street, "postal_code": postal_code, "town": town}.items()
    }
    if not all(said.values()):
        raise SellerDetailsAreMissing
    if vat_id.strip():
        vat_id = clean_vat_id(vat_id, country)
    elif not is_small_business:
        raise VatIdIsMissing
    (friend,) = hold_friends([friend_id])
    _keep_what_was_said(seller_profile_of(friend_id))
    values = said | {"country": country, "vat_id": vat_id, "is_small_business": is_small_business, "entered_at": now}
    kept, _is_new = SellerProfile.objects.update_or_create(
        friend=friend, defaults=values, create_defaults=values | {"agreed_at": now}
    )
    friend.sells_in = country
    friend.save(update_fields=["sells_in"])
    return kept


def seller_profile_of(friend_id: UUID) -> SellerProfile | None:
    """Return as whom a friend sells; None for who has not said it."""
    return SellerProfile.objects.filter(friend=friend_id).first()


def seller_profiles(friend_ids: Collection[UUID]) -> dict[UUID, SellerProfile]:
    """Return as whom friends sell, by their ids, of those who have said it (1 query)."""
    return SellerProfile.objects.in_bulk(list(friend_ids))


def sellers_then(friend_ids: Collection[UUID]) -> dict[UUID, SellerHistory]:
    """Return as whom friends have sold, by their ids, of those who have ever said it (2 queries)."""
    said: dict[UUID, list[SellerDetails]] = defaultdict(list)
    for kept in (FormerSellerProfile, SellerProfile):
        for one in kept.objects.filter(friend__in=friend_ids).order_by("entered_at", "pk"):
            said[one.friend_id].append(one)
    return {
        friend_id: SellerHistory(tuple((one.entered_at, seller_of(one)) for one in found))
        for friend_id, found in said.items()
    }


def seller_of(profile: SellerDetails) -> Seller:
    """Return a friend as papers name a seller; the account to pay to is not theirs."""
    return Seller(
        kind=SellerKind.FRIEND,
        name=profile.name,
        street=profile.street,
        postal_code=profile.postal_code,
        town=profile.town,
        country=profile.country,
        vat_id=profile.vat_id,
        is_small_business=profile.is_small_business,
    )


def _keep_what_was_said(profile: SellerProfile | None) -> None:
    if profile is not None:
        details = ("name", "street", "postal_code", "town", "country", "vat_id", "is_small_business", "entered_at")
        FormerSellerProfile.objects.create(
            friend_id=profile.friend_id, **{name: getattr(profile, name) for name in details}
        )
