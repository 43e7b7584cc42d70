"""Who sells an order, who issues its papers, and by which numbers. Pure."""

from dataclasses import asdict, dataclass, replace
from uuid import UUID

from orders.models import Order
from tenants.models import Tenant
from tenants.settings.sellers import NEEDED, Seller, SellerKind, seller_for

# So much of a friend's id makes their numbers their own.
CODE = 10


@dataclass(frozen=True)
class SellingFriend:
    """A friend whose contract the customer's is, as papers name them."""

    friend_id: UUID
    seller: Seller


@dataclass(frozen=True)
class Sale:
    """A seller, and what begins their numbers.

    ``issuer`` is whoever issues papers in a friend's name and takes the money for them: name and address, empty where
    the seller does so.
    """

    seller: Seller
    prefix: str
    issuer: dict[str, str]


def sale_of(order: Order, tenant: Tenant, friend: SellingFriend | None) -> Sale:
    """Return who sells an order: as it was agreed at booking the friend, or else whom the partner's setting names.

    Without a ``friend`` (nobody has come, or their details are not those of this country) the platform does where a
    friend was to. Short names are one partner's alone, so no two sellers share numbers.
    """
    named, own = seller_for(tenant, order.country), f"{tenant.slug.upper()}-{order.country}"
    if order.is_sold_by_friend and friend is not None:
        seller = replace(friend.seller, kind=SellerKind.FRIEND, iban=named.iban, days=named.days)
        issuer = {part: value for part, value in asdict(named).items() if part in NEEDED}
        return Sale(seller, f"{own}-{friend.friend_id.hex[:CODE].upper()}", issuer)
    if named.kind == SellerKind.PARTNER:
        return Sale(named, own, {})
    return Sale(replace(named, kind=SellerKind.PLATFORM), f"Q-{own}", {})
